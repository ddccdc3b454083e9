"""The state of a contracting process as a Demand: what is wanted, by whom, until when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from pydantic import ValidationError

from schemas.demands import Demand
from services.imports.ocds.criteria import criteria_of
from services.imports.ocds.ids import demand_id, safe_id
from services.imports.ocds.items import Fields, delivery_of, item_of, money_of, title_of
from services.imports.ocds.keep import pruned, rest_of
from services.imports.ocds.node import Node
from services.imports.ocds.parties import buyer_of
from services.imports.ocds.places import place_of

PLANS: Final[Mapping[str, str]] = {"planning": "market_engagement", "planned": "plan"}
CATEGORIES: Final = frozenset({"one_off", "series", "after_sales", "extraordinary"})
STATUSES: Final = frozenset({"planning", "planned", "active", "cancelled", "unsuccessful", "complete", "withdrawn"})
GONE: Final = frozenset({"cancelled", "withdrawn", "unsuccessful"})
TOLD: Final = "notifiedPotentialSupplier"
FORMAT: Final = "OCDS 1.1"


@dataclass(frozen=True, slots=True)
class Context:
    """What is known of a process beside its present state. `planned`: no release so far was of a tender."""

    demand_id: str
    ocid: str
    release: str
    published: date
    planned: bool
    publisher: str | None = None
    format: str = FORMAT
    strict: bool = True
    prefix: str = ""


def wants_something(release: Node) -> bool:
    """Whether the state names anything that is wanted: in its tender, or in what is planned."""
    tender = release.child("tender")
    told = tender is not None and any(tender.fields.get(name) for name in ("title", "description", "items", "lots"))
    return told or _planned_title(release) is not None


def demand_of(release: Node, context: Context) -> Demand | None:
    """The demand of a state, whose fields are taken; None with an error among the notes where it makes none."""
    tender = release.child("tender")
    if tender is None:
        release.fields["tender"] = {}
        tender = Node(release.fields["tender"], "tender", release.notes)
    buyer = buyer_of(release, tender, context.publisher)
    if buyer is None:
        release.refuse("buyer", "it names no buyer: neither buyer nor tender.procuringEntity nor a party in that role")
        return None
    lots, closed = _lots(tender)
    called = tender.peek("title") or tender.peek("description") or _planned_title(release) or "?"
    items = _items(tender, lots, closed, " ".join(called.splitlines()[0].split())[:500])
    titled, described = title_of(tender, "title")
    fields: Fields = {
        "id": context.demand_id,
        "ocid": context.ocid[:500],
        "buyer": buyer.party,
        "title": titled or _first_line(tender) or _planned_title(release) or items[0]["title"],
        "description": _description(described, tender),
        "stage": _stage(tender, planned=context.planned),
        "category": _category(tender),
        "published": tender.day("datePublished") or context.published,
        "closes": _end(tender, "tenderPeriod"),
        "needed_by": _end(tender, "contractPeriod"),
        "delivery_place": place_of(tender),
        "lots": lots,
        "items": items,
        "documents": _documents(tender),
        "contact": buyer.contact,
        "plan_id": _plan(release, context.prefix),
    }
    _one_item_value(tender, items)
    if tender.id() == context.demand_id:
        tender.drop("id")
    _drop_references(release, tender, buyer.party["id"], ours=context.ocid.startswith(f"{context.prefix}-"))
    rest = rest_of(release.fields, release.notes, strict=context.strict)
    fields["original"] = {"format": context.format, "id": context.release[:500], "rest": rest}
    return _checked(release, {name: value for name, value in fields.items() if value is not None})


def _checked(release: Node, fields: Fields) -> Demand | None:
    try:
        return Demand.model_validate(fields)
    except ValidationError as error:
        for one in error.errors(include_url=False, include_input=False)[:20]:
            where = ".".join(str(part) for part in one["loc"])
            release.notes.refuse("tender", f"it makes no demand: {where}: {one['msg'].removeprefix('Value error, ')}")
        return None


def _lots(tender: Node) -> tuple[list[Fields], frozenset[str]]:
    """The lots, and the ids of those that were cancelled or withdrawn, whose items are not wanted."""
    found: list[Fields] = []
    closed: set[str] = set()
    lots = tender.children("lots")
    ended = all(lot.peek("status") in GONE for lot in lots)  # then the tender's own status says so
    for number, lot in enumerate(lots, 1):
        own = lot.id()
        if own is None:
            lot.warn("id", f"the lot has no id; it is called {number}")
        name = safe_id(own or str(number))
        if lot.peek("status") in GONE and (not ended or _lot_taken_back(lot)):
            closed.add(name)
            continue
        if any(one["id"] == name for one in found):
            lot.refuse("id", f"two lots have id {own!r}: give each its own")
        if lot.peek("status") == "active":
            lot.drop("status")
        title = lot.line("title")
        value = money_of(lot.child("value"))
        found.append({"id": name, "title": title, "value": value})
    return found, frozenset(closed)


def _lot_taken_back(lot: Node) -> bool:
    """Whether nothing else is said of a lot: so a publisher takes one back."""
    return pruned(lot.fields, listed=True) == {"id": lot.fields.get("id"), "status": "cancelled"}


def _items(tender: Node, lots: Sequence[Fields], closed: frozenset[str], called: str) -> list[Fields]:
    nodes = [node for node in tender.children("items") if not _of_lot(node, closed)]
    none = [node for node in nodes if node.fields.get("quantity") in (0, "0")]
    for node in none:
        if len(none) == len(nodes):
            node.warn("quantity", "the quantity 0 was taken as 1")
        elif not _taken_back(node):
            node.warn("quantity", "the quantity is 0: the item is not wanted")
        node.drop("quantity")
    dropped = {id(node) for node in none} if len(none) < len(nodes) else set[int]()
    wanted = [node for node in nodes if id(node) not in dropped]
    if not wanted:
        return _whole(tender, lots, called)
    names = _names(wanted)
    known = frozenset(str(lot["id"]) for lot in lots)
    found = [item_of(node, name, known) for node, name in zip(wanted, names, strict=True)]
    written = [node.id() or name for node, name in zip(wanted, names, strict=True)]
    lot_of = {name: made.get("lot_id") for name, made in zip(written, found, strict=True)}
    asked = criteria_of(tender, lot_of)
    for name, made in zip(written, found, strict=True):
        made["requirements"] = [*made["requirements"], *asked[name].requirements]
        made["standards"] = asked[name].standards
        if asked[name].local_content is not None:
            made["min_local_content_percent"] = asked[name].local_content
    return found


def _taken_back(node: Node) -> bool:
    """Whether nothing else is said of an item: so a publisher takes one back."""
    return pruned(node.fields, listed=True) == {"id": node.fields.get("id"), "quantity": 0}


def _of_lot(node: Node, closed: frozenset[str]) -> bool:
    related = node.peek("relatedLot")
    return related is not None and safe_id(related) in closed


def _names(nodes: Sequence[Node]) -> list[str]:
    names: dict[str, None] = {}
    for number, node in enumerate(nodes, 1):
        own = node.id()
        if own is None:
            node.warn("id", "the item has no id; it is called by its place")
        name = safe_id(own or str(number))
        if name in names:
            node.refuse("id", f"two items have id {own!r}: give each its own")
            name = f"{name}.{number}"
        names[name] = None
    return list(names)


def _whole(tender: Node, lots: Sequence[Fields], called: str) -> list[Fields]:
    """No items are named: each lot is one, or the tender as a whole."""
    tender.warn("items", "no items are named; each lot, or else the tender as a whole, was taken as one, quantity 1")
    if lots:
        return [
            {"id": lot["id"], "title": lot["title"] or called, "quantity": 1.0, "lot_id": lot["id"]} for lot in lots
        ]
    return [{"id": "1", "title": called, "quantity": 1.0}]


def _planned_title(release: Node) -> str | None:
    """What a planning section calls its need: the title of its project, the budget's text, or the rationale."""
    planning = release.child("planning")
    if planning is None:
        return None
    project, budget = planning.child("project"), planning.child("budget")
    said = [
        project.peek("title") if project is not None else None,
        *([budget.peek("project"), budget.peek("description")] if budget is not None else []),
        planning.peek("rationale"),
    ]
    found = next((text for text in said if text is not None), None)
    return " ".join(found.splitlines()[0].split())[:500] if found else None


