"""Demands of the graph as contracting processes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from graph.driver import Graph
from graph.reads.ocds import demand_history, demand_of_ocid, demand_told, supplier_records
from schemas.base import Model
from schemas.demands import Demand, DemandAmended, DemandPublished
from schemas.suppliers import Supplier
from services.exports.ocds.history import BEGINNING, Happened, history_of
from services.exports.ocds.releases import Exported, Told, names_of, tell
from services.imports.ocds.ids import demand_id as id_of_ocid


@dataclass(frozen=True, slots=True)
class Process:
    """A demand of the graph with all that its publication is made of. `present` is its content now."""

    ocid: str
    demand_id: str
    present: Demand
    history: tuple[Happened, ...]
    told: tuple[Told, ...]
    plans: Mapping[str, str]
    suppliers: Mapping[str, Supplier]

    def exported(self, view: Callable[[Demand], Demand] | None = None, *, told: bool = True) -> Exported:
        """Its releases: of the demand as `view` shows it, and with those that were told of it or without."""
        history = [_seen(one, view) for one in self.history] if view is not None else self.history
        shown = self.told if told else ()
        return tell(self.demand_id, self.ocid, history, shown, self.plans, self.suppliers)


async def fetch_process(graph: Graph, demand_id: str, prefix: str) -> Process | None:
    """A demand with all its events; None when the graph has no content of it."""
    row = await demand_history(graph, demand_id)
    if row is None:
        return None
    history = history_of(row)
    contents = _contents(history)
    if not contents:
        return None
    told = told_of(await demand_told(graph, demand_id))
    names = {*names_of(history), *(name for one in told for name in one.suppliers)}
    suppliers = _suppliers(await supplier_records(graph, sorted(names)))
    plans = {each.plan_id: f"{prefix}-{each.plan_id}" for each in contents if each.plan_id is not None}
    ocid = contents[-1].ocid or f"{prefix}-{demand_id}"
    return Process(ocid, demand_id, contents[-1], tuple(history), tuple(told), plans, suppliers)


async def fetch_published(graph: Graph, ocid: str, prefix: str) -> Process | None:
    """The process of an ocid; None when the graph has no such demand."""
    found = await demand_of_ocid(graph, ocid, [id_of_ocid(ocid, prefix)])
    return await fetch_process(graph, found, prefix) if found is not None else None


def told_of(rows: Sequence[Mapping[str, Any]]) -> list[Told]:
    """Suppliers that were told, those of one day together; those without a time count as told last."""
    days: dict[str, list[tuple[datetime, str]]] = {}
    for row in rows:
        if row["at"]:
            at = datetime.fromisoformat(row["at"]).astimezone(UTC)
            days.setdefault(at.date().isoformat(), []).append((at, row["supplier"]))
    found = [Told(max(at for at, _ in one), tuple(name for _, name in one)) for one in days.values()]
    timeless = tuple(row["supplier"] for row in rows if not row["at"])
    last = max((one.at for one in found), default=BEGINNING)
    return [*found, *([Told(last, timeless)] if timeless else [])]


def _contents(history: Sequence[Happened]) -> list[Demand]:
    told: list[Model] = [one.data for one in history]
    return [data.demand for data in told if isinstance(data, (DemandPublished, DemandAmended))]


def _seen(one: Happened, view: Callable[[Demand], Demand]) -> Happened:
    data = one.data
    if isinstance(data, (DemandPublished, DemandAmended)):
        return replace(one, data=data.model_copy(update={"demand": view(data.demand)}))
    return one


def _suppliers(records: Mapping[str, str]) -> dict[str, Supplier]:
    found: dict[str, Supplier] = {}
    for name, body in records.items():
        try:
            found[name] = Supplier.model_validate_json(body)
        except ValidationError:
            continue  # a tighter contract no longer takes the record: its id alone is told
    return found
