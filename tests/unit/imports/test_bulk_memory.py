"""A hundred thousand rows take no more memory than a thousand: measured in a process of its own, in whole.

The import of 100,000 rows takes some 20 s of a free core, most of it reading and checking; nothing is sent anywhere.
"""

import csv
import json
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

FEW, MANY = 1_000, 100_000
MOST_MORE_BYTES = 60_000_000

IMPORT = """
import asyncio, json, resource, sys
from pathlib import Path
from graph.taxonomy.load import default_taxonomy
from schemas.settings import Settings
from services.imports.bulk.job import Order, Servers, Watch, run
from streams.publish import Receipt

class Nowhere:
    sent = 0
    async def send(self, records):
        self.sent += len(records)
        return [Receipt(record.topic, 0, 0) for record in records]

source, state, rows = map(Path, sys.argv[1:])
nowhere = Nowhere()
servers = Servers(Settings(), None, nowhere, default_taxonomy())
counts = asyncio.run(run(Order("suppliers", source), servers, state, rows, Watch()))
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
print(json.dumps({"accepted": counts.accepted, "refused": counts.refused, "sent": nowhere.sent, "peak": peak}))
"""
READ = """
import json, resource, sys
from pathlib import Path
from services.imports.bulk.subjects import SUBJECTS
from services.imports.bulk.tables import open_table

table = open_table(Path(sys.argv[1]), SUBJECTS["suppliers"].headers.count)
rows = sum(1 for row in table.rows())
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
print(json.dumps({"rows": rows, "peak": peak}))
"""


def lines(count):
    yield ["شناسه تأمین‌کننده", "نام فارسی", "شرح", "تلفن"]
    for number in range(count):
        yield [
            f"sup-{number}",
            f"کارخانه شماره {number}",
            f"تولید قطعه {number}، با شرحی که در جای دیگری نیست",
            f"021-{number:08d}",
        ]


def written(path: Path, count: int) -> Path:
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows(lines(count))
        return path
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for line in lines(count):
        sheet.append(line)
    book.save(path)
    return path


def measured(code: str, *arguments: Path) -> dict[str, int]:
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.timeout(900)
def test_importing_many_rows_of_a_workbook_takes_no_more_memory_than_few(tmp_path):
    peaks = {}
    for count in (FEW, MANY):
        source = written(tmp_path / f"{count}.xlsx", count)
        found = measured(IMPORT, source, tmp_path / f"{count}.db", tmp_path / f"{count}.jsonl")
        assert (found["accepted"], found["refused"], found["sent"]) == (count, 0, count)
        assert sum(1 for _ in (tmp_path / f"{count}.jsonl").open(encoding="utf-8")) == count
        peaks[count] = found["peak"]
    assert peaks[MANY] - peaks[FEW] < MOST_MORE_BYTES, peaks


@pytest.mark.timeout(300)
def test_reading_many_rows_of_csv_takes_no_more_memory_than_few(tmp_path):
    few = measured(READ, written(tmp_path / "few.csv", FEW))
    many = measured(READ, written(tmp_path / "many.csv", MANY))
    assert (few["rows"], many["rows"]) == (FEW + 1, MANY + 1)
    assert many["peak"] - few["peak"] < MOST_MORE_BYTES
