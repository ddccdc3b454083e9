"""What we put out, checked by the tool that publishers of OCDS check theirs with, with our extension as the API serves it."""

import io
import json
import tempfile
import zipfile
from datetime import UTC, datetime

import jsonschema
import pytest
from libcoveocds.api import ocds_json_output
from libcoveocds.config import LibCoveOCDSConfig
from ocdsextensionregistry import util
from ocdsextensionregistry.versioned_release_schema import get_versioned_release_schema
from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter
from urllib3 import HTTPResponse

from services.exports.ocds.extension import file
from services.exports.ocds.packages import EXTENSIONS, Publication, record_package, release_package
from services.exports.ocds.releases import Told
from services.imports.ocds import events_of
from tests.unit.imports.ocds_samples import SHARED, exported, taken
from tests.unit.imports.test_ocds_samples import PROCESSES, WITH_EVENTS

STANDARD = json.loads((SHARED / "ocds" / "standard" / "schema" / "release-schema.json").read_text(encoding="utf-8"))
VERSIONED = get_versioned_release_schema(json.loads(json.dumps(STANDARD)), "1__1__5")
VALID_VERSIONED = jsonschema.Draft4Validator(VERSIONED)
ROOT = "https://standard.open-contracting.org/schema/1__1__5"
HEAD = {
    "$schema": "http://json-schema.org/draft-04/schema#",
    "type": "object",
    "required": ["uri", "publisher", "publishedDate", "version"],
    "properties": {
        "uri": {"type": "string", "format": "uri"},
        "version": {"type": "string", "pattern": "^(\\d+\\.)(\\d+)$"},
        "extensions": {"type": "array", "items": {"type": "string", "format": "uri"}},
        "publishedDate": {"type": "string", "format": "date-time"},
        "publisher": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}},
        "license": {"type": ["string", "null"]},
        "publicationPolicy": {"type": ["string", "null"]},
    },
}
ROLES = (
    "buyer", "procuringEntity", "supplier", "tenderer", "funder", "enquirer", "payer", "payee", "reviewBody",
    "interestedParty",
)  # fmt: skip
RELEASE = {"$ref": f"{ROOT}/release-schema.json"}
RELEASES = {
    **HEAD,
    "required": [*HEAD["required"], "releases"],
    "properties": {
        **HEAD["properties"],
        "releases": {"type": "array", "minItems": 1, "items": RELEASE, "uniqueItems": True},
    },
}
RECORD = {
    "type": "object",
    "required": ["ocid", "releases"],
    "properties": {
        "ocid": {"type": "string", "minLength": 1},
        "compiledRelease": RELEASE,
        "versionedRelease": {"type": "object"},
        "releases": {
            "title": "Releases",
            "oneOf": [
                {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["url"],
                        "properties": {"url": {"type": "string", "format": "uri"}},
                    },
                },
                {"type": "array", "minItems": 1, "items": RELEASE},
            ],
        },
    },
}
RECORDS = {
    **HEAD,
    "required": [*HEAD["required"], "records"],
    "properties": {
        **HEAD["properties"],
        "records": {"type": "array", "minItems": 1, "items": {"$ref": "#/definitions/record"}, "uniqueItems": True},
    },
    "definitions": {"record": RECORD},
}
"""What the standard's pages say of packages, which stand around the release schema that is read in place. The tool would
fetch a schema of versioned releases, so they are checked beside it."""


def standard() -> bytes:
    """The standard as an archive of its repository."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("standard/", "")
        archive.writestr("standard/schema/release-package-schema.json", json.dumps(RELEASES))
        archive.writestr("standard/schema/record-package-schema.json", json.dumps(RECORDS))
        archive.writestr("standard/schema/versioned-release-validation-schema.json", json.dumps(VERSIONED))
        lists = dict(code_lists(STANDARD)) | {"partyRole.csv": ROLES}
        for name, codes in lists.items():
            archive.writestr(f"standard/schema/codelists/{name}", "\n".join(["Code", *codes]))
        archive.writestr("standard/schema/release-schema.json", json.dumps(STANDARD))
    return made.getvalue()


def code_lists(schema):
    """The closed code lists of a schema, by the enumerations of the fields that they are for."""
    if isinstance(schema, list):
        for part in schema:
            yield from code_lists(part)
    elif isinstance(schema, dict):
        codes = schema.get("enum") or (schema.get("items") or {}).get("enum")
        if codes and isinstance(schema.get("codelist"), str):
            yield schema["codelist"], [code for code in codes if code]
        for part in schema.values():
            yield from code_lists(part)


class Door(BaseAdapter):
    """Our extension's files, as the API answers with them, without a network between."""

    def send(self, request: PreparedRequest, *_: object, **__: object) -> Response:
        """What the API answers."""
        answer = Response()
        answer.request, answer.url = request, request.url or ""
        try:
            found = file(answer.url.removeprefix(f"{ADDRESS}/extension/"), "https://peyvand.example/docs")
        except KeyError:
            answer.status_code, found = 404, ""
        else:
            answer.status_code = 200
        answer.raw = HTTPResponse(
            body=io.BytesIO((found if isinstance(found, str) else json.dumps(found)).encode()),
            status=answer.status_code,
            preload_content=False,
        )
        return answer

    def close(self) -> None:
        """There is nothing to close."""


