"""Needs and consortia in words, and as lines for terminals."""

import io
from typing import Any

from rich.console import Console

from graph.advice.candidates import judge
from graph.advice.causes import NO_PRODUCER, Cause
from graph.advice.consortium import consortium
from graph.advice.unmatched import Unmatched
from graph.knowledge import default_knowledge
from graph.reads.matches import ItemMatches, Pairing
from schemas.demands import ImportedItem
from services.api.unmatched import cause_words, consortium_out, need_out
from services.cli.match_lines import print_item
from services.cli.need_lines import imported_words
from tests.unit.advice.worlds import TODAY, candidate, item

KNOWLEDGE = default_knowledge()
ROW: dict[str, Any] = {
    "key": "d~1", "title": "Blocks [type K]", "quantity": 0.5, "unit": "t", "matches_total": 0, "near_misses_total": 1,
}  # fmt: skip
NEAR: dict[str, Any] = {
    "supplier_name": "A [works]", "offer_title": "Blocks", "offer": "off-a", "missing": ["standard:UIC 541-4"],
    "answer": None, "answer_reason": None, "free_from": None,
}  # fmt: skip


def monthly(quantity):
    return {"quantity": quantity, "unit": "pcs", "per": "month"}


def together(quantity, *capacities):
    wanted = item(quantity=quantity)
    offers = [candidate(name, capacity=monthly(each)) for name, each in zip("abcd", capacities, strict=False)]
    return consortium(wanted, judge(wanted, offers, KNOWLEDGE, TODAY), KNOWLEDGE, TODAY)


def lines(one, beside):
    out = Console(file=io.StringIO(), width=200, no_color=True)
    print_item(out, one, beside)
    return out.file.getvalue()


def test_a_consortium_says_in_both_languages_that_it_is_one():
    found = consortium_out(together(14_000, 1_000, 900))
    assert (found.outcome, len(found.members)) == ("together", 2)
    assert "No single offer has the quantity" in found.words.en
    assert "consortium of 2" in found.words.en
    assert "کنسرسیومی از 2 تأمین‌کننده" in found.words.fa
    for capacities, outcome in (((1_000,), "short"), ((), "none"), ((9_000,), "single")):
        told = consortium_out(together(14_000, *capacities))
        assert (told.outcome, told.members) == (outcome, [])
        assert told.why
        assert told.words.en
        assert told.words.fa


def test_causes_have_words_for_one_and_for_many():
    assert cause_words(Cause("standard", "silent", 1)).en == "standard: 1 supplier does not say"
    assert cause_words(Cause("capacity", "not_met", 3)).en == "capacity in time: 3 suppliers do not meet it"
    assert "منقضی" in cause_words(Cause("standard", "expired", 2)).fa
    assert cause_words(Cause(NO_PRODUCER, None, 0)).en == "nobody makes it"
    assert need_out(Unmatched("solved")).model_dump() == {"state": "solved", "causes": []}


def test_an_open_need_is_shown_with_causes_consortium_and_what_each_lacks():
    wanted = item(standards=[["UIC 541-4"]])
    [judged] = judge(wanted, [candidate("a")], KNOWLEDGE, TODAY)
    one = ItemMatches(ROW, None, near_misses=[Pairing("m", NEAR, judged.verdict)])
    causes = (Cause("standard", "silent", 1),)
    shown = lines(one, Unmatched("open", causes, together(14_000, 1_000, 900)))
    assert "Blocks [type K]" in shown, "a title in brackets is no markup"
    assert "0.5 t" in shown
    assert "unmet need: standard: 1 supplier does not say" in shown
    assert "consortium of 2: no single offer has the quantity" in shown
    assert "A [works]" in shown
    assert "? UIC 541-4: asked UIC 541-4; offered not stated – the offer does not say" in shown


def test_a_closed_or_undecided_item_is_no_need():
    closed = ItemMatches({**ROW, "near_misses_total": 0}, "the demand was cancelled")
    assert "takes no offers: the demand was cancelled" in lines(closed, Unmatched("closed"))
    fresh = lines(ItemMatches({**ROW, "near_misses_total": 0}, None), Unmatched("undecided"))
    assert "not matched yet" in fresh
    assert "unmet" not in fresh


def test_what_is_not_shown_is_counted():
    assert "1 more: see --rows" in lines(ItemMatches(ROW, None), Unmatched("open"))


def test_an_import_is_named_by_all_that_is_known_of_it():
    one = ImportedItem.model_validate({"maker": "Quorl", "part_numbers": ["QX-1"], "hs": "8607.21", "origin": "DE"})
    assert imported_words(one) == "Quorl, QX-1, HS 8607.21, from DE"
    assert imported_words(ImportedItem()) == "no brand, number, code or origin given"
