"""The configuration that a node's parts are handed is the one that was checked, and stays so."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import pytest

from hanode.runtime import checked
from hanode.runtime.config import Config, load
from hanode.settings import Timing

TOML = """name = "n1"
stream = "127.0.0.1:1"
state = "state"
[timing]
deadtime = "2s"
[[link]]
kind = "broadcast"
address = "127.0.0.1:2"
broadcast = "127.255.255.255"
"""


def config_of(tmp_path: Path) -> Config:
    path = tmp_path / "hanode.toml"
    path.write_text(TOML)
    return load(path)


def told(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    checked.add_options(parser)
    return parser.parse_args([*words, "--boot", "1"])


def test_whatever_becomes_of_the_file(tmp_path: Path) -> None:
    config = config_of(tmp_path)
    kept = checked.keep(config)
    config.path.write_text("a slip")
    for _ in range(2):  # two lives
        words = ("--config", str(config.path), "--checked", str(os.dup(kept)))
        taken = checked.configuration(told(*words))
        assert taken == config
        assert taken.timing == Timing(deadtime=2.0)
    os.close(kept)


def test_no_agent_inherits_it(tmp_path: Path) -> None:
    kept = checked.keep(config_of(tmp_path))
    checked.configuration(told("--checked", str(kept)))
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(kept)


def test_who_holds_it_can_t_change_it(tmp_path: Path) -> None:
    kept = checked.keep(config_of(tmp_path))
    with pytest.raises(PermissionError):
        os.pwrite(kept, b"x", 0)
    with pytest.raises(PermissionError):
        os.ftruncate(kept, 0)
    os.close(kept)
