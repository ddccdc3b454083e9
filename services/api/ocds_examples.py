"""Examples of the OCDS door. The document is sent by a test, and the answers are what the exporter makes of it."""

from typing import Any, Final

from services.api import examples as x
from services.exports.ocds.extension import metadata
from services.exports.ocds.packages import EXTENSIONS

Example = dict[str, Any]
OCID: Final = "ocds-213czf-rai-2027-0042"
_RELEASE: Final[Example] = {
    "ocid": OCID,
    "id": "rai-2027-0042-1",
    "date": "2026-11-24T08:30:00Z",
    "tag": ["tender"],
    "initiationType": "tender",
    "language": "fa",
    "parties": [
        {
            "id": "rai", "name": "راه‌آهن جمهوری اسلامی ایران (RAI)", "roles": ["buyer", "procuringEntity"],
            "contactPoint": {"email": "tenders@rai.example"},
        }
    ],
    "buyer": {"id": "rai", "name": "راه‌آهن جمهوری اسلامی ایران (RAI)"},
    "tender": {
        "id": "rai-2027-0042",
        "title": "Brake blocks for freight wagons, 2027",
        "status": "active",
        "tenderPeriod": {"endDate": "2027-01-15T14:00:00+03:30"},
        "contractPeriod": {"endDate": "2027-08-31T23:59:59Z"},
        "items": [
            {
                "id": "1",
                "description": "کفشک ترمز کامپوزیت واگن – composite brake blocks",
                "classification": {"scheme": "HS", "id": "8607.21"},
                "quantity": 20000,
                "unit": {"scheme": "UNCEFACT", "id": "H87", "name": "عدد"},
            }
        ],
        "criteria": [
            {
                "id": "friction", "title": "friction coefficient", "source": "tenderer", "relatesTo": "item",
                "relatedItem": "1",
                "requirementGroups": [
                    {
                        "id": "friction-1",
                        "requirements": [
                            {
                                "id": "friction-1-1", "title": "friction coefficient", "dataType": "number",
                                "minValue": 0.16, "maxValue": 0.28,
                            }
                        ],
                    }
                ],
            }
        ],
    },
}  # fmt: skip
RELEASES: Final[Example] = {
    "uri": "https://rai.example/ocds/2027-0042.json",
    "version": "1.1",
    "publishedDate": "2026-11-24T08:30:00Z",
    "publisher": {"name": "RAI"},
    "releases": [_RELEASE],
}
ACCEPTED: Final[Example] = {
    "events": [{**x.ACCEPTED, "location": "/v1/demands/rai-2027-0042", "version": 1795509000000}],
    "notes": [
        {
            "ocid": OCID, "level": "warning", "release": "rai-2027-0042-1", "path": "tender.items[0].colour",
            "detail": "OCDS has no such field, nor has an extension that is known here; it is kept with the demand",
        }
    ],
}  # fmt: skip
_HEAD: Final[Example] = {
    "version": "1.1",
    "extensions": [*EXTENSIONS, "https://peyvand.example/v1/ocds/extension/extension.json"],
    "publishedDate": "2026-11-24T08:30:00.000Z",
    "publisher": {"name": "Peyvand"},
}
RELEASE_PACKAGE: Final[Example] = {
    "uri": f"https://peyvand.example/v1/ocds/releases/{OCID}", **_HEAD,
    "releases": [{**_RELEASE, "date": "2026-11-24T08:30:00.000Z"}],
}  # fmt: skip
RECORD_PACKAGE: Final[Example] = {
    "uri": f"https://peyvand.example/v1/ocds/records/{OCID}", **_HEAD,
    "records": [
        {
            "ocid": OCID,
            "releases": RELEASE_PACKAGE["releases"],
            "compiledRelease": {**_RELEASE, "id": f"{OCID}-2026-11-24T08:30:00.000Z", "tag": ["compiled"]},
        }
    ],
}  # fmt: skip
EXTENSION: Final[Example] = metadata("https://peyvand.example/docs")
