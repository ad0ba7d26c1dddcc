"""A disk restored from an older copy: it votes no more until it has caught up (cluster rule 3).

What it had acknowledged and lost would be missing in a majority that counts it, and a vote that it
gave and forgot could be given twice. Its peers remember what they heard from it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hanode.effects import Exit
from hanode.ids import ORIGIN, NodeName, Position
from hanode.local_messages import PeerPulse
from hanode.peer_messages import Remembered

if TYPE_CHECKING:
    from hanode.dc.consensus import Consensus


class Memory:
    """The latest boot and the last position that was ever heard of each peer, in this life."""

    def __init__(self) -> None:
        self._known: dict[NodeName, Remembered] = {}

    def note(self, peers: tuple[PeerPulse, ...]) -> None:
        """What the heartbeats say."""
        for peer in peers:
            self._raise(peer.name, peer.boot, peer.position)

    def of(
        self, peer: NodeName, seat: Consensus, last_word: tuple[int, int] = (0, 0)
    ) -> Remembered | None:
        """What to tell this peer of itself: as the DC, its answers are known besides, and the log
        has the boot and the number of its last statement, even if nobody lives who heard it."""
        progress = seat.progress.get(peer)
        if progress is not None and progress.boot and seat.log.has(progress.match):
            self._raise(peer, progress.boot, seat.log.position_at(progress.match))
        boot, number = last_word
        if boot:
            self._raise(peer, boot, ORIGIN)
        known = self._known.get(peer)
        if known is None or known.boot > boot:
            return known
        return Remembered(boot, known.position, number)

    def keep(self, members: tuple[NodeName, ...]) -> None:
        """No more than the members are remembered."""
        self._known = {name: known for name, known in self._known.items() if name in members}

    def _raise(self, name: NodeName, boot: int, position: Position) -> None:
        known = self._known.get(name, Remembered(0, ORIGIN))
        if boot > known.boot or position > known.position:
            self._known[name] = Remembered(max(boot, known.boot), max(position, known.position))


def reminded(seat: Consensus, peer: NodeName, said: Remembered, last_word: int = 0) -> None:
    """A peer tells what it once heard from us, whose last statement in this boot was `last_word`.
    A lost past makes a learner, in a boot that nobody has heard of: whatever was said in a number
    that was given before counts no more."""
    behind = said.position > seat.highest
    forgotten = (said.boot, said.last_word) > (seat.boot, last_word)
    if seat.trouble or (not forgotten and (seat.learner or not behind)):
        return  # (it will be reminded again, in a life that can remember)
    seat.learner = seat.voters != (seat.name,)  # who is alone has nobody to learn from
    seat.say(
        "error", "this disk is an older copy: no vote until it has caught up", peer=peer,
        boot=said.boot, position=list(said.position),
    )  # fmt: skip
    end = Exit("an older copy of this disk was restored", anew=True, boot_after=said.boot)
    seat.promise(end)


def caught_up(seat: Consensus) -> None:
    """A learner that holds what a DC has committed in its own term has all that was ever
    committed. Its vote of this term is the DC's, whatever it may have forgotten."""
    told = seat.told_commit
    if not seat.learner or told <= seat.log.base.index or seat.log.durable < told:
        return
    if seat.leader and seat.log.term_at(told) == seat.term:
        seat.learner, seat.voted_for = False, seat.leader
        seat.say("info", "has caught up: its vote counts again", term=seat.term)
        seat.promise()
