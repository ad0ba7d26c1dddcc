"""Two members of a small cluster on loopback, for tests of what lies between them."""

from __future__ import annotations

import asyncio
import random
import socket
from typing import Any

from hanode.events import Member
from hanode.runtime import keys
from hanode.runtime.gate import Gate, Visitor
from hanode.runtime.journal import Journal
from hanode.runtime.peers import Peers
from hanode.runtime.server import Door
from hanode.runtime.ssh import LineSession

CLUSTER = bytes(16)


def make_secrets(n: int) -> keys.Secrets:
    return keys.Secrets(bytes([n]) * 32, bytes([n + 50]) * 32, bytes([n + 100]) * 32)


def listening(host: str = "127.0.0.1") -> socket.socket:
    bound = socket.socket()
    bound.bind((host, 0))
    bound.listen()
    return bound


class Lines(Journal):
    """A journal that one can ask."""

    def __init__(self) -> None:
        super().__init__("test")
        self.said: list[tuple[str, str, dict[str, Any]]] = []
        self.heard: Any = lambda: None

    def say(self, level: str, text: str, details: Any = None) -> None:
        self.said.append((level, text, dict(details or {})))
        self.heard()


class End:
    """One member: SSH server, streams, and everything that its node would be told."""

    def __init__(self, name: str, number: int) -> None:
        self.name = name
        self.secrets = make_secrets(number)
        self.listener = listening()
        host, port = self.listener.getsockname()
        self.member = keys.member(self.secrets, name, number, "data", (), f"{host}:{port}", CLUSTER)
        self.journal = Lines()
        self.given: list[Any] = []
        self.news = asyncio.Condition()
        self.journal.heard = self._notify
        self.consoles: list[tuple[Visitor, LineSession]] = []
        self.gate = Gate(name)
        self.peers = Peers(name, self.secrets.host_seed, self.feed, self.journal, random.Random(1))
        self.server: Any = None

    async def start(self, members: tuple[Member, ...]) -> None:
        self.gate.set(members, ())
        door = Door(self.gate, self.admit, self.journal)
        self.server = await door.listen(self.listener, self.secrets.host_seed)
        self.peers.set_members(members)

    def feed(self, given: Any) -> None:
        self.given.append(given)
        self._notify()

    def _notify(self) -> None:
        asyncio.get_running_loop().create_task(self._tell())

    async def _tell(self) -> None:
        async with self.news:
            self.news.notify_all()

    def admit(self, visitor: Visitor, session: LineSession) -> None:
        if visitor.kind == "peer":
            self.peers.admit(visitor.name, session)
        else:
            self.consoles.append((visitor, session))

    async def until(self, given: Any, count: int = 1) -> None:
        """Wait until the node was told this, so many times."""
        async with self.news:
            await self.news.wait_for(lambda: self.given.count(given) >= count)

    async def until_said(self, text: str, count: int = 1) -> list[dict[str, Any]]:
        """Wait until the log has so many lines with these words; their details."""
        async with self.news:
            await self.news.wait_for(lambda: len(self._lines(text)) >= count)
        return self._lines(text)

    def _lines(self, text: str) -> list[dict[str, Any]]:
        return [details for _, words, details in self.journal.said if words == text]

    async def stop(self) -> None:
        self.peers.close()
        self.server.close()
        await self.server.wait_closed()
