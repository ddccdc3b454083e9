"""The sentence for what is not there."""

from schemas.errors import NotFoundError


def not_found(what: str, name: str) -> NotFoundError:
    """`there is no supplier 'x' in the graph`, with why that may be."""
    return NotFoundError(
        f"there is no {what} {name!r} in the graph",
        hint="Was its event published, and has the graph taken it? See `peyvand status`.",
    )
