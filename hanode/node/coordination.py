"""What a DC does: agree the view, hear every LRM, have the PE decide, walk the decision.

In this order, after every step: office, view, fencing, reports, decision, walk. A DC starts
nothing before every LRM of its view has its term on disk and has reported (cluster rule 8), and,
in a cluster that is just coming up, before its missing members had `initdead` to appear.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hanode.effects import AskPe
from hanode.events import (
    Alarm,
    CibChanged,
    DcElected,
    Entry,
    Event,
    FencingConfirmed,
    FencingFailed,
    FencingIntended,
    FencingLapsed,
    HistoryCleared,
    OperationFinished,
    OperatorAdded,
    OperatorRemoved,
    Statement,
    TransitionEnded,
    TransitionStarted,
    ViewAgreed,
)
from hanode.ids import NodeName
from hanode.inputs import Decided
from hanode.node.orders import order_of, plan, sentence
from hanode.node.shooting import Shooting
from hanode.settings import JOIN_LIMIT
from hanode.state import status_of
from hanode.state.lawful import WORDS_OF_OFFICE
from hanode.state.operations import failed
from hanode.te import Walk
from hanode.transition import Action, Transition

if TYPE_CHECKING:
    from hanode.node.node import Node

_NO_NEWS = (
    TransitionStarted, TransitionEnded, FencingIntended, FencingFailed, Alarm, OperatorAdded,
    OperatorRemoved,
)  # fmt: skip
"""Of no account for a decision: our own words about it, a need that stands anyway, people."""
RETRY = 1.0
"""Seconds before the PE is asked again after a walk that failed without news."""
RECHECK = 900.0
"""Seconds after which the PE is asked again in any case (Pacemaker's cluster-recheck-interval)."""


class Coordination:
    """A DC's duties; idle on every other node."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self.shooting = Shooting(node)
        self.walk: Walk | None = None
        self.asked_at: float | None = None
        """Since when the PE has been thinking; None when it is not."""
        self._term = 0
        """The term whose office we have taken."""
        self._opened = False
        """Our DcElected is committed: what the log says is all there is."""
        self._awaited: dict[NodeName, float] = {}
        """Who is in the view and has not reported in this term -> until when it may take."""
        self._first_view: tuple[NodeName, ...] = ()
        """The view that we took office in: nothing is decided before these have reported."""
        self._assemble_until = 0.0
        self._view_stated: tuple[tuple[NodeName, int], ...] | None = None
        self._question = ""
        self._questions = 0
        self._decided_basis = -1
        self._not_before = 0.0
        self._walks = 0

    # ------------------------------------------------------------------------------- every step

    def attend(self) -> None:
        node = self._node
        if not node.seat.leads:
            self._leave_office()
            return
        if self._term != node.seat.term:
            self._take_office()
        if not self._opened:
            return
        self._agree_view()
        self.shooting.attend()
        self._await_reports()
        self._ask()
        self._go_on()
        self._set_alarm_clock()

    def _leave_office(self) -> None:
        if not self._term:
            return
        self._term, self._opened = 0, False
        self.walk, self._question, self.asked_at = None, "", None
        self._node.facts.take_back(WORDS_OF_OFFICE)
        self._node.seat.timers.clear("coordination")

    def _take_office(self) -> None:
        self._leave_office()
        node = self._node
        self._term = node.seat.term
        self._decided_basis, self._not_before = -1, 0.0
        self._view_stated = None
        log = node.seat.log
        node.facts.recognise(log.after(node.seat.commit, log.last.index - node.seat.commit))
        votes = tuple(sorted(name for name, aye in node.seat.ayes.items() if aye))
        node.state_fact(DcElected(self._term, node.name, votes))

    def _open(self) -> None:
        """Our term's first entry is committed: every earlier one is, too, and is applied."""
        node = self._node
        self._opened = True
        own = node.state.nodes.get(node.name)
        fresh = own is None or own.reported != node.boot
        self._assemble_until = node.seat.born + node.timing.initdead if fresh else 0.0
        self._awaited = {}
        self._first_view = node.seat.view.names
        self.shooting.took_office()

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

    def _await_reports(self) -> None:
        """Who is in the view and silent for too long is fenced."""
        node = self._node
        here = node.seat.view.names
        silent = [
            name
            for name in node.state.data_nodes
            if name in here and not self._reported(name) and not self.shooting.wanted(name)
        ]
        self._awaited = {name: self._awaited.get(name, node.now + JOIN_LIMIT) for name in silent}
        for name, until in self._awaited.items():
            if until <= node.now:
                self.shooting.want(name, "reboot", f"its LRM did not report in {JOIN_LIMIT:.0f} s")

    def _reported(self, name: NodeName) -> bool:
        record = self._node.state.nodes[name]
        return record.online and record.reported_term == self._term

    @property
    def held_back(self) -> bool:
        """Whether somebody has still to say what runs there: of our first view anybody; of those
        who came (back) since, who was heard to run something, in whatever boot."""
        nodes = self._node.state.nodes
        return any(name in self._first_view or nodes[name].history for name in self._awaited)

    def _assembled(self) -> bool:
        """All members have been here once, or have had their time to come."""
        node = self._node
        if all(name in node.seat.view.names for name in node.state.data_nodes):
            self._assemble_until = 0.0  # who goes from now on is lost, not late
        return node.now >= self._assemble_until

    # ------------------------------------------------------------------------------ the decision

    def _ask(self) -> None:
        node = self._node
        state = node.state
        if self.walk or self._question or self.held_back or self._view_stated is not None:
            return
        if state.basis == self._decided_basis or node.now < self._not_before:
            return
        if not self._assembled() or self.shooting.stating or not self.shooting.may_decide():
            return
        self._questions += 1
        self._question = f"{self._term}.{self._questions}.{state.basis}"
        self.asked_at = node.now
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
        if not decided.transition.empty:
            self._start(basis, decided.transition)

    def recheck(self) -> None:
        """Time alone may have changed the answer."""
        self._decided_basis = -1

    def _start(self, basis: int, transition: Transition) -> None:
        node = self._node
        self._walks += 1
        self.walk = Walk(self._walks, basis, transition)
        summary = tuple(sentence(change) for change in transition.summary)
        planned = plan(transition)
        node.state_fact(TransitionStarted(self._walks, basis, planned, summary))

    # -------------------------------------------------------------------------------- the walk

    def _go_on(self) -> None:
        """Begin what may begin; end the walk when nothing is left of it."""
        node = self._node
        walk = self.walk
        if walk is None:
            return
        for step in walk.overdue(node.now):
            why = f"no answer to {step.action.task} on {step.action.node}"
            node.say("error", why)
            walk.finish(step.action.id, ok=False, why=why)
            self._blame(step.action, why)
        for action in walk.begin(node.now):
            self._execute(walk, action)
        if walk.over:
            outcome = walk.given_up or "complete"
            node.state_fact(TransitionEnded(walk.number, outcome, walk.done, walk.left))
            self.walk = None
            if walk.given_up:
                self._decided_basis = -1
                self._not_before = max(self._not_before, node.now + self._pause(walk))
            self._ask()

    def _blame(self, action: Action, why: str) -> None:
        """An LRM answers every order, a time-out included. One that doesn't may still carry it
        out, late; so what it was told to run may run there until its node is fenced."""
        executor = action.router or action.node or ""
        if action.kind == "rsc" and self.shooting.enabled and not self.shooting.wanted(executor):
            self.shooting.want(executor, "reboot", why)

    def _pause(self, walk: Walk) -> float:
        """After a failure that changed nothing, asking again at once would spin."""
        return RETRY if walk.basis == self._node.state.basis else 0.0

    def _execute(self, walk: Walk, action: Action) -> None:
        node = self._node
        if action.kind == "fence":
            assert action.node is not None
            self.shooting.carry_out(action)
        elif action.kind == "cleanup":
            node.state_fact(
                HistoryCleared(
                    action.resource or "", action.node or "",
                    failures_only=action.operation == "clear_failcount",
                ),
                cause=self._order_id(walk, action),
            )  # fmt: skip
        else:
            self._give_order(walk, action)

    def _give_order(self, walk: Walk, action: Action) -> None:
        node = self._node
        executor = action.router or action.node or ""
        record = node.state.nodes.get(executor)
        if record is None:
            walk.finish(action.id, ok=False, why=f"{executor} is no member")
            return
        order = order_of(action, self._order_id(walk, action), self._term, executor, record.boot)
        if executor == node.name:
            node.hands.order(order)
        else:
            node.send(executor, order)

    def _order_id(self, walk: Walk, action: Action) -> str:
        return f"{self._term}.{walk.number}.{action.id}"

    def stream_opened(self, peer: NodeName) -> None:
        """Orders may have been lost with the old stream; the LRM does each at most once."""
        walk = self.walk
        if walk is None:
            return
        for step in list(walk.flying.values()):
            executor = step.action.router or step.action.node
            if executor == peer and step.action.kind in ("rsc", "cancel", "shutdown"):
                self._give_order(walk, step.action)

    # ----------------------------------------------------------------------------------- the news

    def noticed(self, entry: Entry, statement: Statement, event: Event) -> None:
        """An entry was applied: an answer to the walk, or news that ends it."""
        self.shooting.noticed(event)
        if not self._node.seat.leads:
            return
        if isinstance(event, DcElected) and event.term == self._term:
            self._open()
        if self.walk is None:
            return
        if isinstance(event, OperationFinished):
            self._answered(self.walk, event)
        elif isinstance(event, HistoryCleared) and self._mine(statement.cause) is not None:
            self.walk.finish(self._mine(statement.cause), ok=True)
        elif isinstance(event, FencingConfirmed):
            self._fenced(self.walk, event.target)
        elif isinstance(event, ViewAgreed):
            self._view_news(self.walk, event)
        elif isinstance(event, CibChanged | FencingLapsed):
            self.walk.give_up("the configuration changed")
        elif not isinstance(event, _NO_NEWS):
            self.walk.give_up(f"news: {type(event).__name__}")
        elif isinstance(event, FencingIntended) and event.by:
            self.walk.give_up(f"{event.by} orders the fencing of {event.target}")

    def _answered(self, walk: Walk, done: OperationFinished) -> None:
        ident = self._mine(f"order {done.order}")
        if ident is not None:
            ok = done.status in ("done", "cancelled") and not failed(done)
            if done.task == "monitor" and not done.interval_ms:
                ok = done.status in ("done", "not-installed", "error")
                unexpected = done.status == "done" and done.rc != done.expected_rc
                walk.finish(ident, ok=ok, why=f"no answer to the probe of {done.resource}")
                if unexpected:
                    walk.give_up(f"{done.resource} was found on {done.node}")
                return
            why = done.reason or done.status if done.status != "done" else f"exit code {done.rc}"
            walk.finish(ident, ok=ok, why=f"{done.resource} {done.task} on {done.node}: {why}")
        elif done.status != "cancelled":
            walk.give_up(f"{done.resource} on {done.node}: {done.status} {done.rc}")

    def _fenced(self, walk: Walk, target: NodeName) -> None:
        for ident, step in list(walk.flying.items()):
            if step.action.kind == "fence" and step.action.node == target:
                walk.finish(ident, ok=True)
                return
        walk.give_up(f"{target} was fenced")

    def _view_news(self, walk: Walk, event: ViewAgreed) -> None:
        here = {name for name, _ in event.present}
        for name in self._node.state.data_nodes:
            if name not in here:
                walk.lose(name)
        walk.give_up("the view changed")

    def _mine(self, cause: str) -> int | None:
        """The id of the walk's action that this cause names."""
        walk = self.walk
        term, _, rest = cause.removeprefix("order ").partition(".")
        number, _, ident = rest.partition(".")
        if walk is None or term != str(self._term) or number != str(walk.number):
            return None
        return int(ident) if ident.isdigit() else None

    # ------------------------------------------------------------------------------------- timing

    def _set_alarm_clock(self) -> None:
        """Wake up for the next thing that time alone will bring."""
        node = self._node
        moments = [*self._awaited.values(), self._assemble_until, self._not_before]
        moments += self.shooting.deadlines()
        if self.walk is not None and (overdue := self.walk.next_deadline()) is not None:
            moments.append(overdue)
        coming = [moment for moment in moments if moment > node.now]
        if coming:
            node.seat.timers.set("coordination", min(coming))
        else:
            node.seat.timers.clear("coordination")

    def running_here(self) -> int:
        """Resources of this node whose last news is that they run."""
        record = self._node.state.nodes.get(self._node.name)
        if record is None:
            return 0
        return sum(
            1
            for results in record.history.values()
            if (last := results.get("last_0")) is not None
            and last.status == "done"
            and last.task in ("start", "promote", "demote", "migrate_from", "monitor")
            and last.rc in (0, 8)
        )
