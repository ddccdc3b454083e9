"""Examples of tables and imports for the API's documentation."""

from typing import Any, Final

_OFFERS: Final = (
    "شناسه تأمین‌کننده,شناسه پیشنهاد,عنوان,ظرفیت,واحد ظرفیت,مشخصه: وزن [kg],استاندارد ۱,استاندارد ۱ اعتبار تا\r\n"
    "sup-azar-friction,off-k-block,کفشک ترمز کامپوزیت نوع K,۱۵٬۰۰۰,عدد,۴٫۲,UIC 541-4,۱۴۰۷/۰۴/۱۰\r\n"
)
_DEMANDS: Final = (
    "demand id,buyer,item title,quantity,unit,needed by,requirement: weight [kg],standard 1\r\n"
    "dem-2027-0041,RAI,Composite brake block,20000,pcs,2027-08-31,4 - 5,ISO 9001 | ISO 22163\r\n"
    ",,Brake pad,500,pcs,2027-08-31,,\r\n"
)
TABLES: Final[dict[str, Any]] = {"offers in Persian": {"value": _OFFERS}, "a demand of two items": {"value": _DEMANDS}}

_ID: Final = "7a1f9a52-6c1d-4c0b-9d0e-2f6a4f1f7f11"
IMPORT: Final[dict[str, Any]] = {
    "id": _ID, "kind": "offers", "state": "done", "dry_run": False, "accepted": 118, "unchanged": 2, "refused": 1,
    "share": 1.0, "notes": [{"en": "Sheet 'Data' is read.", "fa": "برگه «Data» خوانده می‌شود."}], "error": None,
    "created": "2026-11-24T08:00:00Z", "finished": "2026-11-24T08:00:02Z", "status": f"/v1/bulk/imports/{_ID}",
    "rows": f"/v1/bulk/imports/{_ID}/rows",
}  # fmt: skip
ROWS: Final[dict[str, Any]] = {
    "items": [
        {
            "row": 17, "status": "refused", "subject": "sup-azar-friction~off-k-block", "event": None,
            "problems": [
                {"cell": "B17", "column": "ظرفیت", "en": "'many' is no number", "fa": "«many» عدد نیست"},
            ],
            "note": None,
        },
    ],
    "next": None,
}  # fmt: skip
