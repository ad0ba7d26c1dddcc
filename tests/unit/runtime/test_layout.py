"""A new node's hanode.toml: what was wished for, and what the cluster has said."""

from __future__ import annotations

from pathlib import Path

import pytest

from hanode.runtime.config import Address, ConfigError, Link, load
from hanode.runtime.layout import Wish, take_timing, write_config

SLOW = {"keepalive": 0.25, "warntime": 2.0, "deadtime": 5.0, "initdead": 90.0}


def wish(folder: Path, **timing: str) -> Wish:
    links = (Link("unicast", Address("127.0.0.1", 694)),)
    path = folder / "hanode.toml"
    return Wish("n2", links, Address("127.0.0.1", 5566), path, True, "data", tuple(timing.items()))


def timing_in(folder: Path) -> dict[str, float]:
    timing = load(folder / "hanode.toml").timing
    return {name: getattr(timing, name) for name in SLOW}


def test_who_joins_takes_over_the_timing_of_the_cluster(tmp_path: Path) -> None:
    wanted = wish(tmp_path)
    write_config(wanted)
    assert take_timing(wanted, SLOW) == ()
    assert timing_in(tmp_path) == SLOW


def test_what_was_wished_otherwise_is_named(tmp_path: Path) -> None:
    wanted = wish(tmp_path, keepalive="250ms", deadtime="2s")
    write_config(wanted)
    assert take_timing(wanted, SLOW) == ("deadtime",)
    assert timing_in(tmp_path) == SLOW


def test_a_timing_that_is_out_of_order_is_refused(tmp_path: Path) -> None:
    wanted = wish(tmp_path)
    write_config(wanted)
    with pytest.raises(ConfigError, match="not in order"):
        take_timing(wanted, {**SLOW, "deadtime": 1.0})
