import json

import numpy as np
import pytest

from graph.advice.embed import Embedder
from graph.advice.learn.awards import AwardRanker
from graph.advice.learn.classify import Asked, Classifier
from graph.advice.learn.codes import CodeRanker
from graph.advice.learn.history import Past, Unread, cpv, read_history
from graph.advice.textindex import TextIndex
from graph.knowledge import default_knowledge
from services.evaluate.folds import fold_of, groups

THINGS = {
    "34946120": "rails for railway track",
    "39130000": "office desks and chairs",
    "33690000": "medicines for hospital",
}
HISTORY = [
    Past(f"{code}-{number}", f"{extra} {text}", code, (code,), (f"Maker {code}",), f"buyer {number}")
    for code, text in THINGS.items()
    for number, extra in enumerate(("purchase of", "delivery of", "tender:", "supply of new"))
]


def test_a_text_index_finds_inflected_and_compound_words():
    index = TextIndex(["Bremsbeläge für Güterwagen", "Bürostühle", "Schienen für Gleise"])
    assert index.nearest("Lieferung von Bremsbelägen", 1)[0][0] == 0
    assert index.nearest("zzz", 3) == []


def test_past_demands_teach_codes_and_broader_ones():
    ranker = CodeRanker(HISTORY, {})
    [ranked] = ranker.rank(["hospital medicines wanted"], 3)
    assert ranked[0][0] == "33690000"
    assert sum(share for _, share in ranked) == pytest.approx(1.0, abs=0.01)


def test_labels_alone_rank_and_nothing_ranks_nothing():
    labels = {"34946120": "Railway rails", "39130000": "Office furniture"}
    assert CodeRanker([], labels).rank(["railway rails"], 1)[0][0][0] == "34946120"
    assert CodeRanker([], {}).rank(["railway rails"], 5) == [[]]


def test_a_text_is_ranked_the_same_alone_and_among_others():
    ranker = CodeRanker(HISTORY, {"34946120": "Railway rails"})
    alone = ranker.rank(["rails"], 5)[0]
    assert ranker.rank(["desks", "rails", ""], 5)[1] == alone


def test_the_tree_reads_persian_without_any_history():
    found = Classifier(default_knowledge()).classify([Asked("1", "لنت ترمز کامپوزیتی واگن باری")])[0]
    assert "brake" in found.classes[0][0]
    assert found.cpv
    assert found.hs
    assert all(0 < score <= 1 for _, score in (*found.classes, *found.cpv, *found.hs))


def test_an_empty_text_is_classified_as_nothing():
    found = Classifier(default_knowledge()).classify([Asked("1", " ")])[0]
    assert found.classes == ()
    assert Classifier(default_knowledge()).classify([]) == []


def test_winners_of_similar_demands_are_named_with_the_demands():
    [won] = AwardRanker(HISTORY).rank(["rails for the railway"], 2)
    assert won[0].supplier == "Maker 34946120"
    assert len(won[0].demands) == 3
    assert AwardRanker([]).rank(["rails"], 2) == [[]]


def test_history_lines_are_read_and_bad_ones_named():
    lines = [
        json.dumps({"id": "1", "title": "a", "cpv_main": "34631400-3", "awards": [{"supplier": " X "}, {}]}),
        "junk", "[]", "", json.dumps({"title": "b"}), json.dumps({"cpv_main": "34631400"}),
        json.dumps({"title": "c", "cpv_all": [3463, None, "45000000"], "awards": "none"}),
    ]  # fmt: skip
    rows = list(read_history(lines))
    assert isinstance(rows[0], Past)
    assert (rows[0].main, rows[0].suppliers) == ("34631400", ("X",))
    assert [row.line for row in rows if isinstance(row, Unread)] == [2, 3, 5, 6]
    assert isinstance(rows[-1], Past)
    assert rows[-1].codes == ("34630000", "45000000")


@pytest.mark.parametrize(
    ("written", "digits"), [("34631400-3", "34631400"), ("346314", "34631400"), ("x", ""), (None, "")]
)
def test_cpv_codes_are_eight_digits(written, digits):
    assert cpv(written) == digits


def test_duplicates_of_a_demand_stand_in_one_fold():
    twins = [Past(str(n), f"The very same title of a demand. Text {n}", "1", ("1",), (), f"b{n}") for n in range(6)]
    assert len(set(fold_of(twins, groups(twins, by_buyer=False)))) == 1
    of_one = [Past(str(n), f"Title {chr(97 + n) * 12}. Text", "1", ("1",), (), "One Buyer Company") for n in range(6)]
    assert len(set(groups(of_one, by_buyer=True))) == 1
    assert len(set(groups(of_one, by_buyer=False))) == 6


class _Model:
    """Stands for the model: counts how often it is asked."""

    def __init__(self):
        self.asked = 0

    def query(self, texts):
        self.asked += len(texts)
        return np.array([[len(text), 1.0] for text in texts], dtype=np.float32)

    passage = query


def test_embeddings_are_kept_on_disk_and_a_broken_cache_is_no_error(tmp_path):
    first = Embedder(_Model(), tmp_path)
    first.query(["one", "three", "one"])
    first.keep()
    model = _Model()
    again = Embedder(model, tmp_path)
    assert again.has(["one", "three"])
    assert not again.has(["two"])
    assert again.query(["three"])[0].tolist() == [5.0, 1.0]
    assert model.asked == 0
    for file in tmp_path.iterdir():
        file.write_bytes(b"no archive")
    assert not Embedder(_Model(), tmp_path).has(["one"])
