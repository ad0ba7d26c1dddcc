"""The figures of a cluster: how much runs, fails, stands still, and how each node is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from hanode.pe.overview import ResourceView
from hatui.cluster.histories import records
from hatui.cluster.ills import Ills, ills_of, leaves, together
from hatui.cluster.looks import Look
from hatui.cluster.moment import Moment, primitive_of
from hatui.cluster.node_tree import node_look
from hatui.cluster.options import options_of, stops_all


class Standing(NamedTuple):
    """The figures of the header."""

    running: int = 0
    failures: int = 0
    hurt: int = 0
    """Resources that are failed right now."""
    stopped: int = 0
    """Services that ought to run and run nowhere."""
    unpromoted: tuple[str, ...] = ()
    """Services that ought to be promoted somewhere and are not."""
    unmanaged: tuple[str, ...] = ()
    """Resources that nobody looks after, while the cluster looks after the others."""
    told_to_stop: bool = False
    """All of them."""
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
        amiss = (self.stopped, self.failures, self.ailing, self.unpromoted, self.unmanaged)
        return max(worst, 2 if any(amiss) or self.told_to_stop else 0, 1 if self.busy else 0)


def standing(moment: Moment) -> Standing:
    """Count."""
    return moment.once(f"standing {moment.told_now}", lambda: _counted(moment))


def _counted(moment: Moment) -> Standing:
    tops = moment.overview.resources
    found = together(_ills(moment, top) for top in tops)
    told_to_stop = stops_all(options_of(moment.configuration))
    at_rest = told_to_stop or moment.overview.maintenance_mode
    idle = () if at_rest else found.idle
    return Standing(
        running=sum(_running(moment, top) for top in tops),
        failures=len({(f.resource, f.node) for f in moment.overview.failures}),
        hurt=len(found.failed),
        stopped=len(idle),
        unpromoted=found.unpromoted,
        unmanaged=() if moment.overview.maintenance_mode else found.unmanaged,
        told_to_stop=told_to_stop,
        blocked=len(found.blocked),
        ailing=len(moment.ailing),
        nodes=tuple((node.name, node_look(moment, node)) for node in moment.overview.nodes),
        busy=moment.state.transition is not None,
        since=min(_beginnings(moment, idle), default=0.0),
    )


def _ills(moment: Moment, top: ResourceView) -> Ills:
    return moment.of_top("ills", top.id, lambda: ills_of(top))


def _beginnings(moment: Moment, idle: Iterable[str]) -> Iterator[float]:
    """Of failures that count, of absences, of standing still."""
    state = moment.state
    yield from (one.last_rc_change for one in moment.overview.failures if one.last_rc_change)
    for name in (node.name for node in moment.overview.nodes if not node.online or node.unclean):
        record = state.record(name)
        if record is not None and not record.present and record.since:
            yield record.since
    configured = [primitive_of(moment.configured.get(name)) for name in idle]
    names = {one.id for one in configured if one is not None}
    for node in records(state) if names else ():
        for name in names.intersection(node.history):
            yield from (done.at for done in node.history[name].values() if done.task == "stop")
    yield from (alarm.at for alarm in state.alarms)


def _running(moment: Moment, top: ResourceView) -> int:
    if moment.unheard:
        return _places(top, moment.unheard)
    return moment.of_top("running", top.id, lambda: _places(top, ()))


def _places(top: ResourceView, gone: Sequence[str]) -> int:
    """Where its primitives are active, of the nodes that are heard."""
    active = (view for view in leaves((top,)) if view.active)
    return sum(place.node not in gone for view in active for place in view.places)
