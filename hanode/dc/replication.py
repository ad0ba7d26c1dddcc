"""How the DC's log becomes everybody's.

The DC sends what follows the last entry that it believes a follower to have; the follower
(dc/following) takes it if the chain fits, and says so once it is on disk. What a majority has on
disk is committed, provided that it is of the DC's own term (Raft, section 5.4.2).

One write and one append for each follower are under way at a time; what comes meanwhile leaves
together when the answer is there. So the load itself decides how many entries share an fsync, and
a slow disk or follower holds up nobody else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hanode.dc import election, patience
from hanode.dc.tally import agreed_value, committed, witnesses_count
from hanode.effects import Wrote
from hanode.events import Entry, Signed
from hanode.ids import NodeName, Position
from hanode.peer_messages import Append, AppendReply, Snapshot
from hanode.settings import APPEND_BATCH, APPEND_BYTES

if TYPE_CHECKING:
    from hanode.dc.consensus import Consensus, Progress

ROUNDS_KEPT = 64
"""Rounds to a follower whose sending time is remembered."""


def take_office(seat: Consensus, now: float) -> None:
    """The votes are in. The node states DcElected next, which is this term's first entry."""
    seat.role, seat.leader = "dc", seat.name
    seat.timers.clear("election")
    seat.progress = {}
    watch_members(seat)
    for follower in seat.progress.values():
        follower.heard_at = now  # they have just voted; silence counts from here
    seat.say("info", f"{seat.name} is the DC", term=seat.term, votes=sorted(seat.ayes))
    announce(seat, now)


def watch_members(seat: Consensus) -> None:
    """One Progress a follower."""
    from hanode.dc.consensus import Progress

    for each in seat.everybody:
        if each != seat.name and each not in seat.progress:
            seat.progress[each] = Progress(next=seat.log.last.index + 1, sent_at={})
    for gone in [name for name in seat.progress if name not in seat.everybody]:
        del seat.progress[gone]


def propose(seat: Consensus, signed: Signed, now: float) -> Position:
    """One more entry, as the DC; written and sent on as soon as may be, committed later."""
    assert seat.leads, "only the DC extends the log"
    entry = seat.log.extend(seat.term, signed)
    _write(seat)
    for follower in _present(seat):
        if follower not in seat.witnesses:
            _feed(seat, follower, now)
    return entry.position


def _present(seat: Consensus) -> list[NodeName]:
    """The followers in the view."""
    names = seat.view.names
    return [follower for follower in seat.progress if follower in names]


def _write(seat: Consensus) -> None:
    """Unless a write is under way, or a whole batch waits."""
    waiting = seat.log.last.index - seat.log.handed
    if seat.log.handed == seat.log.durable or waiting >= APPEND_BATCH:
        flush(seat)


def flush(seat: Consensus) -> None:
    """All that this node's disk was not given yet."""
    entries = seat.log.hand_over()
    if entries:
        seat.persist(entries, (Wrote(entries[-1].position, seat.term),))


def _unheard_limit(seat: Consensus) -> float:
    """For how long a majority may not answer. Of many followers some have still to open their
    streams when a cluster starts, and to elect another DC would make that no quicker."""
    large = len(seat.voters) > patience.LARGE
    return seat.timing.slowness * (patience.DEFERENCE if large else 1)


def announce(seat: Consensus, now: float) -> None:
    """Be heard by everybody; step back if a majority has not been heard for long."""
    if not seat.leads:
        return
    seat.timers.set("announce", now + seat.timing.announce)
    heard = {name: progress.heard_at for name, progress in seat.progress.items()}
    heard[seat.name] = now
    if agreed_value(heard, seat.voters, float("-inf")) < now - _unheard_limit(seat):
        election.step_down(seat, seat.term, now, "a majority does not answer")
        return
    for follower in _present(seat):
        _say_append(seat, follower, now)


def reach(seat: Consensus, follower: NodeName, now: float) -> None:
    """A stream to this follower is new: find out where it stands."""
    if follower in seat.progress:
        seat.progress[follower].probing, seat.progress[follower].awaited = True, 0
        _say_append(seat, follower, now)


def acknowledged(seat: Consensus, reply: AppendReply, now: float) -> None:
    """A follower's answer to a round."""
    if reply.term > seat.term:
        election.step_down(seat, reply.term, now, f"{reply.node} knows a later term")
        return
    progress = seat.progress.get(reply.node)
    if not seat.leads or progress is None or reply.term < seat.term:
        return
    if seat.boot_of(reply.node) not in (0, reply.boot):
        return  # an earlier boot's word: its disk may have changed since
    if progress.boot != reply.boot:  # its disk may be another one: begin to know it
        progress.boot, progress.match, progress.probing = reply.boot, 0, True
    progress.learner = reply.learner
    assert progress.sent_at is not None
    progress.heard_at = max(progress.heard_at, progress.sent_at.pop(reply.round, float("-inf")))
    if reply.round >= progress.awaited:
        progress.awaited = 0
    if reply.ok:
        progress.probing = False
        progress.match = max(progress.match, min(reply.match, seat.log.last.index))
        progress.next = max(progress.next, progress.match + 1)
        _commit(seat, now)
    else:
        progress.probing = True
        progress.next = max(progress.match, min(reply.match, seat.log.last.index)) + 1
    if reply.node not in seat.witnesses and (progress.next <= seat.log.last.index or not reply.ok):
        _feed(seat, reply.node, now)
    _tell_commit(seat, reply.node, now)


