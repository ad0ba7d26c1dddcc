"""A node that follows a DC which the test plays: its disk and LRM answer at once."""

from __future__ import annotations

from random import Random
from typing import Any

from hanode.dc import Log
from hanode.effects import Persist, Send, TellLrm, Wrote
from hanode.events import (
    STATEMENTS,
    VOCABULARY,
    DcElected,
    Event,
    Member,
    Signed,
    Statement,
    ViewAgreed,
)
from hanode.identity import Identity, verify
from hanode.inputs import LocalSaid, PartUp, PeerSaid, StreamOpened, WallClock
from hanode.local_messages import Heard, PeerPulse, TakeTerm, TermTaken, View
from hanode.node import Node, found
from hanode.peer_messages import Append, Propose, Snapshot
from hanode.settings import Timing
from hanode.state import ClusterState, apply

DC, OWN, THIRD = (Identity(bytes([n]) * 32) for n in (1, 2, 3))
CLUSTER = b"c" * 16
NAMES = ("n1", "n2", "n3")
TERM = 2


class Follower:
    """n2; the DC is n1. What n2 brings, the test takes into its log when it likes."""

    def __init__(self, cib: str = "") -> None:
        members = tuple(
            Member(name, number, "data", key.public)
            for number, (name, key) in enumerate(zip(NAMES, (DC, OWN, THIRD), strict=True), 1)
        )
        saved = found(DC, "n1", CLUSTER, "shop", members, cib=cib)
        self.log = Log(saved.entries)
        self.state = ClusterState()
        apply(self.state, saved.entries[0], *saved.entries[0].signed.open())
        self.now = 100.0
        self.node = Node("n2", 1, Timing(), OWN, verify, Random(1), saved, self.now)
        self.said: list[Any] = []
        self.lrm_hangs = False
        self._number = 0
        self._round = 0
        self.tell(WallClock(5000.0))
        self.tell(PartUp("lrm"))
        self.hear(NAMES)
        self.tell(StreamOpened("n1"))
        self.state_as_dc(DcElected(TERM, "n1", ("n1", "n2")))
        self.state_as_dc(ViewAgreed(tuple((name, 1) for name in NAMES)))
        self.append()

    def hear(self, names: tuple[str, ...]) -> None:
        view = View(1, tuple((name, 1) for name in names), len(names) > 1)
        at = self.now
        peers = tuple(
            PeerPulse(n, 1, at, at, TERM, "n1", self.log.last, 1.0, 0.0, (True,), view=names)
            for n in names
            if n != "n2"
        )
        self.tell(LocalSaid(Heard(view, peers, self.now + 1.0)))

    def tell(self, given: Any) -> list[Any]:
        new = self.node.step(given, self.now)
        self.said += new
        for effect in new:
            if isinstance(effect, Persist):
                for then in effect.then:
                    new = new + (self.tell(then) if isinstance(then, Wrote) else [])
            elif isinstance(effect, TellLrm) and self.lrm_hangs:
                pass
            elif isinstance(effect, TellLrm) and isinstance(effect.message, TakeTerm):
                taken = TermTaken(effect.message.term, effect.message.boot, ())
                new = new + self.tell(LocalSaid(taken))
        return new

    # ------------------------------------------------------------------------------- the DC's part

    def state_as_dc(self, event: Event, cause: str = "") -> None:
        """One more entry of the DC's own."""
        self._number += 1
        said = Statement("n1", 1, self._number, 0.0, cause, VOCABULARY.pack(event))
        payload = STATEMENTS.pack(said)
        self.take(Signed(payload, DC.sign("event", CLUSTER, payload)))

    def take(self, signed: Signed) -> None:
        """One more entry, of whoever signed it."""
        entry = self.log.extend(TERM, signed)
        apply(self.state, entry, *signed.open())

    def succeed(self) -> None:
        """n3 is the DC of the next term, and sends the node its first word."""
        term, last = TERM + 1, self.log.last
        event = VOCABULARY.pack(DcElected(term, "n3", ("n2", "n3")))
        payload = STATEMENTS.pack(Statement("n3", 1, 1, 0.0, "", event))
        signed = Signed(payload, THIRD.sign("event", CLUSTER, payload))
        before = self.log.last_hash
        entry = self.log.extend(term, signed)
        self.tell(PeerSaid("n3", Append(term, "n3", 1, last, before, (entry,), last.index, 1)))

    def proposals(self) -> list[Signed]:
        """What the node has brought, each once."""
        sent = [e.message for e in self.said if isinstance(e, Send)]
        brought = [message.signed for message in sent if isinstance(message, Propose)]
        return list(dict.fromkeys(brought))

    def append(self) -> list[Any]:
        """The node gets all that it lacks, as committed."""
        self._round += 1
        has = self.node.seat.log.last.index
        entries = self.log.after(has, self.log.last.index - has)
        append = Append(
            TERM, "n1", 1, self.log.position_at(has), self.log.hash_at(has), entries,
            self.log.last.index, self._round,
        )  # fmt: skip
        return self.tell(PeerSaid("n1", append))

    def snapshot(self) -> list[Any]:
        """Instead of entries, the DC's fold."""
        self._round += 1
        state = self.state.pack()
        sent = Snapshot(TERM, "n1", 1, self.log.last, self.log.last_hash, state, self._round)
        return self.tell(PeerSaid("n1", sent))

    def to_lrm(self, kind: type) -> list[Any]:
        told = [effect.message for effect in self.said if isinstance(effect, TellLrm)]
        return [message for message in told if isinstance(message, kind)]
