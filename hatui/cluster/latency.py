"""How long the operations of a resource take, turn by turn: a monitor that slows down is seen days
before it times out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from hanode.cib.configuration import Configuration, OperationDefinition, Primitive
from hanode.pe.model.operation import milliseconds
from hatui.cluster.clock import span
from hatui.cluster.diagnosis import named
from hatui.cluster.ledger import Ledger
from hatui.cluster.safe import clean, fit
from hatui.cluster.spans import Line, Span
from hatui.cluster.telemetry import Telemetry, spark, usual

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
    primitive: Primitive, configuration: Configuration, nodes: Sequence[str], ledger: Ledger,
    telemetry: Telemetry, plain: bool,
) -> list[Line]:  # fmt: skip
    """A line of bars for each operation whose past is known."""
    found = [*_monitors(primitive, configuration, nodes, telemetry),
             *_others(primitive, configuration, ledger)]  # fmt: skip
    task = max((len(one.task) for one in found), default=0)
    place = max((len(clean(one.node, 12)) for one in found), default=0)
    return [_line(one, min(task, 18), place, plain) for one in found]


def _monitors(
    primitive: Primitive, configuration: Configuration, nodes: Sequence[str], telemetry: Telemetry
) -> list[Times]:
    found = []
    for operation in primitive.operations:
        every = milliseconds(operation.interval, 0)
        for node in nodes if every else ():
            turns = telemetry.turns(primitive.id, every, node)
            if turns:
                word = named(operation.name, every).replace(" every", "")
                found.append(Times(clean(word), node, turns, _timeout(operation, configuration)))
    return found


def _others(primitive: Primitive, configuration: Configuration, ledger: Ledger) -> list[Times]:
    found = []
    for task in TASKS:
        times = ledger.times((primitive.id, task))
        if times:
            found.append(Times(task, "", times, timeout_of(primitive, task, 0, configuration)))
    return found


def timeout_of(
    primitive: Primitive, task: str, interval_ms: int, configuration: Configuration
) -> float:
    """Seconds that an operation may take."""
    known = [one for one in primitive.operations
             if one.name == task and milliseconds(one.interval, 0) == interval_ms]  # fmt: skip
    return _timeout(known[0] if known else None, configuration)


def _timeout(operation: OperationDefinition | None, configuration: Configuration) -> float:
    """Its own, else the cluster's default for all operations; sets with rules are passed over."""
    told: dict[str, str] = {}
    for one in (*configuration.operation_defaults, *(operation.meta if operation else ())):
        told |= dict(one.pairs) if one.rule is None else {}
    told |= dict(operation.attributes) if operation is not None else {}
    return milliseconds(told.get("timeout"), DEFAULT_MS) / 1000


def _line(one: Times, task: int, place: int, plain: bool) -> Line:
    last = one.seconds[-1]
    near = one.timeout > 0 and last >= one.timeout * NEAR
    share = f"  {last / one.timeout:.0%} of its timeout" if near else ""
    bars = spark(one.seconds, max(0.001, usual(one.seconds)), BARS, plain)
    return (
        Span(fit(one.task, task + 1), "text"),
        Span(fit(clean(one.node, 12), place + 1) if place else "", "dim"),
        Span(fit(bars, BARS + 1), "accent"),
        Span(span(last), "warn" if near else "faint"),
        Span(share, "warn"),
    )
