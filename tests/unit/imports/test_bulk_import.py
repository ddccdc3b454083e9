"""The import of tables: what rows become, what becomes of them a second time, and going on after a kill."""

import pytest

from graph.reads.records import Stored
from schemas.demands import DemandAmended, DemandPublished
from schemas.errors import ConflictError, InvalidInputError, UnavailableError
from schemas.offers import ProductChanged, ProductRegistered
from schemas.suppliers import SupplierChanged, SupplierRegistered
from services.access.errors import ForbiddenError
from services.imports.bulk.decide import Rules
from services.imports.bulk.state import State
from tests.unit.imports.bulk_tables import Graph, csv_bytes, imported, xlsx_bytes

OFFER_HEAD = [
    "supplier id",
    "offer id",
    "title",
    "capacity",
    "capacity unit",
    "standard 1",
    "attribute: weight [kg]",
    "code [HS]",
]
OFFER = ["sup-1", "off-1", "Brake block", "1,500", "pcs", "UIC 541-4", "4.2", "8607.21"]
DEMAND_HEAD = ["شناسه تقاضا", "خریدار", "عنوان قلم", "مقدار", "واحد", "تاریخ نیاز"]


def offers(*rows):
    return csv_bytes([OFFER_HEAD, *rows])


def demands(*rows):
    return csv_bytes([DEMAND_HEAD, *rows])


async def test_a_whole_offer_in_persian(tmp_path):
    head = ["شناسه تأمین‌کننده", "شناسه پیشنهاد", "عنوان", "نوع", "رده ۱", "کد [HS]", "شماره‌های فنی", "مشخصه: قطر [mm]", "مشخصه: جنس", "مشخصه: دما [°C]",
            "استاندارد ۱", "استاندارد ۱ اعتبار تا", "استاندارد ۲", "فرایندها", "ظرفیت", "واحد ظرفیت", "دوره ظرفیت", "زمان تحویل (روز)", "حداقل سفارش",
            "سهم ساخت داخل (درصد)", "سال محاسبه ساخت داخل", "ماده اولیه ۱", "ماده اولیه ۱ وارداتی", "ماده اولیه ۱ درصد", "سند ۱", "سند ۱ نشانی"]  # fmt: skip
    line = ["sup-۱", "off-1", "كفشك ترمز", "محصول", "کفشک ترمز", "8607.21؛ 8607.29", "K-320؛ K-321", "۳۲۰٫۵", "چدن", "-۴۰ تا ۶۰",
            "UIC 541-4", "۱۴۰۷/۰۴/۰۹", "ISO 9001", "ریخته‌گری؛ ماشین‌کاری", "۱۵٬۰۰۰", "عدد", "ماه", "۴۵", "۵۰۰",
            "۸۲٪", "۱۴۰۴", "رزین", "بله", "۱۲٫۵", "کاتالوگ", "https://azar.example/k"]  # fmt: skip
    done = await imported("offers", csv_bytes([head, line]), tmp_path)
    assert done.by_row == {2: "accepted"}, done.rows
    assert done.record.model_dump(mode="json", exclude_defaults=True) == {
        "id": "off-1", "supplier_id": "sup-1", "title": "كفشك ترمز",
        "classifications": [{"scheme": "PEYVAND", "id": "brake-block"}, {"scheme": "HS", "id": "8607.21"}, {"scheme": "HS", "id": "8607.29"}],
        "part_numbers": ["K-320", "K-321"],
        "attributes": [{"name": "قطر", "value": 320.5, "unit": "mm"}, {"name": "جنس", "value": "چدن"}, {"name": "دما", "min": -40.0, "max": 60.0, "unit": "°C"}],
        "standards": [{"standard": "UIC 541-4", "valid_until": "2028-06-29"}, {"standard": "ISO 9001"}],
        "processes": ["ریخته‌گری", "ماشین‌کاری"], "capacity": {"quantity": 15000.0, "unit": "عدد"}, "lead_time_days": 45,
        "min_order": {"quantity": 500.0}, "local_content_percent": 82.0, "local_content": {"percent": 82.0, "year": 1404},
        "inputs": [{"name": "رزین", "imported": True, "value_percent": 12.5}], "documents": [{"title": "کاتالوگ", "url": "https://azar.example/k"}],
    }  # fmt: skip