def _first_line(tender: Node) -> str | None:
    said = tender.peek("description")
    return " ".join(said.splitlines()[0].split())[:500] if said else None


def _description(of_title: str, tender: Node) -> str:
    said = tender.text("description") or ""
    return "\n".join(part for part in (of_title, said) if part)[:20_000]


def _stage(tender: Node, *, planned: bool) -> str:
    status = tender.peek("status")
    techniques = tender.child("techniques")
    if status in STATUSES:
        tender.drop("status")
    if status in PLANS:
        return PLANS[status]
    if techniques is not None and techniques.fields.get("hasFrameworkAgreement") is True:
        techniques.drop("hasFrameworkAgreement")
        return "framework"
    return "plan" if planned and status is None else "tender"


def _category(tender: Node) -> str:
    said = tender.peek("demandCategory")
    if said not in CATEGORIES:
        return "one_off"
    tender.drop("demandCategory")
    return said


def _end(tender: Node, name: str) -> date | None:
    period = tender.child(name)
    found = period.day("endDate") if period is not None else None
    if found is None and name == "contractPeriod":
        return delivery_of(tender)
    return found


def _documents(tender: Node) -> list[Fields]:
    found: list[Fields] = []
    for node in tender.children("documents"):
        if len(found) == 200:  # noqa: PLR2004 - as Demand.documents
            node.warn("", "the first 200 documents are read; the rest is kept")
            break
        title, url = node.peek("title"), node.peek("url")
        if url is None or len(url) > 500 or len(title or "") > 500:  # noqa: PLR2004 - as schemas.base.Line
            continue
        made: Fields = {"title": title or url, "url": url}
        node.drop("title")  # the address stays: it says whose the rest is
        for ours, theirs in (("kind", "documentType"), ("note", "description")):
            said = node.text(theirs) if ours == "note" else node.line(theirs)
            if said is not None:
                made[ours] = said
        found.append(made)
    return found


