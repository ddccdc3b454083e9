"""Notices of TED, the EU's tenders electronic daily, as cut down to JSON lines: each becomes a demand, and its awards.

A line holds `id` ("2016/S 082-145245"), `form` (F01 to F25, MOVE), `lang`, `date` (20160427), `country`, `buyer`,
`cpv_main`, `cpv_all`, `title`, `desc`, `value` ([amount, currency]), `lots` ({lot, title, cpv}) and `awards`
({lot, supplier, town, country}). Such a record has no quantity and no deadline:

- the quantity is 1: the lot as a whole;
- a call is taken as open for `open_days` after its publication, since its own deadline is not in the record;
- a result (forms of award, of modification, of a direct award's announcement) closed on the day of its publication.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Final, Literal, cast

from pydantic import ValidationError

from schemas.base import Model
from schemas.common import Classification, Document, Money, Party
from schemas.demands import Demand, DemandAwarded, DemandItem, DemandPublished, Lot
from schemas.ids import slug
from services.imports.records import Imported, NotImported, Read, event, json_lines, sentence

SOURCE: Final = "urn:peyvand:import:ted"
OPEN_DAYS: Final = 90
Stage = Literal["plan", "market_engagement", "tender", "framework"]

RESULTS: Final = frozenset({"F03", "F06", "F13", "F15", "F18", "F20", "F25"})
"""Award, award in utilities, result of a contest, ex ante transparency, defence award, modification, concession award."""
STAGES: Final[Mapping[str, Stage]] = {
    "F01": "plan",  # prior information
    "F04": "plan",  # periodic indicative notice of utilities
    "F07": "framework",  # qualification system of utilities
    "F08": "plan",  # notice on a buyer profile
    "F16": "plan",  # prior information, defence
    "MOVE": "plan",  # public passenger transport: information a year ahead
}
CORRIGENDUM: Final = "F14"
_ID: Final = re.compile(r"(\d{4})/S\s*\d+-0*(\d+)")
_MOST_CODES: Final = 50


def read_ted(
    lines: Iterable[bytes], name: str = "ted", *, open_days: int = OPEN_DAYS, version: int = 1
) -> Iterator[Read]:
    """Each line as events: DemandPublished, then DemandAwarded. What is no notice is named and left out."""
    for found in json_lines(lines, name):
        if isinstance(found, NotImported):
            yield found
            continue
        place, record = found
        try:
            yield notice(record, open_days=open_days, version=version)
        except ValidationError as error:
            yield NotImported(place, sentence(error))
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            yield NotImported(place, f"this is no TED notice: {_why(error)}")


def notice(record: Mapping[str, Any], *, open_days: int = OPEN_DAYS, version: int = 1) -> Imported:
    """The events of one notice. KeyError, ValueError, TypeError: it lacks what a notice has."""
    form = str(record["form"]).partition("_")[0]
    number, published = _number(str(record["id"])), _day(str(record["date"]))
    result = form in RESULTS or bool(record.get("awards"))
    notes: list[str] = []
    lots = _lots(record)
    items = _items(record, lots, notes)
    awards = _awards(record, f"ted-{number}", [item.id for item in items], published, version, notes)
    demand = Demand(
        id=f"ted-{number}",
        buyer=Party(id=slug(str(record["buyer"])), name=str(record["buyer"])),
        title=str(record["title"]),
        description=str(record.get("desc") or ""),
        stage="tender" if result else STAGES.get(form, "tender"),
        published=published,
        closes=published if result else published + timedelta(days=open_days),
        lots=[lot for lot, _ in lots],
        items=items,
        documents=[_source(record, number, notes)],
        contact=f"{record['buyer']}, {record['country']}" if record.get("country") else None,
    )
    if form == CORRIGENDUM:
        notes.append("it corrects a notice that it does not name, and stands as a demand of its own")
    told: list[Model] = [DemandPublished(version=version, demand=demand), *awards]
    return Imported(demand.id, tuple(event(each, SOURCE) for each in told), tuple(notes))


def _number(text: str) -> str:
    """The publication number, "145245-2016", of a number in the Official Journal, "2016/S 082-145245"."""
    found = _ID.fullmatch(text.strip())
    return f"{found[2]}-{found[1]}" if found else slug(text)


def _day(text: str) -> date:
    return date(int(text[:4]), int(text[4:6]), int(text[6:8])) if text.isdigit() else date.fromisoformat(text)


def _lots(record: Mapping[str, Any]) -> list[tuple[Lot, Mapping[str, Any]]]:
    """Lots with ids that are unique: numbers as written, else readable ids of what is written."""
    found: dict[str, tuple[Lot, Mapping[str, Any]]] = {}
    for place, one in enumerate(cast("list[Mapping[str, Any]]", record.get("lots") or []), 1):
        name = slug(str(one.get("lot") or place))
        lot_id = name if name not in found else f"{name}-{place}"
        found[lot_id] = Lot(id=lot_id, title=one.get("title") or None), one
    return list(found.values())


def _items(record: Mapping[str, Any], lots: list[tuple[Lot, Mapping[str, Any]]], notes: list[str]) -> list[DemandItem]:
    title = str(record["title"])
    value = _value(record)
    if not lots:
        codes = list(dict.fromkeys([str(record["cpv_main"]), *map(str, record.get("cpv_all") or [])]))
        if len(codes) > _MOST_CODES:
            notes.append(f"of {len(codes)} CPV codes the first {_MOST_CODES} are its classifications")
        return [_item("1", title, codes, str(record.get("desc") or ""), value=value)]
    if value is not None:
        notes.append("its value is that of all lots together and stands in the note of its source")
    return [
        _item(lot.id, lot.title or f"{title} ({lot.id})", list(map(str, one.get("cpv") or [])), lot=lot.id)
        for lot, one in lots
    ]


def _item(
    name: str,
    title: str,
    codes: list[str],
    description: str = "",
    *,
    lot: str | None = None,
    value: Money | None = None,
) -> DemandItem:
    return DemandItem(
        id=name,
        title=title,
        description=description,
        classifications=[Classification(scheme="CPV", id=code) for code in codes[:_MOST_CODES]],
        quantity=1,
        lot_id=lot,
        estimated_value=value,
    )


def _value(record: Mapping[str, Any]) -> Money | None:
    told = record.get("value")
    return Money(amount=float(told[0]), currency=str(told[1])) if told else None


def _source(record: Mapping[str, Any], number: str, notes: list[str]) -> Document:
    """Where the notice stands, and what of it no field of a demand holds."""
    rest = [f"form {record['form']}", f"language {record.get('lang')}"]
    if record.get("lots") and record.get("value"):
        rest.append(f"value of all lots {' '.join(map(str, record['value']))}")
    codes = list(map(str, record.get("cpv_all") or []))
    if record.get("lots") or len(codes) > _MOST_CODES:
        rest.append(f"CPV {record['cpv_main']}; {' '.join(codes)}")
    rest += [note for note in notes if note.startswith("award")]
    return Document(
        title=f"TED notice {record['id']}",
        url=f"https://ted.europa.eu/en/notice/-/detail/{number}",
        kind=str(record["form"]),
        note="; ".join(rest),
    )


def _awards(
    record: Mapping[str, Any], demand_id: str, items: list[str], published: date, version: int, notes: list[str]
) -> list[DemandAwarded]:
    """Awards of items; one of which nothing tells the item is named in a note, with its winner."""
    found: list[DemandAwarded] = []
    told = cast("list[Mapping[str, Any]]", record.get("awards") or [])
    for place, one in enumerate(told, 1):
        lot = slug(str(one["lot"])) if one.get("lot") else None
        item = lot if lot in items else items[0] if len(items) == 1 else None
        if item is None:
            which = f"lot {one['lot']}, which is not listed" if lot else "no lot that is named"
            notes.append(f"award {place}, to {one['supplier']}, is of {which}: it stands in the note of its source")
            continue
        found.append(
            DemandAwarded(
                version=version,
                award_id=str(place),
                demand_id=demand_id,
                item_id=item,
                supplier_id=slug(str(one["supplier"])),
                awarded=published,
            )
        )
    return found


def _why(error: Exception) -> str:
    return f"it has no {error}" if isinstance(error, KeyError) else str(error)
