"""What a tender's criteria ask of its items: requirements, standards, a share of local content.

Source: the requirements extension. A criterion holds when one of its groups does, a group when all its requirements do.
So one group is a list of requirements, and several groups of one requirement each are alternatives. What asks something of
the bidder (`relatesTo` tenderer or tender) is no property of an item; it is kept and not read.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast

from services.imports.ocds.keep import pruned
from services.imports.ocds.node import LARGEST, Node, clean, kind

STANDARD: Final = frozenset(
    {"standard", "standards", "norm", "certificate", "certification", "استاندارد", "گواهی", "گواهینامه"}
)
LOCAL_CONTENT: Final = frozenset(
    {"local content", "domestic content", "local content percent", "degree of localisation", "ساخت داخل", "عمق داخلی سازی",
     "سهم داخل", "عمق ساخت داخل"}
)  # fmt: skip
LOCALISATION: Final = "LOCAL_ORIGIN_LEVEL"
"""End of the id that ProZorro gives to its criterion of local origin."""
BARE: Final = ("source", "relatesTo")
"""All that is left of a criterion that was taken back."""
OF_BIDDERS: Final = frozenset({"tenderer", "tender", "bidder"})
_ALTERNATIVES: Final = re.compile(r"\^?\(?(?:\?:)?([^\\\[\]{}()*+?.^$|]+(?:\|[^\\\[\]{}()*+?.^$|]+)*)\)?\$?")
_NUMERIC: Final = frozenset({"number", "integer"})


@dataclass(slots=True)
class Asked:
    """What is asked of one item."""

    requirements: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    standards: list[list[str]] = field(default_factory=list[list[str]])
    local_content: float | None = None


def criteria_of(tender: Node, items: Mapping[str, str | None]) -> dict[str, Asked]:
    """What is asked of each item; `items` are the ids as they stand in the tender, each with its lot's."""
    asked = {name: Asked() for name in items}
    for criterion in tender.children("criteria"):
        if (criterion.peek("relatesTo") or "item").lower() in OF_BIDDERS:
            continue
        targets = _targets(criterion, items)
        if targets is None:
            continue
        groups = [_asking(group) for group in criterion.children("requirementGroups")]
        groups = [group for group in groups if group]
        if not groups:
            if pruned(criterion.fields, listed=True) == {
                name: criterion.fields.get(name) for name in ("id", *BARE) if criterion.has(name)
            }:
                criterion.drop(*BARE)
            continue
        if len(groups) == 1:
            each = [_one(criterion, one, targets, asked) for one in groups[0]]
            read = all(each)
        else:
            read = _alternatives(criterion, groups, targets, asked)
        if read:
            criterion.drop("title", "source", "relatesTo", "relatedItem")
    return asked


def _asking(group: Node) -> list[Node]:
    """The requirements of a group; of one that was taken back only the id is left, and it asks nothing."""
    return [one for one in group.children("requirements") if pruned(one.fields, listed=True) is not None]


def requirement_of_attribute(attribute: Node) -> dict[str, Any] | None:
    """An item's attribute as a requirement: what is wanted has this value."""
    name = attribute.peek("name")
    value = _scalar(attribute.fields.get("value"), None)
    if name is None or value is None:
        attribute.warn("value", "the attribute says no name or no value; it is kept and not read")
        return None
    attribute.drop("value")
    unit = _unit(attribute)
    return {"name": attribute.line("name") or name[:500], "equals": value, **({"unit": unit} if unit else {})}


def _targets(criterion: Node, items: Mapping[str, str | None]) -> list[str] | None:
    related = criterion.peek("relatedItem")
    if related is None:
        return list(items)
    if related in items:
        return [related]
    within = [name for name, lot in items.items() if lot == related]
    if not within:
        criterion.warn("relatedItem", f"there is no item {related!r}; the criterion is kept and not read")
    return within or None


def _one(criterion: Node, requirement: Node, targets: Sequence[str], asked: Mapping[str, Asked]) -> bool:
    """Read one requirement; False when it stays as it is."""
    said = _said(criterion, requirement)
    if said is None:
        return False
    name = str(said["name"])
    least = said.get("min", said.get("equals"))
    if _is_standard(name) and isinstance(said.get("equals"), str):
        _give(targets, asked, standard=[str(said["equals"])])
    elif _is_standard(name) and said.get("one_of"):
        _give(targets, asked, standard=[str(each) for each in said["one_of"]])
    elif _is_local_content(criterion, name) and isinstance(least, float):
        _give(targets, asked, local=least)
    else:
        _give(targets, asked, requirement=said)
    _take(requirement)
    return True


def _alternatives(
    criterion: Node, groups: list[list[Node]], targets: Sequence[str], asked: Mapping[str, Asked]
) -> bool:
    """Groups of one requirement each, of the same property and each with one value: any of the values will do."""
    first = [group[0] for group in groups]
    said = [_said(criterion, one) for one in first] if all(len(group) == 1 for group in groups) else []
    values = [one.get("equals") for one in said if one is not None]
    bare = [{name: value for name, value in one.items() if name != "equals"} for one in said if one is not None]
    if len(values) != len(groups) or any(one != bare[0] for one in bare) or any(_unfit(value) for value in values):
        criterion.warn(
            "requirementGroups", "alternatives that differ in more than one value cannot be read; they are kept"
        )
        return False
    if _is_standard(str(bare[0]["name"])):
        _give(targets, asked, standard=[str(value) for value in values])
    else:
        _give(targets, asked, requirement={**bare[0], "one_of": values})
    for one in first:
        _take(one)
    return True


