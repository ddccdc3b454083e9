"""What a chaos run was and what it found, for people and for machines."""

import os
import platform
import statistics
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

import psutil

from services.chaos.faults import FAULTS
from services.chaos.judge import Judgment
from services.chaos.quiet import Quiet


@dataclass(frozen=True, slots=True)
class Options:
    """What is run: for how long, with which seed, under which load, which faults."""

    minutes: float
    seed: int
    workers: int = 2
    rate: float = 30.0
    suppliers: int = 25
    offers: int = 150
    demands: int = 50
    classes: int = 20
    faults: tuple[str, ...] = tuple(FAULTS)
    replay: bool = True
    logs: str | None = None


@dataclass(frozen=True, slots=True)
class Happened:
    """One fault: when it began (seconds from the start), how long it lasted, and how long the recovery took."""

    kind: str
    at: float
    lasted: float
    recovery: float | None
    error: str | None = None


@dataclass(slots=True)
class Report:
    """The whole run. `clean` when every count of `wrong` is 0 and every fault was recovered from."""

    options: Options
    faults: list[Happened] = field(default_factory=list[Happened])
    judgment: Judgment = field(default_factory=Judgment)
    quiet: Quiet = field(default_factory=Quiet)
    points_hit: Counter[str] = field(default_factory=Counter[str])
    settled: bool = False
    replay_differs: list[str] | None = None
    stop_seconds: float = 0.0
    most_megabytes: float = 0.0
    worker_ends: dict[int, int] = field(default_factory=dict[int, int])
    load_per_second: float = 0.0
    seconds: float = 0.0

    @property
    def clean(self) -> bool:
        """Whether all is as it has to be."""
        failed = any(fault.error or (fault.recovery is None and fault.kind in FAULTS) for fault in self.faults)
        return self.settled and self.judgment.clean and not failed and not self.replay_differs

    def as_json(self) -> dict[str, Any]:
        """Everything, for machines."""
        return {
            "clean": self.clean,
            "options": asdict(self.options),
            "machine": machine(),
            "seconds": round(self.seconds, 1),
            "load_per_second": round(self.load_per_second, 1),
            "faults": len(self.faults),
            "kinds": len({fault.kind for fault in self.faults}),
            "by_kind": self._by_kind(),
            "recovery_seconds": _spread([f.recovery for f in self.faults if f.recovery is not None]),
            "delivery_seconds": self.judgment.delivery_seconds,
            "wrong": self.judgment.wrong,
            "named": self.judgment.named,
            "seen": self.judgment.seen,
            "settled": self.settled,
            "replay_differs": self.replay_differs,
            "kill_points_hit": dict(sorted(self.points_hit.items())),
            "idle_cpu_percent": self.quiet.as_json(),
            "most_megabytes": round(self.most_megabytes),
            "stop_seconds": round(self.stop_seconds, 2),
            "worker_ends": {str(code): n for code, n in sorted(self.worker_ends.items())},
            "happened": [asdict(fault) for fault in self.faults],
        }

    def _by_kind(self) -> dict[str, dict[str, float | int | None]]:
        found: dict[str, list[float | None]] = {}
        for fault in self.faults:
            found.setdefault(fault.kind, []).append(fault.recovery)
        return {
            kind: {"count": len(all_), **_spread([one for one in all_ if one is not None])}
            for kind, all_ in sorted(found.items())
        }


def machine() -> dict[str, str | int]:
    """What the run had to itself, at most."""
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count() or 1,
        "memory_gigabytes": round(psutil.virtual_memory().total / 2**30),
        "python": platform.python_version(),
    }


def _spread(seconds: list[float]) -> dict[str, float | None]:
    if not seconds:
        return {"median": None, "most": None}
    return {"median": round(statistics.median(seconds), 2), "most": round(max(seconds), 2)}
