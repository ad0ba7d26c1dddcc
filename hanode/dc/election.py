"""How a DC comes to be.

A follower that misses its DC first asks whether it *would* be elected (a trial: Raft's pre-vote;
nothing is promised, so a node that comes back from isolation disturbs nobody). With a majority of
yeses it raises the term, votes for itself, and asks in earnest. One vote a term, on disk before
it is told.

A DC's lease counts from heartbeats that a majority echoed. So a voter never helps another to
power before one time-out has passed since its own last echo to the old DC, or since its own
start: by then that lease is over (cluster rule 3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hanode.dc import patience, replication
from hanode.dc.tally import carried
from hanode.effects import Send, Wrote
from hanode.ids import NodeName
from hanode.peer_messages import VoteReply, VoteRequest

if TYPE_CHECKING:
    from hanode.dc.consensus import Consensus

RETRIES_PER_KEEPALIVE = 3
"""How often the first in line asks again while a voter still waits for the old DC's lease."""


# -------------------------------------------------------------------------- standing for election


def view_changed(seat: Consensus, now: float) -> None:
    """Who hears whom has changed: maybe the DC is gone, maybe we are."""
    if not seat.leads and _reborn(seat):
        seat.leader = ""  # it has started over, and leads no more
    if seat.leads and not seat.view.quorate:
        step_down(seat, seat.term, now, "no quorum")
    elif not seat.leads and seat.leader not in seat.view.names:
        # Voters' last echoes lie within a keepalive of each other: whoever is first in line has
        # all their votes before the next one stands.
        wait = seat.timing.keepalive * patience.rank(seat) + patience.deference(seat, now)
        patience.stand_at(seat, may_vote_from(seat) + wait, now)


def timed_out(seat: Consensus, now: float) -> None:
    """No DC for too long: stand, if this node may."""
    patience.await_dc(seat, now)
    if seat.leads or not _may_stand(seat):
        return
    if now < may_vote_from(seat):
        patience.stand_at(seat, may_vote_from(seat), now)
        return
    seat.role, seat.leader, seat.ayes = "trial", "", {seat.name: True}
    _ask(seat, seat.term + 1, trial=True)
    _count(seat, now)


def _stand(seat: Consensus, now: float) -> None:
    """The trial was won: now in earnest, if our own vote is still ours to give. A DC that was
    asleep may have spoken meanwhile, and our echo has given it a lease."""
    if now < may_vote_from(seat):
        _become_follower(seat, now, "the earlier DC was heard again")
        patience.stand_at(seat, may_vote_from(seat), now)
        return
    seat.role, seat.term, seat.voted_for = "candidate", seat.term + 1, seat.name
    seat.ayes = {}
    seat.beside = {_beside(seat)}
    _ask(seat, seat.term, trial=False)
    if patience.comes_up(seat, now):
        patience.await_votes(seat, now)


def own_vote_kept(seat: Consensus, term: int, now: float) -> None:
    """Our vote for ourselves is on disk: it counts from now on. It may be all that is needed (one
    node, or one of two that goes on alone), so it may not count before."""
    if seat.role == "candidate" and term == seat.term:
        seat.ayes[seat.name] = True
        _count(seat, now)


def _ask(seat: Consensus, term: int, *, trial: bool) -> None:
    last = seat.log.position_at(seat.log.durable)
    request = VoteRequest(term, seat.name, seat.boot, last, trial)
    asks = tuple(Send(voter, request) for voter in seat.voters if voter != seat.name)
    if trial:
        seat.out.extend(asks)
    else:
        seat.promise(Wrote(last, term), *asks)


def answered(seat: Consensus, reply: VoteReply, now: float) -> None:
    """A voter's answer. Late ones, of another boot or term or kind, don't count."""
    if reply.term > seat.term and not (reply.trial and reply.granted):
        step_down(seat, reply.term, now, f"{reply.voter} knows a later term")
        return
    if not _awaited(seat, reply) or reply.boot != seat.boot_of(reply.voter):
        return
    seat.ayes[reply.voter] = reply.granted
    if reply.granted and not reply.trial:
        seat.beside.add(reply.beside)
    if not reply.granted and seat.role == "trial" and next_in_line(seat):
        patience.stand_at(seat, now + seat.timing.keepalive / RETRIES_PER_KEEPALIVE, now)
    _count(seat, now)


def _awaited(seat: Consensus, reply: VoteReply) -> bool:
    """Whether this answers what we ask now. Who says no tells the term that it is in itself."""
    if seat.role == "trial":
        return reply.trial and (not reply.granted or reply.term == seat.term + 1)
    return seat.role == "candidate" and not reply.trial and reply.term == seat.term


def _count(seat: Consensus, now: float) -> None:
    if not carried([voter for voter, aye in seat.ayes.items() if aye], seat.voters):
        return
    if seat.role == "trial":
        _stand(seat, now)
    else:
        replication.take_office(seat, now)


# ------------------------------------------------------------------------------------------ voting


def asked(seat: Consensus, request: VoteRequest, now: float) -> None:
    """Shall this candidate have our vote?"""
    no = _objection(seat, request, now)
    if request.trial:
        _reply(seat, request, no)
        return
    if no:
        _reply(seat, request, no)
        return
    if request.term > seat.term:
        _enter(seat, request.term)
        _become_follower(seat, now, f"{request.candidate} stands for a later term")
    seat.voted_for = request.candidate
    patience.await_votes(seat, now)
    reply = VoteReply(seat.term, seat.name, seat.boot, True, False, beside=_beside(seat))
    seat.promise(Send(request.candidate, reply))


