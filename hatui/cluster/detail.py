"""All there is to say of one thing: the pane beside the tree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from hanode.cib.configuration import (
    Clone,
    Group,
    NvSet,
    Primitive,
    Resource,
)
from hanode.events import OperationFinished
from hanode.pe.overview import FailureView
from hanode.state.operations import failed
from hatui.cluster.ahead import ahead
from hatui.cluster.beliefs import Word
from hatui.cluster.bound import constraints_of
from hatui.cluster.clock import span, when
from hatui.cluster.detail_link import link_detail
from hatui.cluster.detail_node import node_detail
from hatui.cluster.diagnosis import MEANINGS, meaning, named, operation
from hatui.cluster.histories import records
from hatui.cluster.items import Item
from hatui.cluster.latency import latency
from hatui.cluster.ledger import Ledger
from hatui.cluster.looks import STARTED, shape
from hatui.cluster.moment import Moment, primitive_of
from hatui.cluster.safe import clean, fit, width
from hatui.cluster.spans import Line, Span, section, text_of, width_of, wrap
from hatui.cluster.telemetry import Telemetry
from hatui.cluster.why import INFINITY, why

SECRETS = ("passw", "secret", "token", "key")
"""Parameters whose names say so are never shown."""


class Gathered(NamedTuple):
    """What the console has heard beside the state."""

    ledger: Ledger = Ledger()
    telemetry: Telemetry = Telemetry()
    around: Mapping[str, Word] = MappingProxyType({})
    now: float = 0.0
    """Wall clock; 0: the log's last word counts."""


NOTHING = Gathered()


def detail(
    moment: Moment,
    item: Item | None,
    cells: int,
    ascii_only: bool = False,
    gathered: Gathered = NOTHING,
) -> list[Line]:
    """The lines of the pane, each at most `cells` wide."""
    if item is None:
        return [(Span("nothing is selected", "dim"),)]
    head: list[Line] = [
        (Span(item.name, "title"),),
        (
            Span(f"{shape(item.look, ascii_only)} {item.look.word}", item.look.ink),
            Span("  " if item.where else ""),
            *item.where,
        ),
    ]
    if item.kind == "link":
        return head + link_detail(moment, item, cells, gathered.telemetry, gathered.around)
    if item.kind in _TOLD:
        head += _row_in_full(item, cells)
    if item.kind in ("section", "alarm"):
        return head
    if item.resource:
        return head + _resource(moment, item, cells, ascii_only, gathered)
    return head + node_detail(moment, item, cells, gathered.now or moment.state.at)


_TOLD = ("section", "alarm", "node", "fencing", "constraint", "context")
"""Kinds whose rows say what a narrow screen has no room for."""


def _row_in_full(item: Item, cells: int) -> list[Line]:
    """What stands in its last column."""
    parts = re.split(" {2,}", text_of(item.note).strip())
    ink = item.note[0].ink if item.note else "text"
    return wrap(", ".join(part for part in parts if part), cells, ink)


def _resource(
    moment: Moment, item: Item, cells: int, ascii_only: bool, gathered: Gathered
) -> list[Line]:
    configured = moment.configured.get(item.resource)
    primitive = primitive_of(configured)
    lines: list[Line] = []
    if primitive is not None:
        agent = ":".join(p for p in (primitive.class_, primitive.provider, primitive.type) if p)
        lines.append((Span(clean(agent), "dim"),))
    view = moment.views.get(item.resource)
    down = view is not None and not view.active
    lost = {node.name for node in moment.overview.nodes if node.unclean}
    waits = view is not None and lost.issuperset(view.nodes)  # that is so where it is nowhere, too
    if waits and (soon := ahead(moment.state).get(item.resource, "")):
        lines += wrap(soon, cells, "busy")
    names = [item.resource, *_within(configured)]
    now = gathered.now or moment.state.at
    lines += _failures(moment, names, cells, now)
    if not isinstance(configured, Clone):
        asked = "where it may run" if down else "why here"
        lines += section(
            asked, why(moment, item.resource, cells, brief=True, sign=shape(STARTED, ascii_only))
        )
    if primitive is not None:
        lines += section("parameters", _pairs(primitive.parameters, cells))
    lines += section("options", _pairs(getattr(configured, "meta", ()), cells))
    lines += section("operations", _operations(moment, names, cells, now))
    if primitive is not None:
        where = [node.name for node in moment.overview.nodes]
        told = latency(primitive, moment.configuration, where, gathered.ledger,
                       gathered.telemetry, ascii_only)  # fmt: skip
        lines += section("how long they take, the latest at the right", told)
    lines += section("constraints", constraints_of(moment, item.resource, cells))
    if primitive is not None:
        lines += section("configured operations", _definitions(primitive))
    return lines


