"""A remote node whose connection is over is over itself."""

from __future__ import annotations

import asyncio
import gc
import os
import subprocess
import sys
import weakref
from pathlib import Path

from hanode import inputs
from hanode.local_messages import TakeTerm
from hanode.peer_messages import Order
from hanode.runtime import keys
from hanode.runtime.config import load
from hanode.runtime.far_script import Token
from hanode.runtime.journal import Journal
from hanode.runtime.remote_driver import Driver
from hanode.runtime.remote_node import RemoteNode

TOML = """name = "n1"
stream = "127.0.0.1:1"
run = "."
state = "."
identity = "identity"
[[link]]
address = "127.0.0.1:2"
"""


def one_of(folder: Path) -> RemoteNode:
    (folder / "hanode.toml").write_text(TOML)
    keys.create(folder / "identity")
    config = load(folder / "hanode.toml")
    return RemoteNode("r1", Driver(config, 1, Journal("remote")), config, 1, Token(1, 1, 1))


async def one_that_ended(folder: Path) -> weakref.ref[RemoteNode]:
    remote = one_of(folder)
    await remote.begin()
    remote.feed(inputs.LocalSaid(TakeTerm(1, 1)))
    remote.order(
        Order(
            id="1.1.2", term=1, node="n1", boot=1, resource="web", agent="ocf:hanode:Dummy",
            task="monitor", interval_ms=1000, remote="r1",
        )
    )  # fmt: skip
    await asyncio.sleep(0)  # what it told itself
    await remote.end()
    remote.feed(inputs.CrmConnected())  # what was on its way
    await asyncio.sleep(0)
    return weakref.ref(remote)


def test_nothing_wakes_it_any_more(tmp_path: Path) -> None:
    async def story() -> None:
        ended = await one_that_ended(tmp_path)
        await asyncio.sleep(0)
        gc.collect()
        assert ended() is None

    asyncio.run(story())


WRONG = """
import asyncio, sys
from pathlib import Path
from tests.unit.runtime.test_remote_node import one_of

async def story():
    one_of(Path(sys.argv[1])).feed("nonsense")

asyncio.run(story())
"""


def test_when_its_core_is_wrong_the_process_ends_with_a_flight_record(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WRONG, str(tmp_path)], capture_output=True, text=True
    )
    assert done.returncode == os.EX_SOFTWARE
    assert "it can't trust itself any longer" in done.stderr
    (record,) = tmp_path.glob("flight-remote-*.txt")
    assert "<- 'nonsense'\n    -> '(it did not end)'" in record.read_text()
