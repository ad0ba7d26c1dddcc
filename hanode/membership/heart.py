"""The heartbeat process's core: says that this node lives, hears who else does."""

from __future__ import annotations

from random import Random
from typing import Any

from hanode.effects import FeedWatchdog, PublishLease, Say, SendDatagram, TellCrm
from hanode.ids import ORIGIN, NodeName
from hanode.inputs import DatagramArrived, LocalSaid, PartUp, PortRefused
from hanode.local_messages import Heard, Standing
from hanode.membership.cadence import Cadence
from hanode.membership.company import Company
from hanode.membership.lease import SentTimes
from hanode.membership.local_health import LocalHealth
from hanode.membership.peer import Peer
from hanode.membership.report import NO_VIEW, gone_and_come, pulses, unequal, view_of
from hanode.membership.speech import body, pulse_of
from hanode.membership.suspicion import patience
from hanode.membership.views import Views
from hanode.messaging import Counters, KexSecret
from hanode.peer_messages import Roster
from hanode.settings import JOIN_LIMIT, STANDING_LIMIT, Timing

REPORT_EVERY = 5
"""Heartbeats between two words to the crm when nothing changes."""
UNHURRIED = 2
"""So many times longer still a large cluster waits for more news before it has a view at all."""
COUNTERS_EVERY = 100
"""Heartbeats between two lines about dropped datagrams, if there are new ones."""


