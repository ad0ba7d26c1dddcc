"""The next moment of a cluster in which only a few resources did something since the one before.

To look at everything costs half a second for five thousand resources, and most looks are about
ten of them. So the policy engine is shown those alone, with all nodes, and its answer is put into
the picture before. Where anything else has changed (the configuration, a node, a ticket), or what
it shows of a node differs, there is no short way: then all is looked at.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Container

from hanode.cib.status import Status
from hanode.pe import overview
from hanode.pe.overview import NodeView, Overview
from hanode.state import ClusterState
from hanode.state.records import NodeRecord
from hanode.state.status import cib_of, status_of
from hatui.cluster.ahead import ahead
from hatui.cluster.moment import Moment, base_of

PART = 2
"""A glance pays while at most one resource in so many is concerned."""


def glance(before: Moment, state: ClusterState, now: float) -> Moment | None:
    """The moment that a (forked) state is; None if that takes a whole look."""
    tops = _concerned(before, state)
    if tops is None or len(tops) * PART > len(before.configuration.resources):
        return None
    if before.status is not None or _idle(before.state) != _idle(state):
        return None
    part = _Part(before, tops)
    configuration = before.configuration
    chosen = tuple(one for one in configuration.resources if one.id in tops)
    shown = configuration._replace(resources=chosen, constraints=())
    seen = overview(cib_of(_with_histories(state, part), shown), now)
    merged = _merged(before.overview, seen, part)
    if merged is None:
        return None
    return before.next(state, merged, tops)


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


class _Part:
    """The resources of a few top ones, by whatever name a history or a node has for them."""

    def __init__(self, before: Moment, tops: set[str]) -> None:
        self._names = {name for name, top in before.parents.items() if top in tops}

    def __contains__(self, name: object) -> bool:
        assert isinstance(name, str)
        return name in self._names or (":" in name and base_of(name) in self._names)


def _with_histories(state: ClusterState, of: Container[object]) -> ClusterState:
    """The state as if the cluster had done nothing with the other resources."""

    def told(nodes: dict[str, NodeRecord]) -> dict[str, NodeRecord]:
        return {name: dataclasses.replace(node, history={
            resource: done for resource, done in node.history.items() if resource in of
        }) for name, node in nodes.items()}  # fmt: skip

    return dataclasses.replace(state, nodes=told(state.nodes), remotes=told(state.remotes))


def _idle(state: ClusterState) -> Status:
    """What is so, apart from what was done."""
    return status_of(_with_histories(state, ()))


# ----------------------------------------------------------------- and put into what was known


def _merged(known: Overview, seen: Overview, part: _Part) -> Overview | None:
    """None if what was seen of a node is not what was known of it."""
    if len(known.nodes) != len(seen.nodes):
        return None
    nodes: list[NodeView] = []
    for then, now in zip(known.nodes, seen.nodes, strict=True):
        if _bare(then) != _bare(now):
            return None
        kept = [name for name in then.resources if name not in part]
        nodes.append(dataclasses.replace(now, resources=(*kept, *now.resources)))
    views = {view.id: view for view in seen.resources}
    failures = [one for one in known.failures if one.resource not in part]
    counts = [one for one in known.fail_counts if one.resource not in part]
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
