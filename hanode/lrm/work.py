"""The work of a node: every resource's line of operations, begun in their turn, watched over and
brought to an end."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from hanode.inputs import ProcessEnded, SpawnFailed
from hanode.lrm.answers import Answers
from hanode.lrm.calls import LEASED, call, leased
from hanode.lrm.descriptions import Descriptions
from hanode.lrm.ledger import Ledger
from hanode.lrm.limits import Limits
from hanode.lrm.line import Line
from hanode.lrm.lines import Lines
from hanode.lrm.operation import NO_RUN, Operation, Phase, Run
from hanode.lrm.own_rule import OwnRule
from hanode.lrm.processes import Processes
from hanode.lrm.recurring import Recurring
from hanode.lrm.results import (
    Result,
    idle,
    of_end,
    of_failure,
    of_proof,
    of_verdict,
    orphan,
    trouble,
    unwritable,
)
from hanode.lrm.term import SHEDDING, Gate, Term
from hanode.lrm.turns import Turns
from hanode.peer_messages import Order
from hanode.ra import Site, exit_codes

PREEMPTING = ("start", "stop", "promote", "demote", "migrate_to", "migrate_from")
"""What a recurring monitor makes way for."""


class Work:
    def __init__(self, site: Site, mark: str, limits: Limits, ledger: Ledger, term: Term) -> None:
        self._site = site
        self._limits = limits
        self._history = ledger.history
        self._term = term
        self._out: list[Any] = []
        self._lines = Lines()
        self._agents = Descriptions(site, limits, self._out)
        self._answers = Answers(ledger, self._agents, self._out)
        self._processes = Processes(site, mark, limits, self._out)
        self.turns = Turns(self._lines, self._history, self._answers, limits, self._out)
        self.own_rule = OwnRule(site.node, self._lines, self._processes, self.turns, self._answers)

    # ------------------------------------------------------------------------------- what to do

    def add(self, order: Order, now: float, resumed: str = "") -> str:
        """Put an order into its resource's line (`resumed`: the mark that a former life began it
        with). Answers why not, if not."""
        line = self._lines.of(order.resource)
        if order.interval_ms and order.task == "monitor":
            self.turns.take_up(line, order, now)
            return ""
        if len(line.waiting) >= self._limits.waiting:
            return f"{len(line.waiting)} operations of {order.resource} wait already"
        if order.task in PREEMPTING:
            self.turns.make_way(line, order.task == "stop", now)
        if order.task == "demote":
            self.turns.end_promoted(line, now)
        elif order.task == "migrate_to":
            self.turns.end_before_leaving(line, now)
        self._agents.look(order, now)
        patience = now + min(self._limits.turn, order.timeout_ms / 1000)
        self._lines.queue(line, Operation(order, now, patience, resumed=resumed))
        return ""

    def cancel(self, order: Order, now: float) -> None:
        """End a recurring operation; to end one that isn't there is done at once."""
        line = self._lines.of(order.resource)
        key = (order.operation or "monitor", order.interval_ms)
        known = self.turns.end(line, key, now)
        ended = known.order if known else dataclasses.replace(order, task=key[0], digest="")
        self._answers.cancelled(ended, order.id, now)

    def forget(self, resource: str, up_to: int, now: float) -> None:
        """Results of a resource up to that call go, with the monitors that they are of; what is
        under way ends as it would."""
        line = self._lines.of(resource)
        for _, task, interval_ms in self._history.forget(resource, up_to):
            self.turns.end(line, (task, interval_ms), now)

    def lose(self, order: Order, reason: str, now: float) -> None:
        """An operation of which nobody knows how it ended."""
        self._answers.state(Operation(order, now), trouble(reason), now)

    def drop_older(self, now: float) -> None:
        """A new term: what waits under an older one is not begun any more."""
        self._drop(lambda order: self._old(order) if order.term < self._term.seen else "", now)

    def drop_leased(self, why: str, now: float) -> None:
        """What waits and needs the lease is not begun any more."""
        self._drop(lambda order: why if leased(order) else "", now)

    def _drop(self, wrong: Callable[[Order], str], now: float) -> None:
        for line in self._lines:
            for operation in [o for o in line.waiting if not o.own_rule and not o.recurring]:
                if why := wrong(operation.order):
                    line.waiting.remove(operation)
                    self._lines.touch(line)
                    self._answers.not_begun(operation, why, now)

    # --------------------------------------------------------------------------- what came of it

    def spawned(self, token: int, pid: int) -> None:
        line = self._processes.spawned(token, pid)
        if line is not None:
            self._lines.touch(line)

    def failed(self, failure: SpawnFailed, now: float) -> None:
        """No process came of it."""
        if self._agents.over(failure):
            return
        begun = self._processes.over(failure.token)
        if begun is None:
            return
        line, operation = begun
        if failure.no_lease:
            self._lines.release(line, operation)
            self._answers.not_begun(operation, failure.reason, now)
        elif operation.recurring is not None and not failure.missing:
            self._lines.release(line, operation)
            self.turns.put_off(operation, operation.recurring, failure.reason, now)
        else:
            self._finish(line, operation, of_failure(failure), now)

    def ended(self, end: ProcessEnded, now: float) -> None:
        """An agent's process is over."""
        if self._agents.over(end):
            return
        begun = self._processes.over(end.token)
        if begun is not None:
            line, operation = begun
            self._finish(line, operation, of_end(operation, end), now)
        freed = self._processes.freed(end.token)
        if freed is not None:
            self.turns.free(*freed, now)

    def ring(self, now: float) -> None:
        """Whatever deadline has come."""
        self._agents.ring(now)
        for line in self._lines.due(now):
            self._lines.touch(line)
            for operation in line.operations():
                at = operation.deadline()
                if at is not None and at <= now:
                    self._too_late(line, operation, now)
            self.turns.queue_due(line, now)

    def advance(self, now: float) -> None:
        """Begin what may begin."""
        if self._term.durable:
            self._agents.advance(now)
        for line in self._lines.ready():
            while line.waiting and line.running is None:
                if not self._try(line, line.waiting[0], now):
                    break
        self._lines.settle()

    def deadline(self) -> float | None:
        times = (self._lines.deadline(), self._agents.deadline())
        return min((at for at in times if at is not None), default=None)

    def took_news(self) -> bool:
        """Whether anything changed since last asked, so that it is worth saving."""
        changed = self._lines.changed or self._answers.changed
        self._lines.changed = self._answers.changed = False
        return changed

    def taken_out(self) -> list[Any]:
        """What is to be done about all this, since last asked."""
        out = self._out[:]
        self._out.clear()
        return out

    def operations(self) -> list[tuple[Operation, Run]]:
        """What runs or waits, apart from the turns of recurring monitors; each with its run, or
        that of the probe that proves it."""
        all_ = [o for line in self._lines for o in line.operations() if not o.recurring]
        return [(o.proves or o, Run(o.mark, o.pid)) for o in all_]

    def unwanted(self) -> list[tuple[Operation, Run]]:
        """Turns under way of monitors that have ended."""
        all_ = [(line, line.running) for line in self._lines if line.running]
        return [
            (turn, Run(turn.mark, turn.pid))
            for line, turn in all_
            if turn.recurring and line.recurring.get(turn.recurring.key) is not turn.recurring
        ]

    def may_run(self) -> dict[str, str]:
        """By resource that runs here, or may, or is just being brought: its agent."""
        begun = [line.running.order for line in self._lines if line.running]
        brought = {order.resource: order.agent for order in begun if order.task in LEASED}
        return self._history.agents() | brought

    def monitors(self) -> list[tuple[Recurring, Run]]:
        """Recurring monitors, each with its turn under way."""
        turns = self._processes.turns()
        all_ = [r for line in self._lines for r in line.recurring.values()]
        return [(recurring, turns.get(id(recurring), NO_RUN)) for recurring in all_]

    # ---------------------------------------------------------------------------------- beginning

    def _try(self, line: Line, operation: Operation, now: float) -> bool:
        """Begin the first in line, or refuse it. False: it must wait."""
        order = operation.order
        free = operation.own_rule or operation.recurring is not None
        gate = Gate.OPEN if free else self._term.gate(order.term, order.task)
        if gate is Gate.WAIT or (gate is Gate.OPEN and self._agents.awaited(order)):
            return False
        if len(self._processes) >= self._limits.jobs and order.task not in SHEDDING:
            return False
        if gate is Gate.OPEN and self._unannounced(operation, now):
            return False
        line.waiting.popleft()
        self._lines.touch(line)
        if gate is Gate.OPEN:
            self._begin(line, operation, now)
        elif gate is Gate.OLD:
            self._answers.not_begun(operation, self._old(order), now)
        else:
            self._shut(operation, now)
        return True

    def _unannounced(self, operation: Operation, now: float) -> bool:
        """Whether the log has to know first that this begins, and doesn't yet."""
        if not self._limits.intent_first or operation.task not in LEASED:
            return False
        if not operation.intent:
            self._answers.pending(operation, now)
        return not self._answers.noted(operation)

    def _shut(self, operation: Operation, now: float) -> None:
        """Without a term on disk nothing starts: here for good, if the disk takes nothing; if it is
        only slow, the order may come again."""
        why = f"term {self._term.seen} can't be written to disk here"
        if self._term.refused:
            self._answers.state(operation, unwritable(why), now)
        else:
            self._answers.not_begun(operation, why, now)

    def _begin(self, line: Line, operation: Operation, now: float) -> None:
        order, line.running = operation.order, operation
        self._lines.touch(line)
        if order.may_run:
            self._history.may_run(order.resource, order.agent)
        active = self._history.active(order.resource)
        made = call(order, self._site, active, self._agents.of(order.agent).action)
        if isinstance(made, Result):
            self._finish(line, operation, made, now)
            if not active:
                self._history.never_ran(order.resource)
            return
        wished = order.meta.get("record_pending") == "true" and order.task in LEASED
        if wished and not operation.intent:
            self._answers.pending(operation, now)
        self._processes.begin(line, operation, made, now)

    # ------------------------------------------------------------------------------------- ending

    def _too_late(self, line: Line, operation: Operation, now: float) -> None:
        if operation.own_rule and operation.phase in (Phase.WAITING, Phase.RUNNING):
            enforced = self.own_rule.enforce(line, operation, now)
            if enforced is not None:
                self._finish(line, operation, enforced, now)
        elif operation.phase is Phase.WAITING:
            line.waiting.remove(operation)
            waited = f"not begun in {now - operation.arrived:.1f} s: too much to do here"
            self._answers.state(operation, trouble(waited), now)
        elif operation.phase is Phase.RUNNING and operation.unwanted:
            self._processes.kill(operation, now)
        elif operation.phase is Phase.RUNNING:
            operation.verdict = operation.verdict or self.turns.verdict(operation)
            self._processes.terminate(operation, now)
        elif operation.phase is Phase.TERMINATING:
            self._processes.kill(operation, now)
        elif operation.phase is Phase.KILLED:
            result = of_verdict(operation, "its processes can't be killed")
            self._finish(line, operation, result, now)
            self._processes.give_up(operation)

    def _finish(self, line: Line, operation: Operation, result: Result, now: float) -> None:
        self._lines.release(line, operation)
        if result.rc in exit_codes.HARD and result.status in ("done", "not-installed"):
            result = self._unanswered(operation, result)
        if operation.proves is not None:
            self._answers.state(operation.proves, of_proof(result), now)
        elif probe := self.own_rule.proof(operation, result, now):
            self._begin(line, probe, now)
        elif operation.recurring is not None:
            self.turns.over(line, operation, operation.recurring, result, now)
        else:
            self._answers.state(operation, result, now)

    def _unanswered(self, operation: Operation, result: Result) -> Result:
        """What it means that nobody is there to look, or to stop, or can't: for what was never
        started here, nothing; what was may run all the same."""
        resource = operation.order.resource
        active = self._history.active(resource)
        if operation.probes and active:
            return orphan(result.reason or exit_codes.meaning(result.rc).name)
        stops = operation.task == "stop" and result.status == "not-installed"
        if stops and not active and self._history.absent(resource):
            return idle(result.reason)
        return result

    def _old(self, order: Order) -> str:
        return f"order of term {order.term}; this node has seen term {self._term.seen}"
