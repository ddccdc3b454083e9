"""Demands as OCDS 1.1.5 releases and records.

`history.py` orders a demand's events; `releases.py` tells them release by release, so that merging them by the standard's
rules gives the present state; `state.py` and its neighbours write one state; `packages.py` wraps them.
"""

from services.exports.ocds.fetch import Process, fetch_process, fetch_published
from services.exports.ocds.packages import Publication, compiled, publication_of, record_package, release_package
from services.exports.ocds.releases import Exported

__all__ = [
    "Exported",
    "Process",
    "Publication",
    "compiled",
    "fetch_process",
    "fetch_published",
    "publication_of",
    "record_package",
    "release_package",
]
