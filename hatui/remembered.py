"""What the console keeps between two runs: where one was, never what one looked for.

A filter that outlives the night hides the next failure, so filters are not kept. The file is
~/.local/state/hatui/state.json (or below XDG_STATE_HOME); one that can't be read is as none.
"""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path
from typing import Any

KEEP = 20
"""Contexts."""


def place() -> Path:
    """Where it is kept."""
    base = os.environ.get("XDG_STATE_HOME") or "~/.local/state"
    return Path(base).expanduser() / "hatui" / "state.json"


def recall(context: str, file: Path | None = None) -> dict[str, Any]:
    """What was kept of this context; nothing is a good answer too."""
    known = _read(file or place()).get(context, {})
    return known if isinstance(known, dict) else {}


def keep(context: str, told: dict[str, Any], file: Path | None = None) -> None:
    """Write it beside, then in place; a disk that takes nothing is no reason to fail."""
    file = file or place()
    known = _read(file)
    known.pop(context, None)
    known[context] = told
    for name in list(known)[:-KEEP]:
        del known[name]
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        beside = file.with_suffix(".new")
        beside.write_text(json.dumps(known, indent=1))
        beside.replace(file)


def _read(file: Path) -> dict[str, Any]:
    try:
        found = json.loads(file.read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
