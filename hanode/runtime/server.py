"""The SSH server of a node: members' streams, operators' consoles, newcomers with a token.

Public keys only; a visitor gets the one subsystem that is for it and nothing else: no shell, no
command, no terminal, no forwarding, no agent, no files. Strangers cost one log line and a socket
for a few seconds at most.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from typing import Any

from hanode.runtime.gate import Gate, Visitor
from hanode.runtime.journal import Journal
from hanode.runtime.ssh import (
    ALGORITHMS,
    CONSOLE_SUBSYSTEM,
    KEEPALIVE,
    PEER_SUBSYSTEM,
    LineSession,
    ServerSession,
    private_key,
    public_bytes,
)
from hanode.runtime.sshlib import asyncssh

LOGIN_LIMIT = 10
"""Seconds in which a connection must have proved who it is, and then have opened its channel."""
STRANGERS_MAX = 64
"""Connections that have not proved anything yet; for one more, the oldest goes."""
ORIGIN_MAX = 8
"""So many of them from one address, unless it is a member's."""
MEMBER_MAX = 32
"""So many of them from a member's address, where others may be at home, too; for one more, the
oldest of these goes: a member takes no time to prove itself."""
NEWCOMERS_MAX, NEWCOMER_LIMIT = 32, 30
"""So many connections at once of those who say that they have a token, which anybody may (and all
of a large cluster may do together); after so many seconds each is over."""
SAID_MAX, SAID_IN = 20, 10.0
"""So many refused connections are told of one by one in so many seconds."""

Admit = Callable[[Visitor, LineSession], None]
"""Told each channel that is ready to speak, and who is at its other end."""


class Door:
    """All connections of one node's SSH server."""

    def __init__(self, gate: Gate, admit: Admit, journal: Journal) -> None:
        self.gate = gate
        self.admit = admit
        self.journal = journal
        self._strangers: dict[Reception, str] = {}
        """By age, each with the address that it comes from."""
        self.newcomers = 0
        self._said = 0
        self._unsaid = 0
        self._said_since = float("-inf")

    def received(self, stranger: Reception, address: str) -> str:
        """One more who has proved nothing yet. Answers why it can't stay, if it can't."""
        alike = [other for other, origin in self._strangers.items() if origin == address]
        if self.gate.is_members(address):
            if len(alike) >= MEMBER_MAX:
                alike[0].make_room(f"more than {MEMBER_MAX} strangers from {address} at once")
        else:
            if len(alike) >= ORIGIN_MAX:
                return f"more than {ORIGIN_MAX} strangers from {address} at once"
            others = [
                s for s, origin in self._strangers.items() if not self.gate.is_members(origin)
            ]
            if len(others) >= STRANGERS_MAX:
                others[0].make_room(f"more than {STRANGERS_MAX} strangers at once")
        self._strangers[stranger] = address
        return ""

    def known(self, stranger: Reception) -> None:
        """It has proved who it is, or is gone."""
        self._strangers.pop(stranger, None)

    def refused(self, origin: str, why: str) -> None:
        """A line for the log; of a flood, a few and their number."""
        now = asyncio.get_running_loop().time()
        if now >= self._said_since + SAID_IN:
            if self._unsaid:
                self.journal.warning("more connections refused", count=self._unsaid)
            self._said, self._unsaid, self._said_since = 0, 0, now
        self._said += 1
        if self._said <= SAID_MAX:
            self.journal.warning("connection refused", from_=origin, why=why)
        else:
            self._unsaid += 1

    async def listen(self, listener: socket.socket, host_seed: bytes) -> asyncssh.SSHAcceptor:
        """Serve on a bound socket."""
        return await asyncssh.listen(
            sock=listener,
            config=None,
            server_factory=lambda: Reception(self),
            server_host_keys=[private_key(host_seed)],
            x509_trusted_certs=None,
            public_key_auth=True,
            host_based_auth=False,
            password_auth=False,
            kbdint_auth=False,
            gss_host=None,
            allow_pty=False,
            x11_forwarding=False,
            agent_forwarding=False,
            sftp_factory=None,
            allow_scp=False,
            line_editor=False,
            encoding=None,
            login_timeout=LOGIN_LIMIT,
            keepalive_interval=KEEPALIVE,
            server_version="hanode",
            **ALGORITHMS,
        )


class Reception(asyncssh.SSHServer):
    """One incoming connection."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._visitor: Visitor | None = None
        self._connection: asyncssh.SSHServerConnection | None = None
        self._newcomer = False
        self._used = False
        self._from = "?"
        self._why = ""
        self._limit: asyncio.TimerHandle | None = None

    def connection_made(self, connection: asyncssh.SSHServerConnection) -> None:
        self._connection = connection
        peer = connection.get_extra_info("peername") or ("?", 0)
        self._from = f"{peer[0]}:{peer[1]}"
        self._why = self._door.received(self, str(peer[0]))
        if self._why:
            connection.abort()

    def make_room(self, why: str) -> None:
        """Others wait, and this one has proved nothing so far."""
        self._door.known(self)
        self._end(why)

    def connection_lost(self, error: Exception | None) -> None:
        self._door.known(self)
        if self._newcomer:
            self._door.newcomers -= 1
        if self._limit is not None:
            self._limit.cancel()
        if self._visitor is None or self._why:
            why = self._why or (str(error) if error else "left without proving who it is")
            self._door.refused(self._from, why)

    def begin_auth(self, username: str) -> bool:
        return True

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        raw = public_bytes(key)
        self._visitor = self._door.gate.visitor(username, raw) if raw is not None else None
        if self._visitor is None:
            self._why = f"a key that is no member's and no operator's, as user {username!r:.40}"
        else:
            self._why = ""
        return self._visitor is not None

    def auth_completed(self) -> None:
        self._door.known(self)
        if self._visitor is not None and self._visitor.kind == "join":
            self._newcomer = True
            self._door.newcomers += 1
            self._end_after(NEWCOMER_LIMIT, f"has not joined within {NEWCOMER_LIMIT} s")
        else:
            self._end_after(LOGIN_LIMIT, f"no channel opened within {LOGIN_LIMIT} s")
        if self._door.newcomers > NEWCOMERS_MAX and self._newcomer:
            self._end_after(0.0, f"more than {NEWCOMERS_MAX} newcomers at once")

    def session_requested(self) -> Any:
        if self._used or self._visitor is None:
            return False
        self._used = True
        subsystem = PEER_SUBSYSTEM if self._visitor.kind == "peer" else CONSOLE_SUBSYSTEM
        return ServerSession(subsystem, self._opened)

    def _opened(self, session: LineSession) -> None:
        if self._limit is not None and not self._newcomer:
            self._limit.cancel()
        assert self._visitor is not None
        if self._door.gate.still(self._visitor):
            self._door.admit(self._visitor, session)
        else:
            self._end(f"{self._visitor.name} is not let in any more")

    def _end_after(self, seconds: float, why: str) -> None:
        if self._limit is not None:
            self._limit.cancel()
        self._limit = asyncio.get_running_loop().call_later(seconds, self._end, why)

    def _end(self, why: str) -> None:
        self._why = why
        if self._connection is not None:
            self._connection.abort()
