"""The one-time token of `hanode join`: what a newcomer must know to ask in, in one word.

`SECRET.PIN@HOST:PORT`: the secret proves the newcomer to the cluster; the pin, a hash over the
seed node's SSH host key and the cluster's id (which follow the hash), proves the cluster to it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass

from hanode.runtime.config import STREAM_PORT, Address, parse_address

PIN_BYTES = 16
CLUSTER_BYTES = 16


@dataclass(frozen=True, slots=True)
class JoinToken:
    """What is in the word."""

    secret: str
    pin: bytes
    """Of the seed node's SSH host key."""
    cluster: bytes
    seed: Address

    def __str__(self) -> str:
        tail = base64.urlsafe_b64encode(self.pin + self.cluster).decode().rstrip("=")
        return f"{self.secret}.{tail}@{self.seed}"


def pin_of(host_key: bytes) -> bytes:
    """A short hash that names one SSH host key."""
    return hashlib.blake2b(host_key, digest_size=PIN_BYTES, person=b"hanode-join").digest()


def parse_token(text: str) -> JoinToken:
    """Raises ValueError, which says what to do."""
    word, at, place = text.strip().rpartition("@")
    secret, dot, tail = word.rpartition(".")
    try:
        bound = base64.urlsafe_b64decode(tail + "=" * (-len(tail) % 4))
    except (binascii.Error, ValueError):
        bound = b""
    if not (at and dot and secret and len(bound) == PIN_BYTES + CLUSTER_BYTES):
        raise ValueError("not a whole token; copy all that `hanode node token` printed")
    return JoinToken(
        secret, bound[:PIN_BYTES], bound[PIN_BYTES:], parse_address(place, STREAM_PORT)
    )