async def test_a_whole_supplier_with_an_id_made_of_its_name(tmp_path):
    head = ["English name", "نام فارسی", "national id", "identifier [IR-COA]", "province", "city", "certificate 1", "certificate 1 valid until", "certificate 2", "plant state", "languages"]  # fmt: skip
    line = [
        "Azar Friction",
        "آذر",
        10200300400,
        "99",
        "IR-03",
        "تبریز",
        "ISO 9001",
        "2028-03-01",
        "ISO 14001",
        "راکد",
        "fa; en",
    ]
    done = await imported("suppliers", xlsx_bytes([head, line]), tmp_path)
    assert done.record.model_dump(mode="json", exclude_defaults=True) == {
        "id": "azar-friction", "name_en": "Azar Friction", "name_fa": "آذر",
        "identifiers": [{"scheme": "IR-CR", "id": "10200300400"}, {"scheme": "IR-COA", "id": "99"}],
        "place": {"city": "تبریز", "province": "آذربایجان شرقی"}, "unit_state": "idle", "languages": ["fa", "en"],
        "certificates": [{"standard": "ISO 9001", "valid_until": "2028-03-01"}, {"standard": "ISO 14001"}],
    }  # fmt: skip


async def test_items_of_a_demand_stand_one_beneath_the_other(tmp_path):
    head = [*DEMAND_HEAD, "مهلت پیشنهاد", "الزام: وزن [kg]", "استاندارد ۱", "بخش", "ارزش برآوردی", "کشور مبدأ"]
    content = csv_bytes([
        head,
        ["dem-1", "راه‌آهن", "کفشک", "۲۰٬۰۰۰", "عدد", "۱۴۰۶/۰۶/۰۹", "1405/10/25", "۴ تا ۵", "ISO 9001 | ISO 22163", "lot-1", "", ""],
        ["", "", "لنت", "500", "عدد", "", "", "حداقل ۱۰", "", "lot-1", "۲٬۰۰۰٬۰۰۰", "DE"],
        ["dem-2", "مترو", "چرخ", "8", "", "", "", "", "", "", "", ""],
    ])  # fmt: skip
    done = await imported("demands", content, tmp_path)
    assert done.by_row == {2: "accepted", 3: "accepted", 4: "accepted"}, done.rows
    first, second = (event.data.demand for event in done.events)
    assert first.model_dump(mode="json", exclude_defaults=True) == {
        "id": "dem-1", "buyer": {"id": "راه-آهن", "name": "راه‌آهن"}, "title": "کفشک", "closes": "2027-01-15", "lots": [{"id": "lot-1"}],
        "items": [
            {"id": "1", "title": "کفشک", "quantity": 20000.0, "unit": "عدد", "needed_by": "2027-08-31", "lot_id": "lot-1",
             "requirements": [{"name": "وزن", "min": 4.0, "max": 5.0, "unit": "kg"}], "standards": [["ISO 9001", "ISO 22163"]]},
            {"id": "2", "title": "لنت", "quantity": 500.0, "unit": "عدد", "lot_id": "lot-1", "estimated_value": {"amount": 2e6},
             "requirements": [{"name": "وزن", "min": 10.0, "unit": "kg"}], "imported": {"origin": "DE"}},
        ],
    }  # fmt: skip
    assert [item.title for item in second.items] == ["چرخ"]


async def test_errors_name_cell_and_reason_and_leave_the_others(tmp_path):
    done = await imported(
        "offers",
        offers(
            OFFER,
            ["sup 1", "off-2", "", "many", "", "", "heavy", ""],
            ["sup-1", "off-3", "Pad", "-", "", "", "", "8607"],
        ),
        tmp_path,
    )
    assert done.by_row == {2: "accepted", 3: "refused", 4: "accepted"}
    assert [said.split(" ", 1)[0] for said in done.problems(3)] == ["A3", "C3", "D3", "G3"]
    assert done.problems(3)[2] == "D3 'many' is no number"
    assert all(problem["fa"] for problem in done.rows[1]["problems"])
    assert (done.counts.accepted, done.counts.refused) == (2, 1)


