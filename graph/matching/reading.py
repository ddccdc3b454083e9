"""Title, description and codes of a record, put together: what it is about and what it says of itself."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from graph.matching import titlewords
from graph.matching.facts import ClassHit, Mark, Role
from graph.matching.knowledge import Knowledge
from graph.matching.phrases import CONTEXT, WITH
from graph.matching.roles import joined
from graph.matching.sound import sound
from graph.matching.text import normalise, stem
from graph.matching.textmarks import text_marks, text_words
from graph.matching.things import DENIED, NEUTRAL, Found
from schemas.common import Classification

REPAIR: Final = "repair"
_MOST_CLASSES: Final = 4
_MOST_LEADS: Final = 6
_INDEXED: Final = 0.7
_PLAIN: Final = 0.9
_SURE: Final = 0.7
_WEAK: Final = 0.3
OWN_SCHEME: Final = "PEYVAND"
_OWN_SCORE: Final = 1.0
_CODE_SCORE: Final = 0.25
_CODE_PRECISION: Final = 0.75
_DOMAIN_SHARE: Final = 0.4
_MOST_ALSO: Final = 40
#: What the words for another domain than that of the thing itself must weigh together.
_STRAY: Final = 1.45


class Reading(NamedTuple):
    """What texts and codes tell; see the fields of the same names in ItemFacts and OfferFacts."""

    hits: tuple[ClassHit, ...]
    classes: tuple[str, ...]
    processes: tuple[str, ...]
    denied: tuple[str, ...]
    domains: tuple[str, ...]
    roles: tuple[Role, ...]
    terms: tuple[tuple[str, float], ...]
    marks: tuple[Mark, ...]
    to_drawing: bool
    rejects: tuple[str, ...]
    also: tuple[str, ...]
    text: str
    heads: tuple[str, ...]


class Beside(NamedTuple):
    """What stands beside title and description: processes and standards that fields name, the title over an item."""

    processes: Sequence[str] = ()
    standards: Sequence[str] = ()
    context: str = ""


def read_texts(
    title: str,
    description: str,
    codes: Sequence[Classification],
    knowledge: Knowledge,
    *,
    capability: bool = False,
    wanted: bool = False,
    beside: Beside = Beside(),  # noqa: B008 - immutable
) -> Reading:
    """Read a record. `capability`: an offer of a process; `wanted`: a demand, whose properties stand in fields."""
    tree = knowledge.taxonomy
    text = f" {normalise(f'{title} ; {description}')} "
    found = knowledge.things.find(title, description, beside.context)
    found.extend(knowledge.things.named(beside.processes))
    clauses = (knowledge.grammar.clauses(title), knowledge.grammar.clauses(description))
    held = [clause for paper in beside.standards for clause in knowledge.grammar.clauses(paper)]
    words = [
        (role.id, role.strength * weight, role.evidence)
        for part, weight, first in (
            (clauses[0], 2.0, True),
            (clauses[1], 1.0, False),
            (held, 2.0, False),
            (knowledge.grammar.clauses(beside.context), 1.0, True),
        )
        for role in knowledge.domain_words.find(part, knowledge.index, title=first)
    ]
    spoken = _spoken_domains(found, words, knowledge)
    weights = {domain: sum(cues.values()) for domain, cues in spoken.items()}
    weighed = knowledge.things.weigh([each for each in found if each.part != DENIED], weights)
    process = {hit.id for hit in weighed if tree.classes[hit.id].form == "process"}
    own = frozenset(word for clause in clauses[0] for word in clause.stems)
    said = knowledge.roles.find(clauses[0], knowledge.index, title=True)
    roles = joined(
        said if wanted else [*said, *knowledge.roles.find(clauses[1], knowledge.index, title=False, own=own)],
        knowledge.role_weights,
    )
    repair = any(role.id == REPAIR and role.strength >= knowledge.role_weights["decides"] for role in roles)
    # A repair is of a thing: both who asks for one and who offers one are known by the thing.
    work = {hit.id for hit in weighed if tree.classes[hit.id].form in ("process", "service")}
    hits = _repaired(weighed, knowledge) if repair else _hits(weighed, work, found, capability=capability)
    hits = _with_codes(hits, codes, knowledge)
    if wanted and not repair and not _to_drawing(text, knowledge):
        hits = _service([hit for hit in hits if hit.id not in work], weighed, found, work)
    named = _named(weighed, found, process, whole=not wanted or _to_drawing(text, knowledge))
    if wanted:
        hits = _one_thing(hits, found, knowledge)
    hits = _with_own(hits, codes, knowledge)
    made_by = tuple(dict.fromkeys(way for hit in hits[:1] for way in _ways(hit.id, knowledge)))
    # «خرید موتور نو مدنظر نیست» does not deny the motor of the title.
    denied = tuple(
        dict.fromkeys(each.id for each in found if each.part == DENIED and not (wanted and own.issuperset(each.words)))
    )
    implied = _implied(hits, knowledge)
    sure = {
        domain: weights[domain]
        for domain, cues in spoken.items()
        if _is_sure(cues, knowledge, 1.0 if domain in implied or not implied else _STRAY)
    }
    # An offer's class speaks for itself when classes are compared; only what its words say beyond that counts here.
    domains = _domains(sure) or (_domains(implied) if wanted else ())
    if wanted and not sure:
        # A demand's class tells its domain; a single word beside it may add one.
        domains = tuple(sorted({*domains, *(domain for domain in weights if implied and weights[domain] > 1)}))
    terms = titlewords.terms(title, knowledge)
    return Reading(
        hits=hits,
        classes=_indexed(hits, knowledge),
        processes=named or made_by,
        denied=denied,
        domains=domains,
        roles=roles,
        terms=terms,
        marks=() if wanted else _marks(knowledge.without_standards(f"{title} ; {description}"), knowledge),
        to_drawing=_to_drawing(text, knowledge),
        rejects=titlewords.rejects(clauses, hits, knowledge) if wanted else (),
        text="" if wanted else titlewords.said(clauses, knowledge),
        heads=tuple(dict.fromkeys(map(sound, titlewords.heads(clauses[0], knowledge)))),
        also=tuple(dict.fromkeys(map(sound, titlewords.content(description, knowledge))))[:_MOST_ALSO],
    )


def _marks(text: str, knowledge: Knowledge) -> tuple[Mark, ...]:
    return (*text_marks(text, knowledge.attributes), *text_words(text, knowledge.attributes))


def _repaired(weighed: tuple[ClassHit, ...], knowledge: Knowledge) -> tuple[ClassHit, ...]:
    forms = knowledge.taxonomy.classes
    things = tuple(hit for hit in weighed if forms[hit.id].form not in ("process", "service"))
    return things if things and things[0].score >= _WEAK else weighed


def _hits(
    weighed: Sequence[ClassHit], work: set[str], found: Sequence[Found], *, capability: bool
) -> tuple[ClassHit, ...]:
    """Keep things for products and work for capabilities; the other kind only where there is nothing else."""
    in_title = {each.id for each in found if each.title}
    wished = [hit for hit in weighed if (hit.id in work) is capability]
    strong = [hit for hit in wished if hit.id in in_title or capability]
    return tuple(wished if strong or not weighed else weighed)


def _named(weighed: Sequence[ClassHit], found: Sequence[Found], process: set[str], *, whole: bool) -> tuple[str, ...]:
    """Return the processes a record names: anywhere if a part is made to drawing, else those of the title alone."""
    heads = {each.id for each in found if each.title and each.lead}
    return tuple(
        hit.id for hit in weighed if hit.id in process and hit.score >= _WEAK / 2 and (whole or hit.id in heads)
    )


def _one_thing(hits: tuple[ClassHit, ...], found: Sequence[Found], knowledge: Knowledge) -> tuple[ClassHit, ...]:
    """A demand wants one thing: what later clauses of its title name counts less unless it is kin of the first."""
    first = {each.id for each in found if each.title and each.clause == 0 and each.part not in (CONTEXT, WITH)}
    lead = [hit.id for hit in hits if hit.id in first and hit.score >= _SURE]
    if not lead:
        return hits
    kin = knowledge.up[lead[0]]
    weighed = [
        hit
        if hit.id in first or hit.id in kin or lead[0] in knowledge.up[hit.id]
        else hit._replace(score=hit.score / 2)
        for hit in hits
    ]
    return tuple(sorted(weighed, key=lambda hit: (-hit.score, hit.id)))


def _to_drawing(text: str, knowledge: Knowledge) -> bool:
    return any(phrase in text for phrase in knowledge.grammar.drawing)


def _service(
    hits: Sequence[ClassHit], weighed: Sequence[ClassHit], found: Sequence[Found], process: set[str]
) -> tuple[ClassHit, ...]:
    """Return the processes as what is wanted where the title is headed by one and no part is to be made."""
    heads = [each for each in found if each.title and each.lead]
    best = max(heads, key=lambda each: each.score, default=None)
    if best is None or best.id not in process:
        return tuple(hits)
    return tuple(hit for hit in weighed if hit.id in process)


def _with_codes(
    hits: tuple[ClassHit, ...], codes: Sequence[Classification], knowledge: Knowledge
) -> tuple[ClassHit, ...]:
    """Let foreign codes speak only where the text is silent: catch-all codes lie."""
    if hits and hits[0].score >= _WEAK:
        return hits
    return _joined(hits, [(lead, code.scheme) for code in codes for lead in _foreign(code, knowledge)])


def _with_own(
    hits: tuple[ClassHit, ...], codes: Sequence[Classification], knowledge: Knowledge
) -> tuple[ClassHit, ...]:
    """Add the classes of the own tree that a record names: whoever chose them saw the tree."""
    own = [code.id.strip() for code in codes if code.scheme.strip().upper() == OWN_SCHEME]
    return _joined(hits, [((each, _OWN_SCORE), OWN_SCHEME) for each in own if each in knowledge.taxonomy])


def _joined(hits: tuple[ClassHit, ...], leads: Sequence[tuple[tuple[str, float], str]]) -> tuple[ClassHit, ...]:
    scores = {hit.id: hit for hit in hits}
    for (class_id, score), source in leads:
        if class_id not in scores or scores[class_id].score < score:
            scores[class_id] = ClassHit(class_id, score, source)
    return tuple(sorted(scores.values(), key=lambda hit: (-hit.score, hit.id)))


def _foreign(code: Classification, knowledge: Knowledge) -> list[tuple[str, float]]:
    leads = [lead for lead in knowledge.taxonomy.by_code(code.scheme, code.id) if lead.precision >= _CODE_PRECISION]
    if len(leads) > _MOST_LEADS:
        return []
    return [(lead.class_id, round(_CODE_SCORE * lead.precision / max(1.0, math.sqrt(len(leads))), 3)) for lead in leads]


def _ways(class_id: str, knowledge: Knowledge) -> tuple[str, ...]:
    """Return the processes by which a class is made, its own or the nearest broader class's."""
    for each in reversed(knowledge.taxonomy.path(class_id)):
        if each.made_by:
            return each.made_by
    return ()


