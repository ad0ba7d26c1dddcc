"""The next moment of a cluster in which only a few resources did something since the one before.

To look at everything costs half a second for five thousand resources, and most looks are about
ten of them. So the policy engine is shown those alone, with all nodes, and its answer is put into
the picture before. Where anything else has changed (the configuration, a node, a ticket), or what
it shows of a node differs, there is no short way: then all is looked at.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from typing import TypeVar

from hanode.cib.document import Cib
from hanode.cib.status import NodeState, Status
from hanode.pe import overview
from hanode.pe.overview import NodeView, Overview
from hanode.state import ClusterState
from hanode.state.records import NodeRecord
from hanode.state.status import status_of
from hatui.cluster.ahead import ahead
from hatui.cluster.moment import Moment, base_of

PART = 2
"""A glance pays while at most one resource in so many is concerned."""

_T = TypeVar("_T")


def glance(before: Moment, state: ClusterState, now: float) -> Moment | None:
    """The moment that a (forked) state is; None if that takes a whole look."""
    tops = _concerned(before, state)
    if tops is None or len(tops) * PART > len(before.cib.configuration.resources):
        return None
    part = status_of(_with_histories(state, before, tops))
    status = _merged_status(before, part, tops)
    if status is None:
        return None
    configuration = before.cib.configuration
    chosen = tuple(one for one in configuration.resources if one.id in tops)
    shown = configuration._replace(resources=chosen, constraints=())
    seen = overview(Cib(configuration=shown, status=part), now)
    merged = _merged(before, seen, tops)
    if merged is None:
        return None
    return before.next(state, before.cib._replace(status=status), merged, tops)


# ------------------------------------------------------------------------- what is concerned


def _concerned(before: Moment, state: ClusterState) -> set[str] | None:
    """The top resources that something is new of; None: it is not (only) about resources."""
    old = before.state
    if before.problem or old.cib != state.cib or not before.overview.resources:
        return None
    if any(node.type != "member" for node in before.overview.nodes):
        return None  # how such a node is, a resource says
    tops: set[str] = set()
    for then, now in ((old.nodes, state.nodes), (old.remotes, state.remotes)):
        if then.keys() != now.keys():
            return None
        for name, node in now.items():
            for resource in _changed(then[name], node):
                top = before.parents.get(base_of(resource))
                if top is None:
                    return None  # it is configured no more
                tops.add(top)
    return tops | _looked_ahead(before, state)


def _looked_ahead(before: Moment, state: ClusterState) -> set[str]:
    """The top resources that wait for something else now, or for nothing any more."""
    then, now = ahead(before.state), ahead(state)
    return {before.parents[name] for name in then.keys() | now.keys()
            if then.get(name) != now.get(name) and name in before.parents}  # fmt: skip


def _changed(then: NodeRecord, now: NodeRecord) -> list[str]:
    found = [
        name for name, done in now.history.items()
        if (known := then.history.get(name)) is not done and known != done
    ]  # fmt: skip
    return found + [name for name in then.history if name not in now.history]


# ------------------------------------------------------------------------ only that is looked at


def _with_histories(state: ClusterState, before: Moment, tops: set[str]) -> ClusterState:
    """The state as if the cluster had done nothing with the other resources."""
    parents = before.parents

    def of(nodes: dict[str, NodeRecord]) -> dict[str, NodeRecord]:
        return {name: dataclasses.replace(node, history={
            resource: done for resource, done in node.history.items()
            if parents.get(base_of(resource)) in tops
        }) for name, node in nodes.items()}  # fmt: skip

    return dataclasses.replace(state, nodes=of(state.nodes), remotes=of(state.remotes))


# ----------------------------------------------------------------- and put into what was known


def _merged_status(before: Moment, part: Status, tops: set[str]) -> Status | None:
    """All of it; None if a node, or what they agree on, is not as it was."""
    known = before.cib.status
    if known._replace(nodes=()) != part._replace(nodes=()) or len(known.nodes) != len(part.nodes):
        return None
    nodes: list[NodeState] = []
    for then, now in zip(known.nodes, part.nodes, strict=True):
        if then._replace(history=()) != now._replace(history=()):
            return None
        kept = _others(before, then.history, tops, lambda one: one.id)
        history = sorted((*kept, *now.history), key=lambda one: one.id)
        nodes.append(now._replace(history=tuple(history)))
    return part._replace(nodes=tuple(nodes))


def _merged(before: Moment, seen: Overview, tops: set[str]) -> Overview | None:
    """None if what was seen of a node is not what was known of it."""
    known = before.overview
    if len(known.nodes) != len(seen.nodes):
        return None
    nodes: list[NodeView] = []
    for then, now in zip(known.nodes, seen.nodes, strict=True):
        if _bare(then) != _bare(now):
            return None
        kept = _others(before, then.resources, tops, str)
        nodes.append(dataclasses.replace(now, resources=(*kept, *now.resources)))
    views = {view.id: view for view in seen.resources}
    failures = _others(before, known.failures, tops, lambda one: one.resource)
    counts = _others(before, known.fail_counts, tops, lambda one: one.resource)
    return dataclasses.replace(
        known,
        nodes=tuple(nodes),
        resources=tuple(views.get(view.id, view) for view in known.resources),
        failures=(*failures, *seen.failures),
        fail_counts=(*counts, *seen.fail_counts),
    )


def _bare(node: NodeView) -> NodeView:
    """Apart from what it runs."""
    return dataclasses.replace(node, resources=())


def _others(
    before: Moment, told: Iterable[_T], tops: set[str], name: Callable[[_T], str]
) -> list[_T]:
    """What is about none of these."""
    parents = before.parents
    return [one for one in told if parents.get(base_of(name(one))) not in tops]