def _within(configured: Resource | None) -> list[str]:
    """The primitives that a group, clone or bundle holds."""
    if isinstance(configured, Group):
        return [member.id for member in configured.members]
    if isinstance(configured, Clone):
        return [configured.child.id, *_within(configured.child)]
    return []


def _failures(moment: Moment, names: list[str], cells: int, now: float) -> list[Line]:
    lines: list[Line] = []
    found = [f for name in dict.fromkeys(names) for f in moment.failures_of.get(name, [])]
    for failure in found[-4:]:
        lines += _failure(failure, cells, now)
    for counted in moment.overview.fail_counts:
        if counted.resource in names and counted.count:
            often = how_often(counted.count, counted.threshold)
            lines.append((Span(f"failed {often} on {clean(counted.node, 24)}", "warn"),))
    return section("failures", lines)


def how_often(count: int, threshold: int) -> str:
    """`once`, `2 times`, `2 of 3 times`, `for good`."""
    if count >= INFINITY:
        return "for good"
    if 0 < threshold < INFINITY:
        return f"{count} of {threshold} times"
    return "once" if count == 1 else f"{count} times"


def _failure(failure: FailureView, cells: int, now: float) -> list[Line]:
    said = meaning(failure)
    head = f"{operation(failure)} on {clean(failure.node, 24)}: {said.name} ({failure.rc})"
    lines = wrap(f"{when(failure.last_rc_change, now)} {head}", cells, "bad")
    if failure.exit_reason:
        lines += wrap(f"“{clean(failure.exit_reason)}”", cells, "text")
    return lines + wrap(f"try: {said.remedy}", cells, "dim", "     ")


def _pairs(sets: Iterable[NvSet], cells: int) -> list[Line]:
    lines: list[Line] = []
    for pairs in sets:
        for name, value in pairs.pairs:
            shown = "•••" if any(word in name.lower() for word in SECRETS) else clean(value)
            lines.append((Span(f"{clean(name, 20)} ", "dim"), Span(shown)))
    return lines[:10]


def _operations(moment: Moment, names: list[str], cells: int, now: float) -> list[Line]:
    """The latest results, newest first, on each node."""
    found: list[OperationFinished] = []
    for node in records(moment.state):
        for name in dict.fromkeys(names):
            found += [
                done for key, done in node.history.get(name, {}).items() if "failure" not in key
            ]
    found.sort(key=lambda done: -done.at)
    shown = found[:8]
    task = max((width(_short(done)) for done in shown), default=0)
    place = max((width(clean(d.node, 16)) for d in shown), default=0)
    whose = max((width(clean(d.resource, 16)) for d in shown), default=0) if len(names) > 2 else 0
    lines = [_operation(done, min(task, 18), place, whose, now) for done in shown]
    narrow = any(width_of(line) > cells for line in lines)
    return [line[:-1] if narrow else line for line in lines]


def _short(done: OperationFinished) -> str:
    """`monitor 10s`, `probe`, `start`."""
    return clean(named(done.task, done.interval_ms).replace(" every", ""), 18)


def _operation(done: OperationFinished, task: int, node: int, whose: int, now: float) -> Line:
    good = not failed(done)
    answer = MEANINGS[done.rc].name if done.rc in MEANINGS else str(done.rc)
    word = answer if done.status == "done" else done.status
    return (
        Span(f"{when(done.at, now)} ", "dim"),
        Span(fit(clean(done.resource, 16), whose + 1) if whose else "", "text"),
        Span(fit(_short(done), task + 1), "text"),
        Span(fit(clean(done.node, 16), node + 1), "dim"),
        Span(fit(clean(word), 12), "dim" if good else "bad"),
        Span(span(done.exec_ms / 1000), "faint"),
    )


def _definitions(primitive: Primitive) -> list[Line]:
    lines: list[Line] = []
    for op in primitive.operations:
        more = "  ".join(f"{name} {clean(value)}" for name, value in op.attributes)
        every = f" every {clean(op.interval)}" if op.interval not in ("", "0", "0s") else ""
        lines.append((Span(f"{clean(op.name)}{every}  "), Span(more, "dim")))
    return lines
