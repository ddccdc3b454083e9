"""All sample files go in, say again the same, come out valid by the schema, and keep their tender on the way."""

import json

import jsonschema
import pytest

from services.exports.ocds.packages import Publication, record_package, release_package
from services.imports.ocds import Found, Options, add_document, events_of, settle
from tests.unit.imports.ocds_samples import (
    FILES,
    SHARED,
    every_process,
    exported,
    processes_of,
)

SCHEMA = json.loads((SHARED / "ocds" / "standard" / "schema" / "release-schema.json").read_text(encoding="utf-8"))
VALID = jsonschema.Draft4Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
PUBLICATION = Publication("Peyvand", "https://peyvand.example/v1/ocds")
PROCESSES = {name: (process, options) for name, process, options in every_process()}
NOTHING_WANTED = ("release-package_1.0-2.json", "release-package_1.1-2.json")
"""A contract alone, and no word of what was bought by which tender."""
CLOSED_TAGS = {
    "planning", "planningUpdate", "tender", "tenderAmendment", "tenderUpdate", "tenderCancellation", "award", "awardUpdate",
    "awardCancellation", "contract", "contractUpdate", "contractAmendment", "implementation", "implementationUpdate",
    "contractTermination", "compiled",
}  # fmt: skip


def test_there_are_samples_of_all_formats():
    assert len(FILES) > 45
    assert len(PROCESSES) > 50


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(SHARED)))
def test_a_sample_goes_in(file):
    processes, options, found = processes_of(file)
    assert found.faults == []
    assert processes
    for process in processes:
        taken = events_of(process, options)
        assert not taken.refused, [note.sentence() for note in taken.notes]
        if file.name in NOTHING_WANTED:
            assert not taken.events
            assert any("no demand was made" in note.detail for note in taken.notes)
        else:
            assert taken.events
        again = events_of(processes_of(file)[0][processes.index(process)], options)
        assert [event.model_dump() for event in again.events] == [event.model_dump() for event in taken.events]


WITH_EVENTS = [name for name in PROCESSES if not name.split(" ")[0].endswith(NOTHING_WANTED)]


@pytest.mark.parametrize("name", WITH_EVENTS)
def test_what_comes_out_is_valid_and_keeps_the_tender(name):
    process, options = PROCESSES[name]
    before = events_of(process, options)
    out = exported(list(before.events), before.demand_id, process.ocid)
    package = release_package(out, PUBLICATION)
    record = record_package(out, PUBLICATION)
    for release in [*package["releases"], record["records"][0]["compiledRelease"]]:
        errors = [f"{list(e.absolute_path)}: {e.message[:200]}" for e in VALID.iter_errors(release)]
        assert errors == [], release["id"]
        assert set(release["tag"]) <= CLOSED_TAGS
        assert "#" not in release["id"]
    assert len({release["id"] for release in package["releases"]}) == len(package["releases"])
    [whole] = record["records"]
    alone = {**record, "records": [{"ocid": whole["ocid"], "compiledRelease": whole["compiledRelease"]}]}
    for document in (package, record, alone):
        after = imported(document)
        assert not after.refused
        assert last_content(after) == last_content(before)
        assert last_awards(after) == last_awards(before)
        assert cancelled(after) == cancelled(before)


def imported(document):
    found = Found()
    add_document(found, json.loads(json.dumps(document)))
    [process] = settle(found)
    return events_of(process, Options())


def last_content(taken):
    told = [event for event in taken.events if hasattr(event.data, "demand")]
    if not told:
        return None
    return max(told, key=lambda e: e.data.version).data.demand.model_copy(update={"original": None})


def last_awards(taken):
    told = sorted((e for e in taken.events if e.kind.name == "DemandAwarded"), key=lambda e: e.data.version)
    return {event.data.award_id: event.data.model_copy(update={"version": 1}) for event in told}


def cancelled(taken):
    told = [e for e in taken.events if e.kind.name in ("DemandPublished", "DemandCancelled")]
    return bool(told) and max(told, key=lambda e: e.data.version).kind.name == "DemandCancelled"


@pytest.mark.parametrize("name", WITH_EVENTS)
def test_what_was_kept_comes_out_again(name):
    process, options = PROCESSES[name]
    before = events_of(process, options)
    told = [event for event in before.events if hasattr(event.data, "demand")]
    if not told:
        return
    rest = max(told, key=lambda e: e.data.version).data.demand.original.rest
    out = exported(list(before.events), before.demand_id, process.ocid)
    compiled = record_package(out, PUBLICATION)["records"][0]["compiledRelease"]
    for place in ("procurementMethod", "procurementMethodRationale", "awardCriteria", "value", "minValue"):
        kept = rest.get("tender", {}).get(place)
        if kept is not None and place != "value":
            assert compiled["tender"][place] == kept
    assert set(rest) - {"notice"} <= set(compiled) | {"buyer"}
