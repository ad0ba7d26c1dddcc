"""What a replica objects to a word, and somebody who may become a member."""

from __future__ import annotations

from hanode.events import (
    STATEMENTS,
    VOCABULARY,
    Event,
    Member,
    Signed,
    Statement,
)
from hanode.identity import Identity, certificate, verify
from hanode.state import ClusterState
from hanode.state.lawful import objection

from .alone import IDENTITY

KEX, HOST = b"k" * 32, b"h" * 32
OTHER = Identity(b"2" * 32)
VOUCHED = OTHER.sign("certificate", b"c" * 16, certificate("n2", KEX, HOST))
NEWCOMER = Member("n2", 2, "data", OTHER.public, KEX, HOST, VOUCHED)


def objected(
    state: ClusterState, event: Event, term: int, actor: str = "n1", cause: str = "",
    number: int = 1 << 60,
) -> str:  # fmt: skip
    statement = Statement(actor, 1, number, 0.0, cause, VOCABULARY.pack(event))
    payload = STATEMENTS.pack(statement)
    signed = Signed(payload, IDENTITY.sign("event", state.cluster, payload))
    return objection(state, signed, statement, event, verify, term)


def ordered(state: ClusterState, event: Event) -> str:
    return objected(state, event, 2, cause="operator ann")
