"""Tables through the API and the command line, by real servers: loaded, matched, sent again, killed and gone on with."""

import asyncio
import contextlib
import io
import json
import os
import signal
import subprocess
import sys
import time

import openpyxl
import pytest

from graph.driver import Graph
from services.api import bulk_examples
from services.imports.bulk.desk import Desk, Ordered, new_id, now
from services.imports.bulk.job import Servers
from tests.service import caught_up, environment

pytestmark = pytest.mark.usefixtures("worker")

CSV = {"content-type": "text/csv"}
XLSX = {"content-type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def table(*rows, encoding="utf-8"):
    return "\r\n".join(";".join(str(cell) for cell in row) for row in rows).encode(encoding)


def workbook(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def suppliers(name, count):
    yield ["شناسه تأمین‌کننده", "نام فارسی", "استان", "شهر", "گواهی ۱", "گواهی ۱ اعتبار تا"]
    for number in range(count):
        yield [f"{name}-s-{number}", f"کارخانه {number}", "IR-03", "تبریز", "ISO 9001", "۱۴۰۷/۱۰/۱۱"]


def offers(name, count):
    yield [
        "شناسه تأمین‌کننده",
        "شناسه پیشنهاد",
        "عنوان",
        "رده",
        "ظرفیت",
        "واحد ظرفیت",
        "زمان تحویل",
        "استاندارد ۱",
        "سهم ساخت داخل",
    ]
    for number in range(count):
        yield [
            f"{name}-s-{number % 50}",
            f"{name}-o-{number}",
            f"کفشک ترمز {number}",
            "k-brake-block",
            "۵۰٬۰۰۰",
            "عدد",
            "۲۰",
            "UIC 541-4",
            "۸۰٪",
        ]


def demand(name, quantity="۱٬۰۰۰"):
    yield ["شناسه تقاضا", "خریدار", "عنوان قلم", "رده", "مقدار", "واحد", "تاریخ نیاز", "تاریخ انتشار", "استاندارد ۱"]
    yield [
        f"{name}-d",
        f"خریدار {name}",
        "کفشک ترمز کامپوزیت",
        "k-brake-block",
        quantity,
        "عدد",
        "۱۴۰۶/۰۴/۰۹",
        "۱۴۰۵/۰۸/۲۹",
        "UIC 541-4",
    ]


async def ordered(calls, kind, content, headers=CSV, **query):
    response = await calls.client.post(f"/v1/bulk/{kind}", content=content, headers=headers, params=query)
    assert response.status_code == 202, response.text
    assert response.headers["location"] == response.json()["status"]
    return response.json()


async def ended(calls, job, seconds=90):
    deadline = time.monotonic() + seconds
    while (found := await calls.get(job["status"]))["state"] not in ("done", "failed"):
        assert time.monotonic() < deadline, found
        await asyncio.sleep(0.05)
    return found


async def imported(calls, kind, content, headers=CSV, **query):
    return await ended(calls, await ordered(calls, kind, content, headers, **query))


def counts(job):
    return job["accepted"], job["unchanged"], job["refused"]


async def settled(settings):
    graph = Graph(settings)
    try:
        assert await caught_up(settings, graph) == 0
    finally:
        await graph.close()


async def test_three_tables_become_matches_and_a_second_time_nothing(calls, settings):
    first = await imported(calls, "suppliers", table(*suppliers("load", 60)))
    assert counts(first) == (60, 0, 0), first
    assert first["notes"][0]["en"] == "The file is UTF-8, with semicolons between the cells."
    loaded = await imported(calls, "offers", workbook(*offers("load", 300)), XLSX)
    assert counts(loaded) == (300, 0, 0), loaded
    assert counts(await imported(calls, "demands", table(*demand("load")))) == (1, 0, 0)
    await settled(settings)
    found = await calls.get("/v1/demands/load-d/matches", per_item=100)
    assert len(found["items"][0]["matches"]) == 100
    shown = await calls.get("/v1/suppliers/load-s-7")
    assert shown["version"] == 1
    assert shown["supplier"]["place"] == {
        "name": None,
        "city": "تبریز",
        "province": "آذربایجان شرقی",
        "country": "IR",
        "location": None,
    }

    again = await imported(calls, "offers", workbook(*offers("load", 300)), XLSX)
    assert counts(again) == (0, 300, 0)
    edited = await imported(calls, "demands", table(*demand("load", "۲٬۰۰۰")))
    assert counts(edited) == (1, 0, 0)
    [row] = await calls.all_pages(edited["rows"])
    assert row["event"]["type"] == "DemandAmended"
    assert row["event"]["version"] == 2
    await settled(settings)
    assert (await calls.get("/v1/demands/load-d"))["demand"]["items"][0]["quantity"] == 2000


async def test_refused_rows_are_paged_with_cell_and_reason_in_both_languages(calls):
    rows = list(suppliers("bad", 120))
    for number in range(1, 121, 2):
        rows[number][2] = "Atlantis"
    done = await imported(calls, "suppliers", table(*rows), dry_run="true")
    assert counts(done) == (60, 0, 60)
    refused = await calls.all_pages(done["rows"], status="refused", limit=7)
    assert [row["row"] for row in refused] == list(range(2, 122, 2))
    assert refused[0]["problems"][0]["cell"] == "C2"
    assert refused[0]["problems"][0]["fa"].startswith("استانی به نام")
    assert len(await calls.all_pages(done["rows"], limit=50)) == 120
    missing = await calls.problem("GET", "/v1/suppliers/bad-s-1")
    assert missing["status"] == 404  # it was a dry run


async def test_a_file_that_is_no_table_fails_in_a_sentence(calls):
    for content, said in ((b"%PDF-1.7", "PDF"), (b"a,b\r\n1,2", "should hold the headers"), (b"", "empty")):
        done = await imported(calls, "offers", content, XLSX)
        assert done["state"] == "failed"
        assert said in done["error"]["en"]
        assert await calls.all_pages(done["rows"]) == []


async def test_the_examples_of_the_documentation_are_taken(calls):
    kinds = {"offers in Persian": "offers", "a demand of two items": "demands"}
    assert set(kinds) == set(bulk_examples.TABLES)
    for name, kind in kinds.items():
        done = await imported(calls, kind, bulk_examples.TABLES[name]["value"].encode())
        assert (done["state"], done["refused"]) == ("done", 0)


async def test_what_the_door_does_not_take(calls):
    wrong = await calls.problem("POST", "/v1/bulk/offers", content=b"x", headers={"content-type": "application/json"})
    assert wrong["status"] == 415
    assert "text/csv" in wrong["hint"]
    assert (await calls.problem("POST", "/v1/bulk/wagons", content=b"x", headers=CSV))["status"] == 422
    for job in ("none", "../../etc", new_id()):
        assert (await calls.problem("GET", f"/v1/bulk/imports/{job}"))["status"] == 404


async def test_a_body_that_is_too_large_leaves_nothing_behind(calls, settings, monkeypatch):
    monkeypatch.setattr("services.api.bulk.MOST_BYTES", 1_000)
    before = set((settings.data_dir / "bulk").iterdir())
    assert (await calls.problem("POST", "/v1/bulk/offers", content=b"x" * 2_000, headers=CSV))["status"] == 413
    assert set((settings.data_dir / "bulk").iterdir()) == before


async def test_a_job_that_a_dead_process_left_is_done_by_the_next(calls, app, settings, tmp_path):
    services = app.state.services
    order = Ordered(id=new_id(), kind="suppliers", role="admin", name="local", created=now())

    async def content():
        yield table(*suppliers("left", 3))

    async def servers(_):
        return Servers(settings, services.graph, services.publisher, services.knowledge.taxonomy)

    dead = Desk(tmp_path, servers)
    await dead.take(order, content())
    assert dead.find(order.id)[1].state == "queued"
    living = Desk(tmp_path, servers)
    living.start()
    deadline = time.monotonic() + 60
    while living.find(order.id)[1].state != "done":
        assert time.monotonic() < deadline
        await asyncio.sleep(0.05)
    await living.stop()
    assert living.find(order.id)[1].accepted == 3


def command(settings, *arguments):
    return subprocess.Popen(
        [sys.executable, "-m", "services.cli", "import", *arguments], env={**os.environ, **environment(settings)},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def ran(settings, *arguments):
    process = command(settings, *arguments)
    out, err = process.communicate(timeout=180)
    return process.returncode, out, err


async def test_the_command_imports_answers_and_tells(calls, settings, tmp_path):
    source, answer = tmp_path / "suppliers.csv", tmp_path / "answer.csv"
    rows = list(suppliers("cli", 30))
    rows[3][2] = "Atlantis"
    source.write_bytes(table(*rows, encoding="utf-16"))
    code, out, err = await asyncio.to_thread(ran, settings, "table", "suppliers", str(source), "--dry-run")
    assert code == 2
    assert "29 rows would be accepted, 0 unchanged, 1 refused." in out
    assert "UTF-16" in err
    assert "row 4: C4: there is no province 'Atlantis'" in err
    code, out, _ = await asyncio.to_thread(ran, settings, "table", "suppliers", str(source), "--answer", str(answer))
    assert code == 2
    assert "29 rows accepted, 0 unchanged, 1 refused." in out
    assert answer.read_text(encoding="utf-8-sig").splitlines()[3].startswith("cli-s-2,")
    answer.write_text(answer.read_text(encoding="utf-8-sig").replace("Atlantis", "تهران"), encoding="utf-8")
    code, out, _ = await asyncio.to_thread(ran, settings, "table", "suppliers", str(answer), "--json")
    assert code == 0
    lines = [json.loads(line) for line in out.splitlines()]
    assert [line["row"] for line in lines if line["status"] == "accepted"] == [4]
    assert {line["status"] for line in lines} == {"accepted", "unchanged"}


async def test_a_killed_command_goes_on_where_it_came_to(calls, settings, tmp_path):
    source, state, log = tmp_path / "offers.csv", tmp_path / "state.db", tmp_path / "rows.jsonl"
    source.write_bytes(table(*offers("kill", 2_000)))
    arguments = ("table", "offers", str(source), "--state", str(state), "--rows", str(log))
    process = command(settings, *arguments)
    deadline = time.monotonic() + 120
    while not log.exists() or log.stat().st_size < 50_000:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        await asyncio.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    await asyncio.to_thread(process.communicate)
    told = len(log.read_bytes().splitlines())
    assert told < 2_000
    code, _, err = await asyncio.to_thread(ran, settings, *arguments)
    assert code == 0, err
    assert "This import goes on after row" in err
    assert not state.exists()
    rows = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert [row["row"] for row in rows] == list(range(2, 2_002))
    assert {row["status"] for row in rows} <= {"accepted", "unchanged"}
    await settled(settings)
    again = await imported(calls, "offers", source.read_bytes())
    assert counts(again) == (0, 2_000, 0)
    graph = Graph(settings)
    with contextlib.suppress(KeyError):
        found = await graph.read(
            "MATCH (o:Offer) WHERE o.id STARTS WITH 'kill-o-' RETURN count(o) AS n, max(o.version) AS v"
        )
    await graph.close()
    assert (found[0]["n"], found[0]["v"]) == (2_000, 1)
