"""The tree of nodes, each with what it runs."""

from __future__ import annotations

from hanode.pe.overview import NodeView, Place, ResourceView
from hatui.cluster import looks
from hatui.cluster.clock import dated
from hatui.cluster.diagnosis import brief
from hatui.cluster.items import Item
from hatui.cluster.looks import Look
from hatui.cluster.moment import Moment, base_of
from hatui.cluster.safe import clean
from hatui.cluster.spans import Line, Span

NODES = "nodes"


def node_tree(moment: Moment) -> tuple[Item, ...]:
    """Every node, in the order of its name."""
    kept: dict[str, tuple[Item, ...]] = moment.once(NODES, dict)
    told = moment.told_now
    if told not in kept:
        kept[told] = _tree(moment)
    return kept[told]


def _tree(moment: Moment) -> tuple[Item, ...]:
    running = _running(moment.overview.resources)
    return tuple(
        _node(moment, node, running.get(node.name, []))
        for node in sorted(moment.overview.nodes, key=lambda node: node.name)
    )


def node_look(moment: Moment, node: NodeView) -> Look:
    """What is to be said of it first."""
    record = moment.state.record(node.name)
    attempts = [one.failures for one in moment.state.intents.values() if one.target == node.name]
    if attempts:
        return looks.UNFENCED if any(attempts) else looks.FENCING
    if node.unclean:
        return looks.UNCLEAN
    if node.name in moment.unheard:
        return looks.UNHEARD
    if record is not None and record.leaving:
        return looks.LEAVING
    if node.pending:
        return looks.JOINING
    if not node.online:
        return looks.OFFLINE
    if node.maintenance:
        return looks.MAINTENANCE
    return looks.STANDBY if node.standby or node.standby_on_fail else looks.ONLINE


def _node(moment: Moment, node: NodeView, running: list[tuple[ResourceView, Place]]) -> Item:
    look = node_look(moment, node)
    children = tuple(_child(moment, node, view, place) for view, place in running)
    amiss = 2 if node.name in (*moment.ailing, *moment.thin) else 0
    rank = max(look.rank, amiss, *(child.rank for child in children))
    leads = node.name == moment.dc
    flags = {
        "online": node.online, "offline": not node.online, "standby": node.standby,
        "maintenance": node.maintenance, "unclean": node.unclean, "dc": leads,
        "failed": look.rank >= 3, "node": True,
    }  # fmt: skip
    return Item(
        key=node.name, name=clean(node.name, 64), kind="node", look=look,
        where=(Span("DC", "accent"),) if leads else (), note=_note(moment, node, look),
        children=children, node=node.name, rank=rank,
        facts={"node": node.name, "state": look.word, "agent": "",
               "is": " ".join(name for name, holds in flags.items() if holds)},
    )  # fmt: skip


def _note(moment: Moment, node: NodeView, look: Look) -> Line:
    for intent in moment.state.intents.values():
        if intent.target == node.name:
            many = f"{intent.failures} attempt" + ("s" if intent.failures > 1 else "")
            failed = f", {many} failed" if intent.failures else ""
            return (Span(clean(f"{intent.reason}{failed}"), "bad"),)
    if look is looks.UNCLEAN:
        return (Span(clean(node.unclean_reason or "lost, and not fenced yet"), "bad"),)
    if look is looks.UNHEARD and moment.pulse is not None:
        said = f"{clean(moment.pulse.node, 16)} does not hear it: below is what it knew last"
        return (Span(said, "bad"),)
    if node.name in moment.ailing:
        return (Span(clean(moment.ailing[node.name]), "bad"),)
    if node.name in moment.thin:
        return (Span("a link to it is down", "warn"),)
    record = moment.state.record(node.name)
    if look is looks.OFFLINE and record is not None and record.since:
        how = "fenced" if record.fenced >= record.boot > 0 else "away"
        return (Span(f"{how} since {dated(record.since)}", "warn"),)
    count = node.resources_running
    spans = [Span(f"{count} resource{'' if count == 1 else 's'}", "dim")]
    if node.standby_on_fail:
        spans.append(Span("  standby after a failure", "warn"))
    if node.health != "green":
        spans.append(Span(f"  health is {node.health}", "bad" if node.health == "red" else "warn"))
    return tuple(spans)


def _child(moment: Moment, node: NodeView, view: ResourceView, place: Place) -> Item:
    look = looks.FAILED if view.failed else looks.ROLES.get(place.role, looks.STARTED)
    if view.blocked:
        look = looks.BLOCKED
    elif node.unclean:
        look = looks.DOUBT
    name = base_of(view.name)
    failures = [f for f in moment.failures_of.get(name, []) if f.node == node.name]
    if failures:
        ink = "bad" if view.failed else "warn"
        note: Line = (Span(brief(failures[-1]), ink),)
    else:
        note = (Span(clean(view.agent), "faint"),)
    return Item(
        key=f"{node.name}/{view.id}", name=clean(name), kind="instance", look=look, note=note,
        resource=name, view=view.id, node=node.name, rank=max(look.rank, 2 if failures else 0),
        facts={"node": node.name, "state": f"{look.word} {place.role}", "agent": view.agent,
               "is": "failed" if view.failed or failures else "active"},
    )  # fmt: skip


def _running(resources: tuple[ResourceView, ...]) -> dict[str, list[tuple[ResourceView, Place]]]:
    """What is active where: primitives, in the order of the configuration."""
    found: dict[str, list[tuple[ResourceView, Place]]] = {}
    for view in resources:
        if view.children:
            for node, entries in _running(view.children).items():
                found.setdefault(node, []).extend(entries)
        for place in () if view.children else view.places:
            found.setdefault(place.node, []).append((view, place))
    return found
