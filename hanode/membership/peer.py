"""One peer, as its heartbeats tell it."""

from __future__ import annotations

from hanode.events import Member
from hanode.ids import Position
from hanode.membership.lease import SentTimes
from hanode.membership.neighbour import Neighbour
from hanode.membership.stance import Stance, read_stance
from hanode.messaging import Correspondent, Letter
from hanode.messaging.wire import AGE_LIMIT, AGE_UNIT, DISK_FAILS, LRM_ALIVE, Pulse
from hanode.settings import Timing, lease_by

REFUSALS_BELIEVED = 2
"""One refused port may be a stray; so many, without a heartbeat in between, are a hint."""

SILENCE_NOTICED = 3
"""So many keepalives without a heartbeat, and each that comes is worth looking at at once."""


class Peer:
    """What is known of a member other than this node; all of it in one boot of it."""

    def __init__(
        self, member: Member, correspondent: Correspondent, timing: Timing, now: float
    ) -> None:
        self.member = member
        self.number = member.number
        self.name = member.name
        self.correspondent = correspondent
        self._timing = timing
        self.rtt = 0.0
        self.echoed_at = now
        """When an echo that may renew its lease last left for a new heartbeat of it. An earlier
        life of this process, of which nothing is known, may have sent one until now."""
        self.begin_boot()

    def begin_boot(self) -> None:
        """Nothing of an earlier boot counts."""
        self.boot = self.correspondent.boot
        self.neighbour = Neighbour(self._timing)
        self.stance = Stance()
        self.dropped: dict[int, float] = {}
        """Whom it counted, then lost: and when it said so."""
        self.pulse = Pulse()
        self.heard_at = 0.0
        """When its last heartbeat came, on any link."""
        self.newest_at = 0.0
        """When its newest one came: a late one that was overtaken makes no difference."""
        self.link_heard_at: dict[int, float] = {}
        self.refusals = 0
        self.reached_at = 0.0
        """When the newest of our heartbeats left which it says to have got."""
        self.granted_at = 0.0
        """The same, while its agreed view had us."""
        self._echoed_newest = 0.0
        self._life = 0
        self._life_began_at = 0.0
        self._forming = False
        """Its heartbeat process is new, the stance is still that of the one before."""

    @property
    def position(self) -> Position:
        return Position(self.pulse.position_term, self.pulse.position_index)

    @property
    def lrm_alive(self) -> bool:
        return bool(self.pulse.flags & LRM_ALIVE)

    @property
    def disk(self) -> bool:
        """Its log can be written."""
        return not self.pulse.flags & DISK_FAILS

    @property
    def deadtime(self) -> float:
        """Its own, in seconds; 0 before it was heard."""
        return self.pulse.deadtime / 1000

    @property
    def grants_until(self) -> float:
        """Until when its echo lets this node act: no longer than either of the two would wait
        before it counts the other as lost. 0 without an echo."""
        length = lease_by(min(self._timing.deadtime, self.deadtime))
        return self.granted_at + length if self.granted_at else 0.0

    def tell(
        self, letter: Letter, link: int, life: int, sent: SentTimes, now: float, office: int = 0
    ) -> bool:
        """Take in a proved heartbeat that arrived now; True if it changes who hears whom, or who
        wants whom. `office`: the term that we lead, as we know; 0 for none."""
        first = link not in self.link_heard_at
        self.link_heard_at[link] = now
        self.heard_at = max(self.heard_at, now)  # a link may be looked at after another
        self.refusals = 0
        if not letter.newest:
            return first
        self.newest_at = now
        if self._life != letter.sender.life:
            self._life, self._life_began_at = letter.sender.life, now
        news = self._take_stance(letter, now)
        self.pulse = letter.layout.read_pulse(letter.data)
        reached = self._take_echo(letter, life, sent, office, now)
        return news or first or (reached and not self.neighbour.counts)

    def echo(self, now: float) -> None:
        """A heartbeat of ours leaves that tells it: our agreed view has you, this came last."""
        if self.newest_at > self._echoed_newest:
            self._echoed_newest = self.newest_at
            self.echoed_at = now

    def both_ways_until(self, limit: float, grace: float) -> float:
        """Until when, without further news, it is heard both ways; 0 if it is not.

        `grace`: nobody is blamed for silence before it.
        """
        links = self.stance.links
        heard = [at for link, at in self.link_heard_at.items() if links >> link & 1]
        if not heard:
            return 0.0
        since = min(max(heard), self.reached_at + 2 * self._timing.keepalive)
        return max(since, grace if self.neighbour.counts else 0.0) + limit

    def silent_at(self, now: float, grace: float) -> float:
        """For how long nothing of it has come."""
        return now - max(self.heard_at, grace)

    def calm(self, now: float) -> bool:
        """Nothing of it is in the balance: it counts and was heard just now, or is long gone."""
        if self.neighbour.counts:
            recent = SILENCE_NOTICED * self._timing.keepalive
            return not self.refusals and now - self.heard_at < recent
        return now - self.heard_at > 2 * self._timing.deadtime

    def heard_links(self, limit: float, grace: float, now: float) -> int:
        """A bit for each link on which it was heard lately."""
        grace = grace if self.neighbour.counts else 0.0
        links = 0
        for link, at in self.link_heard_at.items():
            if now - max(at, grace) < limit:
                links |= 1 << link
        return links

    def _take_stance(self, letter: Letter, now: float) -> bool:
        """A heartbeat process that was just started again does not know yet whom its node hears:
        its silence about that is no news while its node is given the time."""
        if letter.layout.view_of_others(letter.data) == self.stance.raw:
            self._forming = False
            return False
        stance = read_stance(letter)
        self._forming = bool(not stance.proposal.number and self.stance.proposal.number)
        if self._forming and now < self._life_began_at + self._timing.deadtime:
            return False
        for number in sorted({n for n, _ in self.stance.claims} - {n for n, _ in stance.claims}):
            self.dropped[number] = now
        self.stance = stance
        return True

    def _take_echo(
        self, letter: Letter, life: int, sent: SentTimes, office: int, now: float
    ) -> bool:
        """True if it has got one of our heartbeats that it had not."""
        heard_life, seq, age = letter.layout.received(letter.data, letter.row)
        sent_at = sent.of(seq) if heard_life == life else None
        if sent_at is None or sent_at < self.reached_at:
            return False
        newer = sent_at > self.reached_at
        if newer and age < AGE_LIMIT:
            sample = max(0.0, now - sent_at - age * AGE_UNIT)
            self.rtt = sample if not self.rtt else self.rtt + (sample - self.rtt) / 8
        self.reached_at = sent_at
        # Who knows a later DC than us gives us no lease as the DC: our crm may be asleep.
        deposed = office and self.pulse.term > office
        if self.stance.has_us_in_view and not self._forming and not deposed:
            self.granted_at = sent_at
        return newer
