"""Consoles and commands that are attached to this node, by its Unix socket or by SSH.

Each is a client of the node core under a name of its own. One that does not read what it is sent is
cut off: it attaches again and gets a fresh picture; it never holds the node.
"""

from __future__ import annotations

import asyncio
import os
import pwd
import socket
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hanode.codec import LIMIT, Garbled
from hanode.inputs import Asked, ClientGone
from hanode.mgmt.protocol import ANSWERS, REQUESTS, Denied, Enrol, Hello
from hanode.runtime.gate import Gate, Visitor
from hanode.runtime.journal import Journal
from hanode.runtime.lines import Line
from hanode.runtime.screening import screen
from hanode.runtime.ssh import LineSession
from hanode.settings import CONSOLE_QUEUE

CLIENTS_MAX, SESSIONS_MAX, OPERATOR_MAX = 64, 48, 16
"""In all; by SSH, so that whoever is on the node itself finds a place; by SSH with one key, so that
other operators do."""
LAST_WORD = 0.5
"""Seconds for one whose session is ended to be told why, before its connection is cut: it counts no
more, so it may keep nothing of ours."""
REQUEST_MAX = LIMIT
"""Bytes of a request (a whole configuration is the longest)."""
ENROLMENT_MAX = 64 * 1024
"""The same for one who is a stranger until a token is shown."""
BACKLOG_MAX = max(2 * LIMIT, CONSOLE_QUEUE * 4096)
"""Bytes that a console may lag behind: a snapshot, or some CONSOLE_QUEUE frames."""


class Consoles:
    """The clients, by name."""

    def __init__(self, feed: Callable[[Any], None], journal: Journal) -> None:
        self._feed = feed
        self._journal = journal
        self._clients: dict[str, Line] = {}
        self._sessions: dict[str, Visitor] = {}
        """Those of them that came by SSH, with a key."""
        self._count = 0

    def admit_session(self, visitor: Visitor, session: LineSession) -> None:
        """An SSH channel that is open: an operator's, or a newcomer's."""
        session.line = self.admit(visitor, session.channel, SESSIONS_MAX, session.hang_up)
        if visitor.key and session.line.open:
            self._sessions[f"c{self._count}"] = visitor

    def look_again(self, gate: Gate) -> None:
        """The gate has other members and operators: who is not, or may not, as when let in, is shut
        out, and may come again as who it is now."""
        for client, visitor in list(self._sessions.items()):
            if not gate.still(visitor):
                self.close_client(client, f"{visitor.name} is not let in any more with this role")

    def admit(
        self,
        visitor: Visitor,
        wire: Any,
        places: int = CLIENTS_MAX,
        hang_up: Callable[[], None] | None = None,
    ) -> Line:
        """A new client on this transport; `hang_up` ends what carries it, if that is more."""
        self._count += 1
        client = f"c{self._count}"

        def lost(reason: str) -> None:
            self._lost(client, visitor, reason)
            asyncio.get_running_loop().call_later(LAST_WORD, hang_up or wire.abort)

        line = Line(
            wire,
            lambda body: self._said(client, visitor, body),
            lost,
            ENROLMENT_MAX if visitor.kind == "join" else REQUEST_MAX,
            BACKLOG_MAX,
        )
        if full := self._full(visitor, places):
            line.send(ANSWERS.pack(Denied(0, "unavailable", full)))
            line.end("too many consoles")
            return line
        self._clients[client] = line
        self._journal.info("console attached", client=client, who=visitor.name or visitor.kind)
        return line

    def _full(self, visitor: Visitor, places: int) -> str:
        """Why there is no place for one more; empty: there is one."""
        if len(self._clients) >= places:
            return f"{places} consoles already"
        held = sum(other.key == visitor.key for other in self._sessions.values())
        return f"{held} consoles of {visitor.name} already" if held >= OPERATOR_MAX else ""

    def answer(self, client: str, message: Any) -> None:
        """Send a client what the node says."""
        line = self._clients.get(client)
        if line is not None:
            line.send(ANSWERS.pack(message))

    def close_client(self, client: str, reason: str) -> None:
        """The node ends a client's connection."""
        line = self._clients.get(client)
        if line is not None:
            line.send(ANSWERS.pack(Denied(0, "unavailable", reason)))
            line.end(reason)

    def close(self) -> None:
        for client in list(self._clients):
            self.close_client(client, "this node's hanode ends")

    def _said(self, client: str, visitor: Visitor, body: bytes) -> None:
        try:
            screen(body)
            request = REQUESTS.unpack(body)
        except Garbled as error:
            self._refuse(client, visitor, "invalid", f"not a request: {error}")
            return
        if visitor.kind == "join" and not isinstance(request, Hello | Enrol):
            self._refuse(client, visitor, "forbidden", "with a token one may enrol, only that")
            return
        self._feed(Asked(client, visitor.name, visitor.role, request))

    def _refuse(self, client: str, visitor: Visitor, code: str, message: str) -> None:
        who = visitor.name or visitor.kind
        self._journal.warning("bad request", client=client, who=who, why=message)
        line = self._clients.get(client)
        if line is not None:
            line.send(ANSWERS.pack(Denied(0, code, message)))
            line.end(message)

    def _lost(self, client: str, visitor: Visitor, reason: str) -> None:
        self._sessions.pop(client, None)
        if self._clients.pop(client, None) is not None:
            who = visitor.name or visitor.kind
            self._journal.info("console gone", client=client, who=who, why=reason)
            self._feed(ClientGone(client))


# -------------------------------------------------------------------------- the node's own socket


def bind_local(path: Path) -> socket.socket:
    """The node's own socket, for root and whoever the node runs as. Raises OSError."""
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        listener.bind(str(path))
    finally:
        os.umask(before)
    return listener


async def listen_local(
    listener: socket.socket, consoles: Consoles, journal: Journal
) -> asyncio.Server:
    """Serve consoles on the node itself."""
    loop = asyncio.get_running_loop()
    return await loop.create_unix_server(lambda: LocalConsole(consoles, journal), sock=listener)


class LocalConsole(asyncio.Protocol):
    """One connection on the Unix socket; the kernel says whose it is."""

    def __init__(self, consoles: Consoles, journal: Journal) -> None:
        self._consoles = consoles
        self._journal = journal
        self._line: Line | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        uid = peer_uid(transport.get_extra_info("socket"))
        if uid not in (0, os.getuid()):
            self._journal.warning("console refused", why=f"it runs as user {uid}")
            assert isinstance(transport, asyncio.Transport)
            transport.abort()
            return
        self._line = self._consoles.admit(Visitor("operator", _user(uid), "admin"), transport)

    def data_received(self, data: bytes) -> None:
        if self._line is not None:
            self._line.received(data)

    def connection_lost(self, error: Exception | None) -> None:
        if self._line is not None:
            self._line.gone(str(error) if error else "closed by the other end")


def peer_uid(connection: socket.socket) -> int:
    """Who is at the other end of a Unix socket."""
    data = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    return int(struct.unpack("3i", data)[1])


def _user(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
