"""What becomes of a draft: accepted as a new or changed record, unchanged, or refused with reasons. Pure."""

from dataclasses import dataclass, field
from typing import Any, Final, Literal

from graph.reads.records import Stored
from schemas.codec import MAX_BYTES
from schemas.demands import Demand
from schemas.envelope import Envelope, wrap
from schemas.ids import derived
from services.imports.bulk.build import built
from services.imports.bulk.cells import Problem, Said
from services.imports.bulk.drafts import Draft
from services.imports.bulk.subjects import Subject
from streams.publish import Outgoing, outgoing

Status = Literal["accepted", "unchanged", "refused"]
SOURCE: Final = "urn:peyvand:import:tables"
NOTHING: Final = Stored(0, None)


@dataclass(slots=True)
class Outcome:
    """What became of the rows of one subject. Problems are by row; `event` is there where it is accepted."""

    status: Status
    key: str
    rows: list[int]
    problems: list[tuple[int, Problem]] = field(default_factory=list[tuple[int, Problem]])
    event: Envelope | None = None
    outgoing: Outgoing | None = None
    note: Said | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """How an import goes about it: `reopen` what was cancelled or withdrawn; who sends, and as which source."""

    reopen: bool = False
    source: str = SOURCE
    principal: str | None = None


def refused(draft: Draft, problems: list[tuple[int, Problem]]) -> Outcome:
    """A draft that is not taken."""
    return Outcome("refused", draft.key, draft.rows, problems)


def decide(draft: Draft, known: Stored, subject: Subject, rules: Rules) -> Outcome:
    """What becomes of a draft beside what the graph has of the subject. The event's id and version follow from both."""
    if known.ended and not rules.reopen:
        return refused(draft, [(draft.rows[0], Problem(_ended(subject, known)))])
    if twin := _twin(draft, known):
        return refused(draft, [(draft.rows[0], twin)])
    record = built(subject.model, draft, known.record, subject.by_path)
    if isinstance(record, list):
        return refused(draft, record)
    note = _kept(draft, known)
    if record == known.record and not known.ended:
        return Outcome("unchanged", draft.key, draft.rows, note=note)
    model = subject.new if known.record is None or known.ended else subject.changed
    data = subject.event(model, known.version + 1, record)
    identity = derived("bulk", subject.name, draft.key, data.model_dump_json())
    event = wrap(data, source=rules.source, event_id=identity, principal=rules.principal)
    sendable = outgoing(event)
    size = len(sendable.value)
    if size > MAX_BYTES:
        said = Said(
            f"the record has {size} bytes, and at most {MAX_BYTES} are taken: shorten its texts or split it",
            f"رکورد {size} بایت است و بیشترین {MAX_BYTES}؛ متن‌ها را کوتاه یا آن را چند بخش کنید",
        )
        return refused(draft, [(draft.rows[0], Problem(said))])
    return Outcome("accepted", draft.key, draft.rows, event=event, outgoing=sendable, note=note)


def _ended(subject: Subject, known: Stored) -> Said:
    if subject.model is Demand:
        why = f" ({known.why})" if known.why else ""
        return Said(
            f"the demand was cancelled{why}; a table opens it again only when the import is told to reopen",
            f"این تقاضا لغو شده است{why}؛ تنها با گزینه بازگشایی دوباره باز می‌شود",
        )
    return Said(
        "the offer was withdrawn; a table brings it back only when the import is told to reopen",
        "این پیشنهاد پس گرفته شده است؛ تنها با گزینه بازگشایی بازمی‌گردد",
    )


def _twin(draft: Draft, known: Stored) -> Problem | None:
    """Two suppliers of one name are told apart by their registers: an id that was made of the name is not enough then."""
    identifiers: list[Any] = getattr(known.record, "identifiers", [])
    if not draft.derived or not identifiers or "identifiers" not in draft.fields:
        return None
    before = {each.scheme: each.id for each in identifiers}
    for entry in draft.fields["identifiers"].entries.values():
        if before.get(entry["scheme"], entry["id"]) != entry["id"]:
            said = Said(
                f"another supplier of this name is registered under {entry['scheme']} {before[entry['scheme']]}: give this one a supplier id",
                f"تأمین‌کننده دیگری با همین نام و {entry['scheme']} {before[entry['scheme']]} ثبت است؛ به این یکی شناسه بدهید",
            )
            return Problem(said, *draft.cells.get(("identifiers",), (None, None)))
    return None


def _kept(draft: Draft, known: Stored) -> Said | None:
    """Items of a demand that the file does not have stay as they are, which is said."""
    if not isinstance(known.record, Demand):
        return None
    kept = [item.id for item in known.record.items if item.id not in draft.fields["items"]]
    if not kept:
        return None
    shown = ", ".join(kept[:10]) + (", …" if len(kept) > 10 else "")  # noqa: PLR2004 - enough to find them
    return Said(
        f"items that are not in the file stay as they are: {shown}", f"قلم‌هایی که در پرونده نیستند می‌مانند: {shown}"
    )
