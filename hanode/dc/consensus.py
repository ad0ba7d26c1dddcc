"""One node's seat in the assembly: its role, term, vote and log, and who said what to it.

The rules live in `election`, `replication` and `following`; here is what they act on, and the one
door through which every message, deadline and disk answer comes in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any, NamedTuple

from hanode.dc import election, following, replication, unwritable
from hanode.dc.log import Log
from hanode.effects import Persist, Saved, Say, Send, Vote, Wrote
from hanode.events import Entry
from hanode.ids import NodeName, Position
from hanode.local_messages import View
from hanode.messaging.wire import NUMBER_LIMIT
from hanode.peer_messages import Append, AppendReply, Snapshot, VoteReply, VoteRequest
from hanode.settings import Timing
from hanode.timers import Timers


@dataclass(slots=True)
class Progress:
    """What the DC knows of one follower."""

    next: int
    """The next index to send."""
    match: int = 0
    """Up to here its log is ours, on its disk."""
    sent_at: dict[int, float] | None = None
    """Round -> when it was sent; bounded by replication.ROUNDS_KEPT."""
    heard_at: float = float("-inf")
    """When the last round that it answered was sent."""
    boot: int = 0
    """The boot that `match` speaks of."""
    learner: bool = False
    """What it has does not count now."""
    awaited: int = 0
    """The last round that took entries to it, until it has answered; 0 when it has."""
    told: int = 0
    """Up to here it was told that the log is committed."""
    probing: bool = True
    """Where the logs part is not yet known: one append at a time."""


WORDS = (VoteRequest, VoteReply, Append, AppendReply, Snapshot)
"""Of the log's protocol."""


class Leaseholder(NamedTuple):
    """The last DC that this node followed: it may hold a lease after it is gone from view."""

    name: NodeName = ""
    boot: int = 0