async def test_one_bad_row_refuses_its_demand_and_no_other(tmp_path):
    done = await imported(
        "demands",
        demands(
            ["dem-1", "راه‌آهن", "a", "1"],
            ["dem-1", "", "b", "none"],
            ["dem-1", "مترو", "c", "1"],
            ["dem-2", "راه‌آهن", "d", "1"],
        ),
        tmp_path,
    )
    assert done.by_row == {2: "refused", 3: "refused", 4: "refused", 5: "accepted"}
    assert done.problems(2) == ["- another row of the same demand is refused"]
    assert done.problems(3) == ["D3 'none' is no number"]
    assert done.problems(4) == ["B4 the rows of one demand agree in this, but B2 says otherwise"]


@pytest.mark.parametrize(
    ("kind", "content", "row", "said"),
    [
        ("demands", demands(["dem-1", "", "a", "1"]), 2, "B2 'خریدار' must be filled in one row of each demand"),
        ("demands", demands(["", "راه‌آهن", "a", "1"]), 2, "A2 'شناسه تقاضا' must be filled"),
        ("demands", demands(["dem-1", "راه‌آهن", "", "1"]), 2, "C2 'عنوان قلم' must be filled"),
        ("demands", demands(["dem-1", "راه‌آهن", "a", ""]), 2, "D2 'مقدار' must be filled"),
        ("demands", demands(["dem-1", "-", "a", "1"]), 2, "B2 it must be filled, and a dash empties it"),
        ("demands", csv_bytes([["demand id", "buyer", "item title", "quantity", "item"], ["d", "b", "x", 1, "7"], ["d", "b", "y", 1, "7"]]), 3, "E3 item '7' of this demand stands in row 2 already"),
        ("demands", csv_bytes([["demand id", "buyer", "item title", "quantity", "currency"], ["d", "b", "x", 1, "IRR"]]), 2, "E2 'estimated value' must be filled too"),
        ("offers", csv_bytes([["supplier id", "title", "local content year"], ["s", "x", "1404"]]), 2, "C2 'local content (percent)' must be filled too"),
        ("offers", csv_bytes([["supplier id", "title", "capacity unit"], ["s", "x", "pcs"]]), 2, "C2 'capacity' must be filled too"),
        ("offers", csv_bytes([["supplier id", "title", "standard 1 valid until"], ["s", "x", "2027-01-01"]]), 2, "C2 'standard' must be filled too"),
        ("offers", csv_bytes([["supplier id", "title", "input 1", "input 1 country"], ["s", "x", "resin", "Germany"]]), 2, "D2 'GERMANY' is no code of a country (two letters, such as IR)"),
        ("offers", csv_bytes([["supplier id", "title"], ["s", "x", "y"]]), 2, "C2 the cell is filled, but its column has no header"),
        ("suppliers", csv_bytes([["Persian name", "phone"], ["", "021"]]), 2, "- the row has neither a Persian nor an English name"),
        ("suppliers", csv_bytes([["Persian name", "province"], ["x", "Bavaria"]]), 2, "B2 there is no province 'Bavaria'; write one of the 31 by its name or its ISO code such as IR-03"),
        ("suppliers", csv_bytes([["Persian name", "e-mail"], ["x", "a" * 501]]), 2, "B2 it has 501 characters; at most 500 are taken"),
    ],
)  # fmt: skip
async def test_what_a_row_lacks_is_told_at_its_cell(kind, content, row, said, tmp_path):
    done = await imported(kind, content, tmp_path)
    assert done.by_row[row] == "refused"
    assert said in done.problems(row)
    assert done.events == []


async def test_provinces_of_other_countries_stay_as_written(tmp_path):
    done = await imported("suppliers", csv_bytes([["name", "country", "province"], ["x", "DE", "Bayern"]]), tmp_path)
    assert done.record.place.province == "Bayern"


@pytest.mark.parametrize("lags", [False, True])
async def test_the_same_file_twice_changes_nothing(lags, tmp_path):
    graph = Graph(lags=lags)
    content = offers(OFFER, ["sup-1", "off-2", "Pad"])
    first = await imported("offers", content, tmp_path, graph)
    second = await imported("offers", content, tmp_path, graph)
    assert [type(event.data) for event in first.events] == [ProductRegistered, ProductRegistered]
    if lags:  # the graph has nothing yet: the same events are sent again, and are the same
        assert [event.id for event in second.events] == [event.id for event in first.events]
        assert [event.data for event in second.events] == [event.data for event in first.events]
    else:
        assert second.by_row == {2: "unchanged", 3: "unchanged"}
        assert second.events == []


