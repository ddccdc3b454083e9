"""The words of a record: what its title is headed by, what it says, what it denies, and how rare each word is."""

import math
from collections.abc import Iterator, Sequence
from typing import Final

from graph.matching.facts import ClassHit
from graph.matching.knowledge import Knowledge
from graph.matching.phrases import CONTEXT, MARK, WITH, Clause, nouns
from graph.matching.roles import denied_words
from graph.matching.text import normalise, stem, words

_MOST_TERMS: Final = 8
_MOST_REJECTS: Final = 12
_NAMED: Final = 0.7
_MOST_TEXT: Final = 800
_SHORTEST: Final = 2
_LINKING: Final = frozenset({"and", "or", "of", "و"})


def said(clauses: tuple[Sequence[Clause], Sequence[Clause]], knowledge: Knowledge) -> str:
    """Return the stems of what a record says, clause by clause, without what it denies."""
    told: list[str] = []
    for clause in (*clauses[0], *clauses[1]):
        denied = set(denied_words(clause, knowledge.grammar))
        told.append(" ".join(word for word in clause.stems if word not in denied and word not in _LINKING))
    return f" {' | '.join(told)} "[:_MOST_TEXT]


def rejects(
    clauses: tuple[Sequence[Clause], Sequence[Clause]], hits: Sequence[ClassHit], knowledge: Knowledge
) -> tuple[str, ...]:
    """Return the words that a demand denies, without those that name the wanted thing itself."""
    denied = [word for clause in clauses[1] for word in denied_words(clause, knowledge.grammar)]
    own = {word for clause in clauses[0] for word in clause.stems}
    # «بالشتک اتوبوسی رد می‌شود» denies the bus, not the cushion that the sentence before asks for.
    own.update(word for clause in clauses[1] if not denied_words(clause, knowledge.grammar) for word in clause.stems)
    wanted = (knowledge.taxonomy.classes[hit.id] for hit in hits if hit.score >= _NAMED * hits[0].score)
    own.update(stem(word) for each in wanted for _, name in each.names() for word in words(normalise(name)))
    return tuple(dict.fromkeys(word for word in denied if word not in own and not any(map(str.isdigit, word))))[
        :_MOST_REJECTS
    ]


def terms(title: str, knowledge: Knowledge) -> tuple[tuple[str, float], ...]:
    """Weigh the words of a title by how few classes use them."""
    count = len(knowledge.taxonomy)
    weights = {
        word: round(math.log((count + 1) / (1 + knowledge.index.frequency.get(word, 0))), 2)
        for word in content(title, knowledge)
    }
    return tuple(sorted(weights.items(), key=lambda pair: (-pair[1], pair[0]))[:_MOST_TERMS])


def heads(clauses: Sequence[Clause], knowledge: Knowledge) -> Iterator[str]:
    """Yield the noun that heads each phrase of a title: the first Persian word, the last English one."""
    return nouns(clauses, knowledge.grammar)


def content(text: str, knowledge: Knowledge) -> Iterator[str]:
    """Yield the stems that tell what a text is about: no context, fillers, numbers or units."""
    for clause in knowledge.grammar.clauses(knowledge.without_standards(text)):
        measured = False
        for word, part in zip(clause.stems, clause.parts, strict=True):
            digits = any(map(str.isdigit, word))
            if not (
                digits
                or measured
                or len(word) < _SHORTEST
                or part in (CONTEXT, WITH, MARK)
                or word in knowledge.grammar.fillers
            ):
                yield word
            measured = digits and word.replace(".", "").isdigit()
