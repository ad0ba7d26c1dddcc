"""The figures of a cluster: how much runs, fails, stands still, and how each node is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from hanode.pe.overview import ResourceView
from hatui.cluster.looks import Look
from hatui.cluster.moment import Moment
from hatui.cluster.node_tree import node_look


class Standing(NamedTuple):
    """The figures of the header."""

    running: int = 0
    failures: int = 0
    hurt: int = 0
    """Resources that are failed right now."""
    stopped: int = 0
    blocked: int = 0
    ailing: int = 0
    """Nodes whose disks take no writes."""
    nodes: tuple[tuple[str, Look], ...] = ()
    busy: bool = False
    since: float = 0.0
    """When the oldest of what is amiss began, as far as the log says it."""

    @property
    def rank(self) -> int:
        worst = max((look.rank for _, look in self.nodes), default=0)
        if self.hurt or self.blocked:
            return 3
        return max(
            worst, 2 if self.stopped or self.failures or self.ailing else 0, 1 if self.busy else 0
        )


def standing(moment: Moment) -> Standing:
    """Count."""
    seen = "\t".join((*moment.unheard, "", *moment.thin, "", *moment.ailing))
    return moment.once(f"standing {seen}", lambda: _counted(moment))


def _counted(moment: Moment) -> Standing:
    tallies = [_tally(moment, top) for top in moment.overview.resources]
    return Standing(
        running=sum(one.running for one in tallies),
        failures=len({(f.resource, f.node) for f in moment.overview.failures}),
        hurt=sum(one.hurt for one in tallies),
        stopped=sum(one.stopped for one in tallies),
        blocked=sum(one.blocked for one in tallies),
        ailing=len(moment.ailing),
        nodes=tuple((node.name, node_look(moment, node)) for node in moment.overview.nodes),
        busy=moment.state.transition is not None,
        since=min(_beginnings(moment), default=0.0),
    )


def _beginnings(moment: Moment) -> Iterator[float]:
    """Of failures that count, of absences, of standing still."""
    state = moment.state
    yield from (one.last_rc_change for one in moment.overview.failures if one.last_rc_change)
    for name in (node.name for node in moment.overview.nodes if not node.online or node.unclean):
        record = state.nodes.get(name)
        if record is not None and not record.present and record.since:
            yield record.since
    idle = {view.id for view in _primitives(moment.overview.resources) if _wanting(view)}
    for node in state.nodes.values() if idle else ():
        for name in idle.intersection(node.history):
            yield from (done.at for done in node.history[name].values() if done.task == "stop")


class _Tally(NamedTuple):
    """Of what belongs to one top resource."""

    running: int
    hurt: int
    stopped: int
    blocked: int


def _tally(moment: Moment, top: ResourceView) -> _Tally:
    if moment.unheard:
        return _tallied(top, moment.unheard)
    return moment.of_top("tallies", top.id, lambda: _tallied(top, ()))


def _tallied(top: ResourceView, gone: Sequence[str]) -> _Tally:
    primitives = _primitives((top,))
    return _Tally(
        sum(p.node not in gone for view in primitives if view.active for p in view.places),
        sum(view.failed for view in primitives),
        sum(_wanting(view) for view in primitives),
        sum(view.blocked for view in primitives),
    )


def _wanting(view: ResourceView) -> bool:
    """It should run and does not; instances of clones are judged by their clone."""
    return (
        not view.active and not view.orphaned and view.managed
        and view.target_role != "Stopped" and ":" not in view.id
    )  # fmt: skip


def _primitives(views: tuple[ResourceView, ...]) -> list[ResourceView]:
    found: list[ResourceView] = []
    for view in views:
        if view.children:
            children = _primitives(view.children)
            if view.kind == "clone":  # a place that is not used is no fault of its own
                children = [child for child in children if child.active or child.failed]
            found += children
        elif view.kind == "primitive":
            found.append(view)
    return found
