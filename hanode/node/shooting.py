"""Fencing as the DC sees to it: intent before deed, who does it, what counts as proof.

The deed itself is an LRM's (hanode.fencing); whether it is needed is the PE's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hanode.cib.document import BadCib, parse_configuration
from hanode.effects import TellLrm
from hanode.events import (
    Alarm,
    AttributeSet,
    Event,
    FencingConfirmed,
    FencingFailed,
    FencingIntended,
    FencingLapsed,
    NodeReported,
    Statement,
    ViewAgreed,
)
from hanode.fencing.devices import levels_for, why_none
from hanode.ids import NodeName
from hanode.local_messages import CallOff
from hanode.node.fence_orders import FenceOrders
from hanode.node.fencing_limits import FencingLimits
from hanode.node.time_bound import TimeBound
from hanode.node.unfencing import ON, Unfencing
from hanode.peer_messages import Device, FenceOrder
from hanode.state.cluster import ClusterState
from hanode.state.left_alone import fencing_enabled
from hanode.state.proofs import OPERATOR, UNFENCED
from hanode.state.records import Intent
from hanode.transition import Action

if TYPE_CHECKING:
    from hanode.node.node import Node

LOOK_AGAIN = 5.0
"""Seconds after which a fencing that was not possible is considered anew."""
RETRY_FIRST = 1.0
RETRY_MAX = 30.0
"""Seconds between two attempts at a fencing that fails: doubling, up to this."""


class Shooting:
    """Every node has one; only the DC's acts."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self.limits = FencingLimits(node)
        self._stated: dict[NodeName, int] = {}
        """Targets whose intent we have stated, and is not in the log yet -> the boot that it is to
        end."""
        self._stating: set[str] = set()
        """Requests that are not in the log yet."""
        self._not_before: dict[NodeName, float] = {}
        self._alarmed: set[tuple[str, str]] = set()
        """Alarms that were stated in this office and may not stand in the log yet."""
        self._lapsing: set[str] = set()
        self.orders = FenceOrders(node)
        self._unfencing = Unfencing(node, self)
        self._time_bound = TimeBound(node, self)

    def may_decide(self) -> bool:
        """With fencing disabled, nothing is decided before a lost node must have stopped by
        itself (cluster rule 6)."""
        return self.enabled or not any(n.lost for n in self._node.state.nodes.values())

    @property
    def enabled(self) -> bool:
        return fencing_enabled(self._node.state)

    def took_office(self) -> None:
        """A new DC counts its waits anew; intents are in the log."""
        self.orders.took_office()
        self._stated, self._stating, self._lapsing = {}, set(), set()
        self._not_before = {}
        self._alarmed = set()
        self._time_bound.took_office()

    # --------------------------------------------------------------------------------- every step

    def attend(self) -> None:
        self._let_lapse()
        hearing = self._node.coordination.hearing
        if hearing.held_back or not hearing.strikes_known:
            return  # a report may bring the outcome of a fencing that an earlier DC ordered
        # The oldest first, as the DC before did: what it ordered may be under way yet.
        intents = sorted(self._node.state.intents.values(), key=lambda intent: intent.index)
        for target in dict.fromkeys(intent.target for intent in intents):
            self._pursue(target)
        self._unfencing.attend()
        if not self.enabled:
            self._time_bound.attend()

    def _let_lapse(self) -> None:
        """An intent against a boot that is over, since a later one has reported, has no object."""
        state = self._node.state
        for intent in list(state.intents.values()):
            target = state.record(intent.target)
            gone = target is None
            if intent.request in self._lapsing:
                continue
            if gone or (target is not None and target.online and target.boot > intent.boot):
                self._lapsing.add(intent.request)
                why = "no member any more" if gone else "back in a later boot"
                self._node.state_fact(FencingLapsed(intent.request, intent.target, why))

    # ----------------------------------------------------------------------------------- the deed

    def carry_out(self, action: Action) -> None:
        """The PE wants this node fenced: see to the intent, then to the order. Or let in."""
        target = action.node or ""
        if action.operation == ON:
            self._unfencing.want(target)
        elif self._node.state.record(target) is None:
            self.alarm(target, f"{target} is no member")
        elif not self.wanted(target):
            self.want(target, action.operation, action.reason)

    def want(self, target: NodeName, action: str, reason: str) -> None:
        """State the need. It outlives walks and DCs: from the log on it is pursued until the
        target's boot is over, whatever the PE says next (INV-5)."""
        request = self.orders.new_request()
        self._stating.add(request)
        boot = self._stated[target] = self._boot(target)
        self._node.state_fact(FencingIntended(request, target, boot, action, reason))

    def wanted(self, target: NodeName) -> bool:
        """Whether the need to fence its present boot is stated, or in the log."""
        return self._intent(target) is not None or self._stated.get(target) == self._boot(target)

    @property
    def stating(self) -> bool:
        """An intent is on its way into the log: the PE must know of it before it decides."""
        return bool(self._stating)

    def _boot(self, target: NodeName) -> int:
        record = self._node.state.record(target)
        return record.boot if record else 0

    def _intent(self, target: NodeName) -> Intent | None:
        boot = self._boot(target)
        standing = [i for i in self._node.state.intents.values() if i.target == target]
        return next((i for i in standing if i.boot >= boot), None)

    def _pursue(self, target: NodeName) -> None:
        """Order it, if its intent is of this boot and nothing forbids it now. A later boot that is
        heard is left in peace: once the log knows of it, the intent lapses."""
        node = self._node
        intent = self._intent(target)
        if intent is None or self.orders.awaited(intent.request):
            return
        if dict(node.pulse.view.members).get(target, 0) > intent.boot:
            return
        if self.orders.again(intent.request):
            return
        if node.now < self._not_before.get(target, 0.0) or node.facts.proof(target, intent.boot):
            return
        no = self.limits.forbidden(target)
        if no:
            self._not_now(target, no)
            return
        levels = self.levels(target)
        executor = self._executor(target, intent)
        if not levels or not executor:
            why = self._why_none(target) if not levels else "nobody can do it"
            self._not_now(target, f"{target} can't be fenced: {why}")
            return
        self.orders.pursue(
            FenceOrder(
                f"{node.seat.term}.fence.{intent.request}.{intent.failures}", node.seat.term,
                executor, node.state.nodes[executor].boot, intent.request, target, intent.boot,
                intent.action, levels, after=node.state.position.index,
            )
        )  # fmt: skip

    def _not_now(self, target: NodeName, why: str) -> None:
        """The intent stands; a person hears why nothing is done about it."""
        self.alarm(target, why)
        self._not_before[target] = self._node.now + LOOK_AGAIN

    def alarm(self, target: NodeName, why: str) -> None:
        """Once, however often it is found."""
        subject = f"fencing {target}"
        known = {(alarm.subject, alarm.message) for alarm in self._node.state.alarms}
        if (subject, why) not in known | self._alarmed:
            self._alarmed.add((subject, why))
            self._node.state_fact(Alarm(subject, why))

    def levels(self, target: NodeName) -> tuple[tuple[Device, ...], ...]:
        """The devices that fence it, as configured."""
        try:
            configuration = parse_configuration(self._node.state.cib.encode())
        except BadCib:
            return ()
        return levels_for(configuration, target)

    def _why_none(self, target: NodeName) -> str:
        try:
            return why_none(parse_configuration(self._node.state.cib.encode()), target)
        except BadCib as bad:
            return str(bad)

    def _executor(self, target: NodeName, intent: Intent) -> NodeName:
        """Ourselves first; after a failure the next one, for its path may be better."""
        able = self.orders.able(target)
        return able[intent.failures % len(able)] if able else ""

    # -------------------------------------------------------------------------------------- news

    def noticed(self, statement: Statement, event: Event) -> None:
        """On every node: what was fenced now counts. On the DC: what became of an order."""
        if isinstance(event, FencingIntended):
            if event.request in self._stating:
                self._stating.discard(event.request)
                self._stated.pop(event.target, None)
        elif isinstance(event, FencingConfirmed):
            if event.evidence != OPERATOR:
                self.limits.fenced(event.target, event.request)
            self.orders.keep_only((*self._node.state.intents, *self._node.state.unfencings))
            self._time_bound.settled(event.target)
        elif isinstance(event, ViewAgreed):
            self._time_bound.viewed(event)
        elif isinstance(event, FencingLapsed):
            self._call_off(event.request)
        elif isinstance(event, NodeReported):
            self._back(event.node)
            self.orders.reported(event)
        elif isinstance(event, AttributeSet) and event.name == UNFENCED:
            self.orders.keep_only((*self._node.state.intents, *self._node.state.unfencings))
        elif isinstance(event, FencingFailed):
            self._failed(statement, event)

    def replaced(self, before: ClusterState) -> None:
        """The state came whole: who is back, and what has lapsed, nobody tells."""
        state = self._node.state
        proved = {past.request for past in state.fencings if past.status == "success"}
        for request in before.intents:
            if request not in state.intents and request not in proved:
                self._call_off(request)
        for name in sorted(state.nodes):
            self._back(name)

    def _back(self, target: NodeName) -> None:
        """An earlier boot of it was proved to be over. Whoever has been told to strike it, too (by
        an earlier DC, say), and is slow, would strike this one: if it has reported. Before that it
        is left to its end, for it may be what switches the target on."""
        record = self._node.state.nodes.get(target)
        if record is None or not record.online:
            return
        for past in self._node.state.fencings:
            if past.target == target and past.status == "success" and past.action != ON:
                self._call_off(past.request)

    def _call_off(self, request: str) -> None:
        self._node.out.append(TellLrm(CallOff(request)))

    def _failed(self, statement: Statement, event: FencingFailed) -> None:
        if not self.orders.failed(event, statement.cause) or event.action == ON:
            return
        intent = self._node.state.intents.get(event.request)
        failures = intent.failures if intent else 1
        pause = min(RETRY_MAX, RETRY_FIRST * 2 ** min(failures - 1, 8))
        self._not_before[event.target] = self._node.now + pause

    def deadlines(self) -> list[float]:
        moments = [*self._not_before.values(), *self.orders.deadlines()]
        if not self.enabled:
            moments += self._time_bound.deadlines()
        return moments
