"""Imports that the API has taken: kept on disk, done one after the other, gone on with after a restart.

A job is a folder: `job.json` says what was ordered, `table` is what was sent, `progress.json` how far it is,
`rows.jsonl` what became of each row. A lock keeps two processes that share the folder from doing one job.
"""

import asyncio
import contextlib
import shutil
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal
from uuid import UUID, uuid4

import structlog
from pydantic import BaseModel, ValidationError

from schemas.errors import PeyvandError, UnavailableError
from schemas.roles import Role
from services.access.errors import TooManyRequestsError
from services.access.principals import Principal
from services.imports.bulk.cells import Said
from services.imports.bulk.errors import TableError
from services.imports.bulk.job import ROWS, STATE, Order, Servers, Watch, run
from services.imports.bulk.state import Counts
from services.imports.bulk.subjects import KindName
from services.local.filelock import FileLock

log = structlog.get_logger()

FOLDER: Final = "bulk"
JOB, PROGRESS, TABLE, LOCK = "job.json", "progress.json", "table", "lock"
MOST_OPEN: Final = 5
"""Imports of one principal that wait or run."""
KEPT_DAYS: Final = 30
DAY_SECONDS: Final = 86_400.0
PATIENCE_SECONDS: Final = 3_600.0
"""How long a job waits for servers that are away before it fails."""
FIRST_WAIT, LONGEST_WAIT = 1.0, 30.0
TELL_SECONDS: Final = 0.5

JobState = Literal["queued", "running", "waiting", "done", "failed"]
ENDED: Final = frozenset({"done", "failed"})


class Ordered(BaseModel):
    """What was ordered, by whom, when (ISO 8601)."""

    id: str
    kind: KindName
    sheet: str | None = None
    dry_run: bool = False
    reopen: bool = False
    role: Role
    subject: str | None = None
    name: str
    created: str

    @property
    def principal(self) -> Principal:
        """Who ordered it, as far as the rules of sending look at that."""
        return Principal(self.role, self.subject, self.name)


class Sentence(BaseModel):
    """A sentence in both languages."""

    en: str
    fa: str


class Progress(BaseModel):
    """How far a job is: rows by what became of them, `share` of the file that was read (0 to 1), and what was noticed."""

    state: JobState = "queued"
    accepted: int = 0
    unchanged: int = 0
    refused: int = 0
    share: float = 0.0
    notes: list[Sentence] = []
    error: Sentence | None = None
    finished: str | None = None


