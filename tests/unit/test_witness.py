"""What a witness tells its heartbeat process, and what it keeps of what DCs tell it."""

from __future__ import annotations

from random import Random

from hanode.effects import Persist, Saved, TellHeart, Wrote
from hanode.events import Member
from hanode.identity import Identity, verify
from hanode.ids import ORIGIN, Position
from hanode.inputs import LocalSaid, PeerSaid
from hanode.local_messages import Heard, Standing, View
from hanode.peer_messages import Append, VoteRequest
from hanode.settings import Timing
from hanode.witness import Witness

MEMBERS = (
    Member("n1", 1, "data", b""),
    Member("n2", 2, "data", b""),
    Member("w", 3, "witness", b""),
)
VIEW = View(1, (("n2", 1), ("w", 1)), True)


def test_who_votes_tells_its_heartbeat_at_once() -> None:
    """Simulator, 2w, seed 101513: until the next time that it was due, its echoes gave the DC of
    before a lease."""
    own = Identity(bytes(32))
    witness = Witness("w", 1, Timing(), own, verify, Random(1), Saved(), 100.0, MEMBERS, b"c" * 16)
    witness.step(LocalSaid(Heard(VIEW, (), 120.0)), 110.0)
    effects = witness.step(PeerSaid("n2", VoteRequest(3, "n2", 1, ORIGIN, False)), 110.01)
    assert any(isinstance(effect, Persist) and effect.vote for effect in effects)
    (told,) = [e.message for e in effects if isinstance(e, TellHeart)]
    assert isinstance(told, Standing)
    assert told.term == 3
    assert not [e for e in witness.step(Wrote(ORIGIN, 3), 110.02) if isinstance(e, TellHeart)]


def test_it_knows_no_less_than_it_did_for_a_dc_that_knows_less_to_be_committed() -> None:
    own = Identity(bytes(32))
    witness = Witness("w", 1, Timing(), own, verify, Random(1), Saved(), 100.0, MEMBERS, b"c" * 16)
    witness.step(LocalSaid(Heard(VIEW, (), 120.0)), 110.0)
    for term, index in ((2, 46), (2, 45), (3, 46)):
        ends = Position(term, index)
        told = Append(term, "n2", 1, ends, bytes([index]) * 32, (), index, 1)
        effects = witness.step(PeerSaid("n2", told), 110.0)
        written = [e.snapshot for e in effects if isinstance(e, Persist) and e.snapshot]
        assert bool(written) is (index == 46)
    assert witness.seat.log.last == Position(3, 46)