def _reply(seat: Consensus, request: VoteRequest, no: str) -> None:
    term = seat.term if no else request.term
    seat.send(request.candidate, VoteReply(term, seat.name, seat.boot, not no, request.trial, no))


def _objection(seat: Consensus, request: VoteRequest, now: float) -> str:
    """Why not, in words; empty: no objection."""
    if seat.learner:
        return "this node's disk has lost what it once had: it learns"
    if seat.trouble:
        return f"this node's disk takes no vote: {seat.trouble}"
    if request.candidate not in seat.data:
        return "not a data node of this cluster"
    if request.candidate in seat.withheld:
        return "fenced, and not caught up yet"
    if request.boot != seat.boot_of(request.candidate):
        return "not in the view in this boot"
    if request.term < seat.term:
        return f"term {seat.term} has begun"
    if request.term == seat.term and seat.voted_for not in ("", request.candidate):
        return f"voted for {seat.voted_for} in this term"
    if request.last < seat.log.last:
        return f"its log ends at {tuple(request.last)}, ours at {tuple(seat.log.last)}"
    if seat.leads and seat.view.quorate:
        return "this node is the DC"
    holder = seat.leaseholder.name
    if holder != request.candidate and now < may_vote_from(seat):
        return f"{holder or 'an earlier DC'} may still hold its lease"
    if now < _claimed_until(seat):
        return "one that takes itself for the DC may still hold its lease"
    return ""


def may_vote_from(seat: Consensus) -> float:
    """When another may have our vote.

    A DC in our view counts as long as its log is heard: should it only have been asleep, a new
    DC waits for its LRM's report, or the end of its lease. One outside the view may hold a lease
    that our last echo gave it. No lease outlives its holder's boot.
    """
    name = seat.leaseholder.name
    if seat.leaseholder in seat.view.members:
        over = max(seat.born, seat.leader_heard) + patience.for_dc(seat, name)
    else:
        echoed = seat.born if _reborn(seat) else seat.echoed.get(name, seat.born)
        over = max(seat.born, echoed) + seat.timing.election
    return max(over, _claimed_until(seat))


def _claimed_until(seat: Consensus) -> float:
    """When the lease is over of each that is out of our view and has missed that another took its
    place: its crm was asleep, say, while we echoed its heartbeats."""
    outside = seat.claimants.difference(seat.view.names)
    echoes = [seat.echoed.get(name, seat.born) for name in outside]
    return max(echoes) + seat.timing.election if echoes else 0.0


def _reborn(seat: Consensus) -> bool:
    """Whether the last DC that we followed is in our view, but in another boot."""
    name, boot = seat.leaseholder
    return seat.boot_of(name) not in (0, boot)


def _beside(seat: Consensus) -> NodeName:
    """The last DC that we followed, if it is in our view."""
    return seat.leaseholder.name if seat.leaseholder in seat.view.members else ""


def lease_over_at(seat: Consensus, earlier: NodeName) -> float:
    """When a DC that is out of our view, and was in a voter's when that one voted, can hold no
    lease: after one time-out the voter has the same view as we, or we have lost each other."""
    return seat.parted.get(earlier, seat.born) + 2 * seat.timing.election


# ---------------------------------------------------------------------------------- stepping back


def step_down(seat: Consensus, term: int, now: float, why: str) -> None:
    """Follow, in this term or a later one."""
    if term > seat.term:
        _enter(seat, term)
        seat.promise()
    _become_follower(seat, now, why)


def _enter(seat: Consensus, term: int) -> None:
    """A later term, in which nobody has our vote yet. The caller sees that it is remembered."""
    seat.term, seat.voted_for, seat.leader = term, "", ""


def _become_follower(seat: Consensus, now: float, why: str) -> None:
    if seat.role != "follower":
        seat.say("info", f"steps back from {seat.role}: {why}", term=seat.term)
    if seat.leads:
        replication.flush(seat)  # a follower's disk is given each entry as it comes
        seat.timers.clear("announce")
        seat.progress = {}
        seat.leader = ""
    seat.role = "follower"
    patience.await_dc(seat, now)


def follow(seat: Consensus, leader: NodeName, boot: int, now: float) -> None:
    """The DC of our term has spoken."""
    seat.role = "follower"
    seat.leader, seat.leaseholder = leader, seat.leaseholder._replace(name=leader, boot=boot)
    seat.leader_heard = now
    patience.await_dc(seat, now)


def lost_touch(seat: Consensus, peer: str, now: float) -> None:
    """A peer's stream is closed: if it was the DC's, its crm may be gone."""
    if peer == seat.leader and not seat.leads:
        spread = seat.random.uniform(0, seat.timing.election / 2)
        patience.stand_at(seat, seat.leader_heard + seat.timing.election + spread, now)


def _may_stand(seat: Consensus) -> bool:
    may = seat.name in seat.data and seat.name not in seat.withheld and seat.counts
    return may and seat.view.quorate and seat.name in seat.view.names


def next_in_line(seat: Consensus) -> bool:
    """Whether this node will be the first to stand, now that the view has no DC in it."""
    return seat.leader not in seat.view.names and _may_stand(seat) and patience.rank(seat) == 0


def heir(seat: Consensus) -> bool:
    """Whether this node would be the first to stand, were the DC gone from the view."""
    others = [name for name in seat.view.names if name in seat.data and name != seat.leader]
    return _may_stand(seat) and others[:1] == [seat.name]
