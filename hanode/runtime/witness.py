"""`hanode witness`: runs a node whose hanode.toml says role = "witness": a vote without resources.

A witness keeps positions of the log alone, so a small machine at a third site will do. It joins as
others do (`hanode join --role witness TOKEN`).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from hanode.runtime import run
from hanode.runtime.config import DEFAULT_PATH, ConfigError, load


def main(argv: list[str], config_path: str | None = None) -> int:
    """The command."""
    run.parsed(argv, "hanode witness", __doc__ or "")
    path = Path(config_path) if config_path else DEFAULT_PATH
    try:
        role = load(path).role
    except ConfigError as error:
        print(f"hanode witness: {error}", file=sys.stderr)
        return os.EX_CONFIG
    if role != "witness":
        print(f"hanode witness: {path}: this is a {role} node; use `hanode run`", file=sys.stderr)
        return os.EX_CONFIG
    return run.main(argv, config_path)
