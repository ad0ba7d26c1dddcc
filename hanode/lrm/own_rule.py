"""A node's own rule: what it stops or demotes by itself when it has lost quorum; within a limit,
then by force.

Such an operation stands in its resource's line like any other, and `Work` begins it in its turn;
then asks here what becomes of one that is late, or did not succeed.
"""

from __future__ import annotations

import dataclasses

from hanode.lrm.answers import Answers
from hanode.lrm.line import Line
from hanode.lrm.lines import Lines
from hanode.lrm.operation import Operation, Phase
from hanode.lrm.processes import Processes
from hanode.lrm.results import Result, of_verdict
from hanode.lrm.turns import Turns
from hanode.peer_messages import Order
from hanode.ra.systemd import KILL


class OwnRule:
    def __init__(
        self, node: str, lines: Lines, processes: Processes, turns: Turns, answers: Answers
    ) -> None:
        self._node = node
        self._lines = lines
        self._processes = processes
        self._turns = turns
        self._answers = answers

    def take(self, order: Order, limit: float, now: float) -> str:
        """This node's own decision to stop or demote: all else makes way, and `limit` is the end
        of all patience. Answers why not, if not. The DC, which may have missed all this, hears at
        once what is about to stop, so that it starts nothing that rests upon it."""
        line = self._lines.of(order.resource)
        for one in line.operations():
            if one.own_rule and one.task == order.task:
                one.tighten(limit)
                return f"a {order.task} of this node's own is under way"
        self._turns.make_way(line, True, now)
        for operation in [o for o in line.waiting if not o.own_rule]:
            line.waiting.remove(operation)
            self._answers.not_begun(operation, "this node has lost quorum", now)
        running = line.running
        if running and not running.own_rule and running.phase is not Phase.KILLED:
            running.verdict = "superseded"
            self._processes.kill(running, now)
        operation = Operation(order, now, limit=limit)
        self._lines.queue(line, operation)
        self._answers.pending(operation, now)
        return ""

    def stop_of(self, resource: str, agent: str, ident: str, term: int, boot: int) -> Order:
        """A stop of what runs, as far as this LRM knows the way: its monitors know parameters, and
        so does what is just bringing it."""
        line = self._lines.of(resource)
        known = [recurring.order for recurring in line.recurring.values()]
        if line.running:
            known.append(line.running.order)
        if not known:
            return Order(ident, term, self._node, boot, resource, agent, "stop")
        return dataclasses.replace(
            known[0], id=ident, term=term, task="stop", operation="stop", interval_ms=0,
            expected_rc=0, needs_quorum=False,
        )  # fmt: skip

    def enforce(self, line: Line, operation: Operation, now: float) -> Result | None:
        """It has had its time: kill the resource. Answers what came of one that had not begun, if
        its line is free: that is its own then, until it is finished."""
        operation.verdict = "timeout"
        self._processes.kill_all_of(operation.order.resource)
        if operation.phase is Phase.RUNNING:
            self._processes.kill(operation, now)
            return None
        line.waiting.remove(operation)
        if line.running is None:
            line.running = operation
            return of_verdict(operation)
        self._answers.state(operation, of_verdict(operation), now)
        return None

    def proof(self, operation: Operation, result: Result, now: float) -> Operation | None:
        """Of a stop that did not succeed: kill what is left. Answers the probe that then looks;
        None of whatever else is over."""
        if not operation.own_rule or operation.task != "stop" or result.well:
            return None
        if not operation.verdict:
            self._processes.kill_all_of(operation.order.resource)
        limit = max(1000, operation.order.timeout_ms)
        meta = {**operation.order.meta, KILL: "true"}
        probe = dataclasses.replace(operation.order, task="monitor", timeout_ms=limit, meta=meta)
        return Operation(probe, now, proves=operation)
