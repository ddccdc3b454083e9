"""Tables for tests, and importing them into a graph that is a dictionary."""

import csv
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl

from graph.reads.records import Stored
from graph.taxonomy.model import ProductClass, Taxonomy
from schemas.codec import decode
from schemas.envelope import Envelope
from schemas.errors import InvalidInputError
from services.imports.bulk.cells import CellError
from services.imports.bulk.classes import Classes
from services.imports.bulk.decide import Rules
from services.imports.bulk.errors import TableError
from services.imports.bulk.load import Import
from services.imports.bulk.rowlog import RowLog
from services.imports.bulk.state import Counts, State
from services.imports.bulk.subjects import SUBJECTS
from services.imports.bulk.tables import open_table
from streams.publish import Outgoing, Receipt

TREE = Taxonomy(
    [
        ProductClass("brake-block", "brake block", "کفشک ترمز", "rail", "thing", aliases={"fa": ("بلوک ترمز",)}),
        ProductClass("k-brake-block", "K brake block", "کفشک ترمز کا", "rail", "thing", ("brake-block",)),
        ProductClass("wheel", "wheel", "چرخ", "rail", "thing"),
    ]
)


@dataclass
class Received:
    """A record as the log has it."""

    topic: str
    key: bytes
    value: bytes
    headers: Sequence[tuple[str, bytes]]


@dataclass
class Graph:
    """What was sent, and the graph that follows from it by the rule that the higher (version, id) stands.

    With `lags`, the graph knows nothing until `follow` is called.
    """

    lags: bool = False
    events: list[Envelope] = field(default_factory=list)
    stored: dict[str, tuple[int, str, Stored]] = field(default_factory=dict)
    asked: int = 0
    fails_after: int | None = None

    async def of(self, keys: Sequence[str]) -> dict[str, Stored]:
        self.asked += 1
        return {key: self.stored[key][2] for key in keys if key in self.stored}

    async def send(self, records: Sequence[Outgoing]) -> list[Receipt]:
        receipts = []
        for record in records:
            if self.fails_after is not None and len(self.events) >= self.fails_after:
                raise KeyboardInterrupt
            event = decode(Received(record.topic, record.key, record.value, record.headers))
            assert isinstance(event, Envelope), event
            self.events.append(event)
            receipts.append(Receipt(record.topic, 0, len(self.events)))
        if not self.lags:
            self.follow()
        return receipts

    def follow(self) -> None:
        for event in self.events:
            data: Any = event.data
            record = getattr(data, {"s": "supplier", "p": "offer", "d": "demand"}[event.kind.topic[0]])
            key = f"{record.supplier_id}~{record.id}" if hasattr(record, "supplier_id") else record.id
            if key not in self.stored or self.stored[key][:2] < (data.version, event.id):
                self.stored[key] = (data.version, event.id, Stored(data.version, record))

    def end(self, key: str, why: str | None = None) -> None:
        version, event, stored = self.stored[key]
        self.stored[key] = (version + 1, event, Stored(version + 1, stored.record, ended=True, why=why))


def told(call: Callable[[], object]) -> str | None:
    """The sentence that a call ends with, None where it does not; any other error is a crash."""
    try:
        call()
    except (InvalidInputError, CellError) as error:
        return error.said.fa and error.said.en if isinstance(error, (CellError, TableError)) else error.detail
    return None


def csv_bytes(rows: Sequence[Sequence[Any]], encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


def xlsx_bytes(rows: Sequence[Sequence[Any]], prepare: Any = None) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(list(row))
    if prepare is not None:
        prepare(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@dataclass
class Done:
    """An import that ended: counts, row statuses, and what was sent by it."""

    counts: Counts
    rows: list[dict[str, Any]]
    events: list[Envelope]
    notes: list[str]

    @property
    def by_row(self) -> dict[int, str]:
        return {row["row"]: row["status"] for row in self.rows}

    def problems(self, row: int) -> list[str]:
        """`B17 sentence` of each problem of a row."""
        [line] = [line for line in self.rows if line["row"] == row]
        return [f"{each.get('cell', '-')} {each['en']}" for each in line.get("problems", [])]

    @property
    def record(self) -> Any:
        [event] = self.events
        return next(value for name, value in event.data if name != "version")


async def imported(
    kind: str, content: bytes, folder: Path, graph: Graph | None = None, *, state: Path | None = None,
    dry_run: bool = False, **more: Any,
) -> Done:  # fmt: skip
    """Import the bytes of a table."""
    graph = graph if graph is not None else Graph()
    source, log_path = folder / "table", folder / "rows.jsonl"
    source.write_bytes(content)
    subject = SUBJECTS[kind]
    table = open_table(source, subject.headers.count, more.pop("sheet", None))
    memory = State(state, more.pop("name", "test"))
    log = RowLog(log_path, memory.counts.log_bytes)
    before = len(graph.events)
    rules = more.pop("rules", Rules())
    try:
        counts = await Import(
            subject, table, Classes(TREE), graph, memory, log, rules, publisher=None if dry_run else graph, **more
        ).run()
    finally:
        log.close()
        memory.close()
        table.close()
    rows = [json.loads(line) for line in log_path.read_text(encoding="utf-8").splitlines()]
    return Done(counts, rows, graph.events[before:], [said.en for said in table.notes.said])
