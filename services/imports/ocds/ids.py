"""Ids of other standards as ids here: what may stand is kept as it is, the rest becomes readable and stays distinct."""

import re
from typing import Final

from schemas.ids import derived, slug

_GOOD: Final = re.compile(r"[^\s~/#?\\\x00-\x1f\x7f]{1,200}")
"""As schemas.base.Id."""


def safe_id(text: str) -> str:
    """The text itself where it may be an id, else a slug of it with a piece of its hash."""
    said = text.strip()
    return said if _GOOD.fullmatch(said) else f"{slug(said)}-{derived('id', said)[:8]}"


def demand_id(ocid: str, prefix: str) -> str:
    """The demand that an ocid names: what follows our own prefix, which export puts before a demand's id; else all."""
    own = f"{prefix}-"
    return safe_id(ocid[len(own) :] if ocid.startswith(own) and len(ocid) > len(own) else ocid)
