"""`hatui mon --output-to FILE`: whoever reads the file sees one picture, whole."""

from __future__ import annotations

import os
import stat
from pathlib import Path


def write(path: Path, text: str) -> None:
    """Beside it and then in its place; where that would change whose file it is, into it.

    Raises OSError.
    """
    path = path.resolve()
    old = path.stat() if path.exists() else None
    if not os.access(path.parent, os.W_OK) or (old is not None and not _ours(old)):
        path.write_text(text)
        return
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with fresh.open("x") as file:
            file.write(text)
        if old is not None:
            fresh.chmod(stat.S_IMODE(old.st_mode))
        fresh.replace(path)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise


def _ours(old: os.stat_result) -> bool:
    """A plain file of ours; no pipe, no device, nothing that was made for another to read."""
    us = (os.geteuid(), os.getegid())
    return stat.S_ISREG(old.st_mode) and (old.st_uid, old.st_gid) == us
