"""A node's secrets on disk, with the public keys that they stand for.

The identity file is made once, readable by its owner alone, and refused when others could read it.
"""

from __future__ import annotations

import os
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path

from nacl.bindings import (
    crypto_scalarmult,
    crypto_scalarmult_base,
    crypto_sign_seed_keypair,
)

from hanode.codec import Garbled, pack_plain, unpack_plain
from hanode.events import Member
from hanode.identity import Identity, certificate, verify
from hanode.runtime.trusted import sync_folder

MAGIC = "hanode-identity-1"


class BadIdentity(Exception):  # noqa: N818 - what the file is
    """The identity file can't be used; the text says where, what and what to do."""


@dataclass(frozen=True, slots=True)
class KexSecret:
    """The X25519 secret from which the pairwise heartbeat keys come."""

    secret: bytes

    @property
    def public(self) -> bytes:
        return crypto_scalarmult_base(self.secret)

    def shared(self, kex_public: bytes) -> bytes:
        """What only this node and the holder of `kex_public` know. Raises ValueError."""
        try:
            return crypto_scalarmult(self.secret, kex_public)
        except (RuntimeError, TypeError) as error:  # libsodium refuses points of low order
            raise ValueError(f"not a usable X25519 key: {error}") from None


@dataclass(frozen=True, slots=True)
class Secrets:
    """The three secrets of one node, 32 bytes each."""

    identity_seed: bytes
    kex_secret: bytes
    host_seed: bytes

    @property
    def identity(self) -> Identity:
        return Identity(self.identity_seed)

    @property
    def kex(self) -> KexSecret:
        return KexSecret(self.kex_secret)

    @property
    def host_public(self) -> bytes:
        return crypto_sign_seed_keypair(self.host_seed)[0]


def create(path: Path) -> Secrets:
    """Make a node's secrets, once. Raises BadIdentity when there are some already."""
    made = Secrets(secrets.token_bytes(32), secrets.token_bytes(32), secrets.token_bytes(32))
    data = pack_plain([MAGIC, made.identity_seed, made.kex_secret, made.host_seed])
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        raise BadIdentity(
            f"{path}: there is an identity already; a node's keys are made once. "
            "Remove the file only if this node was never a member, or is joined anew"
        ) from None
    except OSError as error:
        raise BadIdentity(f"{path}: can't be written: {error.strerror}") from None
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    sync_folder(path.parent)
    return made


def load(path: Path) -> Secrets:
    """A node's secrets. Raises BadIdentity."""
    try:
        mode = path.stat().st_mode
        if stat.S_IMODE(mode) & 0o077:
            raise BadIdentity(f"{path}: others can read the node's secrets; chmod 600 {path}")
        fields = unpack_plain(path.read_bytes())
    except FileNotFoundError:
        raise BadIdentity(f"{path}: there is none; run `hanode init` or `hanode join`") from None
    except OSError as error:
        raise BadIdentity(f"{path}: can't be read: {error.strerror}") from None
    except Garbled as error:
        raise BadIdentity(f"{path}: is not an identity file: {error}") from None
    match fields:
        case [str(magic), bytes(one), bytes(two), bytes(three)] if magic == MAGIC:
            if len(one) == len(two) == len(three) == 32:
                return Secrets(one, two, three)
    raise BadIdentity(f"{path}: is not an identity file; restore it, or run `hanode join` anew")


def member(
    held: Secrets,
    name: str,
    number: int,
    role: str,
    links: tuple[str, ...],
    stream: str,
    cluster: bytes,
) -> Member:
    """A node's public half, certified by its identity."""
    vouched = held.identity.sign(
        "certificate", cluster, certificate(name, held.kex.public, held.host_public)
    )
    return Member(
        name,
        number,
        role,
        held.identity.public,
        held.kex.public,
        held.host_public,
        vouched,
        links,
        stream,
    )


def certificate_holds(one: Member, cluster: bytes) -> bool:
    """Whether a member's other keys are certified by its identity."""
    payload = certificate(one.name, one.kex, one.host_key)
    return verify(one.public, "certificate", cluster, payload, one.certificate)
