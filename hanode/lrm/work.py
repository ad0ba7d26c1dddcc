"""The agents at work: every resource's line of operations, begun, watched over and brought to an
end."""

from __future__ import annotations

import dataclasses
from typing import Any

from hanode.effects import Kill, KillResource, Say, Spawn, TellCrm
from hanode.inputs import ProcessEnded, SpawnFailed
from hanode.lrm.calls import LEASED, call, leased
from hanode.lrm.ledger import Ledger
from hanode.lrm.limits import Limits
from hanode.lrm.line import Line
from hanode.lrm.lines import Lines
from hanode.lrm.operation import NO_RUN, Operation, Phase, Run
from hanode.lrm.recurring import Recurring
from hanode.lrm.results import (
    STARVED,
    Result,
    idle,
    of_end,
    of_failure,
    of_proof,
    of_verdict,
    trouble,
)
from hanode.lrm.starving import EXCUSED_MAX
from hanode.lrm.term import SHEDDING, Gate, Term
from hanode.messages import Order, Refused, Telemetry
from hanode.ra import Site
from hanode.ra.systemd import KILL

PREEMPTING = ("start", "stop", "promote", "demote", "migrate_to", "migrate_from")
"""What a recurring monitor makes way for."""


class Work:
    def __init__(self, site: Site, mark: str, limits: Limits, ledger: Ledger, term: Term) -> None:
        self._site = site
        self._mark = mark
        self._limits = limits
        self._ledger = ledger
        self._term = term
        self._lines = Lines()
        self._begun: dict[int, tuple[Line, Operation]] = {}
        self._tokens = 0
        self.starving = ""
        """What the machine lacks, if it lacks something."""
        self.out: list[Any] = []

    # ------------------------------------------------------------------------------- what to do

    def add(self, order: Order, now: float) -> str:
        """Put an order into its resource's line. Answers why not, if not."""
        line = self._lines.of(order.resource)
        if order.interval_ms and order.task == "monitor":
            delay = order.meta.get("start_delay", "")
            first = now + (int(delay) / 1000 if delay.isdigit() else 0.0)
            self._end_recurring(line, (order.task, order.interval_ms), now)
            line.recurring[order.task, order.interval_ms] = Recurring(order, first)
            return ""
        if len(line.waiting) >= self._limits.waiting:
            return f"{len(line.waiting)} operations of {order.resource} wait already"
        if order.task in PREEMPTING:
            self._make_way(line, order.task == "stop", now)
        patience = now + min(self._limits.turn, order.timeout_ms / 1000)
        self._lines.queue(line, Operation(order, now, patience))
        return ""

    def cancel(self, order: Order, now: float) -> None:
        """End a recurring operation; to end one that isn't there is done at once."""
        line = self._lines.of(order.resource)
        key = (order.operation or "monitor", order.interval_ms)
        known = self._end_recurring(line, key, now)
        ended = known.order if known else dataclasses.replace(order, task=key[0], digest="")
        self.out.append(self._ledger.cancelled(ended, order.id, now))

    def rule(self, order: Order, limit: float, now: float) -> str:
        """This node's own decision to stop or demote: all else makes way, and `limit` is the end
        of all patience. Answers why not, if not."""
        line = self._lines.of(order.resource)
        if any(o.own_rule and o.task == order.task for o in line.operations()):
            return f"a {order.task} of this node's own is under way"
        self._make_way(line, True, now)
        for operation in [o for o in line.waiting if not o.own_rule]:
            line.waiting.remove(operation)
            self._refuse(operation.order.id, "this node has lost quorum")
        running = line.running
        if running and not running.own_rule and running.phase is not Phase.KILLED:
            running.verdict = "superseded"
            self._kill(running, now)
        self._lines.queue(line, Operation(order, now, limit=limit))
        return ""

    def stop_of(self, resource: str, agent: str, ident: str, term: int, boot: int) -> Order:
        """A stop of what runs, as far as this LRM knows the way: its monitors know parameters."""
        known = next((r.order for r in self._lines.of(resource).recurring.values()), None)
        if known is None:
            return Order(ident, term, self._site.node, boot, resource, agent, "stop")
        return dataclasses.replace(
            known, id=ident, term=term, task="stop", operation="stop", interval_ms=0,
            expected_rc=0, needs_quorum=False,
        )  # fmt: skip

    def forget(self, resource: str, now: float) -> None:
        """Results and recurring monitors of a resource go; what is under way ends as it would."""
        line = self._lines.of(resource)
        for key in list(line.recurring):
            self._end_recurring(line, key, now)
        self._ledger.history.forget(resource)

    def take_back(self, order: Order, answer: tuple[int, str] | None, now: float) -> None:
        """Go on with a recurring monitor of a former life."""
        line = self._lines.of(order.resource)
        line.recurring[order.task, order.interval_ms] = Recurring(order, now, answer)

    def lose(self, order: Order, reason: str, now: float) -> None:
        """An operation of which nobody knows how it ended."""
        self._tell(Operation(order, now), trouble(reason), now)

    def drop_older(self) -> None:
        """A new term: what waits under an older one is not begun any more."""
        for line in self._lines:
            for operation in [o for o in line.waiting if not o.own_rule and not o.recurring]:
                if operation.order.term < self._term.seen:
                    line.waiting.remove(operation)
                    self._lines.touch(line)
                    self._refuse(operation.order.id, self._old(operation.order))

    # --------------------------------------------------------------------------- what came of it

    def spawned(self, token: int, pid: int) -> None:
        begun = self._begun.get(token)
        if begun is not None:
            begun[1].pid = pid
            self._lines.touch(begun[0])

    def failed(self, failure: SpawnFailed, now: float) -> None:
        """No process came of it."""
        line, operation = self._taken(failure.token)
        if operation is None:
            return
        if failure.no_lease:
            self._lines.release(line, operation)
            self._refuse(operation.order.id, failure.reason)
        elif operation.recurring is not None and not failure.missing:
            self._lines.release(line, operation)
            self._excuse(operation, operation.recurring, failure.reason, now)
        else:
            self._finish(line, operation, of_failure(failure), now)

    def _excuse(self, turn: Operation, recurring: Recurring, reason: str, now: float) -> None:
        """A machine that can't start a process says nothing of the resource: no answer then."""
        name = f"{turn.order.resource}.{turn.order.task}_{turn.order.interval_ms}"
        self.out.append(Say("warning", f"{name} is put off", {"why": reason}))
        recurring.put_off(now)

    def ended(self, end: ProcessEnded, now: float) -> None:
        """An agent's process is over."""
        line, operation = self._taken(end.token)
        if operation is None:
            return
        self._finish(line, operation, of_end(operation, end), now)

    def ring(self, now: float) -> None:
        """Whatever deadline has come."""
        for line in self._lines.due(now):
            self._lines.touch(line)
            for operation in line.operations():
                at = operation.deadline()
                if at is not None and at <= now:
                    self._too_late(line, operation, now)
            for recurring in line.due_turns(now):
                recurring.take_turn()
                self._lines.queue(line, Operation(recurring.order, now, recurring=recurring))

    def advance(self, now: float) -> None:
        """Begin what may begin."""
        for line in self._lines.ready():
            while line.waiting and line.running is None:
                if not self._try(line, line.waiting[0], now):
                    break
        self._lines.settle()

    def deadline(self) -> float | None:
        return self._lines.deadline()

    def took_news(self) -> bool:
        """Whether anything changed since last asked, so that it is worth saving."""
        changed, self._lines.changed = self._lines.changed, False
        return changed

    def operations(self) -> list[tuple[Operation, Run]]:
        """What runs or waits, apart from the turns of recurring monitors; each with its run, or
        that of the probe that proves it."""
        all_ = [o for line in self._lines for o in line.operations() if not o.recurring]
        return [(o.proves or o, Run(o.mark, o.pid)) for o in all_]

    def monitors(self) -> list[tuple[Recurring, Run]]:
        """Recurring monitors, each with its turn under way."""
        turns = {id(o.recurring): Run(o.mark, o.pid) for _, o in self._begun.values()}
        all_ = [r for line in self._lines for r in line.recurring.values()]
        return [(recurring, turns.get(id(recurring), NO_RUN)) for recurring in all_]

    # ---------------------------------------------------------------------------------- beginning

    def _try(self, line: Line, operation: Operation, now: float) -> bool:
        """Begin the first in line, or refuse it. False: it must wait."""
        order = operation.order
        free = operation.own_rule or operation.recurring is not None
        gate = Gate.OPEN if free else self._term.gate(order.term, order.task)
        if gate is Gate.WAIT:
            return False
        if len(self._begun) >= self._limits.jobs and order.task not in SHEDDING:
            return False
        line.waiting.popleft()
        self._lines.touch(line)
        if gate is Gate.OPEN:
            self._begin(line, operation, now)
        elif gate is Gate.OLD:
            self._refuse(order.id, self._old(order))
        else:
            self._refuse(order.id, f"term {self._term.seen} can't be written to disk here")
        return True

    def _begin(self, line: Line, operation: Operation, now: float) -> None:
        order, line.running = operation.order, operation
        self._lines.touch(line)
        made = call(order, self._site, self._ledger.history.active(order.resource))
        if isinstance(made, Result):
            self._finish(line, operation, made, now)
            return
        self._tokens += 1
        token, mark = self._tokens, f"{self._mark}.{self._tokens}"
        operation.begin(token, mark, now)
        self._begun[token] = line, operation
        if order.meta.get("record_pending") == "true" and order.task in LEASED:
            self.out.append(TellCrm(self._ledger.outbox.put(self._pending(order, now))))
        names = {"HANODE_OPERATION": mark, "HANODE_ORDER": order.id}
        env = {**made.env, **self.marked(order.resource), **names}
        home = order.resource if order.task in LEASED else ""
        self.out.append(Spawn(token, made.argv, env, made.stdin, home, leased(order)))

    def _pending(self, order: Order, now: float) -> Any:
        return dataclasses.replace(self._ledger.pending(order, now), order="")

    def marked(self, resource: str) -> dict[str, str]:
        """By this the processes of a resource are known, whatever becomes of their parents."""
        return {"HANODE_RESOURCE": f"{self._site.run_dir}:{resource}"}

    # ------------------------------------------------------------------------------------- ending

    def _too_late(self, line: Line, operation: Operation, now: float) -> None:
        if operation.own_rule and operation.phase in (Phase.WAITING, Phase.RUNNING):
            self._enforce(line, operation, now)
        elif operation.phase is Phase.WAITING:
            line.waiting.remove(operation)
            waited = f"not begun in {now - operation.arrived:.1f} s: too much to do here"
            self._tell(operation, trouble(waited), now)
        elif operation.phase is Phase.RUNNING and operation.unwanted:
            self._kill(operation, now)
        elif operation.phase is Phase.RUNNING:
            operation.verdict = operation.verdict or self._time_out(operation)
            operation.terminate(now, self._limits.terminate)
            self.out.append(Kill(operation.token, hard=False))
        elif operation.phase is Phase.TERMINATING:
            self._kill(operation, now)
        elif operation.phase is Phase.KILLED:
            self._begun.pop(operation.token, None)
            result = of_verdict(operation, "its processes can't be killed")
            self._finish(line, operation, result, now)

    def _time_out(self, operation: Operation) -> str:
        """A monitor's time-out on a machine that starves is excused, a few times."""
        recurring = operation.recurring
        if recurring is None or not self.starving or recurring.excused >= EXCUSED_MAX:
            return "timeout"
        recurring.excused += 1
        return f"{STARVED} ({self.starving})"

    def _enforce(self, line: Line, operation: Operation, now: float) -> None:
        """A stop of this node's own has had its time: kill the resource, then look."""
        operation.verdict = "timeout"
        self.out.append(KillResource(operation.order.resource))
        if operation.phase is Phase.RUNNING:
            self._kill(operation, now)
            return
        line.waiting.remove(operation)
        if line.running is None:
            line.running = operation
            self._finish(line, operation, of_verdict(operation), now)
        else:
            self._tell(operation, of_verdict(operation), now)

    def _kill(self, operation: Operation, now: float) -> None:
        operation.kill(now, self._limits.reap)
        self._lines.of(operation.order.resource)
        self.out.append(Kill(operation.token, hard=True))

    def _finish(self, line: Line, operation: Operation, result: Result, now: float) -> None:
        self._lines.release(line, operation)
        unstoppable = operation.task == "stop" and result.status == "not-installed"
        if unstoppable and not self._ledger.history.active(operation.order.resource):
            result = idle(result.reason)
        if operation.proves is not None:
            self._tell(operation.proves, of_proof(result), now)
        elif operation.own_rule and operation.task == "stop" and not result.well:
            self._prove(line, operation, now)
        elif operation.recurring is not None:
            self._turn_over(line, operation, operation.recurring, result, now)
        else:
            self._tell(operation, result, now)

    def _prove(self, line: Line, operation: Operation, now: float) -> None:
        """A stop of this node's own that did not succeed: kill what is left, and look."""
        if not operation.verdict:
            self.out.append(KillResource(operation.order.resource))
        limit = max(1000, operation.order.timeout_ms)
        meta = {**operation.order.meta, KILL: "true"}
        probe = dataclasses.replace(operation.order, task="monitor", timeout_ms=limit, meta=meta)
        self._begin(line, Operation(probe, now, proves=operation), now)

    def _turn_over(
        self, line: Line, operation: Operation, recurring: Recurring, result: Result, now: float
    ) -> None:
        if line.recurring.get(recurring.key) is not recurring:
            return  # cancelled meanwhile
        if operation.unwanted:
            recurring.end_turn(now)
            return
        if not operation.verdict.startswith(STARVED):
            recurring.excused = 0
        first = recurring.answer is None
        if recurring.answered(result.rc, result.status, now):
            self._tell(operation, result, now, order=recurring.order.id if first else "")
        name = f"{recurring.order.resource}.{recurring.order.task}_{recurring.order.interval_ms}"
        waited = max(0.0, operation.started - operation.arrived) * 1000
        values = {"exec_ms": float(result.exec_ms), "queue_ms": waited, "rc": float(result.rc)}
        self.out.append(TellCrm(Telemetry(name, values)))

    def _tell(
        self, operation: Operation, result: Result, now: float, order: str | None = None
    ) -> None:
        answers = operation.order.id if order is None else order
        self.out.append(self._ledger.state(operation, result, now, answers))
        self._lines.changed = True

    # -------------------------------------------------------------------------------- in the lines

    def _make_way(self, line: Line, for_good: bool, now: float) -> None:
        """Recurring monitors step aside; for a stop they end."""
        line.drop_turns()
        if line.running and line.running.recurring:
            line.running.hurry(now + self._limits.monitor_grace)
        if for_good:
            for key in list(line.recurring):
                self._end_recurring(line, key, now)

    def _end_recurring(self, line: Line, key: tuple[str, int], now: float) -> Recurring | None:
        """Take a recurring monitor away; whoever still waits for its first answer is told."""
        recurring = line.recurring.pop(key, None)
        if recurring is None:
            return None
        self._lines.touch(line)
        self._ledger.history.drop(line.resource, *key)
        for operation in [o for o in line.waiting if o.recurring is recurring]:
            line.waiting.remove(operation)
        if line.running and line.running.recurring is recurring:
            line.running.unwanted = True
        if recurring.answer is None:
            self.out.append(self._ledger.cancelled(recurring.order, recurring.order.id, now))
        return recurring

    def _taken(self, token: int) -> tuple[Line, Operation] | tuple[Line, None]:
        """Whose process it was; nobody's, if it was given up."""
        found = self._begun.pop(token, None)
        return found if found else (Line(""), None)

    def _refuse(self, order: str, reason: str) -> None:
        self.out.append(TellCrm(Refused(order, reason)))

    def _old(self, order: Order) -> str:
        return f"order of term {order.term}; this node has seen term {self._term.seen}"
