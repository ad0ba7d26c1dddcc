"""The remote process: an LRM for each remote node whose connection runs here, its hands over SSH.

The connection itself is a resource (ocf:pacemaker:remote), whose agent asks for it on a socket of
its own. Orders for a remote node's resources come from the crm, as those for the lrm do.
"""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hanode import effects, inputs
from hanode.codec import LIMIT, Garbled
from hanode.fencing import Fencer
from hanode.lrm import Limits, Lrm
from hanode.lrm.saved import Head, Packer
from hanode.messages import LOCAL, AttributeWanted, Finished, Noted, Order, Refused, TakeTerm
from hanode.ra import Site
from hanode.runtime import keys
from hanode.runtime.config import Config, ConfigError, load
from hanode.runtime.far_script import FOLDER, Token, token_of
from hanode.runtime.journal import Journal
from hanode.runtime.lease import LeaseReader
from hanode.runtime.lines import Line
from hanode.runtime.vault import BadSecret, Vault

if TYPE_CHECKING:
    from hanode.runtime.remote import Doors
    from hanode.runtime.remote_host import RemoteHost

EX_CONFIG = 78
JOBS = 8
"""Operations at once on one remote node: as many as its sshd takes on one connection."""
TOLD = (Finished, Refused)
"""Of what an LRM says, what concerns the crm here."""


class Remote:
    """One remote node: its LRM, and the connection by which it acts."""

    def __init__(self, name: str, driver: Driver, boot: int, token: Token) -> None:
        self.name = name
        self._driver = driver
        self._boot = boot
        self._timer: asyncio.TimerHandle | None = None
        self.host: RemoteHost | None = None
        first = token.first_number
        table = Packer().pack([Head(name, boot, 1, first, first)]) or b""
        site = Site(name, FOLDER, rsctmp="/run/resource-agents")
        limits = Limits(jobs=JOBS)
        self._core = Lrm(
            site, boot, 1, Fencer(site, 0), term=token.term, table=table, limits=limits
        )

    def begin(self) -> None:
        self.feed(inputs.WallClock(time.time()))

    def order(self, order: Order) -> None:
        mine = dataclasses.replace(order, node=self.name, boot=self._boot, remote="")
        self.feed(inputs.LocalSaid(mine))

    def feed(self, news: Any) -> None:
        loop = asyncio.get_running_loop()
        for effect in self._core.step(news, loop.time()):
            self._do(effect)
        if self._timer is not None:
            self._timer.cancel()
        at = self._core.deadline()
        self._timer = None if at is None else loop.call_at(at, self.feed, inputs.Wake())

    async def end(self) -> None:
        """The connection is over: what is under way ends without a result."""
        if self.host is not None:
            await self.host.close()

    def _do(self, effect: Any) -> None:
        match effect:
            case effects.TellCrm(message):
                self._driver.tell(message)
            case effects.Spawn():
                self._spawn(effect)
            case effects.Kill(token, hard) if self.host is not None:
                self.host.kill(token, hard)
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


