"""What nodes remember: attributes, operations, fail counts."""

from __future__ import annotations

from hanode.cib.status import NodeState, Operation, ResourceHistory
from hanode.pe.overview import FailCountView
from hatui.output.choice import Choice
from hatui.output.picture import Picture
from hatui.output.words import clean, moment, natural, rc_text

HIDDEN = ("fail-count-", "last-failure-", "shutdown", "terminate", "standby", "#")
"""Attributes that are shown elsewhere, or to nobody."""
INFINITY = 1_000_000


def attributes(picture: Picture, choice: Choice) -> list[str]:
    lines: list[str] = []
    for node in sorted(picture.view.nodes, key=lambda node: natural(node.name)):
        shown = shown_attributes(node.attributes)
        if not node.online or not shown or choice.node not in ("", node.name):
            continue
        lines.append(f"  * Node: {clean(node.name)}:")
        lines += [f"    * {clean(n):<32}\t: {clean(v):<10}" for n, v in shown.items()]
    return ["Node Attributes:", *lines] if lines else []


def shown_attributes(found: dict[str, str]) -> dict[str, str]:
    return {name: found[name] for name in sorted(found) if not name.startswith(HIDDEN)}


def operations(picture: Picture, choice: Choice) -> list[str]:
    """Every operation that a node remembers, by resource."""
    counts = {(c.node, c.resource): c for c in picture.view.fail_counts}
    lines: list[str] = []
    for node in remembering(picture):
        inner: list[str] = []
        for history in node.history:
            shown = shown_operations(history)
            if shown and choice.resource in ("", history.id):
                count = counts.get((node.name, history.id))
                inner.append(f"    * {clean(history.id)}: {_threshold(count)}:")
                inner += [f"      * {_operation(op, choice.timing)}" for op in shown]
        if inner and choice.node in ("", node.name):
            lines += [f"  * Node: {clean(node.name)}:", *inner]
    return ["Operations:", *lines] if lines else []


def fail_counts(picture: Picture, choice: Choice) -> list[str]:
    """`Migration Summary`; where operations are shown, they say it."""
    if choice.shows("operations"):
        return []
    lines: list[str] = []
    last = ""
    for count in picture.view.fail_counts:
        if choice.node not in ("", count.node) or choice.resource not in ("", count.resource):
            continue
        if count.node != last:
            lines.append(f"  * Node: {clean(count.node)}:")
            last = count.node
        lines.append(f"    * {clean(count.resource)}: {_threshold(count)}:")
    return ["Migration Summary:", *lines] if lines else []


def remembering(picture: Picture) -> list[NodeState]:
    """Nodes whose memory counts: those that are here."""
    online = {node.name for node in picture.view.nodes if node.online}
    return [node for node in picture.status.nodes if node.name in online]


def shown_operations(history: ResourceHistory) -> list[Operation]:
    """Without what nobody asks for: probes that found nothing, notifications, what is pending."""
    kept = [
        operation
        for operation in history.operations
        if operation.task != "notify"
        and operation.status >= 0
        and not (operation.task == "monitor" and not operation.interval_ms and operation.rc == 7)
        and not operation.id.endswith("_last_failure_0")
    ]
    return sorted(kept, key=lambda operation: operation.call_id)


def _threshold(count: FailCountView | None) -> str:
    if count is None:
        return f"migration-threshold={INFINITY}"
    often = "INFINITY" if count.count >= INFINITY else str(count.count)
    last = f" last-failure='{moment(count.last_failure)}'" if count.last_failure else ""
    return f"migration-threshold={count.threshold} fail-count={often}{last}"


def _operation(operation: Operation, timing: bool) -> str:
    task = operation.task
    if task == "monitor" and not operation.interval_ms:
        task = "probe"
    told = f"({operation.call_id}) {clean(task)}:"
    if operation.interval_ms:
        told += f' interval="{operation.interval_ms}ms"'
    if timing:
        if operation.last_rc_change:
            told += f' last-rc-change="{moment(operation.last_rc_change)}"'
        told += f' exec-time="{operation.exec_ms}ms" queue-time="{operation.queue_ms}ms"'
    return f"{told} rc={operation.rc} ({rc_text(operation.rc)})"
