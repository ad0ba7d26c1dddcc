"""An operator's key pair as OpenSSH writes it, made without its tools or a heavy library."""

from __future__ import annotations

import base64
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from nacl.bindings import crypto_sign_seed_keypair

KIND = b"ssh-ed25519"
LINE = 70
BLOCK = 8


@dataclass(frozen=True, slots=True)
class OperatorKey:
    """An Ed25519 key pair from its 32-byte seed."""

    seed: bytes

    @classmethod
    def make(cls) -> OperatorKey:
        return cls(secrets.token_bytes(32))

    @property
    def public(self) -> bytes:
        return crypto_sign_seed_keypair(self.seed)[0]

    def write(self, path: Path, comment: str) -> None:
        """The private key, for its owner alone to read."""
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(self.pem(comment))

    def pem(self, comment: str) -> str:
        """The form of OpenSSH's PROTOCOL.key, without a passphrase."""
        public, secret = crypto_sign_seed_keypair(self.seed)
        blob = _string(KIND) + _string(public)
        check = secrets.token_bytes(4)
        private = check + check + blob + _string(secret) + _string(comment.encode())
        private += bytes(range(1, -len(private) % BLOCK + 1))
        whole = (
            b"openssh-key-v1\0" + _string(b"none") + _string(b"none") + _string(b"")
            + (1).to_bytes(4, "big") + _string(blob) + _string(private)
        )  # fmt: skip
        text = base64.b64encode(whole).decode()
        lines = [text[at : at + LINE] for at in range(0, len(text), LINE)]
        edge = "-----{} OPENSSH PRIVATE KEY-----"
        return "\n".join([edge.format("BEGIN"), *lines, edge.format("END"), ""])


def _string(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data
