"""What a text says its author does: makes, trades, repairs, teaches, sells machines or scale models."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from graph.matching.facts import Role
from graph.matching.index import ClassIndex, Span
from graph.matching.origin import TRADER, Origins
from graph.matching.phrases import CONTEXT, HEAD, LISTED, MARK, WITH, Clause, Grammar
from graph.matching.text import is_persian, normalise, singular, stem, words

_REACH: Final = 5
#: Words by which a maker speaks of what he buys as well as a trader of his goods.
_BROUGHT: Final = frozenset({"imported", "importing", "وارداتی", "واردات", "وارد", "خارجی"})
MAKER: Final = "maker"
REPAIR: Final = "repair"
_LISTING: Final = frozenset({"and", "و"})
#: What a word of trade counts where a foreign country stands beside it.
_ABROAD: Final = 0.8
#: Roles told by "bags for", "cleaner for", which say nothing of who makes such bags.
_BESIDES: Final = frozenset({"packaging-for", "consumable-for"})
#: Roles that an adjective tells: "scrap rails", «ریل مستعمل».
_STATES: Final = frozenset({"used", "scrap", "scale-model", TRADER})
#: What follows the noun of a work that heads an English title.
_LEADING: Final = frozenset({"of", "for", "and"})
_DROPPED: Final = frozenset({"the", "a", "an", "ها", "های", "هایی", "ای", "ی", "می"})


class Cue(NamedTuple):
    """A telling phrase: what role it tells of, how much in a title and in a description."""

    role: str
    title: float
    description: float


class Roles:
    """The lexicon of qualifiers, indexed by stems."""

    def __init__(
        self,
        entries: Iterable[Mapping[str, Any]],
        weights: Mapping[str, Any],
        grammar: Grammar,
        *,
        context: bool = False,
        origins: Origins | None = None,
    ) -> None:
        self._origins = origins
        self._heading = frozenset(weights["heading"])
        self._before = frozenset(stem(word) for text in weights["before"] for word in words(normalise(str(text))))
        # A domain is told by what a thing is for; a role is not: "parts for repair shops".
        self._context = context
        self._grammar = grammar
        self._keys: dict[str, Cue] = {}
        self._single: dict[str, Cue] = {}
        self._longest = 1
        read = {*weights["faults"], *weights["read"], "domain"}
        for entry in entries:
            role = str(weights["same"].get(entry["role"], entry["role"]))
            if role not in read:
                continue
            said = entry["id"] in weights["said"]
            for text in (text for texts in entry["names"].values() for text in texts):
                key = tuple(singular(word) for word in words(normalise(str(text))) if word not in _DROPPED)
                if not key:
                    continue
                more = weights["phrase"] if len(key) > 1 else 0.0
                title = min(1.0, weights["title"][entry["strength"]] + more)
                below = weights["statement"] if said else weights["description"][entry["strength"]]
                cue = Cue(str(entry.get("domain") or role), title, min(1.0, below + more))
                self._keys.setdefault("".join(key), cue)
                if len(key) == 1:
                    self._single.setdefault(key[0], cue)
                self._longest = max(self._longest, len(key))

    def find(
        self, clauses: Sequence[Clause], index: ClassIndex, *, title: bool, own: frozenset[str] = frozenset()
    ) -> list[Role]:
        """Find the roles that clauses tell of, each with the words that tell it.

        Words within the name of a class tell nothing: a distributor valve is no distributor. `own` are the stems of
        the title where the clauses are a description.
        """
        found: list[Role] = []
        heads = title and not self._context and not self._makes(clauses)
        for clause in clauses:
            plain = tuple(map(singular, clause.words))
            named: list[Span] | None = None
            at = 0
            while at < len(plain):
                hit = self._at(plain, at)
                if hit is None:
                    at += 1
                    continue
                cue, end = hit
                if named is None:
                    named = [] if self._context else index.spans(clause.stems)
                inside = not self._context and clause.parts[at] in (CONTEXT, WITH) and end - at == 1
                inside = inside or any(
                    one.start <= at
                    and (end <= one.end or (at < one.end and cue.role in _BESIDES))
                    and (one.end - one.start > end - at or cue.role in _BESIDES)
                    and index.is_thing(one)
                    for one in named
                )
                if not title and self._origins and cue.role == TRADER and self._origins.is_input(clause, at, own):
                    inside = inside or any(word in clause.words[at:end] for word in _BROUGHT)
                if (
                    title
                    and cue.role in self._heading
                    and self._heads(clause, at, end, phrase=end - at > 1 or heads, worn=cue.role in _STATES)
                ):
                    cue = cue._replace(title=1.0)
                inside = inside or (cue.role == REPAIR and self._beside_maker(plain, at, end))
                if not title and not inside and self._from_abroad(cue, clause, own):
                    cue = cue._replace(description=max(cue.description, _ABROAD))
                if not inside and not negated(clause, at, end, self._grammar):
                    found.append(
                        Role(cue.role, cue.title if title else cue.description, " ".join(clause.words[at:end]))
                    )
                at = end
        return [*found, *self._origins.find(clauses, self._grammar, own)] if self._origins else found

    def single_words(self) -> Mapping[str, frozenset[str]]:
        """Return the stems that tell by themselves, and of what."""
        found: dict[str, set[str]] = {}
        for word, cue in self._single.items():
            found.setdefault(stem(word), set()).add(cue.role)
        return {word: frozenset(roles) for word, roles in found.items()}

    def _beside_maker(self, plain: tuple[str, ...], at: int, end: int) -> bool:
        """Tell whether words are listed with those of a maker: «تولید و تعمیر پمپ», "manufacture and repair"."""
        before = self._at(plain, at - 2) if at > 1 and plain[at - 1] in _LISTING else None
        after = self._at(plain, end + 1) if end + 1 < len(plain) and plain[end] in _LISTING else None
        return any(hit is not None and hit[0].role == MAKER for hit in (before, after))

    def _makes(self, clauses: Sequence[Clause]) -> bool:
        """Tell whether a title says that its author makes something: «تولید و نصب» is no installer."""
        for clause in clauses:
            plain = tuple(map(singular, clause.words))
            at = 0
            while at < len(plain):
                hit = self._at(plain, at)
                if hit and hit[0].role == MAKER and not negated(clause, at, hit[1], self._grammar):
                    return True
                at = hit[1] if hit else at + 1
        return False

    def _from_abroad(self, cue: Cue, clause: Clause, own: frozenset[str]) -> bool:
        """Tell whether a word of trade stands beside the foreign place that the goods come from."""
        return cue.role == TRADER and self._origins is not None and self._origins.is_abroad(clause, own)

    def _heads(self, clause: Clause, at: int, end: int, *, phrase: bool, worn: bool) -> bool:
        """Tell whether words stand where a title says what it is: «نصب پمپ», "pump installation", "testing of pumps".

        `phrase`: not one weak word of an author who says that he makes things; `worn`: an adjective, as in "used rails".
        """
        rest = [word for word in (*clause.stems[:at], *clause.stems[end:]) if word not in self._before]
        if not rest:
            return phrase
        if not phrase or clause.order:
            return False
        first = all(word in self._before for word in clause.stems[:at])
        last = end == len(clause.words) or clause.parts[end] not in (HEAD, LISTED)
        follows = clause.words[end] if end < len(clause.words) else ""
        if is_persian(clause.words[at]):
            return first or (worn and last)
        return last or (first and (worn or follows in _LEADING))

    def _at(self, plain: tuple[str, ...], at: int) -> tuple[Cue, int] | None:
        for end in range(min(len(plain), at + self._longest), at, -1):
            phrase = self._keys.get("".join(plain[at:end]))
            if phrase:
                return phrase, end
        return None


def negated(clause: Clause, start: int, end: int, grammar: Grammar) -> bool:
    """Tell whether the words start to end are denied: English before them, Persian after them in the clause."""
    if is_persian(clause.words[start]):
        after = f" {' '.join(clause.words[end:])} "
        before = f" {' '.join(clause.words[max(0, start - 2) : start])} "
        return any(word in after for word in grammar.negation_fa) or any(
            word in before for word in grammar.negation_before
        )
    before = f" {' '.join(clause.words[max(0, start - _REACH) : start])} "
    for phrase in grammar.negation_en_after:
        # "cast wheels are not accepted on locomotives" denies the wheels, not the locomotives.
        before = before.replace(phrase, " ; ")
    after = f" {' '.join(clause.words[end:])} "
    return any(word in before for word in grammar.negation_en) or any(
        word in after for word in grammar.negation_en_after
    )


def denied_words(clause: Clause, grammar: Grammar) -> tuple[str, ...]:
    """Return the stems that a clause denies: "reconditioned units are not acceptable", «تراورس چوبی مدنظر نیست»."""
    return tuple(
        word
        for at, word in enumerate(clause.stems)
        if clause.parts[at] != MARK
        and word not in grammar.fillers
        and len(word) > 1
        and negated(clause, at, at + 1, grammar)
    )


def joined(roles: Iterable[Role], weights: Mapping[str, Any]) -> tuple[Role, ...]:
    """Join the cues of each role: two half cues make three quarters. What tells of a maker takes from the others."""
    doubt: dict[str, float] = {}
    words_of: dict[str, dict[str, None]] = {}
    for role in roles:
        if role.evidence in words_of.setdefault(role.id, {}):
            continue
        words_of[role.id][role.evidence] = None
        doubt[role.id] = doubt.get(role.id, 1.0) * (1 - role.strength)
    maker = weights["maker"] * (1 - doubt.get("maker", 1.0))
    found = [
        Role(each, round(1 - left - (0.0 if each == "maker" else maker), 3), ", ".join(words_of[each])[:120])
        for each, left in doubt.items()
    ]
    return tuple(sorted((role for role in found if role.strength > 0), key=lambda role: (-role.strength, role.id)))
