"""Cheap stand-ins for keys: whoever does not hold the object can't make the bytes.

A real signature costs more than a step of the core. These bind signer, context, cluster and
payload just as the real ones do, so whatever must be refused is refused; only a forger with a
computer is left out, and the simulation has none.
"""

from __future__ import annotations

import hashlib


class StubSigner:
    """Signs with a digest that bears the signer's tag."""

    def __init__(self, name: str) -> None:
        self.public = hashlib.blake2b(b"key of " + name.encode(), digest_size=32).digest()

    def sign(self, context: str, cluster: bytes, payload: bytes) -> bytes:
        return _digest(self.public, context, cluster, payload)


def stub_verify(
    public: bytes, context: str, cluster: bytes, payload: bytes, signature: bytes
) -> bool:
    return signature == _digest(public, context, cluster, payload)


class StubSecret:
    """Agrees on a key with whoever bears the other public key."""

    def __init__(self, name: str) -> None:
        self.public = hashlib.blake2b(b"kex of " + name.encode(), digest_size=32).digest()

    def shared(self, kex_public: bytes) -> bytes:
        both = b"".join(sorted((self.public, kex_public)))
        return hashlib.blake2b(both, digest_size=32).digest()


def _digest(public: bytes, context: str, cluster: bytes, payload: bytes) -> bytes:
    text = b"%b%b\0%b%b" % (public, context.encode(), cluster, payload)
    return hashlib.blake2b(text, digest_size=64).digest()
