"""Two nodes alone: what the one does that has lost the other (cluster rule 5).

Neither commits or elects without the other. The survivor may go on with one vote if it is sure of
three things: in this boot a DC told it a position that was committed with both votes, so that it
lacks nothing; its intent to fence was on its own disk first; and the fencing is confirmed. Then
the other's vote is withheld until it has rejoined and caught up. Until then what runs goes on and
nothing starts; and who has just booted alone waits for the other, unless an operator says that it
is down.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hanode.effects import Persist, TellLrm
from hanode.events import DcElected, FencingConfirmed, FencingIntended, VoteRestored
from hanode.fencing.devices import switching_off
from hanode.ids import NodeName
from hanode.local_messages import CallOff, FenceResult
from hanode.node.importance import importance
from hanode.peer_messages import ISOLATED, FenceOrder
from hanode.ra.durations import seconds

if TYPE_CHECKING:
    from hanode.node.node import Node

FIRST_SHOT = 5.0
"""Seconds that the less important of two waits before it shoots, where no priority-fencing-delay
is set: longer than a usual fence device takes."""
AGAIN_FIRST, AGAIN_MAX = 2.0, 30.0
"""Seconds between two attempts: doubling, up to this."""
ANSWER = 70.0
"""Seconds after which an order without an answer is given again (beyond a fencing's time-out)."""


class Survivor:
    """Idle in every cluster but one of two data nodes without a witness."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._entitled = False
        """A position committed with both votes was held here, in this life of this boot."""
        self._intent: FencingIntended | None = None
        """The need that stands now. It lapses when both hear each other again, so it comes into
        the log with its success only: the log's intents are pursued, whoever hears whom."""
        self._tried: FencingIntended | None = None
        """The one that an order was given for; its outcome may come after it has lapsed."""
        self._not_before = 0.0
        self._awake_at = 0.0
        """When all is heard that happened while this crm was asleep."""
        self._attempts = 0
        self.claimed: NodeName = ""
        """Proved to be down: its vote is withheld, from now on and soon by the log."""
        self._restoring: NodeName = ""
        """Its vote counts again here, though that is not committed yet."""

    # ---------------------------------------------------------------------------------- questions

    @property
    def other(self) -> NodeName:
        """The other one, if there are just two; else nobody."""
        state = self._node.state
        pair = state.data_nodes
        if len(pair) != 2 or len(state.members) != 2 or self._node.name not in pair:
            return ""
        return pair[1] if pair[0] == self._node.name else pair[0]

    @property
    def holds_on(self) -> bool:
        """Whether what runs here may go on without quorum: nothing starts elsewhere before the
        power of this node was cut."""
        return bool(self.other) and self._node.coordination.shooting.enabled

    def withheld(self, in_the_log: tuple[NodeName, ...]) -> tuple[NodeName, ...]:
        """Whose votes don't count."""
        names = {*in_the_log, self.claimed} - {"", self._restoring}
        return tuple(sorted(names))

    # --------------------------------------------------------------------------------- every step

    def attend(self) -> None:
        other = self.other
        if not other:
            return
        self._learn_right()
        if self._node.seat.leads:
            self._restore(other)
        elif other in self._node.pulse.view.names:
            self._lapse()
        elif self._node.now < self._awake_at:
            self._node.seat.timers.set("survivor", self._awake_at)
        elif self._may_shoot():
            self._pursue(other)

    def _lapse(self) -> None:
        """We hear each other: who was to be fenced is not to be. Said once more behind a write, for
        the order may still be waiting for its own."""
        intent, attempts = self._intent, self._attempts
        self._intent, self._attempts = None, 0
        if intent is not None and attempts:
            end = TellLrm(CallOff(intent.request))
            self._node.out.append(end)
            self._node.seat.write(Persist(then=(end,)))

    def woke(self) -> None:
        """This crm was asleep: that it has lost the other may be old news."""
        self._awake_at = self._node.now + self._node.timing.deadtime

    def _learn_right(self) -> None:
        seat = self._node.seat
        at = seat.commit if seat.leads else seat.told_commit
        if seat.withheld or self._node.state.withheld or at <= seat.log.base.index:
            return
        if seat.log.durable >= at and seat.log.term_at(at) == seat.term:
            self._entitled = True

    def _may_shoot(self) -> bool:
        node = self._node
        lost_at = node.quorum_lost_at
        enabled = node.coordination.shooting.enabled
        own = node.name in node.seat.withheld
        return bool(
            self._entitled and enabled and not own and not self.claimed and not node.seat.trouble
            and lost_at is not None and node.now >= lost_at
        )  # fmt: skip

    # ----------------------------------------------------------------------------------- the deed

    def _pursue(self, other: NodeName) -> None:
        """The intent to our own disk; what follows that write is the order. Unless the DC's order
        has come to its end here, but not into the log."""
        node = self._node
        proof = node.facts.proof(other, node.state.nodes[other].boot)
        if proof is not None and proof.evidence not in ("", ISOLATED):
            self._claim(other, proof.boot)
            return
        if self._intent is None:
            self._intend(other)
        if node.now < self._not_before:
            node.seat.timers.set("survivor", self._not_before)
            return
        levels = switching_off(node.coordination.shooting.levels(other))
        no = node.coordination.shooting.limits.forbidden(other)
        assert self._intent is not None
        if no or not levels:
            why = no or "no device that switches it off is configured for it"
            node.say("error", f"{other} is lost, of two nodes alone, and can't be fenced: {why}")
            self._wait(AGAIN_MAX)
            return
        self._attempts += 1
        self._tried = self._intent
        term, request = node.seat.term, self._intent.request
        order = FenceOrder(
            f"{term}.survivor.{request}.{self._attempts}", term, node.name, node.boot, request,
            other, self._intent.boot, self._intent.action, levels,
            after=node.state.position.index, alone=True,
        )  # fmt: skip
        node.seat.write(Persist(intent=self._intent, then=(TellLrm(order),)))
        self._wait(ANSWER)

    def _intend(self, other: NodeName) -> None:
        node = self._node
        boot = node.state.nodes[other].boot
        request = f"survivor.{node.name}.{node.boot}.{node.seat.log.durable}.{int(node.now * 1000)}"
        why = f"{other} is lost, of two nodes alone"
        self._intent = FencingIntended(request, other, boot, "reboot", why)
        wait = self._delay(other)
        node.say("warning", f"{why}: it is fenced in {wait:g} s", request=request)
        self._not_before, self._attempts = node.now + wait, 0

    def _delay(self, other: NodeName) -> float:
        """Of two that shoot at each other, the less important one waits; of two equals, the one
        that was not the DC. What the DC ordered may be under way here, and is waited for."""
        state = self._node.state
        ordered = any(intent.target == other for intent in state.intents.values())
        mine, theirs = importance(state, self._node.name), importance(state, other)
        if mine > theirs or (mine == theirs and state.dc == self._node.name):
            return FIRST_SHOT / 2 if ordered else 0.0
        said = state.options.get("priority-fencing-delay", "")
        return seconds(said, FIRST_SHOT) if said else FIRST_SHOT

    def _wait(self, time: float) -> None:
        self._not_before = self._node.now + time
        self._node.seat.timers.set("survivor", self._not_before)

    # ----------------------------------------------------------------------------- what came of it

    def answered(self, result: FenceResult) -> None:
        """Our LRM's word on a fencing."""
        tried, intent = self._tried, self._intent
        if tried is not None and result.request == tried.request and result.ok:
            self._tried = None
            self._node.state_fact(tried)
        if intent is None or result.request != intent.request:
            return
        if result.ok and result.evidence not in ("", ISOLATED):
            self._claim(result.target, result.target_boot)
        elif not result.ok:
            pause = AGAIN_FIRST * 2 ** min(self._attempts - 1, 8)
            self._wait(min(AGAIN_MAX, pause))

    def accepts(self, event: object) -> bool:
        """An operator says that the other one is down: that is evidence, and the right besides."""
        if not isinstance(event, FencingConfirmed) or event.target != self.other:
            return False
        if event.target in self._node.pulse.view.names:
            return False
        self._claim(event.target, event.boot)
        return True

    def _claim(self, target: NodeName, boot: int) -> None:
        node = self._node
        gone = target not in node.pulse.view.names and boot >= node.state.nodes[target].boot
        if target != self.other or not gone or node.seat.leads:
            return
        if node.proposals.membership_changes():
            # A third one would count that has nothing, and the other one might have heard of it.
            node.say("error", f"{target} is down amid a change of membership: it must come back")
            return
        node.say("warning", f"{target} is proved to be down: {node.name} goes on with one vote")
        self.claimed, self._restoring, self._intent, self._entitled = target, "", None, True
        node.roll.changed()

    # ------------------------------------------------------------------------------------ and back

    def _restore(self, other: NodeName) -> None:
        """It has rejoined and has everything that is committed: its vote counts again."""
        node = self._node
        if other in node.state.withheld:
            self.claimed = ""  # the log says it from now on
        progress = node.seat.progress.get(other)
        record = node.state.nodes[other]
        if other not in node.seat.withheld or self.claimed or progress is None:
            return
        back = other in node.seat.view.names and record.online
        reported = record.reported_term == node.seat.term
        if back and reported and record.boot > record.fenced and progress.match >= node.seat.commit:
            self._restoring = other
            node.state_fact(VoteRestored(other, record.boot))
            node.roll.changed()

    def noticed(self, event: object) -> None:
        """On every node: the log says of the votes what this node may have known before."""
        if isinstance(event, (DcElected, VoteRestored)):
            if isinstance(event, VoteRestored):
                self._restoring = ""
            self._node.roll.changed()
