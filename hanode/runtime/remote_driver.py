"""The remote process: an LRM for each remote node whose connection runs here, its hands over SSH.

The connection itself is a resource (ocf:pacemaker:remote), whose agent asks for it on a socket of
its own. Orders for a remote node's resources come from the crm, as those for the lrm do.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hanode import effects, inputs
from hanode.local_messages import AttributeWanted, Finished, Noted, Refused, TakeTerm
from hanode.peer_messages import Order
from hanode.runtime import checked, faults, keys, loop_threads
from hanode.runtime.aside import JournalAside
from hanode.runtime.config import Config, ConfigError
from hanode.runtime.far_script import token_of
from hanode.runtime.journal import Journal
from hanode.runtime.lease import LeaseReader
from hanode.runtime.local_line import LocalLine
from hanode.runtime.remote_node import RemoteNode
from hanode.runtime.vault import Vault

if TYPE_CHECKING:
    from hanode.runtime.remote import Doors

TOLD = (Finished, Refused, AttributeWanted)
"""Of what an LRM says, what concerns the crm here."""


class Driver:
    def __init__(self, config: Config, boot: int, journal: Journal) -> None:
        self.journal = journal
        self.vault = Vault(config.path.parent / "secrets", config.identity)
        self._config = config
        self._boot = boot
        self._seed = keys.load(config.identity).host_seed
        self._lease = LeaseReader(config.run / "lease")
        self._remotes: dict[str, RemoteNode] = {}
        self._attempts: dict[str, asyncio.Task[dict[str, Any]]] = {}
        """Connections that are being made, by the remote node's name."""
        self._line: LocalLine | None = None

    async def run(self, doors: Doors) -> None:
        """Until the process is ended."""
        loop = asyncio.get_running_loop()
        await loop.create_unix_server(self._crm_end, sock=doors.orders)
        if doors.crm is not None:
            await loop.connect_accepted_socket(self._crm_end, doors.crm)
        door = await asyncio.start_unix_server(self._asked, sock=doors.agents)
        self.journal.info("ready")
        await door.serve_forever()

    # ---------------------------------------------------------------------------------- the crm

    def _crm_end(self) -> LocalLine:
        return LocalLine(self._connected, self._heard, _alone)

    def _connected(self, line: LocalLine) -> None:
        if self._line is not None:
            self._line.end("a newer connection took its place")
        self._line = line
        for remote in self._remotes.values():
            remote.feed(inputs.CrmConnected())

    def _heard(self, message: Any) -> None:
        if isinstance(message, Order):
            self._order(message)
        elif isinstance(message, (Noted, TakeTerm)):
            for name, remote in self._remotes.items():
                if isinstance(message, TakeTerm) or message.remote == name:
                    remote.feed(inputs.LocalSaid(message))

    def tell(self, message: Any) -> None:
        if self._line is not None and isinstance(message, TOLD):
            self._line.send(message)

    def unfit(self, effect: effects.Spawn) -> inputs.SpawnFailed | None:
        """Without the quorum lease, nothing is started on a remote node either."""
        if not effect.lease_checked or self._lease.until() > time.monotonic():
            return None
        reason = "this node's quorum lease is over: it starts, promotes and migrates nothing"
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
            return await self._attempt(name, question)
        if action == "stop":
            await self._end_attempt(name)
            remote = self._remotes.pop(name, None)
            if remote is not None:
                await remote.end()
            return {"rc": 0}
        remote = self._remotes.get(name)
        if remote is None:
            return {"rc": 7}
        alive = remote.host is not None and remote.host.alive
        return {"rc": 0} if alive else {"rc": 1, "reason": f"the connection to {name} broke"}

    async def _attempt(self, name: str, question: dict[str, str]) -> dict[str, Any]:
        """Connect, unless it is stopped, or started anew, meanwhile."""
        await self._end_attempt(name)
        attempt = asyncio.create_task(self._connect(name, question))
        self._attempts[name] = attempt
        try:
            await asyncio.wait([attempt])
            if attempt.cancelled():
                return {"rc": 1, "reason": f"the connection to {name} was stopped as it was made"}
            return attempt.result()
        finally:
            if self._attempts.get(name) is attempt:
                del self._attempts[name]

    async def _end_attempt(self, name: str) -> None:
        while (attempt := self._attempts.get(name)) is not None and not attempt.done():
            attempt.cancel()
            await asyncio.wait([attempt])

    async def _connect(self, name: str, question: dict[str, str]) -> dict[str, Any]:
        from hanode.runtime.remote_host import CantReach, RemoteHost, Where

        token = token_of(question["order"])
        if token is None:
            return {"rc": 1, "reason": f"{question['order']!r} is no order of a DC"}
        where = Where(
            question["server"], int(question["port"]), question["user"], question["host_key"]
        )
        remote = RemoteNode(name, self, self._config, self._boot, token)
        try:
            remote.host = await RemoteHost.connect(
                where, self._seed, token, remote.feed, remote.asked
            )
        except CantReach as error:
            return {"rc": 1, "reason": str(error)}
        former, self._remotes[name] = self._remotes.get(name), remote
        if former is not None:
            await former.end()
        await remote.begin()
        self.journal.info("connected", remote=name, host=where.host)
        return {"rc": 0}


def _alone(reason: str) -> None:
    """Without its crm this process goes on; what counts is said again when it is back."""


def main(argv: list[str], doors: Doors) -> int:
    """The process, now that there is something to do."""
    parser = argparse.ArgumentParser(prog="hanode.runtime.remote")
    checked.add_options(parser)
    parser.add_argument("--run", type=Path, required=True)
    given = parser.parse_args(argv)
    journal = JournalAside("remote")
    try:
        config = checked.configuration(given)
        asyncio.run(_run(config, given.boot, journal, doors))
    except (ConfigError, keys.BadIdentity) as error:
        journal.error(str(error))
        return os.EX_CONFIG
    finally:
        journal.finish()
    return 0


async def _run(config: Config, boot: int, journal: Journal, doors: Doors) -> None:
    faults.watch(asyncio.get_running_loop(), journal)
    loop_threads.spare(asyncio.get_running_loop())
    await Driver(config, boot, journal).run(doors)