@pytest.mark.parametrize(
    ("kind", "before", "after", "changed"),
    [
        ("offers", offers(OFFER, ["s", "o", "x"]), offers([*OFFER[:3], "2000", *OFFER[4:]], ["s", "o", "x"]), ProductChanged),
        ("suppliers", csv_bytes([["name"], ["a"]]), csv_bytes([["name", "city"], ["a", "تبریز"]]), SupplierChanged),
        ("demands", demands(["d", "b", "x", 1]), demands(["d", "b", "x", 2]), DemandAmended),
    ],
)  # fmt: skip
async def test_an_edited_row_is_a_change_of_the_next_version(kind, before, after, changed, tmp_path):
    graph = Graph()
    await imported(kind, before, tmp_path, graph)
    second = await imported(kind, after, tmp_path, graph)
    [event] = second.events
    assert type(event.data) is changed
    assert event.data.version == 2
    third = await imported(kind, before, tmp_path, graph)
    if kind != "suppliers":  # there the first file does not speak of the city
        assert [event.data.version for event in third.events] == [3]


async def test_what_a_row_does_not_speak_of_stays(tmp_path):
    graph = Graph()
    await imported("offers", offers(OFFER), tmp_path, graph)
    head = ["supplier id", "offer id", "title", "lead time", "standard 1", "standard 1 valid until", "attribute: weight [kg]", "attribute: length [mm]", "code [CPV]", "capacity"]  # fmt: skip
    line = ["sup-1", "off-1", "Brake block", "30", "UIC 541-4", "2028-01-01", "", "320", "34631400", ""]
    done = await imported("offers", csv_bytes([head, line]), tmp_path, graph)
    assert done.record.model_dump(mode="json", exclude_defaults=True) == {
        "id": "off-1", "supplier_id": "sup-1", "title": "Brake block", "lead_time_days": 30,
        "capacity": {"quantity": 1500.0, "unit": "pcs"}, "standards": [{"standard": "UIC 541-4", "valid_until": "2028-01-01"}],
        "attributes": [{"name": "weight", "value": 4.2, "unit": "kg"}, {"name": "length", "value": 320.0, "unit": "mm"}],
        "classifications": [{"scheme": "HS", "id": "8607.21"}, {"scheme": "CPV", "id": "34631400"}],
    }  # fmt: skip


async def test_a_dash_takes_away(tmp_path):
    graph = Graph()
    await imported("offers", offers(OFFER), tmp_path, graph)
    done = await imported("offers", offers([*OFFER[:3], "-", "–", "-", "-", "-"]), tmp_path, graph)
    assert done.record.model_dump(mode="json", exclude_defaults=True) == {
        "id": "off-1",
        "supplier_id": "sup-1",
        "title": "Brake block",
    }


async def test_items_that_are_not_in_the_file_stay_and_are_named(tmp_path):
    graph = Graph()
    head = ["demand id", "buyer", "item", "item title", "quantity"]
    await imported("demands", csv_bytes([head, ["d", "b", "1", "x", 1], ["d", "b", "2", "y", 1]]), tmp_path, graph)
    done = await imported(
        "demands", csv_bytes([head, ["d", "b", "2", "y", 5], ["d", "b", "3", "z", 1]]), tmp_path, graph
    )
    assert [(item.id, item.quantity) for item in done.record.items] == [("1", 1), ("2", 5), ("3", 1)]
    assert done.rows[0]["note"]["en"] == "items that are not in the file stay as they are: 1"


async def test_an_id_comes_once_in_a_file(tmp_path):
    done = await imported("offers", offers(OFFER, ["sup-2", "off-1", "x"], OFFER), tmp_path)
    assert done.by_row == {2: "accepted", 3: "accepted", 4: "refused"}
    assert done.problems(4) == ["- 'sup-1~off-1' stands in row 2 already; give each its own id"]
    done = await imported("demands", demands(["a", "b", "x", 1], ["c", "b", "x", 1], ["a", "b", "y", 1]), tmp_path)
    assert done.problems(4) == ["- demand 'a' began in row 2 already; put its rows one beneath the other"]


