"""What a DC does: agree the view, hear every LRM, have the PE decide, walk the decision.

In this order, after every step: office, view, fencing, reports, decision, walk. Nothing is decided
before all are heard out (node.hearing).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hanode.effects import AskPe
from hanode.events import (
    Alarm,
    DcElected,
    Event,
    NodeReported,
    Statement,
    ViewAgreed,
)
from hanode.ids import NodeName
from hanode.inputs import Decided
from hanode.node.hearing import Hearing
from hanode.node.shooting import Shooting
from hanode.node.unequal import Unequal
from hanode.node.walking import Walking
from hanode.state import status_of
from hanode.state.lawful import of_office
from hanode.te import Walk
from hanode.transition import Transition

if TYPE_CHECKING:
    from hanode.node.node import Node

RETRY = 1.0
"""Seconds before the PE is asked again after a walk that failed without news."""
RECHECK = 900.0
"""Seconds after which the PE is asked again in any case (Pacemaker's cluster-recheck-interval)."""


class Coordination:
    """A DC's duties; idle on every other node."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self.shooting = Shooting(node)
        self.walking = Walking(node, self.shooting)
        self.hearing = Hearing(node, self.shooting)
        self._unequal = Unequal(node)
        self.asked_at: float | None = None
        """Since when the PE has been thinking; None when it is not."""
        self._term = 0
        """The term whose office we have taken."""
        self.opened = False
        """Our DcElected is committed: what the log says is all there is."""
        self._view_stated: tuple[tuple[NodeName, int], ...] | None = None
        self._question = ""
        self._questions = 0
        self._decided_basis = -1
        self._not_before = 0.0
        self._began = 0.0
        """When the latest walk began, and what it was to do."""
        self._wanted: list[tuple[str | int | None, ...]] = []
        self._again_at, self._again_basis = 0.0, -1
        """The same was decided once more at this basis: without other news, not before then."""

    # ------------------------------------------------------------------------------- every step

    @property
    def in_office(self) -> bool:
        """Elected, and all that an office needs is begun."""
        return self._node.seat.leads and self._term == self._node.seat.term

    def attend(self) -> None:
        node = self._node
        if not node.seat.leads:
            self._leave_office()
            return
        if self._term != node.seat.term:
            self._take_office()
        if not self.opened:
            return
        self._agree_view()
        self.hearing.attend()
        self.shooting.attend()
        self._unequal.attend()
        self._ask()
        self._walk_on()
        self._set_alarm_clock()

    def _leave_office(self) -> None:
        if not self._term:
            return
        self._term, self.opened = 0, False
        self._node.proposals.closed()
        self.walking.walk, self._question, self.asked_at = None, "", None
        self._node.facts.take_back(of_office)
        self._node.seat.timers.clear("coordination")

    def _take_office(self) -> None:
        self._leave_office()
        node = self._node
        self._term = node.seat.term
        self._decided_basis, self._not_before = -1, 0.0
        self._view_stated = None
        votes = tuple(sorted(name for name, aye in node.seat.ayes.items() if aye))
        node.state_fact(DcElected(self._term, node.name, votes))
        node.proposals.bring_again()

    def _open(self) -> None:
        """Our term's first entry is committed: every earlier one is, too, and is applied."""
        node = self._node
        self.opened = True
        self.hearing.began(self._term)
        self.shooting.took_office()
        node.proposals.opened()

    # ---------------------------------------------------------------------------------- the view

    def _agree_view(self) -> None:
        """What the heartbeats agreed becomes a fact."""
        node = self._node
        nodes = node.state.nodes
        view = tuple(
            (name, boot)
            for name, boot in node.seat.view.members
            if name in nodes and boot > nodes[name].fenced
        )
        known = tuple((n.name, n.boot) for _, n in sorted(nodes.items()) if n.present)
        if view == known and node.state.quorate == node.seat.view.quorate:
            self._view_stated = None
        elif view != self._view_stated:
            self._view_stated = view
            silent = self._silent({name for name, _ in known} - {name for name, _ in view})
            node.state_fact(ViewAgreed(view, node.seat.view.quorate, silent))

    def _silent(self, gone: set[NodeName]) -> tuple[tuple[NodeName, float], ...]:
        """Since when each of these is not heard: where an outage began."""
        node = self._node
        return tuple(
            (peer.name, round(node.now - peer.heard_at, 3))
            for peer in node.pulse.peers
            if peer.name in gone and peer.heard_at
        )

    # ------------------------------------------------------------------------------ the decision

    def _ask(self) -> None:
        node = self._node
        state = node.state
        if self.walk or self._question or self._view_stated is not None:
            return
        if state.basis == self._decided_basis or node.now < self._not_before:
            return
        if state.basis == self._again_basis and node.now < self._again_at:
            return
        if not self.hearing.over or self.shooting.stating or not self.shooting.may_decide():
            return
        self._questions += 1
        self._question = f"{self._term}.{self._questions}.{state.basis}"
        self.asked_at = node.now
        node.desk.subscribers.pulse_changed()
        node.out.append(
            AskPe(self._question, state.cib.encode(), state.version, status_of(state), node.clock())
        )

    def decided(self, decided: Decided) -> None:
        """The PE's answer; one to an older question is dropped."""
        node = self._node
        if decided.question != self._question or not self._question:
            return
        basis = int(self._question.rpartition(".")[2])
        self._question, self.asked_at = "", None
        if decided.transition is None:
            node.say("error", f"the policy engine failed: {decided.error}")
            node.state_fact(Alarm("policy engine", decided.error))
            self._decided_basis = basis
            self._not_before = node.now + RETRY
            return
        if basis != node.state.basis:
            return  # news came while it thought; asked again below
        self._decided_basis = basis
        recheck = decided.transition.recheck
        until = RECHECK if recheck is None else max(0.1, recheck.time - node.clock())
        node.seat.timers.set("recheck", node.now + min(until, RECHECK))
        if not decided.transition.empty and not self._goes_round(basis, decided.transition):
            self.walking.start(basis, decided.transition)

    def _goes_round(self, basis: int, transition: Transition) -> bool:
        """Whether this is what was begun a moment ago, and came to nothing: results by a clock that
        is far behind, say, whose failures are forgotten as soon as they are told. That would spin;
        it is decided anew in a while."""
        now = self._node.now
        wanted: list[tuple[str | int | None, ...]] = [
            (a.task, a.operation, a.node, a.resource, a.interval_ms)
            for a in transition.actions
            if not a.pseudo
        ]
        if wanted == self._wanted and now < self._began + RETRY:
            self._decided_basis, self._again_basis = -1, basis
            self._again_at = self._began + RETRY
            return True
        self._wanted, self._began = wanted, now
        return False

    def recheck(self) -> None:
        """Time alone may have changed the answer."""
        self._decided_basis = -1

    def _walk_on(self) -> None:
        under_way = self.walk is not None
        pause = self.walking.go_on()
        if pause is not None:
            self._decided_basis = -1
            self._not_before = max(self._not_before, self._node.now + pause)
        if under_way and self.walk is None:
            self._ask()

    @property
    def walk(self) -> Walk | None:
        """The walk that is under way."""
        return self.walking.walk

    # ----------------------------------------------------------------------------------- the news

    def noticed(self, statement: Statement, event: Event) -> None:
        """An entry was applied."""
        self.shooting.noticed(statement, event)
        if not self._node.seat.leads:
            return
        if isinstance(event, DcElected) and event.term == self._term:
            self._open()
        elif isinstance(event, NodeReported):
            self.hearing.reported(event.node)
        self.walking.noticed(statement, event)

    # ------------------------------------------------------------------------------------- timing

    def _set_alarm_clock(self) -> None:
        """Wake up for the next thing that time alone will bring."""
        node = self._node
        moments = [
            self._not_before,
            self._again_at,
            *self.hearing.deadlines(),
            *self.shooting.deadlines(),
        ]
        if self.walk is not None and (overdue := self.walk.next_deadline()) is not None:
            moments.append(overdue)
        coming = [moment for moment in moments if moment > node.now]
        if coming:
            node.seat.timers.set("coordination", min(coming))
        else:
            node.seat.timers.clear("coordination")