def now() -> str:
    """The present moment in ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


class Desk:
    """Takes, does and shows imports. `servers` makes what one import stands on, for whom ordered it."""

    def __init__(self, folder: Path, servers: Callable[[Principal], Awaitable[Servers]]) -> None:
        self._folder = folder / FOLDER
        self._servers = servers
        self._queue: asyncio.Queue[str] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to work, first on what an earlier process left undone."""
        self._task = asyncio.create_task(self._work())

    async def stop(self) -> None:
        """Stop after the present batch; what is left is done after the next start."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def take(self, order: Ordered, parts: AsyncIterator[bytes]) -> None:
        """Keep what is sent and queue it. TooManyRequestsError: this principal has too many imports under way."""
        if await asyncio.to_thread(self._open_of, order.name) >= MOST_OPEN:
            msg = f"You have {MOST_OPEN} imports under way."
            raise TooManyRequestsError(msg, seconds=60, hint="Wait until one of them is done.")
        place = self._folder / order.id
        place.mkdir(parents=True, mode=0o700)
        try:
            with (place / TABLE).open("wb") as kept:
                async for part in parts:
                    await asyncio.to_thread(kept.write, part)
            _write(place / JOB, order)
        except BaseException:
            shutil.rmtree(place, ignore_errors=True)
            raise
        self._queue.put_nowait(order.id)

    def find(self, job: str) -> tuple[Ordered, Progress] | None:
        """A job and how far it is; None where there is none of this id."""
        if not _is_id(job):
            return None
        try:
            order = Ordered.model_validate_json((self._folder / job / JOB).read_bytes())
        except (OSError, ValidationError):
            return None
        return order, self._progress(job)

    def rows(self, job: str) -> Path:
        """The row log of a job; it may not be there yet."""
        return self._folder / job / ROWS

    def _progress(self, job: str) -> Progress:
        try:
            return Progress.model_validate_json((self._folder / job / PROGRESS).read_bytes())
        except (OSError, ValidationError):
            return Progress()

    def _jobs(self) -> list[str]:
        """Ids of all jobs, the oldest first."""
        if not self._folder.is_dir():
            return []
        return sorted((each.name for each in self._folder.iterdir() if _is_id(each.name)), key=self._age)

    def _age(self, job: str) -> float:
        with contextlib.suppress(OSError):
            return (self._folder / job / JOB).stat().st_mtime
        return 0.0

    def _open_of(self, name: str) -> int:
        found = [self.find(job) for job in self._jobs()]
        return sum(1 for each in found if each and each[0].name == name and each[1].state not in ENDED)

    def _left(self) -> list[str]:
        """Jobs that are not ended; old ones, and what was never whole, are deleted."""
        left: list[str] = []
        for job in self._jobs():
            found = self.find(job)
            if found is not None and found[1].state not in ENDED:
                left.append(job)
                continue
            days = KEPT_DAYS if found is not None else 1
            with contextlib.suppress(OSError):  # another process may have deleted it
                if time.time() - (self._folder / job).stat().st_mtime > days * DAY_SECONDS:
                    shutil.rmtree(self._folder / job, ignore_errors=True)
        return left

    async def _work(self) -> None:
        for job in await asyncio.to_thread(self._left):
            self._queue.put_nowait(job)
        while True:
            job = await self._queue.get()
            try:
                await self._once(job)
            except OSError as error:  # the disk: the next start tries again
                log.error("bulk.not-done", job=job, error=str(error))  # noqa: TRY400 - a full disk needs no trace

    async def _once(self, job: str) -> None:
        """Do a job unless it is ended, or another process does it."""
        found = await asyncio.to_thread(self.find, job)
        if found is None or found[1].state in ENDED:
            return
        lock = FileLock(self._folder / job / LOCK)
        if not lock.try_acquire():
            return
        try:
            await self._do(found[0])
        finally:
            lock.release()

    async def _do(self, order: Ordered) -> None:
        """Do a job to its end, through the absence of servers."""
        place = self._folder / order.id
        telling = _Telling(place / PROGRESS)
        since, wait = time.monotonic(), FIRST_WAIT
        while True:
            before = telling.progress.accepted + telling.progress.unchanged + telling.progress.refused
            try:
                telling.tell(state="running")
                servers = await self._servers(order.principal)
                counts = await run(_order(order, place), servers, place / STATE, place / ROWS, telling.watch())
                telling.end("done", counts)
                (place / TABLE).unlink(missing_ok=True)
            except UnavailableError as error:
                rows = telling.progress.accepted + telling.progress.unchanged + telling.progress.refused
                if rows > before:
                    since, wait = time.monotonic(), FIRST_WAIT
                if time.monotonic() - since > PATIENCE_SECONDS:
                    telling.end("failed", error=_said(error))
                    return
                telling.tell(state="waiting", error=_said(error))
                await asyncio.sleep(wait)
                wait = min(2 * wait, LONGEST_WAIT)
                continue
            except PeyvandError as error:
                telling.end("failed", error=_said(error))
            except Exception as error:
                log.exception("bulk.crashed", job=order.id)
                words = f"The import stopped because of a fault in Peyvand ({type(error).__name__}); it was logged."
                telling.end("failed", error=Said(words, f"ورود به سبب خطایی در پیوند ماند ({type(error).__name__})."))
            return


class _Telling:
    """Writes how far a job is, not more often than anybody looks."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._told = 0.0
        self.progress = Progress()

    def watch(self) -> Watch:
        """Whom the import tells."""
        return Watch(notes=lambda said: self.tell(notes=[_sentence(each) for each in said]), batch=self._batch)

    def tell(self, **fields: object) -> None:
        """Write what has changed."""
        if fields.get("error") is not None:
            fields["error"] = _sentence(fields["error"])  # type: ignore[arg-type] - it is Said
        elif "error" not in fields:
            fields["error"] = None
        self.progress = self.progress.model_copy(update=fields)
        _write(self._path, self.progress)
        self._told = time.monotonic()

    def end(self, state: JobState, counts: Counts | None = None, error: Said | None = None) -> None:
        """Write how it ended."""
        self.tell(state=state, error=error, finished=now(), **(_counted(counts, 1.0) if counts else {}))

    def _batch(self, counts: Counts, share: float) -> None:
        self.progress = self.progress.model_copy(update=_counted(counts, share))
        if time.monotonic() - self._told > TELL_SECONDS:
            self.tell(state="running")


def _counted(counts: Counts, share: float) -> dict[str, float]:
    return {
        "accepted": counts.accepted, "unchanged": counts.unchanged, "refused": counts.refused, "share": round(share, 4),
    }  # fmt: skip


def _order(order: Ordered, place: Path) -> Order:
    return Order(
        order.kind, place / TABLE, sheet=order.sheet, dry_run=order.dry_run, reopen=order.reopen,
        source="urn:peyvand:api", principal=order.principal.urn,
    )  # fmt: skip


def _said(error: PeyvandError) -> Said:
    if isinstance(error, TableError):
        return error.said
    words = f"{error.detail.rstrip('.')}. {error.hint}".strip()
    return Said(words, words)


def _sentence(said: Said) -> Sentence:
    return Sentence(en=said.en, fa=said.fa)


def _write(path: Path, model: BaseModel) -> None:
    """Replace a file at once, so that whoever reads it sees one state or the other."""
    beside = path.with_suffix(".new")
    beside.write_bytes(model.model_dump_json().encode())
    beside.replace(path)


def new_id() -> str:
    """The id of a new job: random, so that nobody can guess another's."""
    return str(uuid4())


def _is_id(name: str) -> bool:
    try:
        return str(UUID(name)) == name
    except ValueError:
        return False
