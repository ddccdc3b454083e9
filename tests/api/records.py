"""Records for the API's tests: a maker of brake blocks, what it offers, and who wants it."""

from typing import Any


def supplier(supplier_id: str, **more: Any) -> dict[str, Any]:
    return {
        "id": supplier_id, "name_en": f"Works {supplier_id}", "name_fa": "کارخانه لنت", "place": {"city": "تبریز"},
        "certificates": [{"standard": "ISO 9001", "valid_until": "2029-01-01"}], **more,
    }  # fmt: skip


def offer(offer_id: str, supplier_id: str, **more: Any) -> dict[str, Any]:
    return {
        "id": offer_id, "supplier_id": supplier_id, "title": "Composite brake block, K type",
        "classifications": [{"scheme": "PEYVAND", "id": "k-brake-block"}],
        "standards": [{"standard": "UIC 541-4", "valid_until": "2029-01-01"}],
        "capacity": {"quantity": 50000, "unit": "pcs", "per": "month"}, "lead_time_days": 20,
        "local_content_percent": 80, **more,
    }  # fmt: skip


def demand(demand_id: str, **more: Any) -> dict[str, Any]:
    item = {
        "id": "1", "title": "کفشک ترمز کامپوزیت – composite brake block, K type", "quantity": 1000, "unit": "pcs",
        "classifications": [{"scheme": "PEYVAND", "id": "k-brake-block"}], "standards": [["UIC 541-4"]],
    }  # fmt: skip
    return {
        "id": demand_id, "buyer": {"id": f"buyer-{demand_id}", "name": "راه‌آهن"}, "title": f"Brake blocks {demand_id}",
        "published": "2026-11-20", "needed_by": "2027-06-30", "items": [item], **more,
    }  # fmt: skip
