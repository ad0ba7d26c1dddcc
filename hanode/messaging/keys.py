"""Pairwise keys: what lets one receiver, alone, believe one sender.

A heartbeat may be broadcast, so it can't be encrypted for one receiver; it carries one short MAC
for each. The key of such a MAC belongs to one direction between two members of one cluster, in
one boot of each: a packet of an earlier boot, of either side, can't be brought back.
"""

from __future__ import annotations

import hashlib
from typing import Any, Protocol

from nacl.bindings import crypto_scalarmult, crypto_scalarmult_base

KEY_BYTES = 32
MAC_BYTES = 8
CONTEXT = b"hanode/v1/heartbeat\0"
UNKNOWN_BOOT = 0
"""No node is ever in boot 0; it stands for 'which boot you are in I have not heard yet'."""


class KexSecret(Protocol):
    """A node's static key-agreement secret. The simulator has a cheap one of its own."""

    def shared(self, kex_public: bytes) -> bytes:
        """What only this node and the holder of `kex_public` know. Raises ValueError."""
        ...


class X25519Secret:
    """The real one (RFC 7748)."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) != KEY_BYTES:
            raise ValueError(f"an X25519 secret has {KEY_BYTES} bytes, not {len(secret)}")
        self._secret = secret
        self.public: bytes = crypto_scalarmult_base(secret)

    def shared(self, kex_public: bytes) -> bytes:
        if len(kex_public) != KEY_BYTES:
            raise ValueError(f"an X25519 key has {KEY_BYTES} bytes, not {len(kex_public)}")
        try:
            return bytes(crypto_scalarmult(self._secret, kex_public))
        except RuntimeError:
            raise ValueError("this X25519 key is one of the weak points") from None


class Direction:
    """The keys for what one member says to one other, boot by boot."""

    def __init__(self, shared: bytes, cluster: bytes, sender: int, receiver: int) -> None:
        self._shared = shared
        self._bound = CONTEXT + cluster + bytes((sender, receiver))

    def mac(self, sender_boot: int, receiver_boot: int) -> Any:
        """A keyed BLAKE2b to be copied for each packet: the copy is cheaper than the keying."""
        boots = sender_boot.to_bytes(8, "big") + receiver_boot.to_bytes(8, "big")
        key = hashlib.blake2b(self._bound + boots + self._shared, digest_size=KEY_BYTES).digest()
        return hashlib.blake2b(key=key, digest_size=MAC_BYTES)
