"""Request bodies: read within bounds, parsed strictly, and checked against an event's model.

A body becomes the data of one event. Fields that the address gives (such as `demand_id`) are not in the body; of a
whole record (a supplier, an offer, a demand) the body is the record itself. `version` may always be left out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar, cast, get_args

from fastapi import Request
from pydantic import AliasChoices, BaseModel, ValidationError
from pydantic_core import from_json, to_json
from rapidfuzz import fuzz, process

from schemas.base import Model
from services.api.problems import FieldsError, MediaTypeError, ProblemError, TooLargeError

MOST_BYTES: Final = 1_000_000
JSON_TYPES: Final = ("application/json", "application/cloudevents+json", "application/cloudevents-batch+json")
NEAR: Final = 60.0
Loc = tuple[int | str, ...]
M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Draft:
    """Event data that a body makes; `numbered` tells whether the body gave the version itself."""

    data: Model
    numbered: bool


@dataclass(frozen=True, slots=True)
class Body:
    """How a body becomes event data.

    `model` is the event's; `record` the field that the body is the record of (None: the body is the data); `given`
    the fields that the address gives; `examples` are for the documentation, by name.
    """

    model: type[Model]
    name: str
    record: str | None = None
    given: tuple[str, ...] = ()
    examples: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])

    async def read(self, request: Request, **given: str) -> Draft:
        """The event data of a request. FieldsError, TooLargeError or MediaTypeError when there is none."""
        return self.draft(await read_json(request), "#", **given)

    def draft(self, body: Any, at: str, /, **given: str) -> Draft:
        """The event data of a parsed body, which began at the JSON pointer `at` of what was sent."""
        if not isinstance(body, dict):
            raise FieldsError([ProblemError(detail="This must be a JSON object.", pointer=at)])
        sent = cast("dict[str, Any]", body)
        doubled = [name for name in self.given if name in sent]
        if doubled:
            raise FieldsError(
                [
                    ProblemError(detail="The address gives this already.", pointer=f"{at}/{name}", hint="Leave it out.")
                    for name in doubled
                ]
            )
        numbered = "version" in sent
        fields = {**sent, "version": sent["version"] if numbered else 1, **given}
        if self.record is not None:
            own = {name: fields.pop(name) for name in self.envelope_fields() if name in fields}
            fields = {**own, self.record: fields}
        return Draft(checked(self.model, fields, sent, within=self.record, at=at), numbered)

    def envelope_fields(self) -> list[str]:
        """The fields of the event that stand beside the record in the body."""
        return [name for name in self.model.model_fields if name != self.record]


async def read_json(request: Request) -> Any:
    """The parsed body of a request."""
    said = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if said not in JSON_TYPES:
        msg = (
            f"The body is said to be {said!r}, but JSON is taken here."
            if said
            else "The body's media type is not said."
        )
        raise MediaTypeError(msg, hint="Send the header Content-Type: application/json.")
    raw = await read_bytes(request)
    try:
        return from_json(raw, allow_inf_nan=False)
    except ValueError as error:
        raise FieldsError([ProblemError(detail=f"The body is not JSON: {error}.", pointer="#")]) from error


async def read_bytes(request: Request) -> bytes:
    """The body, unless it is larger than the door."""
    hint = "Send large sets of events in parts, or publish them to Kafka."
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > MOST_BYTES:
        msg = f"The body has {length} bytes; at most {MOST_BYTES} are taken."
        raise TooLargeError(msg, hint=hint)
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > MOST_BYTES:
            msg = f"The body has more than {MOST_BYTES} bytes."
            raise TooLargeError(msg, hint=hint)
        parts.append(part)
    return b"".join(parts)


def checked(model: type[M], fields: Any, sent: Any, *, within: str | None = None, at: str = "#") -> M:
    """The model of these JSON values. Errors point into `sent`, which began at `at`.

    Unknown fields are refused, and so are values of another JSON type: a number is no date and no text a number.
    `within` names the field that holds what was sent, when that was a record.
    """
    try:
        return model.model_validate_json(to_json(fields, inf_nan_mode="constants"), strict=True, extra="forbid")
    except ValidationError as error:
        raise FieldsError(_errors(model, error, sent, within, at)) from error


def _errors(model: type[Model], error: ValidationError, sent: Any, within: str | None, at: str) -> list[ProblemError]:
    said: dict[str, ProblemError] = {}
    for one in error.errors(include_url=False, include_input=False):
        loc: Loc = one["loc"]
        if within is not None and loc[:1] == (within,):
            loc = loc[1:]
        path = _path(loc, sent, names_absent=one["type"] == "missing")
        pointer = at + "".join(f"/{_escaped(part)}" for part in path)
        if one["type"] == "extra_forbidden":
            known = _known(model, (within, *path[:-1]) if within is not None else path[:-1])
            if within is not None and len(path) == 1:
                known += [name for name in model.model_fields if name != within]
            detail, hint = f"There is no field {str(path[-1])[:100]!r} here.", _nearest(str(path[-1]), known)
        else:
            detail, hint = one["msg"].removeprefix("Value error, "), None
        before = said.get(pointer)
        if before is not None:
            detail = before.detail if detail in before.detail else f"{before.detail}; or: {detail}"
        said[pointer] = ProblemError(detail=detail, pointer=pointer, hint=hint)
    return list(said.values())


def _path(loc: Loc, sent: Any, *, names_absent: bool) -> Loc:
    """The part of an error's place that is in what was sent; the names of union members are left out."""
    path: list[int | str] = []
    here = sent
    for number, part in enumerate(loc):
        if isinstance(here, dict) and (part in here or (names_absent and number == len(loc) - 1)):
            path.append(part)
            here = cast("dict[Any, Any]", here).get(part)
        elif isinstance(here, list) and isinstance(part, int) and part < len(cast("list[Any]", here)):
            path.append(part)
            here = cast("list[Any]", here)[part]
    return tuple(path)


def _escaped(part: int | str) -> str:
    return str(part).replace("~", "~0").replace("/", "~1")


def _known(model: type[BaseModel], path: Sequence[int | str | None]) -> list[str]:
    """The names of the fields at a place of a model."""
    here: type[BaseModel] | None = model
    for part in path:
        if isinstance(part, int) or here is None:
            continue
        info = here.model_fields.get(str(part))
        here = _model_in(info.annotation) if info is not None else None
    return (
        [name for one, info in here.model_fields.items() for name in _names(one, info.validation_alias)] if here else []
    )


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in get_args(annotation):
        found = _model_in(inner)
        if found is not None:
            return found
    return None


def _names(name: str, alias: Any) -> list[str]:
    return [str(one) for one in alias.choices] if isinstance(alias, AliasChoices) else [str(alias or name)]


def _nearest(name: str, known: Sequence[str]) -> str | None:
    """What was probably meant, or what there is."""
    found = process.extractOne(name[:200].casefold(), known, scorer=fuzz.ratio, score_cutoff=NEAR)
    if found is not None:
        return f"Did you mean {found[0]!r}?"
    return f"Known fields: {', '.join(known)}." if known else None