class Consensus:
    """State of one voter. `role` is follower, trial (pre-vote), candidate or dc."""

    def __init__(
        self,
        name: NodeName,
        boot: int,
        timing: Timing,
        random: Random,
        saved: Saved,
        snapshot: Callable[[Position], bytes],
        now: float,
        read: Callable[[Snapshot], Any] = lambda message: message.state,
    ) -> None:
        self.name = name
        self.boot = boot
        self.timing = timing
        self.random = random
        self.snapshot = snapshot
        """Gives the fold's bytes as of `log.base` when a follower needs them."""
        self.read = read
        """Gives the fold that came from the DC; None if it can't be read. (Who has no fold, such as
        a witness, looks at none.)"""
        self.born = now
        self.timers = Timers()
        self.out: list[Any] = []
        self._remember(saved)
        self._follow_nobody(saved)
        self._count_nobody()
        if saved.trouble:
            unwritable.failed(self, saved.trouble, now)

    def _remember(self, saved: Saved) -> None:
        """What the disk gives back: the log, and what was promised."""
        base = saved.snapshot
        self.log = Log(saved.entries, base.last, base.last_hash) if base else Log(saved.entries)
        self.highest = self.log.last
        """The last position that this disk ever held in this life: a log can lose what was never
        committed, and what peers have heard of that is no older copy's past."""
        self.term = max(saved.vote.term, self.log.last.term)
        self.voted_for = saved.vote.voted_for if saved.vote.term == self.term else ""
        self.learner = saved.vote.learner
        """This disk is behind what was heard from it: no vote until it has caught up."""
        self.trouble = ""
        """Why this disk takes no writes, if so: no vote, and nothing acknowledged, in this life."""

    def _follow_nobody(self, saved: Saved) -> None:
        """A follower that has heard nobody yet."""
        self.role = "follower"
        self.leader: NodeName = ""
        self.leaseholder = Leaseholder()
        self.leader_heard = float("-inf")
        self.commit = max(self.log.base.index, min(saved.committed, self.log.last.index))
        self.commit_kept = self.commit
        """What was given to the disk of that: a node that starts alone shows what was of late."""
        self.told_commit = 0
        """How far a DC has told this node, in this life, that its log is committed."""
        self.installed: Any = None
        """The fold that came from the DC, until the node has taken it up."""
        self.view = View(0, (), False)
        self.parted: dict[NodeName, float] = {}
        """When each node that is out of our view left it."""
        self.echoed: dict[NodeName, float] = {}
        """When our last echo to each peer left (see PeerPulse.echoed_at)."""
        self.claimants: frozenset[NodeName] = frozenset()
        """Peers whose own heartbeat last said that they are the DC."""
        self.streams: set[NodeName] = set()
        """The peers with which there is a stream now."""

    def _count_nobody(self) -> None:
        """Nobody is known to vote, has voted for us, or follows us."""
        self.data: tuple[NodeName, ...] = ()
        self.witnesses: tuple[NodeName, ...] = ()
        self.withheld: tuple[NodeName, ...] = ()
        """Members whose votes don't count now: fed like the others, never asked nor elected."""
        self.ayes: dict[NodeName, bool] = {}
        self.beside: set[NodeName] = set()
        """Earlier DCs that were in the view of somebody who has voted for us."""
        self.progress: dict[NodeName, Progress] = {}
        self.round = 0

    # ------------------------------------------------------------------------------- questions

    @property
    def standing(self) -> tuple[int, NodeName, str]:
        """The term, the DC, the disk's trouble: of a change the heartbeat is told at once."""
        return self.term, self.leader, self.trouble

    @property
    def everybody(self) -> tuple[NodeName, ...]:
        """All that keep a log or a position."""
        return (*self.data, *self.witnesses)

    @property
    def voters(self) -> tuple[NodeName, ...]:
        """Those whose votes count."""
        return tuple(name for name in self.everybody if name not in self.withheld)

    @property
    def leads(self) -> bool:
        return self.role == "dc"

    @property
    def counts(self) -> bool:
        """Whether what this disk has, and will have, is worth a vote."""
        return not (self.learner or self.trouble)

    @property
    def last_vote(self) -> Vote:
        return Vote(self.term, self.voted_for, self.learner)

    def boot_of(self, node: NodeName) -> int:
        """A peer's boot as the agreed view has it; 0 outside the view."""
        return dict(self.view.members).get(node, 0)

    # ------------------------------------------------------------------------------ what comes in

    def members(
        self,
        data: tuple[NodeName, ...],
        witnesses: tuple[NodeName, ...],
        withheld: tuple[NodeName, ...] = (),
    ) -> None:
        """Who votes, as the log has it."""
        self.data, self.witnesses, self.withheld = data, witnesses, withheld
        if self.leads:
            replication.watch_members(self)

    def seen(
        self, view: View, echoed: dict[NodeName, float], now: float,
        claimants: frozenset[NodeName] = frozenset(),
    ) -> None:  # fmt: skip
        """The heartbeat's news: the agreed view, when we last echoed each peer, and which of them
        take themselves for the DC, if only in an earlier term."""
        changed = view != self.view
        if changed:
            left = dict.fromkeys(self.view.names, now) | self.parted
            self.parted = {name: at for name, at in left.items() if name not in view.names}
        self.view = view
        self.echoed, self.claimants = echoed, claimants
        if changed:
            election.view_changed(self, now)

    def told(self, peer: NodeName, message: Any, now: float) -> None:
        """A message of the log's protocol, from an authenticated peer that speaks for itself."""
        if isinstance(message, WORDS) and not 0 <= message.term < NUMBER_LIMIT:
            self.say("warning", f"{peer} names a term that can't be", term=message.term)
        elif isinstance(message, VoteRequest) and message.candidate == peer:
            election.asked(self, message, now)
        elif isinstance(message, VoteReply) and message.voter == peer:
            election.answered(self, message, now)
        elif isinstance(message, Append) and message.leader == peer:
            following.appended(self, message, now)
        elif isinstance(message, AppendReply) and message.node == peer:
            replication.acknowledged(self, message, now)
        elif isinstance(message, Snapshot) and message.leader == peer:
            following.restored(self, message, now)
        else:
            self.say("warning", f"{peer} speaks in another's name", message=type(message).__name__)

    def wrote(self, wrote: Wrote, now: float) -> None:
        """Our own disk has it."""
        log = self.log
        if log.has(wrote.last.index) and log.term_at(wrote.last.index) == wrote.last.term:
            log.durable, log.settled = max(log.durable, wrote.last.index), True
        self.highest = max(self.highest, wrote.last)
        if self.leads:
            replication.own_disk(self, now)
        else:
            election.own_vote_kept(self, wrote.term, now)

    def ring(self, timer: str, now: float) -> None:
        if timer == "election":
            election.timed_out(self, now)
        elif timer == "announce":
            replication.announce(self, now)
        elif timer == "commit" and self.commit > self.commit_kept:
            self.persist((), ())
        elif timer == "disk":
            unwritable.try_again(self, now)

    def stream_closed(self, peer: NodeName, now: float) -> None:
        self.streams.discard(peer)
        election.lost_touch(self, peer, now)

    def stream_opened(self, peer: NodeName, now: float) -> None:
        self.streams.add(peer)
        if self.leads:
            replication.reach(self, peer, now)

    # ----------------------------------------------------------------------------- what goes out

    def send(self, peer: NodeName, message: Any) -> None:
        self.out.append(Send(peer, message))

    def write(self, persist: Persist) -> None:
        """The one door to the disk. Of what a disk in trouble is given nothing follows."""
        if not self.trouble:
            self.out.append(persist)

    def promise(self, *then: Any) -> None:
        """Remember term and vote; only then do what follows."""
        self.write(Persist(vote=self.last_vote, then=then))

    def persist(
        self, entries: tuple[Entry, ...], then: tuple[Any, ...], truncate: int | None = None
    ) -> None:
        """Write these entries, and how far the log is known to be committed."""
        self.commit_kept = self.commit
        self.write(Persist(None, entries, truncate, committed=self.commit, then=then))

    def say(self, level: str, text: str, **details: Any) -> None:
        self.out.append(Say(level, text, details))
