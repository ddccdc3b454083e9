"""Errors that people read: what is wrong, where, what to do. Each has an HTTP status and an exit code."""

from typing import ClassVar


class PeyvandError(Exception):
    """Base of every error that is meant for a reader rather than for a developer."""

    status: ClassVar[int] = 500
    exit_code: ClassVar[int] = 1
    slug: ClassVar[str] = "internal"
    title: ClassVar[str] = "Something went wrong inside Peyvand"

    def __init__(self, detail: str, *, hint: str = "") -> None:
        super().__init__(detail)
        self.detail = detail
        self.hint = hint


class NotFoundError(PeyvandError):
    """What was asked for is not in the graph."""

    status = 404
    exit_code = 4
    slug = "not-found"
    title = "Not found"


class InvalidInputError(PeyvandError):
    """The input is not of the form it should have."""

    status = 422
    exit_code = 2
    slug = "invalid-input"
    title = "The input is not valid"


class ConflictError(PeyvandError):
    """The state of things does not allow it."""

    status = 409
    exit_code = 5
    slug = "conflict"
    title = "This cannot be done in the present state"


class PreconditionError(PeyvandError):
    """What was to be edited has changed since it was read."""

    status = 412
    exit_code = 5
    slug = "precondition-failed"
    title = "It has changed since"


class UnavailableError(PeyvandError):
    """Kafka or Neo4j cannot be reached, or does not answer in time."""

    status = 503
    exit_code = 6
    slug = "unavailable"
    title = "A service that Peyvand stands on is unavailable"


class FencedError(PeyvandError):
    """Another owner moved the cursor: this one's work is not needed and was not written."""

    exit_code = 75
    slug = "fenced"
    title = "Another worker owns this partition"


class HoleError(PeyvandError):
    """Events are missing between the cursor and the log."""

    exit_code = 76
    slug = "hole"
    title = "The log does not continue where the graph stands"
