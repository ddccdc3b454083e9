"""OCDS 1.1 documents as demand events: releases, release packages, record packages, their parts and lines of them.

`documents.py` reads bytes, `processes.py` sorts releases by contracting process, `fold.py` merges them one by one by the
standard's rules and says what each changed; `tender.py` and its neighbours read one state as a Demand. What nobody reads
stays with the demand (`Demand.original`).
"""

from services.imports.ocds.documents import read_documents
from services.imports.ocds.fold import Options, Taken, events_of, needs_base
from services.imports.ocds.notes import Note
from services.imports.ocds.processes import Found, Process, add_document, settle

__all__ = [
    "Found",
    "Note",
    "Options",
    "Process",
    "Taken",
    "add_document",
    "events_of",
    "needs_base",
    "read_documents",
    "settle",
]
