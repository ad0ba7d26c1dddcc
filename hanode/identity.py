"""Who says it: Ed25519 identities and signatures, each bound to a context and to one cluster."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from typing import Protocol

from nacl.bindings import crypto_sign, crypto_sign_BYTES, crypto_sign_seed_keypair
from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

CONTEXTS = ("event", "order", "certificate", "enrolment", "console")
"""Every context that a signature of ours may bear; distinct, and none a prefix of another."""

REMEMBERED, REMEMBERED_MAX = 1024, 2048
"""So many proved signatures are remembered, of messages of at most so many bytes."""


class Signer(Protocol):
    """States facts in a node's name. The simulator has a cheap one of its own."""

    @property
    def public(self) -> bytes: ...
    def sign(self, context: str, cluster: bytes, payload: bytes) -> bytes: ...


class Verifier(Protocol):
    """Checks what others state."""

    def __call__(
        self, public: bytes, context: str, cluster: bytes, payload: bytes, signature: bytes
    ) -> bool: ...


class Identity:
    """A node's or an operator's Ed25519 key pair, from its 32-byte seed."""

    def __init__(self, seed: bytes) -> None:
        self.seed = seed
        self.public, self._secret = crypto_sign_seed_keypair(seed)

    def sign(self, context: str, cluster: bytes, payload: bytes) -> bytes:
        """A 64-byte signature (RFC 8032) over context, cluster and payload."""
        bound = _bound(context, cluster, payload)
        signature = crypto_sign(bound, self._secret)[:crypto_sign_BYTES]
        _remember((self.public, bound, signature))
        return signature


def verify(public: bytes, context: str, cluster: bytes, payload: bytes, signature: bytes) -> bool:
    """Whether the holder of `public` signed just this, for just this use, in just this cluster."""
    if len(public) != 32 or len(signature) != crypto_sign_BYTES:
        return False
    said = public, _bound(context, cluster, payload), signature
    if said in _proved:
        return True
    if not _proves(*said):
        return False
    _remember(said)
    return True


_proved: OrderedDict[tuple[bytes, bytes, bytes], None] = OrderedDict()
"""A node looks at each event when it is proposed, and again when it is applied; at its own, too."""


def _remember(said: tuple[bytes, bytes, bytes]) -> None:
    if len(said[1]) > REMEMBERED_MAX:
        return
    _proved[said] = None
    if len(_proved) > REMEMBERED:
        _proved.popitem(last=False)


def _proves(public: bytes, bound: bytes, signature: bytes) -> bool:
    try:
        VerifyKey(public).verify(bound, signature)
    except (BadSignatureError, ValueError):
        return False
    return True


def certificate(name: str, kex: bytes, host_key: bytes) -> bytes:
    """What a node's identity signs (context 'certificate') to vouch for its other keys."""
    return name.encode() + b"\0" + kex + host_key


def fingerprint(public: bytes) -> str:
    """A public key for people: 16 hexadecimal digits."""
    return hashlib.blake2b(public, digest_size=8).hexdigest()


def _bound(context: str, cluster: bytes, payload: bytes) -> bytes:
    assert context in CONTEXTS, context
    return b"hanode/v1/" + context.encode() + b"\0" + cluster + payload