class Driver:
    def __init__(self, config: Config, boot: int, journal: Journal) -> None:
        self.journal = journal
        self.vault = Vault(config.path.parent / "secrets")
        self._config = config
        self._boot = boot
        self._seed = keys.load(config.identity).host_seed
        self._lease = LeaseReader(config.run / "lease")
        self._remotes: dict[str, Remote] = {}
        self._line: Line | None = None

    async def run(self, doors: Doors) -> None:
        """Until the process is ended."""
        loop = asyncio.get_running_loop()
        await loop.create_unix_server(lambda: _CrmEnd(self), sock=doors.orders)
        if doors.crm is not None:
            await loop.connect_accepted_socket(lambda: _CrmEnd(self), doors.crm)
        door = await asyncio.start_unix_server(self._asked, sock=doors.agents)
        self.journal.info("ready")
        await door.serve_forever()

    # ---------------------------------------------------------------------------------- the crm

    def connected(self, line: Line) -> None:
        if self._line is not None:
            self._line.end("a newer connection took its place", hard=True)
        self._line = line
        for remote in self._remotes.values():
            remote.feed(inputs.CrmConnected())

    def heard(self, body: bytes) -> None:
        try:
            message = LOCAL.unpack(body)
        except Garbled as error:
            self.journal.error("the crm speaks nonsense", what=error)
            return
        if isinstance(message, Order):
            self._order(message)
        elif isinstance(message, (Noted, TakeTerm)):
            for remote in self._remotes.values():
                remote.feed(inputs.LocalSaid(message))

    def tell(self, message: Any) -> None:
        if self._line is not None and isinstance(message, TOLD):
            self._line.send(LOCAL.pack(message))
        elif isinstance(message, AttributeWanted):
            self.journal.warning("attributes of remote nodes can't be set", name=message.name)

    def unfit(self, effect: effects.Spawn) -> inputs.SpawnFailed | None:
        """Without the quorum lease, nothing is started on a remote node either."""
        if not effect.lease_checked or self._lease.until() > time.monotonic():
            return None
        reason = "this node's quorum lease is over: it starts and promotes nothing"
        return inputs.SpawnFailed(effect.token, False, reason, no_lease=True)

    def _order(self, order: Order) -> None:
        remote = self._remotes.get(order.remote)
        if remote is None:
            self.tell(Refused(order.id, f"{order.remote} is not connected to this node"))
        else:
            remote.order(order)

    # -------------------------------------------------------------------- the connection's agent

    async def _asked(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One question, one answer."""
        try:
            question = json.loads(await reader.readline())
            answer = await self._answer(question)
        except (ValueError, KeyError, TypeError, OSError) as error:
            answer = {"rc": 1, "reason": f"not understood: {error}"}
        writer.write(json.dumps(answer).encode() + b"\n")
        writer.close()

    async def _answer(self, question: dict[str, str]) -> dict[str, Any]:
        name, action = question["node"], question["action"]
        if action == "start":
            return await self._connect(name, question)
        if action == "stop":
            remote = self._remotes.pop(name, None)
            if remote is not None:
                await remote.end()
            return {"rc": 0}
        remote = self._remotes.get(name)
        if remote is None:
            return {"rc": 7}
        alive = remote.host is not None and remote.host.alive
        return {"rc": 0} if alive else {"rc": 1, "reason": f"the connection to {name} broke"}

    async def _connect(self, name: str, question: dict[str, str]) -> dict[str, Any]:
        from hanode.runtime.remote_host import CantReach, RemoteHost, Where

        token = token_of(question["order"])
        if token is None:
            return {"rc": 1, "reason": f"{question['order']!r} is no order of a DC"}
        where = Where(
            question["server"], int(question["port"]), question["user"], question["host_key"]
        )
        remote = Remote(name, self, self._boot, token)
        try:
            remote.host = await RemoteHost.connect(where, self._seed, token, remote.feed)
        except CantReach as error:
            return {"rc": 1, "reason": str(error)}
        former, self._remotes[name] = self._remotes.get(name), remote
        if former is not None:
            await former.end()
        remote.begin()
        self.journal.info("connected", remote=name, host=where.host)
        return {"rc": 0}


class _CrmEnd(asyncio.Protocol):
    """The socket on which the crm gives orders."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self._line: Line | None = None

    def connection_made(self, transport: Any) -> None:
        self._line = Line(transport, self._driver.heard, lambda _: None, LIMIT, 2 * LIMIT)
        self._driver.connected(self._line)

    def data_received(self, data: bytes) -> None:
        if self._line is not None:
            self._line.received(data)

    def connection_lost(self, error: Exception | None) -> None:
        if self._line is not None:
            self._line.gone(str(error) if error else "it is gone")


def main(argv: list[str], doors: Doors) -> int:
    """The process, now that there is something to do."""
    parser = argparse.ArgumentParser(prog="hanode.runtime.remote")
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--boot", type=int, required=True)
    parser.add_argument("--life", type=int, default=1)
    parser.add_argument("--run", type=Path, required=True)
    given = parser.parse_args(argv)
    journal = Journal("remote")
    try:
        config = load(given.config)
        asyncio.run(_run(config, given.boot, journal, doors))
    except (ConfigError, keys.BadIdentity) as error:
        journal.error(str(error))
        return EX_CONFIG
    return 0


async def _run(config: Config, boot: int, journal: Journal, doors: Doors) -> None:
    await Driver(config, boot, journal).run(doors)