async def test_what_ended_is_not_opened_by_a_table_unless_told(tmp_path):
    graph = Graph()
    content = demands(["d", "b", "x", 1])
    await imported("demands", content, tmp_path, graph)
    graph.end("d", why="budget")
    done = await imported("demands", content, tmp_path, graph)
    assert done.problems(2) == [
        "- the demand was cancelled (budget); a table opens it again only when the import is told to reopen"
    ]
    done = await imported("demands", content, tmp_path, graph, rules=Rules(reopen=True))
    [event] = done.events
    assert isinstance(event.data, DemandPublished)
    assert event.data.version == 3


async def test_two_suppliers_of_one_name_are_told_apart_by_their_registers(tmp_path):
    graph = Graph()
    head = ["name", "national id"]
    await imported("suppliers", csv_bytes([head, ["Azar", "1"]]), tmp_path, graph)
    done = await imported("suppliers", csv_bytes([head, ["Azar", "2"]]), tmp_path, graph)
    assert done.problems(2) == [
        "B2 another supplier of this name is registered under IR-CR 1: give this one a supplier id"
    ]


async def test_a_subject_that_only_other_events_name_is_registered_above_them(tmp_path):
    graph = Graph(stored={"a": (7, "x", Stored(7, None))})
    done = await imported("suppliers", csv_bytes([["name"], ["a"]]), tmp_path, graph)
    [event] = done.events
    assert isinstance(event.data, SupplierRegistered)
    assert event.data.version == 8


async def test_a_dry_run_tells_the_same_and_sends_nothing(tmp_path):
    graph = Graph()
    content = offers(OFFER, ["sup-1", "off-2", "Pad", "x"])
    dry = await imported("offers", content, tmp_path, graph, dry_run=True)
    wet = await imported("offers", content, tmp_path, graph)
    assert dry.events == []
    assert dry.rows == wet.rows


@pytest.mark.parametrize("killed_after", [0, 3, 4, 8])
@pytest.mark.parametrize("lags", [False, True])
async def test_a_killed_import_goes_on_and_nothing_is_sent_differently(killed_after, lags, tmp_path):
    lines = [["sup", f"off-{number}", f"Block {number}", "" if number % 5 else "wrong"] for number in range(12)]
    whole = await imported("offers", offers(*lines), tmp_path, Graph())
    graph = Graph(lags=lags, fails_after=killed_after)
    state = tmp_path / "state.db"
    with pytest.raises(KeyboardInterrupt):
        await imported("offers", offers(*lines), tmp_path, graph, state=state, batch=3)
    graph.fails_after = None
    done = await imported("offers", offers(*lines), tmp_path, graph, state=state, batch=3)
    assert done.counts.rows == 12
    assert [row["row"] for row in done.rows] == list(range(2, 14))
    assert {event.id for event in graph.events} == {event.id for event in whole.events}
    assert {row["row"] for row in done.rows if row["status"] == "refused"} == {2, 7, 12}
    if killed_after > 3:
        assert len(graph.events) < 2 * len(whole.events)  # it did not begin again


async def test_duplicates_are_seen_across_a_kill(tmp_path):
    lines = [OFFER, *[["sup", f"off-{number}", "x"] for number in range(6)], OFFER]
    graph, state = Graph(fails_after=4), tmp_path / "state.db"
    with pytest.raises(KeyboardInterrupt):
        await imported("offers", offers(*lines), tmp_path, graph, state=state, batch=2)
    graph.fails_after = None
    done = await imported("offers", offers(*lines), tmp_path, graph, state=state, batch=2)
    assert done.problems(9) == ["- 'sup-1~off-1' stands in row 2 already; give each its own id"]


async def test_another_file_does_not_go_on_where_one_stopped(tmp_path):
    graph, state = Graph(fails_after=2), tmp_path / "state.db"
    lines = [["sup", f"off-{number}", "x"] for number in range(4)]
    with pytest.raises(KeyboardInterrupt):
        await imported("offers", offers(*lines), tmp_path, graph, state=state, batch=2)
    graph.fails_after = None
    done = await imported("offers", offers(*lines), tmp_path, graph, state=state, batch=2, name="another content")
    assert done.by_row == {2: "unchanged", 3: "unchanged", 4: "accepted", 5: "accepted"}


def test_one_import_at_a_time(tmp_path):
    first = State(tmp_path / "state.db", "one")
    first.save()
    with pytest.raises(ConflictError, match="by another process"):
        State(tmp_path / "state.db", "one")
    first.remove()
    assert not (tmp_path / "state.db").exists()