@pytest.fixture(scope="module")
def publication():
    util.session.mount("https://", Door())
    yield Publication("Peyvand", ADDRESS)
    util.session.mount("https://", util.adapter)


ADDRESS = "https://peyvand.example/v1/ocds"
STANDARD_ZIP = standard()


def checked(package):
    """What the tool says of a package; extensions elsewhere are not fetched."""
    config = LibCoveOCDSConfig({"standard_zip": STANDARD_ZIP, "context": "api"})
    own = [url for url in package["extensions"] if url not in EXTENSIONS]
    assert len(own) == 1
    with tempfile.TemporaryDirectory() as folder:
        return ocds_json_output(
            folder, json_data=json.loads(json.dumps({**package, "extensions": own})), lib_cove_ocds_config=config
        )


def remarks(said):
    """The errors it found, and codes that no code list has."""
    return [
        *(f"{error}" for error in said["validation_errors"]),
        *(f"{value}" for value in said["additional_closed_codelist_values"].values()),
        *(f"prefix {value}" for value in said.get("conformance_errors", {}).items()),
    ]


def test_the_checker_finds_what_is_wrong(publication):
    package = release_package(sample(), publication)
    del package["releases"][0]["date"]
    package["releases"][0]["tender"]["status"] = "nothing"
    assert len(remarks(checked(package))) == 2


def sample(**more):
    """A demand of which a supplier was told."""
    one = taken(
        {
            "ocid": "ocds-213czf-1", "id": "1", "date": "2026-11-20T08:00:00Z", "tag": ["tender"], "initiationType": "tender",
            "buyer": {"id": "b", "name": "B"},
            "tender": {
                "id": "1", "title": "Seals", "status": "active",
                "items": [
                    {
                        "id": "1", "description": "Mechanical seal", "quantity": 4, "unit": {"scheme": "UNCEFACT", "id": "H87"},
                        "deliveryDate": {"endDate": "2027-06-30T00:00:00Z"}, "attributes": [{"id": "1", "name": "d", "value": "5 mm"}],
                    }
                ],
            },
            **more,
        }
    )  # fmt: skip
    told = (Told(datetime(2026, 11, 21, tzinfo=UTC), ("s",)),)
    return exported(list(one.events), one.demand_id, "ocds-213czf-1", told)


def test_our_extension_is_read_and_explains_our_terms(publication):
    package = release_package(sample(), publication)
    said = checked(package)
    assert remarks(said) == []
    assert said["extensions"]["is_extended_schema"] is True
    assert said["extensions"]["invalid_extensions"] == []
    unknown = [one["field"] for one in said["additional_fields"]]
    assert unknown == ["criteria"]  # of the extension for requirements, which is not fetched here
    assert "notifiedPotentialSupplier" in json.dumps(package)
    assert "notifiedPotentialSupplier" not in json.dumps(said["additional_open_codelist_values"])


ONE_OF_EACH = sorted({PROCESSES[name][0].ocid: name for name in WITH_EVENTS}.values())


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_samples_come_out_without_a_remark(name, publication):
    process, options = PROCESSES[name]
    before = events_of(process, options)
    out = exported(list(before.events), before.demand_id, process.ocid)
    for package in (release_package(out, publication), record_package(out, publication)):
        said = checked(package)
        if not process.ocid.startswith("ocds-"):
            said.pop("conformance_errors")  # the ocid is the publisher's, and stays as it is
        assert remarks(said) == []
    [record] = record_package(out, publication)["records"]
    assert [error.message[:200] for error in VALID_VERSIONED.iter_errors(record["versionedRelease"])] == []
