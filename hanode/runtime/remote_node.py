"""One remote node: an LRM of its own, whose hands are at the far end of an SSH connection."""

from __future__ import annotations

import asyncio
import dataclasses
import hashlib
import socket
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from hanode import effects, inputs
from hanode.fencing import Fencer
from hanode.local_messages import AttributeWanted
from hanode.lrm import Limits, Lrm
from hanode.lrm.saved import Head, Packer
from hanode.peer_messages import Order
from hanode.ra import Site
from hanode.runtime import attribute_answers
from hanode.runtime.config import Config
from hanode.runtime.far_script import FOLDER, Token
from hanode.runtime.far_tools import FarTools
from hanode.runtime.faults import end_wrong
from hanode.runtime.flight import FlightRecorder
from hanode.runtime.journal import Journal
from hanode.runtime.vault import BadSecret, Vault

if TYPE_CHECKING:
    from hanode.runtime.remote_host import RemoteHost

JOBS = 8
"""Operations at once on one remote node: as many as its sshd takes on one connection."""


class Driver(Protocol):
    """What a remote node needs of its process."""

    journal: Journal
    vault: Vault

    def tell(self, message: Any) -> None: ...
    def unfit(self, effect: effects.Spawn) -> inputs.SpawnFailed | None: ...


class RemoteNode:
    """One remote node: its LRM, and the connection by which it acts."""

    def __init__(self, name: str, driver: Driver, config: Config, boot: int, token: Token) -> None:
        self.name = name
        self._driver = driver
        self._boot = boot
        self._timer: asyncio.TimerHandle | None = None
        self._ended = False
        self._recorder = FlightRecorder(config.state, f"remote-{_short(name)}")
        self.host: RemoteHost | None = None
        first = token.first_number
        table = Packer().pack([Head(name, boot, 1, first, first)]) or b""
        site = Site(name, FOLDER, rsctmp="/run/resource-agents", packaged=FOLDER)
        limits = Limits(jobs=JOBS, intent_first=True)
        self._core = Lrm(
            site, boot, 1, Fencer(site, 0), term=token.term, table=table, limits=limits
        )

        self._door = Path(config.run) / f"far-{_short(name)}.sock"
        here = Site(name, str(config.run), python=sys.executable, config=str(config.path))
        asked = {"HANODE_ATTR_SOCKET": str(self._door), "HANODE_REMOTE": name}
        self._tools = FarTools(here, asked)
        self._socket: asyncio.BaseTransport | None = None

    async def begin(self) -> None:
        self._door.unlink(missing_ok=True)
        loop = asyncio.get_running_loop()
        self._socket, _ = await loop.create_datagram_endpoint(
            lambda: _Attributes(self), local_addr=str(self._door), family=socket.AF_UNIX
        )
        self._door.chmod(0o600)
        self.feed(inputs.WallClock(time.time()))

    async def asked(self, question: str) -> str:
        """An agent over there calls one of our tools."""
        return await self._tools.answer(question)

    def set_attribute(self, name: str, value: str | None, delay: float) -> None:
        self.feed(inputs.AttributeSaid(name, value, delay))

    def attribute(self, name: str) -> str | None:
        return self._core.attributes.get(name)

    def order(self, order: Order) -> None:
        mine = dataclasses.replace(order, node=self.name, boot=self._boot, remote="")
        self.feed(inputs.LocalSaid(mine))

    def feed(self, news: Any) -> None:
        if self._ended:
            return  # it was on its way: of a process over there, or a timer's
        loop = asyncio.get_running_loop()
        try:
            for effect in self._recorder.step(self._core, news, loop.time()):
                self._do(effect)
        except Exception as error:  # whoever fed it may not swallow that
            end_wrong(self._driver.journal, error, self._recorder)
        if self._timer is not None:
            self._timer.cancel()
        at = self._core.deadline()
        self._timer = None if at is None else loop.call_at(at, self.feed, inputs.Wake())

    async def end(self) -> None:
        """The connection is over: what is under way ends without a result."""
        self._ended = True
        if self._timer is not None:
            self._timer.cancel()
        if self.host is not None:
            await self.host.close()
        if self._socket is not None:
            self._socket.close()

    def _do(self, effect: Any) -> None:
        match effect:
            case effects.TellCrm(AttributeWanted() as wanted):
                self._driver.tell(dataclasses.replace(wanted, remote=self.name))
            case effects.TellCrm(message):
                self._driver.tell(message)
            case effects.Spawn():
                self._spawn(effect)
            case effects.Kill(token, hard) if self.host is not None:
                self.host.kill(token, hard)
            case effects.KillResource(resource) if self.host is not None:
                self.host.kill_marked("HANODE_RESOURCE", f"{FOLDER}:{resource}")
            case effects.WriteTerm(term):  # the far end keeps it, with the token
                asyncio.get_running_loop().call_soon(self.feed, inputs.TermWritten(term, True))
            case effects.Say(level, text, details):
                self._driver.journal.say(level, f"{self.name}: {text}", details)

    def _spawn(self, effect: effects.Spawn) -> None:
        """Refusals come back as inputs of their own, never in the midst of a step."""
        problem = self._driver.unfit(effect)
        if problem is None and (self.host is None or not self.host.alive):
            reason = f"{self.name} is not connected"
            problem = inputs.SpawnFailed(effect.token, False, reason)
        if problem is None:
            try:
                opened, hidden = self._driver.vault.open(effect)
            except BadSecret as bad:
                problem = inputs.SpawnFailed(effect.token, True, str(bad))
        if problem is not None:
            asyncio.get_running_loop().call_soon(self.feed, problem)
            return
        assert self.host is not None
        self.host.spawn(opened, hidden)


def _short(name: str) -> str:
    """A name that fits a socket's path."""
    return hashlib.blake2s(name.encode(), digest_size=6).hexdigest()


class _Attributes(asyncio.DatagramProtocol):
    """The socket on which our tools say what agents over there set."""

    def __init__(self, node: RemoteNode) -> None:
        self._node = node
        self._transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, sender: Any) -> None:
        said = attribute_answers.answer(data, self._node.set_attribute, self._node.attribute)
        if sender:
            self._transport.sendto(said, sender)
