"""A remote node gone bad: whatever it says, the remote process goes on, bounded."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from hanode.effects import Spawn
from hanode.inputs import ProcessEnded
from hanode.ra import Site
from hanode.runtime import keys
from hanode.runtime import remote_host as module
from hanode.runtime.config import load
from hanode.runtime.far_script import Token
from hanode.runtime.far_tools import FarTools
from hanode.runtime.journal import Journal
from hanode.runtime.remote_driver import Driver
from hanode.runtime.remote_host import RemoteHost, Where
from tests.unit.runtime.test_remote_node import TOML

Handler = Callable[[Any], Awaitable[None]]


class Anybody(asyncssh.SSHServer):
    def begin_auth(self, username: str) -> bool:
        return True

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: Any) -> bool:
        return True


class Bad:
    """An SSH server that answers each shell as the test wants it."""

    def __init__(self, questions: Handler | None = None, shell: Handler | None = None) -> None:
        self._questions = questions or self._silent
        self._shell = shell or self._fine
        self.shells = 0

    async def __aenter__(self) -> Bad:
        key = asyncssh.generate_private_key("ssh-ed25519")
        self.server = await asyncssh.listen(
            "127.0.0.1", 0, server_host_keys=[key], server_factory=Anybody,
            process_factory=self._process, encoding=None, config=None,
        )  # fmt: skip
        port = self.server.sockets[0].getsockname()[1]
        line = key.export_public_key("openssh").decode()
        self.where = Where("127.0.0.1", port, "root", " ".join(line.split()[:2]))
        return self

    async def __aexit__(self, *_: object) -> None:
        self.server.close()
        await self.server.wait_closed()

    async def _process(self, process: Any) -> None:
        if "questions" in (process.command or ""):
            process.stdout.write(b"hears\n")
            await self._questions(process)
        else:
            self.shells += 1
            await self._shell(process)

    async def _silent(self, process: Any) -> None:
        await process.stdin.read()

    async def _fine(self, process: Any) -> None:
        await process.stdin.read()
        process.exit(0)


def run(story: Any) -> None:
    asyncio.run(asyncio.wait_for(story, 30))


async def reach(far: Bad, feed: Any, asked: Any) -> RemoteHost:
    return await RemoteHost.connect(far.where, os.urandom(32), Token(1, 1, 1), feed, asked)


async def nothing(question: str) -> str:
    return ""


@pytest.mark.parametrize("group", [b"x", b"-1", b"0", b"", b"9" * 5000, b"1 2"])
def test_a_process_group_that_is_none_is_output(group: bytes) -> None:
    async def shell(process: Any) -> None:
        if b"hanode-pid" in await process.stdin.read():
            process.stdout.write(b"hanode-pid " + group + b"\n")
        process.exit(0)

    async def story() -> None:
        news: asyncio.Queue[Any] = asyncio.Queue()
        async with Bad(shell=shell) as far:
            host = await reach(far, news.put_nowait, nothing)
            host.spawn(Spawn(7, ("/bin/true",)), ())
            ended = await news.get()
            assert isinstance(ended, ProcessEnded)
            assert ended.output.startswith(b"hanode-pid")
            await host.close()

    run(story())


def test_questions_without_end_wait_over_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "QUESTIONS_MAX", 5)

    async def questions(process: Any) -> None:
        process.stdout.write(b"1\x1fcrm_node\x1fw\n" * 1000)
        await process.stdin.read()

    async def story() -> None:
        waiting = 0
        go = asyncio.Event()
        full = asyncio.Event()

        async def asked(question: str) -> str:
            nonlocal waiting
            waiting += 1
            assert waiting <= 5
            if waiting == 5:
                full.set()
            await go.wait()
            waiting -= 1
            return ""

        async with Bad(questions) as far:
            host = await reach(far, lambda _: None, asked)
            await full.wait()
            go.set()
            await host.close()

    run(story())


def test_a_question_that_no_command_can_be_is_refused(tmp_path: Path) -> None:
    site = Site("r1", str(tmp_path), python=sys.executable, config="none")

    async def story() -> None:
        said = await FarTools(site, {}).answer("1\x1fcrm_attribute\x1fweb\x1f-n\x1fa\0b")
        assert said == "1 64\x1f\x1fcrm_attribute: a word that no command can have\x1e"
        said = await FarTools(site, {}).answer("1\x1fcrm_attribute\x1fw\0b\x1f-n\x1fa")
        assert said.startswith("1 64")

    run(story())


def test_complaints_without_end_are_bounded() -> None:
    async def shell(process: Any) -> None:
        await process.stdin.read()
        for _ in range(100):
            process.stderr.write(b"x" * 100_000)
            await process.stderr.drain()
        process.exit(1)

    async def story() -> None:
        async with Bad(shell=shell) as far:
            with pytest.raises(module.CantReach) as refused:
                await reach(far, lambda _: None, nothing)
        assert len(str(refused.value)) < 5000

    run(story())


def test_a_connection_that_is_stopped_while_it_is_made_does_not_come_up(tmp_path: Path) -> None:
    (tmp_path / "hanode.toml").write_text(TOML)
    keys.create(tmp_path / "identity")
    driver = Driver(load(tmp_path / "hanode.toml"), 1, Journal("remote"))

    async def story() -> None:
        taken, go = asyncio.Event(), asyncio.Event()

        async def shell(process: Any) -> None:
            taken.set()
            await go.wait()
            process.exit(0)

        async with Bad(shell=shell) as far:
            where = {
                "server": far.where.host, "port": str(far.where.port), "user": "root",
                "host_key": far.where.host_key, "order": "1.1.1", "node": "far",
            }  # fmt: skip
            start = asyncio.create_task(driver._answer({**where, "action": "start"}))
            await taken.wait()
            assert await driver._answer({**where, "action": "stop"}) == {"rc": 0}
            go.set()
            answer = await start
            assert (answer["rc"], "was stopped" in answer["reason"]) == (1, True)
            assert await driver._answer({**where, "action": "monitor"}) == {"rc": 7}

    run(story())