def _plan(release: Node, prefix: str) -> str | None:
    """The plan that this tender carries out: the process it names as its planning."""
    for related in release.children("relatedProcesses"):
        identifier = related.peek("identifier")
        if identifier is not None and related.texts("relationship") == ["planning"]:
            related.drop("relationship", "scheme", "identifier")
            return demand_id(identifier, prefix)
    return None


def _one_item_value(tender: Node, items: list[Fields]) -> None:
    """The tender's value is that of its item, where it has one."""
    if len(items) == 1 and "estimated_value" not in items[0]:
        value = money_of(tender.child("value"))
        if value is not None:
            items[0]["estimated_value"] = value


def _drop_references(release: Node, tender: Node, buyer: str, *, ours: bool) -> None:
    """Leave out what only refers to the buyer, whom the demand names, and in our own documents whom we told."""
    for node, name in ((release, "buyer"), (tender, "procuringEntity")):
        reference: Any = node.fields.get(name)
        if (
            isinstance(reference, dict)
            and Node(reference, "", release.notes).id() in (None, buyer)
            and not (reference.keys() - {"id", "name"})
        ):  # pyright: ignore[reportUnknownArgumentType]
            node.drop(name)
    for party in release.children("parties"):
        roles = set(party.texts("roles"))
        if safe_id(party.id() or "?") == buyer and roles <= {"buyer", "procuringEntity"}:
            party.drop("roles")
        if ours and roles == {TOLD}:
            party.drop(*(name for name in list(party.fields) if name != "id"))
