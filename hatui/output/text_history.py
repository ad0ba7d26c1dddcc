"""What nodes remember: attributes, operations, fail counts."""

from __future__ import annotations

from collections.abc import Callable

from hanode.cib.status import NodeState, Operation, ResourceHistory
from hanode.pe.overview import FailCountView
from hatui.cluster.ills import leaves
from hatui.cluster.natural import natural
from hatui.output.asked import concerns
from hatui.output.choice import Choice
from hatui.output.picture import Picture
from hatui.output.text_nodes import title
from hatui.output.words import clean, moment, rc_text

HIDDEN = ("fail-count-", "last-failure-", "shutdown", "terminate", "standby", "#")
"""Attributes that are shown elsewhere, or to nobody."""
INFINITY = 1_000_000


def attributes(picture: Picture, choice: Choice) -> list[str]:
    lines: list[str] = []
    for node in sorted(picture.view.nodes, key=lambda node: natural(node.name)):
        shown = shown_attributes(node.attributes)
        if not node.online or not shown or choice.node not in ("", node.name):
            continue
        lines.append(f"  * Node: {title(node, choice)}:")
        lines += [f"    * {clean(n):<32}\t: {clean(v):<10}" for n, v in shown.items()]
    return ["Node Attributes:", *lines] if lines else []


def shown_attributes(found: dict[str, str]) -> dict[str, str]:
    return {name: found[name] for name in sorted(found) if not name.startswith(HIDDEN)}


def operations(picture: Picture, choice: Choice) -> list[str]:
    """Every operation that a node remembers, by resource."""
    told = picture.view.fail_counts if choice.shows("failcounts") else ()
    asked = concerns(picture, choice)
    counts = {(count.node, count.resource): count for count in told}
    named, views = names(picture), {view.name: view for view in picture.view.nodes}
    lines: list[str] = []
    for node in remembering(picture):
        inner: list[str] = []
        for history in node.history:
            shown, (name, most) = shown_operations(history), named(history.id)
            if shown and asked(node.name, name):
                count = counts.get((node.name, name)) or counts.get((node.name, history.id))
                inner.append(f"    * {clean(name)}: {_threshold(count, most)}:")
                inner += [f"      * {_operation(op, choice.timing)}" for op in shown]
        if inner:
            lines += [f"  * Node: {title(views[node.name], choice)}:", *inner]
    return ["Operations:", *lines] if lines else []


def names(picture: Picture) -> Callable[[str], tuple[str, int]]:
    """From a history's id to the name that people know, and the failures that it may have:
    instances that are all alike have no number of their own."""
    known = {view.name: view.migration_threshold for view in leaves(picture.view.resources)}

    def named(ident: str) -> tuple[str, int]:
        head, colon, number = ident.rpartition(":")
        name = head if colon and number.isdecimal() and ident not in known else ident
        return name, known.get(name, INFINITY)

    return named


def fail_counts(picture: Picture, choice: Choice) -> list[str]:
    """`Migration Summary`; where operations are shown, they say it."""
    if choice.shows("operations"):
        return []
    views = {view.name: view for view in picture.view.nodes}
    asked = concerns(picture, choice)
    lines: list[str] = []
    last = ""
    for count in picture.view.fail_counts:
        if not asked(count.node, count.resource):
            continue
        if count.node != last:
            lines.append(f"  * Node: {title(views[count.node], choice)}:")
            last = count.node
        lines.append(f"    * {clean(count.resource)}: {_threshold(count, count.threshold)}")
    return ["Migration Summary:", *lines] if lines else []


def remembering(picture: Picture) -> list[NodeState]:
    """Nodes whose memory counts: those that are here."""
    online = {node.name for node in picture.view.nodes if node.online}
    return [node for node in picture.status.nodes if node.name in online]


def shown_operations(history: ResourceHistory) -> list[Operation]:
    """Without what nobody asks for: probes that found nothing, notifications, what is pending. A
    failure is remembered twice while nothing came after it; once is enough then."""
    latest = {(one.call_id, one.rc) for one in history.operations if not _kept_for_failure(one)}
    kept = [
        operation
        for operation in history.operations
        if operation.task != "notify"
        and operation.status >= 0
        and not (operation.task == "monitor" and not operation.interval_ms and operation.rc == 7)
        and not (_kept_for_failure(operation) and (operation.call_id, operation.rc) in latest)
    ]
    return sorted(kept, key=lambda operation: operation.call_id)


def _kept_for_failure(operation: Operation) -> bool:
    return operation.id.endswith("_last_failure_0")


def _threshold(count: FailCountView | None, most: int) -> str:
    if count is None:
        return f"migration-threshold={most}"
    often = "INFINITY" if count.count >= INFINITY else str(count.count)
    last = f" last-failure='{moment(count.last_failure)}'" if count.last_failure else ""
    return f"migration-threshold={count.threshold} fail-count={often}{last}"


def _operation(operation: Operation, timing: bool) -> str:
    task = operation.task
    if task == "monitor" and not operation.interval_ms:
        task = "probe"
    facts = [f'interval="{operation.interval_ms}ms"'] if operation.interval_ms else []
    if timing:
        if operation.last_rc_change:
            facts.append(f'last-rc-change="{moment(operation.last_rc_change)}"')
        if operation.last_rc_change or operation.exec_ms:
            facts.append(f'exec-time="{operation.exec_ms}ms" queue-time="{operation.queue_ms}ms"')
        facts.append(f"rc={operation.rc} ({rc_text(operation.rc)})")
    told = f"({operation.call_id}) {clean(task)}"
    return f"{told}: {' '.join(facts)}" if facts else told
