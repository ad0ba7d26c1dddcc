"""What became of operations: each result gets its call id, its place in the history and a number
in the outbox."""

from __future__ import annotations

import dataclasses

from hanode.cib.digest import digest, digested, without
from hanode.effects import TellCrm
from hanode.events import OperationFinished
from hanode.lrm.history import History
from hanode.lrm.operation import Operation
from hanode.lrm.outbox import Outbox
from hanode.lrm.results import Result
from hanode.peer_messages import Order
from hanode.ra import exit_codes
from hanode.ra.reload import Reload


class Ledger:
    def __init__(self, node: str, history: History, outbox: Outbox, calls: int = 0) -> None:
        self.node = node
        self.history = history
        self.outbox = outbox
        self.calls = calls
        self._wall_ahead = 0.0
        """Wall clock minus monotonic clock, as last told."""

    def set_clock(self, wall: float, now: float) -> None:
        self._wall_ahead = wall - now

    def state(
        self, operation: Operation, result: Result, now: float, order: str, reload: Reload
    ) -> TellCrm:
        """A result that is news: into the log."""
        fact = _with_reload(self.fact(operation, result, now, order), operation.order, reload)
        self.history.note(fact)
        return TellCrm(self.outbox.put(fact))

    def cancelled(self, order: Order, answers: str, now: float) -> TellCrm:
        """A recurring operation is no more."""
        self.history.drop(order.resource, order.task, order.interval_ms)
        fact = self._fact(order, Result(exit_codes.OK, "cancelled"), now, answers, 0)
        return TellCrm(self.outbox.put(fact))

    def pending(self, order: Order, now: float) -> OperationFinished:
        """What can be said of an operation that is still under way."""
        return self._fact(order, Result(exit_codes.UNKNOWN, "pending"), now, order.id, 0)

    def fact(
        self, operation: Operation, result: Result, now: float, order: str
    ) -> OperationFinished:
        queued = max(0.0, (operation.started or now) - operation.arrived)
        return self._fact(operation.order, result, now, order, round(queued * 1000))

    def _fact(
        self, order: Order, result: Result, now: float, answers: str, queue_ms: int
    ) -> OperationFinished:
        self.calls += 1
        return OperationFinished(
            node=self.node,
            resource=order.resource,
            agent=order.agent,
            task=order.task,
            interval_ms=order.interval_ms,
            rc=result.rc,
            status=result.status,
            expected_rc=order.expected_rc,
            order=answers,
            call_id=self.calls,
            at=round(now + self._wall_ahead, 3),
            exec_ms=result.exec_ms,
            queue_ms=queue_ms,
            reason=result.reason,
            tail=result.tail,
            digest=order.digest,
            peer=_peer(order),
        )


def _with_reload(fact: OperationFinished, order: Order, reload: Reload) -> OperationFinished:
    """It says what a change of its parameters will need, where that is less than a restart."""
    if order.interval_ms or not (order.digest and reload.parameters):
        return fact
    fixed = without(digested(order.parameters), reload.parameters)
    return dataclasses.replace(fact, reloadable=reload.parameters, restart_digest=digest(fixed))


def _peer(order: Order) -> str:
    if order.task == "migrate_to":
        return order.meta.get("migrate_target", "")
    if order.task == "migrate_from":
        return order.meta.get("migrate_source", "")
    return ""
