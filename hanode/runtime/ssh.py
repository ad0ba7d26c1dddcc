"""How we speak SSH: keys from our seeds, few fast algorithms, channels that carry lines."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from hanode.runtime.lines import Line
from hanode.runtime.sshlib import asyncssh
from hanode.runtime.trusted import parse_public_key, public_key_line

PEER_SUBSYSTEM = "hanode-peer"
CONSOLE_SUBSYSTEM = "hanode-console"
JOIN_USER = "join"

ALGORITHMS: dict[str, Any] = {
    "kex_algs": ["curve25519-sha256", "curve25519-sha256@libssh.org"],
    # AES in hardware beats ChaCha20 in Python's libraries for our short messages.
    "encryption_algs": ["aes128-gcm@openssh.com", "chacha20-poly1305@openssh.com"],
    # Unused with these ciphers; the library wants one.
    "mac_algs": ["hmac-sha2-256-etm@openssh.com"],
    "compression_algs": ["none"],
    "signature_algs": ["ssh-ed25519"],
}
DIALLING: dict[str, Any] = {
    "config": None, "agent_path": None, "gss_host": None, "x509_trusted_certs": None,
    "preferred_auth": "publickey", "server_host_key_algs": ["ssh-ed25519"],
    "client_version": "hanode", **ALGORITHMS,
}  # fmt: skip
"""As a client: the key that we name and the host key that we expect, nothing of the user's."""
KEEPALIVE = 2
"""Seconds of silence after which an SSH connection is asked whether it lives; three times."""

_PKCS8_ED25519 = bytes.fromhex("302e020100300506032b657004220420")
"""PKCS #8 (RFC 8410) before the 32 bytes of an Ed25519 seed."""


def quiet() -> None:
    """The library's own log is not the operator's."""
    logging.getLogger("asyncssh").setLevel(logging.CRITICAL)


def private_key(seed: bytes) -> asyncssh.SSHKey:
    """An Ed25519 SSH key from its seed."""
    return asyncssh.import_private_key(_PKCS8_ED25519 + seed)


def public_key(public: bytes) -> asyncssh.SSHKey:
    """An SSH public key from its 32 bytes."""
    return asyncssh.import_public_key(public_key_line(public))


def public_bytes(key: asyncssh.SSHKey) -> bytes | None:
    """The 32 bytes of an Ed25519 key; None for keys of another kind."""
    try:
        return parse_public_key(key.export_public_key("openssh").decode("ascii"))
    except (ValueError, asyncssh.KeyExportError):
        return None


class LineSession:
    """One SSH channel as a line: tells `opened` once it is ready, then works as `line`."""

    def __init__(self, opened: Callable[[LineSession], None]) -> None:
        self._opened = opened
        self._channel: Any = None
        self._connection: Any = None
        self.line: Line | None = None

    @property
    def channel(self) -> Any:
        return self._channel

    def hang_up(self) -> None:
        """End the whole connection, at once."""
        self._connection.abort()

    def connection_made(self, channel: Any) -> None:
        self._channel = channel
        self._connection = channel.get_connection()

    def session_started(self) -> None:
        self._opened(self)

    def data_received(self, data: bytes, datatype: Any) -> None:
        if self.line is not None and datatype is None:
            self.line.received(data)

    def eof_received(self) -> bool:
        return False

    def connection_lost(self, error: Exception | None) -> None:
        if self.line is not None:
            self.line.gone(str(error) if error else "closed by the other end")
        self._connection.close()


class ClientSession(LineSession, asyncssh.SSHClientSession[bytes]):
    """The dialling end's channel."""


class ServerSession(LineSession, asyncssh.SSHServerSession[bytes]):
    """The accepting end's channel: one subsystem, no shell, no command, no terminal."""

    def __init__(self, subsystem: str, opened: Callable[[LineSession], None]) -> None:
        super().__init__(opened)
        self._subsystem = subsystem

    def subsystem_requested(self, subsystem: str) -> bool:
        return subsystem == self._subsystem
