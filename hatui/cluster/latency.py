"""How long the operations of a resource take, turn by turn: a monitor that slows down is seen days
before it times out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from hanode.cib.configuration import OperationDefinition, Primitive
from hanode.pe.model.operation import milliseconds
from hatui.cluster.clock import span
from hatui.cluster.diagnosis import named
from hatui.cluster.ledger import Ledger
from hatui.cluster.safe import clean, fit
from hatui.cluster.spans import Line, Span
from hatui.cluster.telemetry import Telemetry, spark

BARS = 12
NEAR = 0.5
"""The share of its timeout from which a turn is worth a warning."""
TASKS = ("start", "stop", "promote", "demote", "reload", "migrate_to", "migrate_from")
DEFAULT_MS = 20_000
"""The timeout of an operation that names none (Pacemaker Explained, `default-action-timeout`)."""


class Times(NamedTuple):
    """Turns of one operation, oldest first, and what it may take."""

    task: str
    node: str
    seconds: tuple[float, ...]
    timeout: float


def latency(
    primitive: Primitive, nodes: Sequence[str], ledger: Ledger, telemetry: Telemetry, plain: bool
) -> list[Line]:
    """A line of bars for each operation whose past is known."""
    found = [*_monitors(primitive, nodes, telemetry), *_others(primitive, ledger)]
    task = max((len(one.task) for one in found), default=0)
    place = max((len(clean(one.node, 12)) for one in found), default=0)
    return [_line(one, min(task, 18), place, plain) for one in found]


def _monitors(primitive: Primitive, nodes: Sequence[str], telemetry: Telemetry) -> list[Times]:
    found = []
    for operation in primitive.operations:
        every = milliseconds(operation.interval, 0)
        for node in nodes if every else ():
            turns = telemetry.turns(primitive.id, every, node)
            if turns:
                word = named(operation.name, every).replace(" every", "")
                found.append(Times(clean(word), node, turns, _timeout(operation)))
    return found


def _others(primitive: Primitive, ledger: Ledger) -> list[Times]:
    found = []
    for task in TASKS:
        times = ledger.times((primitive.id, task))
        defined = next((one for one in primitive.operations if one.name == task), None)
        if times:
            found.append(Times(task, "", times, _timeout(defined)))
    return found


def _timeout(operation: OperationDefinition | None) -> float:
    told = dict(operation.attributes).get("timeout") if operation is not None else None
    return milliseconds(told, DEFAULT_MS) / 1000


def _line(one: Times, task: int, place: int, plain: bool) -> Line:
    last = one.seconds[-1]
    near = one.timeout > 0 and last >= one.timeout * NEAR
    share = f"  {last / one.timeout:.0%} of its timeout" if near else ""
    bars = spark(one.seconds, 0.001, BARS, plain)
    return (
        Span(fit(one.task, task + 1), "text"),
        Span(fit(clean(one.node, 12), place + 1) if place else "", "dim"),
        Span(fit(bars, BARS + 1), "accent"),
        Span(span(last), "warn" if near else "faint"),
        Span(share, "warn"),
    )
