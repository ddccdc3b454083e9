"""From rows of the graph to what the reads answer. Pure."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Literal

from graph.advice.unmatched import Unmatched
from graph.diff import missing_points
from graph.driver import Row
from graph.reads.explain import Explained
from graph.reads.matches import MATCHES, ItemMatches, Pairing, closed_why
from graph.taxonomy.model import ProductClass
from graph.writes.offers import with_capacity
from schemas.demands import Demand
from schemas.events import EVENT_TYPES, MATCH_EVENTS
from schemas.ids import match_id
from schemas.matches import Missing, Outcome, Verdict
from schemas.offers import CapacityReported, Offer
from schemas.suppliers import Supplier, UnitStateChanged
from services.api import models as m
from services.api.links import Links
from services.api.unmatched import consortium_out, need_out
from services.api.words import criterion_of, missing_words

NEWS = {kind.name: kind.model for kind in EVENT_TYPES if kind.topic == MATCH_EVENTS}


def supplier_out(row: Row) -> m.SupplierOut:
    """A supplier; its row must have a body."""
    return m.SupplierOut(
        id=row["id"],
        version=row["version"],
        event=row["event"],
        supplier=Supplier.model_validate_json(row["body"]),
        suspended=row["suspended"],
        suspended_why=row["suspended_why"],
        units=[_unit(unit) for unit in row["units"]],
        offers=row["offers"],
    )


def _unit(row: Row) -> m.UnitNow:
    report = UnitStateChanged.model_validate_json(row["report"]) if row["report"] else None
    return m.UnitNow(
        id=row["id"], name=row["name"], state=row["state"], listed=row["present"], version=row["version"], report=report
    )


def offer_out(row: Row) -> m.OfferOut:
    """An offer; its row must have a body."""
    record = Offer.model_validate_json(row["body"])
    report = CapacityReported.model_validate_json(row["capacity_body"]) if row["capacity_body"] else None
    return m.OfferOut(
        id=row["id"],
        supplier_id=row["supplier"],
        supplier_name=row["supplier_name"],
        version=row["version"],
        event=row["event"],
        offer=with_capacity(record, row["version"], row["capacity_body"], row["capacity_version"]),
        withdrawn=row["withdrawn"],
        report=report,
        classes=row["classes"],
        matches=row["matches"],
        near_misses=row["near_misses"],
    )


def offer_row(row: Row) -> m.OfferRow:
    """An offer in a list."""
    return m.OfferRow(supplier_id=row["supplier"], **{k: v for k, v in row.items() if k not in ("supplier", "key")})


def demand_out(row: Row, today: date) -> m.DemandOut:
    """A demand; its row must have a body."""
    return m.DemandOut(
        id=row["id"],
        version=row["version"],
        event=row["event"],
        demand=Demand.model_validate_json(row["body"]),
        cancelled=row["cancelled"],
        cancelled_why=row["cancelled_why"],
        items=[_item(item, today) for item in row["items"]],
        awards=[m.AwardOut(**award) for award in row["awards"]],
    )


def demand_row(row: Row) -> m.DemandRow:
    """A demand in a list."""
    rest = {name: value for name, value in row.items() if name not in ("buyer", "buyer_name")}
    return m.DemandRow(buyer_id=row["buyer"], buyer=row["buyer_name"], **rest)


def _item(row: Row, today: date) -> m.ItemNow:
    why = closed_why(row, today)
    return m.ItemNow(
        id=row["id"],
        title=row["title"],
        state=item_state(row, why),
        closed_why=why,
        matches=row["matches"],
        near_misses=row["near_misses"],
    )


def item_state(row: Row, why: str | None) -> m.ItemState:
    """Whether an item takes offers, is a forecast, or is closed."""
    return "closed" if why is not None else "planned" if row["stage"] == "plan" else "open"


def item_matches_out(found: ItemMatches, beside: Unmatched) -> m.ItemMatchesOut:
    """One item with what stands for it, and what stands beside."""
    row = found.row
    return m.ItemMatchesOut(
        item=row["id"],
        title=row["title"],
        quantity=row["quantity"],
        unit=row["unit"],
        needed_by=row["needed_by"],
        state=item_state(row, found.closed),
        closed_why=found.closed,
        decided_on=row["decided_on"],
        matches_total=row["matches_total"],
        near_misses_total=row["near_misses_total"],
        matches=[_match(pairing) for pairing in found.matches],
        near_misses=[_near_miss(pairing) for pairing in found.near_misses],
        need=need_out(beside),
        consortium=consortium_out(beside.consortium) if beside.consortium else None,
    )


def _ends(pairing: Pairing) -> dict[str, Any]:
    row = pairing.row
    return {
        "match_id": pairing.match,
        "supplier_id": row["supplier"],
        "supplier": row["supplier_name"],
        "city": row["city"],
        "offer_id": row["offer"],
        "offer": row["offer_title"],
    }


def _match(pairing: Pairing) -> m.MatchOut:
    row, verdict = pairing.row, pairing.verdict
    return m.MatchOut(
        **_ends(pairing),
        score=row["score"],
        revision=row["revision"],
        answer=row["answer"],
        answer_reason=row["answer_reason"],
        free_from=row["free_from"],
        criteria=list(verdict.criteria) if verdict else [],
        summary=verdict.summary if verdict else "",
        current=verdict is not None and verdict.outcome is Outcome.MATCH,
    )


def _near_miss(pairing: Pairing) -> m.NearMissOut:
    verdict = pairing.verdict
    return m.NearMissOut(
        **_ends(pairing),
        missing=missing_out(missing_points(pairing.row["missing"] or []), verdict),
        criteria=list(verdict.criteria) if verdict else [],
        current=verdict is not None and verdict.outcome is Outcome.NEAR_MISS,
    )


def missing_out(missing: Sequence[Missing], verdict: Verdict | None) -> list[m.MissingOut]:
    """Missing points with what was asked and offered, where a verdict says so, and in words."""
    done: list[m.MissingOut] = []
    for point in missing:
        criterion = criterion_of(point, verdict.criteria) if verdict is not None else None
        done.append(
            m.MissingOut(
                kind=point.kind,
                name=point.name,
                asked=criterion.asked if criterion else None,
                offered=criterion.offered if criterion else None,
                finding=criterion.finding.value if criterion else None,
                words=missing_words(point, criterion),
            )
        )
    return done


def supplier_match_out(row: Row, links: Links) -> m.SupplierMatchOut:
    """What stands for one of a supplier's offers."""
    fits = row["link"] == MATCHES
    supplier = row["offer_key"].partition("~")[0]
    return m.SupplierMatchOut(
        kind="match" if fits else "near_miss",
        match_id=match_id(row["item_key"], row["offer_key"]),
        demand_id=row["demand"],
        demand=row["demand_title"],
        buyer_id=row["buyer"],
        buyer=row["buyer_name"],
        offer_id=row["offer"],
        offer=row["offer_title"],
        missing=missing_out(missing_points(row["missing"] or []), None),
        explanation=links.to(
            "demands", row["demand"], "items", row["item"], "offers", row["offer"], "explanation", supplier=supplier
        ),
        **{
            name: row[name]
            for name in (
                "item", "item_title", "quantity", "unit", "needed_by", "closes", "stage", "score", "revision",
            )
        },
    )  # fmt: skip


