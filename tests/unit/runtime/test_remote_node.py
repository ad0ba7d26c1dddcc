"""A remote node whose connection is over is over itself."""

from __future__ import annotations

import asyncio
import gc
import weakref
from pathlib import Path

from hanode import inputs
from hanode.messages import Order, TakeTerm
from hanode.runtime import keys
from hanode.runtime.config import load
from hanode.runtime.far_script import Token
from hanode.runtime.journal import Journal
from hanode.runtime.remote_driver import Driver
from hanode.runtime.remote_node import RemoteNode

TOML = """name = "n1"
stream = "127.0.0.1:1"
run = "."
identity = "identity"
[[link]]
address = "127.0.0.1:2"
"""


async def one_that_ended(folder: Path) -> weakref.ref[RemoteNode]:
    (folder / "hanode.toml").write_text(TOML)
    keys.create(folder / "identity")
    config = load(folder / "hanode.toml")
    remote = RemoteNode("r1", Driver(config, 1, Journal("remote")), config, 1, Token(1, 1, 1))
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
