"""Answers as their readers may see them, and the version that an edit may be conditional on."""

from typing import Annotated, TypeVar

from fastapi import Query
from pydantic import BaseModel

from services.access.fields import Audience, shown

T = TypeVar("T", bound=BaseModel)

SeenAs = Annotated[
    Audience | None,
    Query(alias="as", description="Show only what this audience sees too, as a preview of what is public to whom."),
]


def shown_to(answer: T, who: Audience, preview: Audience | None = None) -> T:
    """What both the one who asks and, in a preview, another audience see of an answer."""
    return shown(answer, who) if preview is None else shown(answer, who, preview)


def etag(*versions: int | None) -> str:
    """The ETag of a record: its highest version, over all that events tell of it. Counts beside it do not change it."""
    return f'"{max((version for version in versions if version is not None), default=0)}"'