def test_what_is_no_state_is_a_sentence(tmp_path):
    (tmp_path / "state.db").write_bytes(b"no database, but long enough to be taken for one" * 40)
    with pytest.raises(InvalidInputError, match="no state of an import"):
        State(tmp_path / "state.db", "one")
    with pytest.raises(InvalidInputError, match="cannot be kept"):
        State(tmp_path / "none" / "state.db", "one")


async def test_who_may_not_send_a_row_is_told_so_and_learns_nothing_of_the_record(tmp_path):
    graph = Graph()
    await imported("offers", offers(OFFER), tmp_path, graph)

    async def permit(sent):
        for data in sent:
            if data.offer.supplier_id != "mine":
                msg = "You speak for supplier 'mine'."
                raise ForbiddenError(msg)

    content = offers(OFFER, ["mine", "o", "x"])
    done = await imported("offers", content, tmp_path, graph, permit=permit)
    assert done.by_row == {2: "refused", 3: "accepted"}
    assert done.problems(2) == ["- You speak for supplier 'mine'"]


async def test_a_server_that_is_away_stops_the_import_rather_than_a_row(tmp_path):
    async def permit(sent):
        msg = "Neo4j cannot be reached"
        raise UnavailableError(msg)

    with pytest.raises(UnavailableError):
        await imported("offers", offers(OFFER), tmp_path, permit=permit)


async def test_a_record_that_no_broker_takes_is_refused(tmp_path):
    head = ["demand id", "buyer", "item title", "quantity", "description"]
    lines = [["d", "b", f"x {number}", 1, "م" * 9_000] for number in range(80)]
    done = await imported("demands", csv_bytes([head, *lines, ["e", "b", "x", 1, ""]]), tmp_path)
    assert done.by_row[2] == "refused"
    assert "bytes" in done.problems(2)[0]
    assert done.by_row[82] == "accepted"


async def test_a_demand_has_a_thousand_rows_at_most(tmp_path):
    lines = [["d", "b", "x", 1] for _ in range(1_005)]
    done = await imported("demands", demands(*lines, ["e", "b", "x", 1]), tmp_path)
    assert done.problems(1_002) == ["- the demand has more than 1000 rows"]
    assert done.counts.refused == 1_005
    assert done.by_row[1_007] == "accepted"


async def test_a_demand_has_so_much_text_at_most(tmp_path):
    head = ["demand id", "buyer", "item title", "quantity", "description", "demand description"]
    lines = [["d", "b", f"x {number}", 1, "m" * 19_000, "n" * 19_000] for number in range(40)]
    done = await imported("demands", csv_bytes([head, *lines]), tmp_path)
    assert done.counts.refused == 40
    assert any("the demand has more than 1000000 characters" in said for said in done.problems(28))


async def test_rows_that_cannot_be_read_are_counted_and_told(tmp_path):
    content = b'supplier id,title\nsup,ok\nsup-2,"' + b"x" * 140_000
    done = await imported("offers", content, tmp_path)
    assert done.by_row == {2: "accepted", 3: "refused"}
    assert "what comes after it is not read" in done.problems(3)[0]


async def test_merged_cells_say_which_demand_rows_are_of(tmp_path):
    def prepare(book):
        book.active.merge_cells("A2:A3")
        book.active.merge_cells("B2:B3")

    lines = [
        ["demand id", "buyer", "item title", "quantity"],
        ["d", "b", "x", 1],
        [None, None, "y", 2],
        ["e", "b", "z", 3],
    ]
    done = await imported("demands", xlsx_bytes(lines, prepare), tmp_path)
    assert [len(event.data.demand.items) for event in done.events] == [2, 1]


async def test_a_row_may_edit_a_part_of_what_is_recorded(tmp_path):
    graph = Graph()
    await imported("offers", offers(OFFER), tmp_path, graph)
    head = ["supplier id", "offer id", "title", "capacity unit", "capacity per"]
    done = await imported("offers", csv_bytes([head, [*OFFER[:3], "", "هفته"]]), tmp_path, graph)
    assert done.record.capacity.model_dump() == {"quantity": 1500, "unit": "pcs", "per": "week"}
    done = await imported("offers", offers([*OFFER[:3], "-"]), tmp_path, graph)
    assert done.record.capacity is None
