"""Signatures: RFC 8032's own numbers, and what a signature is bound to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hanode.identity import CONTEXTS, Identity, fingerprint, verify

CLUSTER = b"0123456789abcdef"
SEED = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
PUBLIC = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
"""Test 1 of RFC 8032, section 7.1."""


def test_the_public_key_is_the_standards() -> None:
    assert Identity(SEED).public.hex() == PUBLIC


def test_golden_signature() -> None:
    """Ed25519 is deterministic: what was signed once is signed alike for ever."""
    assert Identity(SEED).sign("event", CLUSTER, b"payload").hex() == (
        "5c8a6b23e6d7aaf60f7d0716a6b4adfdead52b048cea700aa747839e81ad6eff"
        "c48eb1426034ea290d504bdd1f491454b836238bf0b3f441eb4ff2dafb943404"
    )


def test_a_signature_from_elsewhere_is_proved() -> None:
    """What this process signed itself it knows; this it never has."""
    signature = bytes.fromhex(
        "6a92d1ede100fee3aca7d5f2a96f40e4615bbaea25b13c9ce866cf00da8165b8"
        "eaf64f2f719385965f3909b70b5fa00da45a17673dec4d2a7d27fea55f88c501"
    )
    public, forged = bytes.fromhex(PUBLIC), bytes([signature[0] ^ 1]) + signature[1:]
    assert not verify(public, "event", CLUSTER, b"never signed here", forged)
    assert verify(public, "event", CLUSTER, b"never signed here", signature)


@pytest.mark.parametrize("context", CONTEXTS)
def test_a_signature_is_bound_to_its_context_and_cluster(context: str) -> None:
    """INV-28."""
    me = Identity(SEED)
    signature = me.sign(context, CLUSTER, b"payload")
    assert verify(me.public, context, CLUSTER, b"payload", signature)
    for other in CONTEXTS:
        if other != context:
            assert not verify(me.public, other, CLUSTER, b"payload", signature)
    assert not verify(me.public, context, b"fedcba9876543210", b"payload", signature)
    assert not verify(me.public, context, CLUSTER, b"payloae", signature)
    assert not verify(Identity(bytes(32)).public, context, CLUSTER, b"payload", signature)


def test_no_context_is_the_beginning_of_another() -> None:
    assert not any(a != b and b.startswith(a) for a in CONTEXTS for b in CONTEXTS)


@given(st.integers(0, 64 * 8 - 1))
def test_one_flipped_bit_is_seen(place: int) -> None:
    me = Identity(SEED)
    signature = bytearray(me.sign("event", CLUSTER, b"payload"))
    signature[place // 8] ^= 1 << place % 8
    assert not verify(me.public, "event", CLUSTER, b"payload", bytes(signature))


@given(st.binary(max_size=40), st.binary(max_size=70))
def test_garbage_is_no_signature(public: bytes, signature: bytes) -> None:
    assert not verify(public, "event", CLUSTER, b"payload", signature)


def test_a_fingerprint_is_short_and_its_keys_own() -> None:
    assert len(fingerprint(Identity(SEED).public)) == 16
    assert fingerprint(Identity(SEED).public) != fingerprint(bytes(32))
