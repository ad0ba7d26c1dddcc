"""Operators at the door, by real SSH: who is removed or demoted is shut out at once."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

import asyncssh
import pytest

from hanode.events import Operator
from hanode.inputs import Asked
from hanode.mgmt.protocol import ANSWERS, REQUESTS, Denied, Hello, Token
from hanode.runtime import consoles as module
from hanode.runtime.consoles import Consoles
from hanode.runtime.frames import Frames, frame
from hanode.runtime.gate import Gate, Visitor
from hanode.runtime.ssh import ALGORITHMS, LineSession, private_key
from hanode.runtime.trusted import parse_public_key
from tests.unit.runtime.ends import End

KEYS = {"ann": private_key(bytes([1]) * 32), "bob": private_key(bytes([2]) * 32)}


def operator(name: str, role: str = "admin") -> Operator:
    line = KEYS[name].export_public_key("openssh").decode()
    return Operator(name, parse_public_key(line), role)


class Front(End):
    """A node's door with its consoles behind it."""

    def __init__(self) -> None:
        super().__init__("n1", 1)
        self.desk = Consoles(self.feed, self.journal)
        self.connections: list[Any] = []

    def admit(self, visitor: Visitor, session: LineSession) -> None:
        self.connections.append(session.channel.get_connection())
        self.desk.admit_session(visitor, session)

    def operators(self, *operators: Operator, local: tuple[Operator, ...] = ()) -> None:
        self.gate.set((self.member,), operators, local)
        self.desk.look_again(self.gate)

    async def stop(self) -> None:
        """When all who came in have left."""
        for connection in self.connections:
            connection.abort()
            await connection.wait_closed()
        await super().stop()


class Console:
    """An operator's end."""

    def __init__(self, connection: Any, writer: Any, reader: Any) -> None:
        self.connection, self._writer, self._reader = connection, writer, reader

    @classmethod
    async def attach(cls, front: Front, name: str) -> Console:
        host, port = front.listener.getsockname()
        connection = await asyncssh.connect(
            host, port, username=name, client_keys=[KEYS[name]], known_hosts=None, config=None,
            **ALGORITHMS,
        )  # fmt: skip
        writer, reader, _ = await connection.open_session(
            subsystem="hanode-console", encoding=None, request_pty=False
        )
        with contextlib.suppress(BrokenPipeError):  # it was shut out already
            writer.write(frame(REQUESTS.pack(Hello(1))))
        return cls(connection, writer, reader)

    async def last_word(self) -> str:
        """Why it was shut out."""
        body = await self._reader.read()
        (packed,) = Frames(100_000).feed(body)
        denied = ANSWERS.unpack(packed)
        assert isinstance(denied, Denied)
        return denied.message


async def heard(front: Front, name: str, count: int = 1) -> None:
    async with front.news:
        await front.news.wait_for(
            lambda: sum(isinstance(g, Asked) and g.operator == name for g in front.given) >= count
        )


def run(story: Any) -> None:
    asyncio.run(asyncio.wait_for(story, 30))


@pytest.mark.parametrize("left", [(), (operator("ann", "viewer"),)])
def test_who_is_removed_or_demoted_is_told_and_shut_out(left: tuple[Operator, ...]) -> None:
    async def story() -> None:
        front = Front()
        await front.start((front.member,))
        front.operators(operator("ann"), operator("bob"))
        ann, bob = await Console.attach(front, "ann"), await Console.attach(front, "bob")
        await heard(front, "ann")
        await heard(front, "bob")
        front.operators(*left, operator("bob"))
        assert await ann.last_word() == "ann is not let in any more with this role"
        await ann.connection.wait_closed()
        assert not bob.connection.is_closed()
        again = [await Console.attach(front, "ann")] if left else []
        for one in (bob, *again):
            one.connection.abort()
        await front.stop()

    run(story())


def test_who_was_removed_between_the_key_and_the_channel_is_not_let_in() -> None:
    async def story() -> None:
        front = Front()
        await front.start((front.member,))
        front.operators(operator("ann"))
        host, port = front.listener.getsockname()
        connection = await asyncssh.connect(
            host, port, username="ann", client_keys=[KEYS["ann"]], known_hosts=None, config=None,
            **ALGORITHMS,
        )  # fmt: skip
        front.operators(operator("bob"))
        with contextlib.suppress(asyncssh.Error, OSError):
            await connection.open_session(subsystem="hanode-console", encoding=None)
        (refused,) = await front.until_said("connection refused")
        assert refused["why"] == "ann is not let in any more"
        await connection.wait_closed()
        await front.stop()

    run(story())


def test_one_operator_leaves_places_for_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "OPERATOR_MAX", 2)

    async def story() -> None:
        front = Front()
        await front.start((front.member,))
        front.operators(operator("ann"), operator("bob"))
        anns = [await Console.attach(front, "ann") for _ in range(3)]
        assert await anns[2].last_word() == "2 consoles of ann already"
        bob = await Console.attach(front, "bob")
        await heard(front, "bob")
        for one in (*anns, bob):
            one.connection.abort()
        await front.stop()

    run(story())


def test_the_folder_trusted_counts_until_the_log_names_operators() -> None:
    gate, ann, bob = Gate("n1"), operator("ann"), operator("bob")
    gate.set((), (), (ann,))
    assert gate.visitor("ann", ann.public) == Visitor("operator", "ann", "admin", ann.public)
    gate.set((), (bob,), (ann,))
    assert gate.visitor("ann", ann.public) is None
    assert gate.visitor("bob", bob.public) is not None


def test_who_is_refused_and_takes_nothing_is_cut_off() -> None:
    """It counts no more among the consoles, so it may keep neither its connection nor what is still
    to be sent."""

    async def story() -> None:
        front = Front()
        await front.start((front.member,))
        front.operators(operator("ann", "viewer"))
        ann = await Console.attach(front, "ann")
        await heard(front, "ann")
        client = front.given[-1].client
        for number in range(4):  # more than it may be sent before it reads
            front.desk.answer(client, Token(number, "x" * 1_000_000))
        ann._writer.write(frame(b"\xc1"))
        await front.connections[0].wait_closed()
        await front.stop()

    run(story())