class Heart:
    """Inputs: Wake, DatagramArrived, PortRefused, LocalSaid(Roster | Standing), PartUp('crm').

    Effects: SendDatagram, TellCrm(Heard), PublishLease, FeedWatchdog, Say.

    It is silent until the crm has named the members (Roster): a restarted process echoes nobody
    and is in no view before. Until the first view is agreed, Heard has view number 0, of nobody.
    It falls silent again if the crm says nothing more for JOIN_LIMIT: a node without a mind must
    not take the place of another one in the view, which can vote.
    """

    def __init__(
        self,
        name: NodeName,
        boot: int,
        life: int,
        timing: Timing,
        secret: KexSecret,
        random: Random,
    ) -> None:
        assert boot > 0, "boots count from 1"
        self.name = name
        self.boot = boot
        self.life = life
        self._timing = timing
        self._random = random
        self._company = Company(name, boot, life, timing, secret)
        self._views: Views | None = None
        self._cadence = Cadence(0.0, timing)
        self._sent = SentTimes()
        self._health = LocalHealth(timing)
        self._standing = Standing(0, "", ORIGIN, lrm_alive=False, running=0)
        self._standing_at: float | None = None
        self._spoken_at = 0.0
        """When the crm was last heard; this process's own sleep does not count."""
        self._preferred = 0
        """The DC's number when this node last decided whom to want."""
        self._view = NO_VIEW
        self._lease = 0.0
        self._grace = 0.0
        """Nobody is blamed for silence before this."""
        self._look_at: float | None = None
        """When somebody's silence, or our own patience, may be over."""
        self._looked_at = 0.0
        self._changed = False
        """Who hears whom may be other than at the last look."""
        self._dropped: dict[str, int] = {}
        self._effects: list[Any] = []

    @property
    def counters(self) -> Counters:
        """What became of all datagrams."""
        return self._company.counters

    def deadline(self) -> float | None:
        """When to be woken at the latest: monotonic seconds."""
        if self._views is None:
            return None
        due = self._cadence.at
        return due if self._look_at is None else min(due, self._look_at)

    def calm(self, now: float) -> bool:
        """Nothing is in the balance, so what the others say may wait for our next heartbeat: then
        this process wakes up once for all of them."""
        return (
            self._views is not None
            and self._views.settled
            and not self._changed
            and not self._cadence.urged
            and all(peer.calm(now) for peer in self._company.peers.values())
        )

    @property
    def lull(self) -> float:
        """For how long, even if something is, what the others say may wait: with many members it
        comes so thick that each would wake this process up, and looks are not so frequent."""
        return self._timing.keepalive * self._company.bulk

    def step(self, given: Any, now: float) -> list[Any]:
        """What is to be done about one input."""
        if self._views is not None and self._cadence.stalled(now):
            self._grace = self._spoken_at = now
            self._changed = True
            self._say("warning", "this heartbeat process was asleep: nobody else is blamed")
        match given:
            case DatagramArrived(link=link, data=data, waited=waited):
                self._hear(link, data, waited, now)
            case PortRefused(peer=peer):
                self._refused(peer)
            case LocalSaid(message=Standing() as standing):
                self._stand(standing, now)
            case LocalSaid(message=Roster() as roster):
                self._follow(roster, now)
            case PartUp(part="crm") if self._views is not None:
                self._report(now)
            case LocalSaid(message=other):
                self._say("error", f"a {type(other).__name__} is nothing for the heartbeat")
        if self._views is not None and now > self._spoken_at + JOIN_LIMIT:
            self._fall_silent()
        if self._views is not None:
            self._go_on(self._views, now)
        effects, self._effects = self._effects, []
        return effects

    # ------------------------------------------------------------------------- what is told

    def _hear(self, link: int, data: bytes, waited: float, now: float) -> None:
        letter = self._company.open(link, data)
        if letter is None or self._views is None:
            return
        peer = self._company.peers[letter.sender.number]
        if peer.boot != peer.correspondent.boot:
            self._say("info", f"{peer.name} is in boot {peer.correspondent.boot}")
            peer.begin_boot()
            self._changed = True
            self._urge(now)
        if letter.hello:
            self._urge(now)
            return
        arrived = now - waited
        gap = arrived - peer.heard_at
        if peer.neighbour.counts and gap > self._timing.warntime:
            self._say("warning", f"late heartbeat: {gap:.2f} s since the last one of {peer.name}")
        was = peer.pulse
        if peer.tell(letter, link, self.life, self._sent, arrived, self._office):
            self._views.heard(peer)
            self._changed = True
        if peer.pulse.deadtime != was.deadtime:
            self._say_unequal(peer)
        if (peer.pulse.term, peer.pulse.dc) != (was.term, was.dc):
            self._changed |= self._dc() != self._preferred

    def _refused(self, name: NodeName) -> None:
        peer = self._company.peer_named(name)
        if peer is not None:
            peer.refusals += 1
            self._changed = True

    def _stand(self, standing: Standing, now: float) -> None:
        self._standing, self._standing_at, self._spoken_at = standing, now, now
        self._changed |= self._dc() != self._preferred
        me = self._company.me
        if self._views is None and me is not None:
            self._begin(me.number, now)

    def _follow(self, roster: Roster, now: float) -> None:
        before = self._company.me
        for complaint in self._company.follow(roster, now):
            self._say("error", complaint)
        me = self._company.me
        if me is None:
            self._views, self._view = None, NO_VIEW
            self._publish(0.0)
        elif self._views is None or before is None or me.number != before.number:
            self._begin(me.number, now)
        self._changed = True
        self._report(now)

    def _fall_silent(self) -> None:
        self._say("error", f"the crm has said nothing for {JOIN_LIMIT:g} s: this node falls silent")
        self._views, self._view = None, NO_VIEW
        self._publish(0.0)

    def _begin(self, number: int, now: float) -> None:
        self._spoken_at = now
        self._views = Views(number, self.boot, self._timing, now)
        for peer in self._company.peers.values():
            self._views.heard(peer)  # what it said last, it may say again: that is no news
        self._changed = True
        phase = self._random.random() * self._timing.keepalive
        self._cadence = Cadence(now + phase, self._timing)
        self._urge(now)

    # -------------------------------------------------------------------------- what follows

    def _go_on(self, views: Views, now: float) -> None:
        if self._changed:
            at = self._looked_at + self._timing.keepalive * self._company.bulk
            if not views.agreed.number:
                at += UNHURRIED * (at - self._looked_at)
            self._look_at = at if self._look_at is None else min(at, self._look_at)
        if self._look_at is not None and now >= self._look_at:
            self._look(views, now)
        if now >= self._cadence.at:
            self._beat(views, now)

    def _look(self, views: Views, now: float) -> None:
        """Who counts, whom to want in a view, what is agreed."""
        self._looked_at = now
        peers = self._company.peers
        for peer in peers.values():
            self._judge(peer, now)
        if self._changed or views.impatient(now):
            self._changed = False
            members, lease, self._preferred = self._company.members, self._lease, self._dc()
            if views.decide(members, peers, self._preferred, self._limit, lease, now):
                self._urge(now)
        if views.conclude(peers, now):
            self._urge(now)
        self._show(views, now)
        waits = [views.deadline, *(peer.neighbour.deadline() for peer in peers.values())]
        self._look_at = min((at for at in waits if at is not None), default=None)

    def _judge(self, peer: Peer, now: float) -> None:
        neighbour = peer.neighbour
        others = self._company.peers.values()
        limit = patience(peer, others, self._timing, self._health.patience, self._grace, now)
        until = peer.both_ways_until(limit, self._grace)
        if not neighbour.judge(until, peer.stance.counts_us, now):
            return
        self._changed = True
        self._urge(now)
        if not neighbour.counts:
            silence = round(now - peer.heard_at, 3)
            self._say("warning", f"{peer.name} is not heard both ways any more", silence=silence)

    def _show(self, views: Views, now: float) -> None:
        """Tell the crm if the view is another than it knows."""
        view = view_of(self._company, views.agreed, stale=views.stale(now))
        if view == self._view:
            return
        gone, come = gone_and_come(self._view, view)
        text = f"view {view.number}: {', '.join(view.names)}"
        self._say("info", text, quorate=view.quorate, gone=" ".join(gone), come=" ".join(come))
        self._view = view
        if not view.quorate:
            self._publish(0.0)
        else:
            self._urge(now)  # the lease counts from a heartbeat
        self._report(now)

    def _beat(self, views: Views, now: float) -> None:
        company, standing = self._company, self._standing
        self._health.beat(self._cadence.beat(now))
        seq = self._sent.next(now)
        pulse = pulse_of(
            standing, company.number_of(standing.dc), self._health.score, self._timing.deadtime
        )
        if company.peers:
            content = body(company.peers.values(), views, pulse, self._limit, self._grace, now)
            for link in company.links:
                self._effects.append(SendDatagram(link, company.seal(link, seq, content)))
        if self._view.quorate:
            self._publish(company.lease_until(now))
        if self._trustworthy(now):
            self._effects.append(FeedWatchdog())
        if seq % REPORT_EVERY == 0:
            self._report(now)
        if seq % COUNTERS_EVERY == 0:
            self._say_dropped()

    # ------------------------------------------------------------------------ small questions

    @property
    def _limit(self) -> float:
        """Silence after which a peer without any further reason is lost."""
        return self._timing.deadtime * self._health.patience

    def _dc(self) -> int:
        """The DC's number, as the highest term that is heard of says it; 0 for none."""
        standing = self._standing
        claims = [(standing.term, self._company.number_of(standing.dc))]
        for peer in self._company.peers.values():
            if peer.neighbour.counts:
                claims.append((peer.pulse.term, peer.pulse.dc))
        return max([claim for claim in claims if claim[1]], default=(0, 0))[1]

    @property
    def _office(self) -> int:
        return self._standing.term if self._standing.dc == self.name else 0

    def _trustworthy(self, now: float) -> bool:
        """Whether the watchdog may be fed: this process on time, the crm advancing, the lrm
        answering, the node in quorum or running nothing that needs it."""
        advancing = self._standing_at is not None and now - self._standing_at <= STANDING_LIMIT
        allowed = self._view.quorate or self._standing.running == 0
        return advancing and self._standing.lrm_alive and allowed and not self._health.stalled

    # ----------------------------------------------------------------------------- what is said

    def _publish(self, lease: float) -> None:
        if lease != self._lease:
            self._lease = lease
            self._effects.append(PublishLease(lease))

    def _urge(self, now: float) -> None:
        """With many members news come by the dozen, and each heartbeat is heard by all: what is
        not looked at more often is not told more often."""
        self._cadence.urge(now, self._company.bulk)

    def _report(self, now: float) -> None:
        peers = pulses(self._company, self._limit, self._grace, now)
        dropped = self.counters.dropped
        heard = Heard(self._view, peers, self._lease, self._health.score, dropped)
        self._effects.append(TellCrm(heard))

    def _say_unequal(self, peer: Peer) -> None:
        own = round(self._timing.deadtime, 3)
        if peer.deadtime != own:
            self._say("warning", unequal(peer.name, peer.deadtime, self.name, own))

    def _say_dropped(self) -> None:
        if self.counters.dropped != self._dropped:
            self._dropped = self.counters.dropped
            self._say("warning", "datagrams were dropped (totals)", **self._dropped)

    def _say(self, level: str, text: str, **details: Any) -> None:
        self._effects.append(Say(level, text, details))
