"""Small derivations that several writes share."""

from typing import TypeVar

from pydantic import ValidationError

from schemas.base import Model
from schemas.common import Place
from schemas.ids import slug

SEARCH_CHARACTERS = 2000
_LETTERS = str.maketrans({"ي": "ی", "ك": "ک", "\u200c": " ", "ة": "ه", "ى": "ی"})


M = TypeVar("M", bound=Model)


def stored(model: type[M], text: str) -> M | None:
    """A record as it was stored; None when a tighter contract of this release no longer takes it."""
    try:
        return model.model_validate_json(text)
    except ValidationError:
        return None


def search_text(*parts: str | None) -> str:
    """What full-text search looks through: the parts in one script form, bounded."""
    return " ".join(part for part in parts if part).translate(_LETTERS)[:SEARCH_CHARACTERS]


def place_id(place: Place) -> str | None:
    """The id of a place by what is known of it, or None when nothing is."""
    named = [part for part in (place.country, place.province, place.city or place.name) if part]
    return slug("-".join(named)) if place.city or place.name or place.province else None
