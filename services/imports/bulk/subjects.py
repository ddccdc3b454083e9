"""The three kinds of table: their columns, how rows become drafts, and which events the records become."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Literal

from graph.reads.versions import DEMANDS, OFFERS, SUPPLIERS
from schemas.base import Model
from schemas.demands import Demand, DemandAmended, DemandPublished
from schemas.events import BY_MODEL
from schemas.offers import Offer, ProductChanged, ProductRegistered
from schemas.suppliers import Supplier, SupplierChanged, SupplierRegistered
from services.imports.bulk import demand_columns, offer_columns, supplier_columns
from services.imports.bulk.cells import BrokenRow, Row
from services.imports.bulk.classes import Classes
from services.imports.bulk.columns import Column, Path
from services.imports.bulk.drafts import Read, demand_drafts, offer_drafts, supplier_drafts
from services.imports.bulk.layout import Headers, Layout

LOCAL_CONTENT: Final = ("local_content", "percent")
KindName = Literal["suppliers", "offers", "demands"]


@dataclass(frozen=True)
class Subject:
    """One kind of table. `graph_kind` is its name in graph.reads.versions; `record` the field of its events."""

    name: KindName
    fa: str
    columns: tuple[Column, ...]
    drafts: Callable[[Iterable[Row | BrokenRow], Layout, Classes], Iterator[Read]]
    graph_kind: str
    model: type[Model]
    record: str
    new: type[Model]
    changed: type[Model]
    one_of: tuple[str, ...] = ()

    @cached_property
    def headers(self) -> Headers:
        """What recognises its headers."""
        return Headers(self.columns, self.one_of)

    @cached_property
    def by_path(self) -> dict[Path, Column]:
        """Its columns by the path of their field, that of a list's entry with its part."""
        found: dict[Path, Column] = {}
        for column in self.columns:
            found.setdefault((*column.path, column.part) if column.part else column.path, column)
            if column.key == "local_content_percent":  # it is said once, and stands in two places of the record
                found[LOCAL_CONTENT] = column
        return found

    @property
    def topic(self) -> str:
        """The topic of its events."""
        return BY_MODEL[self.new].topic

    def event(self, model: type[Model], version: int, record: Model) -> Model:
        """Event data that carries a record."""
        fields: dict[str, Any] = {"version": version, self.record: record}
        return model(**fields)


SUBJECTS: Final[dict[str, Subject]] = {
    subject.name: subject
    for subject in (
        Subject(
            "suppliers", "تأمین‌کنندگان", supplier_columns.COLUMNS, supplier_drafts, SUPPLIERS, Supplier, "supplier",
            SupplierRegistered, SupplierChanged, one_of=("id", "name_fa", "name_en"),
        ),
        Subject(
            "offers", "پیشنهادها", offer_columns.COLUMNS, offer_drafts, OFFERS, Offer, "offer",
            ProductRegistered, ProductChanged,
        ),
        Subject(
            "demands", "تقاضاها", demand_columns.COLUMNS, demand_drafts, DEMANDS, Demand, "demand",
            DemandPublished, DemandAmended,
        ),
    )
}  # fmt: skip
