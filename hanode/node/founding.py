"""How a cluster's first log is born: one entry, signed by its founder."""

from __future__ import annotations

from hanode.effects import Saved, Vote
from hanode.events import (
    NO_HASH,
    STATEMENTS,
    VOCABULARY,
    ClusterFounded,
    Entry,
    Member,
    Operator,
    Signed,
    Statement,
)
from hanode.identity import Signer


def found(
    signer: Signer,
    founder: str,
    cluster: bytes,
    name: str,
    members: tuple[Member, ...],
    operators: tuple[Operator, ...] = (),
    cib: str = "",
    at: float = 0.0,
) -> Saved:
    """What the disk of a founding member holds: entry 1 of term 1, committed by decree.

    Every founding member gets the very same bytes; others receive them from the DC.
    """
    event = VOCABULARY.pack(ClusterFounded(cluster, name, members, operators, cib))
    payload = STATEMENTS.pack(Statement(founder, 0, 1, at, "", event))
    signed = Signed(payload, signer.sign("event", cluster, payload))
    return Saved(vote=Vote(1, ""), entries=(Entry(1, 1, NO_HASH, signed),))
