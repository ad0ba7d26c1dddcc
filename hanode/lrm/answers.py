"""What the crm is told of operations: their results, refusals, how a monitor fares."""

from __future__ import annotations

import dataclasses
from typing import Any

from hanode.effects import TellCrm
from hanode.local_messages import Refused, Telemetry
from hanode.lrm.calls import LEASED
from hanode.lrm.descriptions import Descriptions
from hanode.lrm.ledger import Ledger
from hanode.lrm.operation import Operation
from hanode.lrm.results import Result, trouble
from hanode.peer_messages import Order


class Answers:
    def __init__(self, ledger: Ledger, agents: Descriptions, out: list[Any]) -> None:
        self._ledger = ledger
        self._agents = agents
        self._out = out
        self.changed = False
        """Whether a result was stated that isn't saved yet."""

    def state(
        self, operation: Operation, result: Result, now: float, order: str | None = None
    ) -> None:
        """A result that is news; `order` is what it answers, if not the operation's own."""
        answers = operation.order.id if order is None else order
        reload = self._agents.of(operation.order.agent)
        self._out.append(self._ledger.state(operation, result, now, answers, reload))
        self.changed = True

    def pending(self, operation: Operation, now: float) -> None:
        """It is about to begin, which is an event where that is asked for; it answers nothing."""
        begun = dataclasses.replace(self._ledger.pending(operation.order, now), order="")
        told = self._ledger.outbox.put(begun)
        operation.intent = told.number
        self._out.append(TellCrm(told))

    def noted(self, operation: Operation) -> bool:
        """Whether the log has it that this is about to begin."""
        return operation.intent > 0 and not self._ledger.outbox.holds(operation.intent)

    def cancelled(self, order: Order, answers: str, now: float) -> None:
        self._out.append(self._ledger.cancelled(order, answers, now))

    def not_begun(self, operation: Operation, reason: str, now: float) -> None:
        """It waits no more. What a former life had begun may run here all the same."""
        if operation.resumed and operation.task in LEASED:
            why = f"a former life of the lrm had begun it, and it was not done again: {reason}"
            self.state(operation, trouble(why), now)
        else:
            self.refuse(operation.order.id, reason)

    def refuse(self, order: str, reason: str) -> None:
        self._out.append(TellCrm(Refused(order, reason)))

    def fared(self, operation: Operation, result: Result) -> None:
        """A monitor's turn is over: telemetry, whatever it found."""
        waited = max(0.0, operation.started - operation.arrived) * 1000
        values = {"exec_ms": float(result.exec_ms), "queue_ms": waited, "rc": float(result.rc)}
        self._out.append(TellCrm(Telemetry(operation.name, values)))