def _unfit(value: Any) -> bool:
    return value is None or isinstance(value, bool)


def _give(
    targets: Sequence[str],
    asked: Mapping[str, Asked],
    *,
    requirement: dict[str, Any] | None = None,
    standard: list[str] | None = None,
    local: float | None = None,
) -> None:
    for name in targets:
        if requirement is not None:
            asked[name].requirements.append(requirement)
        if standard is not None:
            asked[name].standards.append(standard)
        if local is not None:
            asked[name].local_content = max(local, asked[name].local_content or 0.0)


def _said(criterion: Node, requirement: Node) -> dict[str, Any] | None:
    """What a requirement asks, without taking it."""
    name = requirement.peek("title") or criterion.peek("title") or requirement.peek("description")
    if name is None:
        requirement.warn("title", "the requirement has no title; it is kept and not read")
        return None
    values = _values(requirement)
    if not values:
        if values is not None:
            requirement.warn("", "it asks no value that can be compared; it is kept and not read")
        return None
    if values.get("min", -LARGEST) > values.get("max", LARGEST):
        detail = f"minValue {values['min']:g} is above maxValue {values['max']:g}: nothing can meet it"
        requirement.refuse("minValue", detail)
        return None
    unit = _unit(requirement)
    evidence = next((said for one in requirement.children("eligibleEvidences") if (said := one.peek("title"))), None)
    more = {"unit": unit, "evidence": evidence[:500] if evidence is not None else None}
    return {
        "name": " ".join(name.split())[:500],
        **values,
        **{key: each for key, each in more.items() if each is not None},
    }


def _values(requirement: Node) -> dict[str, Any] | None:
    """The values that a requirement compares with; None, with a remark, where one of them is no value."""
    numeric = (requirement.peek("dataType") or "").lower() in _NUMERIC
    fields = requirement.fields
    found: dict[str, Any] = {}
    for ours, theirs in (("min", "minValue"), ("max", "maxValue")):
        value = _scalar(fields.get(theirs), "number")
        if isinstance(value, float):
            found[ours] = value
        elif fields.get(theirs) is not None:
            requirement.warn(theirs, f"it should be a number but is {kind(fields[theirs])}; the requirement is kept")
            return None
    value = _scalar(fields.get("expectedValue"), "number" if numeric else None)
    if value is not None:
        found["equals"] = value
    listed = _listed(requirement, numeric=numeric)
    if listed:
        found["one_of"] = listed
    return found


def _listed(requirement: Node, *, numeric: bool) -> list[Any]:
    """The values of `expectedValues`, or of a pattern that is a plain list of words."""
    rows = requirement.fields.get("expectedValues")
    if isinstance(rows, list):
        values = [_scalar(each, "number" if numeric else None) for each in cast("list[Any]", rows)]
        return [] if any(_unfit(value) for value in values) else values
    pattern = requirement.peek("pattern")
    if pattern is None or requirement.has("expectedValue"):
        return []
    words = _ALTERNATIVES.fullmatch(pattern)
    if words is None:
        requirement.warn("pattern", "a pattern is read only where it lists words, such as ^(A|B)$; it is kept")
        return []
    return [word.strip()[:500] for word in words[1].split("|") if word.strip()]


def _take(requirement: Node) -> None:
    requirement.drop("title", "dataType", "minValue", "maxValue", "expectedValue", "expectedValues", "pattern", "unit")
    rows = requirement.children("eligibleEvidences")
    if len(rows) == 1 and not rows[0].fields.keys() - {"id", "title"}:
        requirement.drop("eligibleEvidences")


def _scalar(value: Any, wanted: str | None) -> float | str | bool | None:
    """A value as a requirement has it; numbers that are written as text are numbers where the data type says so."""
    if isinstance(value, bool):
        return value
    if isinstance(value, (int, float)):
        return float(value) if abs(value) <= LARGEST else None
    if not isinstance(value, str) or not clean(value):
        return None
    if wanted == "number":
        try:
            found = float(value.strip().replace(",", ""))
        except ValueError:
            return clean(value)[:500]
        return found if abs(found) <= LARGEST else None  # false for what is no number
    return clean(value)[:500]


def _unit(node: Node) -> str | None:
    unit = node.fields.get("unit")
    if isinstance(unit, str):
        return clean(unit)[:500] or None
    child = node.child("unit")
    return (child.peek("name") or child.id() or child.peek("code")) if child is not None else None


def _is_standard(name: str) -> bool:
    return name.casefold().strip(" :") in STANDARD


def _is_local_content(criterion: Node, name: str) -> bool:
    classification = criterion.child("classification")
    code = classification.id() if classification is not None else None
    plain = name.casefold().replace("\u200c", " ").strip(" :")
    return plain in LOCAL_CONTENT or (code or "").upper().endswith(LOCALISATION)
