"""Consoles on the node's own socket: who asks badly or does not read is cut off, alone."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from hanode.inputs import Asked, ClientGone
from hanode.mgmt.protocol import ANSWERS, REQUESTS, Denied, Enrol, FetchState, Hello, Token
from hanode.runtime import consoles as module
from hanode.runtime.consoles import Consoles, bind_local, listen_local
from hanode.runtime.frames import Frames, frame
from hanode.runtime.gate import Visitor
from hanode.runtime.ssh import LineSession
from tests.unit.runtime.ends import Lines


class Desk:
    """The node's side: what it was told, and a way to wait for it."""

    def __init__(self) -> None:
        self.told: asyncio.Queue[Any] = asyncio.Queue()
        self.journal = Lines()
        self.consoles = Consoles(self.told.put_nowait, self.journal)


@asynccontextmanager
async def desk(path: Path) -> AsyncIterator[Desk]:
    one = Desk()
    server = await listen_local(bind_local(path), one.consoles, one.journal)
    yield one
    server.close()
    one.consoles.close()
    await asyncio.sleep(0)


def run(story: Any) -> None:
    asyncio.run(asyncio.wait_for(story, 30))


async def answer(reader: asyncio.StreamReader, frames: Frames) -> Any:
    while True:
        data = await reader.read(65536)
        assert data, "the node hung up"
        for body in frames.feed(data):
            return ANSWERS.unpack(body)


def test_a_console_asks_and_is_answered(tmp_path: Path) -> None:
    async def story() -> None:
        path = tmp_path / "console.sock"
        async with desk(path) as node:
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
            reader, writer = await asyncio.open_unix_connection(path)
            writer.write(frame(REQUESTS.pack(Hello(1))))
            asked = await node.told.get()
            assert isinstance(asked, Asked)
            assert (asked.role, asked.request) == ("admin", Hello(1))
            node.consoles.answer(asked.client, Token(2, "t"))
            assert await answer(reader, Frames(1000)) == Token(2, "t")
            writer.close()
            assert await node.told.get() == ClientGone(asked.client)

    run(story())


def test_garbage_is_answered_and_ends_the_console(tmp_path: Path) -> None:
    async def story() -> None:
        path = tmp_path / "console.sock"
        async with desk(path) as node:
            for garbage in (frame(b"\xc1"), frame(b"\x00" * 50), b"\xff" * 10):
                reader, writer = await asyncio.open_unix_connection(path)
                writer.write(garbage)
                data = await reader.read()
                for body in Frames(10_000).feed(data):
                    assert isinstance(ANSWERS.unpack(body), Denied)
                writer.close()
                assert isinstance(await node.told.get(), ClientGone)

    run(story())


def test_who_does_not_read_is_cut_off_and_others_are_served(
    tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setattr(module, "BACKLOG_MAX", 1_000_000)

    async def story() -> None:
        path = tmp_path / "console.sock"
        async with desk(path) as node:
            readers = []
            for _ in range(2):
                reader, writer = await asyncio.open_unix_connection(path)
                writer.write(frame(REQUESTS.pack(Hello(1))))
                readers.append((reader, writer))
            clients = [(await node.told.get()).client for _ in range(2)]
            deaf: Any = readers[0][1].transport
            deaf.pause_reading()
            sent = 0
            while node.told.empty():
                node.consoles.answer(clients[0], Token(2, "x" * 100_000))
                sent += 1
                assert sent < 100
                await asyncio.sleep(0)
            assert await node.told.get() == ClientGone(clients[0])
            node.consoles.answer(clients[1], Token(3, "t"))
            assert await answer(readers[1][0], Frames(1000)) == Token(3, "t")
            for _, writer in readers:
                writer.close()

    run(story())


def test_a_flood_of_requests_leaves_the_loop_its_turns(tmp_path: Path) -> None:
    """Between two requests of one console everything else has had its turn."""

    async def story() -> None:
        path = tmp_path / "console.sock"
        async with desk(path) as node:
            turns = 0
            asked = 0

            def turn() -> None:
                nonlocal turns
                turns += 1
                asyncio.get_running_loop().call_soon(turn)

            turn()
            _, writer = await asyncio.open_unix_connection(path)
            writer.write(frame(REQUESTS.pack(Hello(1))) * 500)
            before = turns
            while asked < 500:
                await node.told.get()
                asked += 1
            assert turns - before >= 500
            writer.close()

    run(story())


def test_places_are_kept_for_the_node_itself(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(module, "SESSIONS_MAX", 3)

    async def story() -> None:
        path = tmp_path / "console.sock"
        async with desk(path) as node:
            afar = [Wire() for _ in range(4)]
            for wire in afar:
                session = LineSession(lambda _: None)
                session.connection_made(wire)
                node.consoles.admit_session(Visitor("operator", "ann", "viewer"), session)
            assert [wire.closed for wire in afar] == [False, False, False, True]
            _, writer = await asyncio.open_unix_connection(path)
            writer.write(frame(REQUESTS.pack(Hello(1))))
            assert isinstance(await node.told.get(), Asked)
            writer.close()

    run(story())


def test_a_newcomer_may_only_enrol(tmp_path: Path) -> None:
    async def story() -> None:
        told: list[Any] = []
        consoles = Consoles(told.append, Lines())
        wire = Wire()
        line = consoles.admit(Visitor("join", "", "join"), wire)
        enrol = Enrol(1, "t", "n9", b"", b"", b"", b"", (), "")
        line.received(frame(REQUESTS.pack(enrol)))
        await asyncio.sleep(0)
        assert [given.request for given in told] == [enrol]
        line.received(frame(REQUESTS.pack(FetchState(2))))
        await asyncio.sleep(0)
        assert isinstance(told[-1], ClientGone)

    run(story())


class Wire:
    """A transport that goes nowhere."""

    closed = False

    def get_connection(self) -> None: ...
    def write(self, data: bytes) -> None: ...
    def get_write_buffer_size(self) -> int:
        return 0

    def pause_reading(self) -> None: ...
    def resume_reading(self) -> None: ...
    def close(self) -> None:
        self.closed = True

    def abort(self) -> None: ...
