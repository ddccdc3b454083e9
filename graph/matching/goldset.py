"""Reads a gold set directory into the service's own models: suppliers, offers, demands and judgments."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from schemas.demands import Demand
from schemas.matches import Missing
from schemas.offers import Offer
from schemas.suppliers import Supplier

ITEM: Final = "1"
"""Gold demands have one item each; this is its id."""


@dataclass(frozen=True, slots=True)
class Judgment:
    """What is right for one pair: grade 3 match, 2 near miss for `missing`, 1 related, 0 unlike."""

    demand_id: str
    offer_id: str
    grade: int
    missing: tuple[Missing, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class GoldSet:
    """One directory, read."""

    suppliers: tuple[Supplier, ...]
    offers: tuple[Offer, ...]
    demands: tuple[Demand, ...]
    judgments: tuple[Judgment, ...]


def load_goldset(directory: Path) -> GoldSet:
    """Read suppliers, offers, demands and judgments (.jsonl). OSError: a file is missing; ValueError: a line is bad."""
    return GoldSet(
        tuple(gold_supplier(row) for row in _rows(directory / "suppliers.jsonl")),
        tuple(gold_offer(row) for row in _rows(directory / "offers.jsonl")),
        tuple(gold_demand(row) for row in _rows(directory / "demands.jsonl")),
        tuple(_judgment(row) for row in _rows(directory / "judgments.jsonl")),
    )


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    with file.open(encoding="utf-8") as lines:
        for number, text in enumerate(lines, start=1):
            if not text.strip():
                continue
            try:
                yield json.loads(text)
            except json.JSONDecodeError as error:
                msg = f"{file.name}, line {number}: is no JSON ({error.msg})"
                raise ValueError(msg) from error


def gold_supplier(row: dict[str, Any]) -> Supplier:
    """Return a supplier; city and province become its place."""
    place = {"city": row.pop("city", None), "province": row.pop("province", None)}
    return Supplier.model_validate({**row, "place": place})


def gold_offer(row: dict[str, Any]) -> Offer:
    """Return an offer. An attribute that says nothing (a value of null) is left out."""
    told = [each for each in row["attributes"] if any(each.get(key) is not None for key in ("value", "min", "max"))]
    return Offer.model_validate({**row, "attributes": told})


def gold_demand(row: dict[str, Any]) -> Demand:
    """Return a demand with its one item."""
    outer = {key: row[key] for key in ("id", "buyer", "title", "description", "published", "needed_by")}
    inner = {key: value for key, value in row.items() if key not in ("id", "buyer", "published")}
    return Demand.model_validate({**outer, "items": [{**inner, "id": ITEM}]})


def _judgment(row: dict[str, Any]) -> Judgment:
    missing = tuple(Missing(kind=each["kind"], name=each.get("name")) for each in row.get("missing", ()))
    return Judgment(row["demand_id"], row["offer_id"], int(row["grade"]), missing, row.get("reason", ""))