def notice_out(row: Row) -> m.NoticeOut:
    """One telling."""
    news: Any = NEWS[row["kind"]].model_validate_json(row["body"])
    return m.NoticeOut(seq=row["seq"], event_id=row["event_id"], kind=row["kind"], news=news)


def explanation_out(found: Explained, demand_id: str, item: str) -> m.ExplanationOut:
    """A pair decided now."""
    verdict = found.verdict
    stands: dict[str | None, Literal["match", "near_miss"]] = {"MATCHES": "match", "NEARLY_MATCHES": "near_miss"}
    return m.ExplanationOut(
        demand_id=demand_id,
        item=item,
        item_title=found.item_title or "",
        supplier_id=found.supplier,
        supplier=found.supplier_name,
        offer_id=found.offer,
        offer=found.offer_title or "",
        outcome=verdict.outcome if verdict else None,
        score=verdict.score if verdict else 0.0,
        criteria=list(verdict.criteria) if verdict else [],
        missing=missing_out(verdict.missing, verdict) if verdict else [],
        summary=verdict.summary if verdict else "the record of the item, the offer or the supplier is not there",
        closed_why=found.closed,
        stands_as=stands.get(found.stands),
        events=found.events,
    )


def class_row(one: ProductClass) -> m.ClassRow:
    """A product class in a list."""
    return m.ClassRow(id=one.id, en=one.en, fa=one.fa, form=one.form, domain=one.domain, broader=list(one.broader))