def _spoken_domains(
    found: Sequence[Found], words: Sequence[tuple[str, float, str]], knowledge: Knowledge
) -> dict[str, dict[str, float]]:
    """Weigh the domains that the words around the thing name: domain -> cue -> weight."""
    cues: dict[str, dict[str, float]] = defaultdict(dict)
    for each in found:
        domain = knowledge.taxonomy.classes[each.id].domain
        if each.part in (CONTEXT, WITH) and each.shared == 1 and each.covered == 1 and domain not in NEUTRAL:
            cues[domain][each.id] = max(cues[domain].get(each.id, 0.0), 2.0 if each.title else 1.0)
    for domain, weight, word in words:
        cues[domain][word] = max(cues[domain].get(word, 0.0), weight)
    return dict(cues)


def _is_sure(cues: Mapping[str, float], knowledge: Knowledge, least: float) -> bool:
    """Tell whether several words speak for a domain, and not only in passing."""
    return len({stem(cue) for cue in cues}) >= knowledge.domain_cues and sum(cues.values()) > least


def _implied(hits: Sequence[ClassHit], knowledge: Knowledge) -> dict[str, float]:
    weights: dict[str, float] = defaultdict(float)
    for hit in hits[:_MOST_CLASSES]:
        if hit.source not in ("title", "description", OWN_SCHEME) or hit.score < _SURE:
            continue  # a code alone or a vague name says too little
        domain = knowledge.taxonomy.classes[hit.id].domain
        if domain not in NEUTRAL:
            weights[domain] += hit.score
    return dict(weights)


def _domains(weights: dict[str, float]) -> tuple[str, ...]:
    if not weights:
        return ()
    most = max(weights.values())
    return tuple(sorted(domain for domain, weight in weights.items() if weight >= _DOMAIN_SHARE * most))


def _indexed(hits: Sequence[ClassHit], knowledge: Knowledge) -> tuple[str, ...]:
    """Return the classes to index under: the near-best, without those that a narrower one among them implies."""
    if not hits:
        return ()
    near = {hit.id: hit.score for hit in hits if hit.score >= _INDEXED * hits[0].score}
    return tuple(own_classes(near, knowledge))[:_MOST_CLASSES]


def own_classes(near: Mapping[str, float], knowledge: Knowledge) -> list[str]:
    """Leave out classes that a narrower one implies, unless the text names them as plainly as the narrower one."""
    return [
        each
        for each, score in near.items()
        if not any(
            other != each and each in knowledge.up[other] and score < _PLAIN * most for other, most in near.items()
        )
    ]
