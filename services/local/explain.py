"""Sentences for what the disk and the network answer."""

from __future__ import annotations

import errno
from pathlib import Path

from services.local.errors import LocalStackError

DISK_FULL = (errno.ENOSPC, errno.EDQUOT)
NO_RIGHT = (errno.EACCES, errno.EROFS, errno.EPERM)


def explain(error: Exception, what: str, root: Path) -> LocalStackError:
    """Turn an error met while fetching `what` into `root` into a sentence."""
    if isinstance(error, LocalStackError):
        return error
    if isinstance(error, OSError) and error.errno in (*DISK_FULL, *NO_RIGHT):
        return explain_disk(error, root)
    if isinstance(error, OSError):
        return LocalStackError(
            f"{what} could not be fetched: no network, or the Maven repository does not answer ({error}).",
            "Connect and start again; what was fetched already is kept.",
        )
    return LocalStackError(
        f"{what} could not be fetched from the Maven repository ({error}).",
        "It may be a mirror that lacks the file; check jgo's settings.",
    )


def explain_disk(error: OSError, root: Path) -> LocalStackError:
    """Turn an error met while writing below `root` into a sentence."""
    if error.errno in DISK_FULL:
        return LocalStackError(
            f"The disk is full: {error.filename or 'a file'} could not be written below {root}.",
            "Peyvand needs about 400 MB in its cache and 300 MB for data. Free space; a new start goes on.",
        )
    return LocalStackError(f"{root} cannot be used: {error}.", "Give a folder that can be written to.")
