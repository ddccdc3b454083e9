"""What of a record is public, per audience, as a table; and taking the rest out of an answer.

`+` shown, `-` not; the columns are anonymous, agency, supplier: agencies that are not the buyer, suppliers that are not
the owner. The owner (the supplier itself, the buyer itself) and staff (task force, registrar, admin) see everything. What
is not in the table is shown to these two alone.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache
from typing import Any, Final, TypeVar, cast

from pydantic import BaseModel

from services.access.principals import STAFF, Principal, Role

T = TypeVar("T", bound=BaseModel)


class Audience(StrEnum):
    """As whom somebody looks at a record."""

    ANONYMOUS = "anonymous"
    AGENCY = "agency"
    SUPPLIER = "supplier"
    OWNER = "owner"
    STAFF = "staff"


_COLUMNS: Final = (Audience.ANONYMOUS, Audience.AGENCY, Audience.SUPPLIER)

_SUPPLIER: Final = """
id version event suspended offers                          + + +
suspended_why                                              - + -
units                                                      + + +
units.report                                               - - -
supplier                                                   + + +
supplier.id supplier.name_en supplier.name_fa              + + +
supplier.identifiers supplier.place supplier.description   + + +
supplier.unit_state supplier.website supplier.languages    + + +
supplier.email supplier.phone                              - + -
supplier.owner                                             - - -
supplier.units                                             + + +
supplier.units.workers supplier.units.equipment            - + -
supplier.certificates                                      + + +
supplier.certificates.document                             - + -
"""

_OFFER: Final = """
id supplier_id supplier_name version event                 + + +
withdrawn classes                                          + + +
report matches near_misses                                 - - -
offer                                                      + + +
offer.id offer.supplier_id offer.unit_id offer.kind        + + +
offer.title offer.description offer.classifications        + + +
offer.part_numbers offer.gtin offer.brand                  + + +
offer.attributes offer.standards                           + + +
offer.standards.document                                   - + -
offer.processes offer.materials                            + + +
offer.capacity offer.lead_time_days offer.min_order        - + -
offer.local_content_percent                                + + +
offer.local_content                                        - + -
offer.valid_from offer.valid_until                         + + +
offer.inputs                                               - - -
offer.documents                                            - + -
"""

_OFFER_ROW: Final = """
id supplier_id title kind withdrawn version                + + +
matches near_misses                                        - - -
"""

_DEMAND: Final = """
id version event cancelled cancelled_why awards            + + +
items                                                      + + +
items.matches items.near_misses                            - - -
demand                                                     + + +
demand.id demand.buyer demand.title demand.description     + + +
demand.stage demand.category demand.plan_id demand.ocid    + + +
demand.published demand.closes demand.needed_by            + + +
demand.delivery_place demand.documents                     + + +
demand.lots                                                + + +
demand.lots.value                                          - - -
demand.items                                               + + +
demand.items.estimated_value                               - - -
demand.items.imported.unit_value                           - - -
demand.contact                                             - + +
demand.original                                            - - -
"""


def _table(text: str) -> dict[str, frozenset[Audience]]:
    """Who sees each path, of the three. ValueError: a row is not of that form, or a path stands twice."""
    found: dict[str, frozenset[Audience]] = {}
    for line in filter(str.strip, text.splitlines()):
        *names, a, b, c = line.split()
        seen = frozenset(who for who, cell in zip(_COLUMNS, (a, b, c), strict=True) if cell == "+")
        if not names or {a, b, c} - {"+", "-"} or any(name in found for name in names):
            msg = f"this is no row, or one that stands twice: {line}"
            raise ValueError(msg)
        found |= dict.fromkeys(names, seen)
    return found


TABLES: Final[Mapping[str, Mapping[str, frozenset[Audience]]]] = {
    "SupplierOut": _table(_SUPPLIER),
    "OfferOut": _table(_OFFER),
    "OfferRow": _table(_OFFER_ROW),
    "DemandOut": _table(_DEMAND),
}
"""By the name of the answer's model."""


def audience(principal: Principal, role: Role, owner: str | None) -> Audience:
    """As whom a principal looks at a record of an organisation with this role and id."""
    if principal.role in STAFF:
        return Audience.STAFF
    return Audience.OWNER if principal.speaks_for(role, owner) else Audience(principal.role.value)


@cache
def hidden(model: type[BaseModel], *audiences: Audience) -> tuple[str, ...]:
    """Paths of an answer that not all of these audiences see, in order."""
    table = TABLES[model.__name__]
    asked = [who for who in audiences if who in _COLUMNS]
    found = {path for path, seen in table.items() for who in asked if who not in seen}
    if asked:
        found |= {path for path in _paths(model) if path not in table}
    return tuple(sorted(found))


def shown(answer: T, *audiences: Audience) -> T:
    """The answer without what not all of these audiences see. Its `hidden`, if it has one, names what is left out."""
    paths = hidden(type(answer), *audiences)
    if not paths:
        return answer
    left = cast("T", _without(answer, [path.split(".") for path in paths]))
    if "hidden" not in type(answer).model_fields:
        return left
    return left.model_copy(update={"hidden": list(paths)})


def _paths(model: type[BaseModel]) -> Iterable[str]:
    """The fields that must be in the table: of the answer, and of the record in it."""
    for name, info in model.model_fields.items():
        if name == "hidden":
            continue
        yield name
        inner = info.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from (f"{name}.{field}" for field in inner.model_fields)


def _without(value: Any, paths: list[list[str]]) -> Any:
    """A copy of models, also in lists, whose fields at the paths are as if nothing had been said."""
    if isinstance(value, list):
        return [_without(one, paths) for one in cast("list[Any]", value)]
    if not isinstance(value, BaseModel):
        return value
    changed: dict[str, Any] = {}
    for name in {path[0] for path in paths}:
        if [name] in paths:
            changed[name] = _empty(type(value), name)
        else:
            deeper = [path[1:] for path in paths if path[0] == name]
            changed[name] = _without(getattr(value, name), deeper)
    return value.model_copy(update=changed)


def _empty(model: type[BaseModel], name: str) -> Any:
    field = model.model_fields[name]
    return None if field.is_required() else field.get_default(call_default_factory=True)