def own_disk(seat: Consensus, now: float) -> None:
    """The DC's own disk has caught up, which counts like a follower's answer."""
    _write(seat)
    _commit(seat, now)
    _tell_witnesses(seat, now)


def _commit(seat: Consensus, now: float) -> None:
    present = _counted(seat)
    matches = {name: p.match for name, p in seat.progress.items() if name in present}
    matches[seat.name] = seat.log.durable
    index = committed(matches, _voting_data(seat), seat.witnesses, present)
    if index > seat.commit and seat.log.term_at(index) == seat.term:
        seat.commit = index
        for follower in _present(seat):
            _tell_commit(seat, follower, now)
        _tell_witnesses(seat, now)


def _counted(seat: Consensus) -> list[NodeName]:
    """Of the view; a node on its way in or out is fed, but does not count; nor does one that has
    lost something."""
    learners = {name for name, p in seat.progress.items() if p.learner}
    return [name for name in seat.view.names if name not in learners]


def _voting_data(seat: Consensus) -> list[NodeName]:
    return [name for name in seat.data if name not in seat.withheld]


def _tell_witnesses(seat: Consensus, now: float) -> None:
    """Of a position that is news to them."""
    at = _witnessed(seat).index
    for follower in _present(seat):
        if follower in seat.witnesses and seat.progress[follower].told != at:
            _say_append(seat, follower, now)


def _tell_commit(seat: Consensus, follower: NodeName, now: float) -> None:
    """To one who is owed no other word: operators wait there, too. In a large cluster the next
    announcement does."""
    progress = seat.progress[follower]
    if progress.told >= seat.commit or len(seat.voters) > patience.LARGE:
        return
    if not (progress.probing or progress.awaited or follower in seat.witnesses):
        _say_append(seat, follower, now)


def _feed(seat: Consensus, follower: NodeName, now: float) -> None:
    """Send what it lacks; while probing, wait for the announcement's answer instead of flooding;
    while it has something to answer, for that or for a whole batch."""
    progress = seat.progress[follower]
    lacks = seat.log.last.index + 1 - progress.next
    if progress.probing and progress.sent_at:
        newest = max(progress.sent_at.values())
        if now < newest + seat.timing.announce / 2 and lacks <= 0:
            return
    if progress.awaited and lacks < APPEND_BATCH:
        return
    _say_append(seat, follower, now)


def _say_append(seat: Consensus, follower: NodeName, now: float) -> None:
    progress = seat.progress[follower]
    seat.round += 1
    _remember_round(progress, seat.round, now)
    if follower in seat.witnesses:
        seat.send(follower, _position_only(seat, progress))
    elif not seat.log.has(progress.next - 1):
        seat.send(follower, _snapshot(seat))
        progress.next = seat.log.base.index + 1
    else:
        seat.send(follower, _append(seat, progress))


def _append(seat: Consensus, progress: Progress) -> Append:
    entries = _fitting(seat.log.after(progress.next - 1, 1 if progress.probing else APPEND_BATCH))
    previous = seat.log.position_at(progress.next - 1)
    progress.told = seat.commit
    if not progress.probing and entries:
        progress.next += len(entries)  # on a stream what was sent arrives, or the stream breaks
        progress.awaited = seat.round
    return Append(
        seat.term, seat.name, seat.boot, previous, seat.log.hash_at(previous.index), entries,
        seat.commit, seat.round,
    )  # fmt: skip


def _fitting(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """The first of them, as many as make a message that is not too long; one at least."""
    total = 0
    for count, entry in enumerate(entries):
        total += len(entry.signed.payload)
        if count and total > APPEND_BYTES:
            return entries[:count]
    return entries


def _position_only(seat: Consensus, progress: Progress) -> Append:
    """For a witness, which keeps no entries."""
    last = _witnessed(seat)
    progress.told = last.index
    return Append(
        seat.term, seat.name, seat.boot, last, seat.log.hash_at(last.index), (), seat.commit,
        seat.round,
    )  # fmt: skip


def _witnessed(seat: Consensus) -> Position:
    """Where this log ends for a witness: on this disk, where it counts for what is committed; else
    no further than that. (It would stand up for a position that just this disk ever had, even
    when this disk has lost it, and so bar everybody from office for good.)"""
    counts = witnesses_count(_voting_data(seat), seat.witnesses, _counted(seat))
    durable = seat.log.durable
    return seat.log.position_at(durable if counts else min(durable, seat.commit))


def _snapshot(seat: Consensus) -> Snapshot:
    log = seat.log
    return Snapshot(
        seat.term,
        seat.name,
        seat.boot,
        log.base,
        log.base_hash,
        seat.snapshot(log.base),
        seat.round,
    )


def _remember_round(progress: Progress, number: int, now: float) -> None:
    assert progress.sent_at is not None
    progress.sent_at[number] = now
    if len(progress.sent_at) > ROUNDS_KEPT:
        del progress.sent_at[min(progress.sent_at)]
