"""What a follower does with the DC's log: takes what fits, answers once it is on disk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hanode.dc import election
from hanode.effects import Exit, Persist, Send, SnapshotRecord, Wrote
from hanode.peer_messages import Append, AppendReply, Snapshot

if TYPE_CHECKING:
    from hanode.dc.consensus import Consensus


def appended(seat: Consensus, message: Append, now: float) -> None:
    """The DC's entries: take those that fit, answer once they are on disk."""
    if not _accepts(seat, message, now):
        return
    log = seat.log
    previous = message.previous
    if not log.has(previous.index) or log.hash_at(previous.index) != message.previous_hash:
        hint = min(log.last.index, previous.index - 1)
        _answer(seat, message, ok=False, match=max(hint, seat.commit, log.base.index))
        return
    if _contradicts(seat, message):
        seat.say("error", f"{message.leader} contradicts what is committed", term=seat.term)
        return
    new, truncate = _new_entries(seat, message)
    for entry in new:
        if not log.accept(entry):
            seat.say("error", "an entry of the DC does not chain", index=entry.index)
            _answer(seat, message, ok=False, match=log.base.index)
            return
    match = min(previous.index + len(message.entries), log.last.index)
    seat.commit = max(seat.commit, min(message.commit, match))
    seat.told_commit = max(seat.told_commit, min(message.commit, match))
    if new and not seat.trouble:
        reply = _reply(seat, message, ok=True, match=match)
        wrote = Wrote(new[-1].position, seat.term)
        seat.persist(log.hand_over(), (wrote, Send(message.leader, reply)), truncate)
    elif match <= log.durable:
        _answer(seat, message, ok=True, match=match)
    else:  # still on its way to the disk, or never to get there: what is there is told
        _answer(seat, message, ok=True, match=log.durable)


def _contradicts(seat: Consensus, message: Append) -> bool:
    """Whether it would replace a committed entry, which no honest DC does."""
    log = seat.log
    return any(
        log.base.index < entry.index <= seat.commit and log.term_at(entry.index) != entry.term
        for entry in message.entries
    )


def _new_entries(seat: Consensus, message: Append) -> tuple[list[Any], int | None]:
    """The entries that our log lacks, and where it must be cut first, if it must."""
    log = seat.log
    for at, entry in enumerate(message.entries):
        if entry.index > log.last.index:
            return list(message.entries[at:]), None
        if entry.index > log.base.index and log.term_at(entry.index) != entry.term:
            log.truncate(entry.index - 1)
            return list(message.entries[at:]), entry.index - 1
    return [], None


def restored(seat: Consensus, message: Snapshot, now: float) -> None:
    """The fold itself, since the DC's log no longer reaches back to where ours ends. It is read
    before our log, in memory and on disk, gives way to it."""
    if not _accepts(seat, message, now) or message.last.index <= seat.commit:
        return
    seat.installed = seat.read(message)
    if seat.installed is None:
        seat.out.append(Exit("the DC's snapshot can't be read"))
        return
    seat.log.reset(message.last, message.last_hash)
    seat.commit = seat.commit_kept = message.last.index  # the snapshot itself tells the disk
    reply = _reply(seat, message, ok=True, match=message.last.index)
    if seat.trouble:
        _answer(seat, message, ok=True, match=message.last.index)
        return
    record = SnapshotRecord(message.last, message.last_hash, message.state)
    then = (Wrote(message.last, seat.term), Send(message.leader, reply))
    seat.write(Persist(snapshot=record, truncate=message.last.index, then=then))


def _accepts(seat: Consensus, message: Append | Snapshot, now: float) -> bool:
    """Whether this is the DC of our time. A node whose view lacks it refuses it at once, so that
    a badly connected DC can't cling."""
    if message.term < seat.term:
        _answer(seat, message, ok=False, match=seat.log.last.index, why="an earlier term")
        return False
    outside = seat.name in seat.everybody and seat.boot_of(message.leader) != message.boot
    if outside:
        return False
    if message.term > seat.term:
        election.step_down(seat, message.term, now, f"{message.leader} leads a later term")
    if seat.leads:  # one of us lies: no two are elected in one term
        seat.say("error", f"{message.leader} claims to be the DC of our term", term=seat.term)
        return False
    election.follow(seat, message.leader, message.boot, now)
    return True


def _answer(
    seat: Consensus, message: Append | Snapshot, *, ok: bool, match: int, why: str = ""
) -> None:
    if ok and seat.trouble:  # what it only remembers is no match
        match = min(match, seat.log.durable) if seat.log.settled else 0
    reply = Send(message.leader, _reply(seat, message, ok=ok, match=match, why=why))
    if ok and not seat.log.settled and not seat.trouble:
        seat.write(Persist(then=(reply,)))  # not before the snapshot it rests on is on disk
    else:
        seat.out.append(reply)


def _reply(
    seat: Consensus, message: Append | Snapshot, *, ok: bool, match: int, why: str = ""
) -> AppendReply:
    learner = not seat.counts
    return AppendReply(seat.term, seat.name, seat.boot, message.round, ok, match, why, learner)
