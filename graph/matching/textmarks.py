"""Properties out of running text: numbers with units, and the name that stands next to them."""

from typing import Final

from graph.matching.attributes import TEXT, AttributeReader
from graph.matching.facts import Mark
from graph.matching.numbers import Amount, amounts
from graph.matching.phrases import cut
from graph.matching.text import normalise, stem, words
from graph.matching.units import Unit

_MOST: Final = 24
_CODE: Final = 8
#: Dimensions that are written without a unit: "SIL 4", "8 contacts", "grade 6".
_BARE: Final = frozenset({"count", "level-number", "grade", "ratio", "dimensionless", "any", "text"})


def text_marks(text: str, reader: AttributeReader) -> tuple[Mark, ...]:
    """Find the properties that sentences state. A number without unit counts only beside a name that needs none."""
    found: list[Mark] = []
    for clause in cut(normalise(text)):
        names = _names(clause, reader)
        for amount in amounts(clause):
            mark = _mark(clause, amount, names, reader)
            if mark:
                found.append(mark)
            if len(found) >= _MOST:
                return tuple(found)
    return tuple(found)


def _names(clause: str, reader: AttributeReader) -> list[tuple[int, int, tuple[str, ...], str]]:
    """Return names in a clause by character place: (start, end, concepts, words)."""
    plain = words(clause)
    places: list[tuple[int, int]] = []
    at = 0
    for word in plain:
        start = clause.index(word, at)
        at = start + len(word)
        places.append((start, at))
    spans = reader.names.spans([stem(word) for word in plain])
    return [(places[a][0], places[b - 1][1], ids, clause[places[a][0] : places[b - 1][1]]) for a, b, ids in spans]


def _mark(
    clause: str, amount: Amount, names: list[tuple[int, int, tuple[str, ...], str]], reader: AttributeReader
) -> Mark | None:
    written = reader.units.at(clause, amount.end)
    unit = written[0] if written else Unit("", "", 1.0, 0.0)
    end = written[1] if written else amount.end
    first = reader.units.read(amount.between) if amount.between else None
    if amount.between and first is None:
        return None
    name = _nearest(amount.start, end, names, unit, reader)
    if not written and name is None:
        return None
    concepts, told = name or ((), "")
    unit = reader.fitting(unit, concepts)
    low = None if amount.low is None else amount.low * (first or unit).factor + (first or unit).offset
    high = None if amount.high is None else amount.high * unit.factor + unit.offset
    if low is not None and high is not None and low > high:
        low, high = high, low
    points = (low,) if low is not None and low == high else ()
    shown = clause[amount.start : end]
    mode = "value" if points else "range"
    bounds = (None, None) if points else (low, high)
    return Mark(
        told or shown, mode, concepts, (), unit.dimension, *bounds, points, (), shown, TEXT, unit.factor, unit.offset
    )


def _nearest(
    start: int, end: int, names: list[tuple[int, int, tuple[str, ...], str]], unit: Unit, reader: AttributeReader
) -> tuple[tuple[str, ...], str] | None:
    """Return the name before the number, or right after it, whose dimension fits."""
    before = [one for one in names if one[1] <= start and start - one[1] <= 40]  # noqa: PLR2004 - a few words
    after = [one for one in names if one[0] >= end and one[0] - end <= 12]  # noqa: PLR2004 - the next word
    for one in (*reversed(before), *after):
        fitting = tuple(each for each in one[2] if _fits(reader, each, unit))
        if fitting:
            return fitting, one[3]
    return None


def _fits(reader: AttributeReader, concept: str, unit: Unit) -> bool:
    dimension = reader.names.concepts[concept].dimension
    if not unit.dimension:
        return dimension in _BARE - {"text", "any"}
    wanted = reader.units.dimension_of(dimension)
    return dimension == "any" or any(each.dimension == wanted for each in reader.units.readings(unit))


def text_words(text: str, reader: AttributeReader) -> tuple[Mark, ...]:
    """Find categories in sentences: values the lexicon knows, and short codes right after the name of a property."""
    found: list[Mark] = []
    for clause in cut(normalise(text)):
        plain = words(clause)
        stemmed = [stem(word) for word in plain]
        names = reader.names.spans(stemmed)
        for start, end, ids in reader.values.spans(stemmed, plain):
            near = next((name for name in reversed(names) if name[1] <= start and start - name[1] <= 1), None)
            kind = reader.values.kinds[ids[0][1:]]
            concepts = near[2] if near else (kind,) if kind in reader.names.concepts else ()
            told = " ".join(plain[near[0] : near[1]]) if near else kind
            found.append(_category(told, concepts, ids, " ".join(plain[start:end])))
        for _, end, concepts in names:
            if end < len(plain) and _is_code(plain[end]):
                words_here = tuple(dict.fromkeys((*reader.values.read(plain[end], upwards=True), plain[end])))
                found.append(_category(" ".join(plain[_:end]), concepts, words_here, plain[end]))
    return tuple(found[:_MOST])


def _category(name: str, concepts: tuple[str, ...], words_here: tuple[str, ...], shown: str) -> Mark:
    return Mark(name, "value", concepts, (), "", None, None, (), words_here, shown, TEXT)


def _is_code(word: str) -> bool:
    """Tell whether a word is a type or grade by its looks: one or two Latin letters, or letters with digits."""
    return word.isascii() and (
        (len(word) == 1 and word.isalpha())
        or (len(word) <= _CODE and any(map(str.isdigit, word)) and not word.isdigit())
    )
