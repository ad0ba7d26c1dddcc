"""Blast radius: what the loss of each node would move, stop, or cost in quorum.

The fold is told that the node is gone, and the policy engine is asked what it would do: the same
engine that would decide in earnest. Pure, and slow for large clusters: a worker's job.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hanode.events import ViewAgreed
from hanode.pe.overview import Overview, ResourceView
from hanode.state import ClusterState
from hatui.cluster.moment import base_of
from hatui.cluster.whatif import forecast


@dataclass(frozen=True)
class Loss:
    """What becomes of the cluster without one node."""

    node: str
    moves: tuple[str, ...] = ()
    """Resources that run elsewhere then, or in another role."""
    stops: tuple[str, ...] = ()
    """Resources that run nowhere any more, or have lost their promoted instance."""
    quorum: bool = True
    """Whether there would still be one."""

    @property
    def harmless(self) -> bool:
        """Every service goes on, perhaps after a move."""
        return self.quorum and not self.stops


@dataclass(frozen=True)
class Blast:
    """The losses of all nodes, judged on the state after entry `basis`."""

    basis: int = -1
    losses: Mapping[str, Loss] = field(default_factory=dict)

    @property
    def known(self) -> bool:
        return bool(self.losses)

    @property
    def points(self) -> tuple[Loss, ...]:
        """Single points of failure: the worst first."""
        harmful = [loss for loss in self.losses.values() if not loss.harmless]
        return tuple(sorted(harmful, key=lambda loss: (loss.quorum, -len(loss.stops), loss.node)))

    def to_wire(self) -> dict[str, Any]:
        return {
            "basis": self.basis,
            "losses": [
                [one.node, list(one.moves), list(one.stops), one.quorum]
                for one in self.losses.values()
            ],
        }

    @classmethod
    def from_wire(cls, wire: Mapping[str, Any]) -> Blast:
        losses = [Loss(n, tuple(m), tuple(s), q) for n, m, s, q in wire["losses"]]
        return cls(wire["basis"], {one.node: one for one in losses})


def blast(state: ClusterState, now: float) -> Blast:
    """Of every node that is here. Raises cib.BadCib."""
    here = [name for name in state.present if name in state.data_nodes or name in state.voters]
    return Blast(state.basis, {name: loss(state, name, now) for name in here})


def loss(state: ClusterState, node: str, now: float) -> Loss:
    """Of this one. Raises cib.BadCib."""
    left = tuple((name, state.nodes[name].boot) for name in state.present if name != node)
    quorate = 2 * sum(name in state.members for name, _ in left) > len(state.voters)
    seen = forecast(state, (ViewAgreed(left, quorate and state.quorate),), now)
    before, after = _active(seen.before.overview), _active(seen.after.overview, but=node)
    stops = [name for name, places in before.items() if _stops(places, after.get(name, {}))]
    moves = [
        name
        for name, places in before.items()
        if name not in stops and after[name].items() - places.items()
    ]
    return Loss(node, tuple(moves), tuple(stops), quorate)


Places = dict[str, str]
"""Role by node."""


def _stops(before: Places, after: Places) -> bool:
    if not after:
        return True
    return "Promoted" in before.values() and "Promoted" not in after.values()


def _active(overview: Overview, but: str = "") -> dict[str, Places]:
    """Where each service is active, in which role; fence devices serve no one by themselves.

    What was on a lost node serves nobody, even while nothing proves that it has ended.
    """
    found: dict[str, Places] = {}
    for view in overview.resources:
        _collect(view, found)
    for places in found.values():
        places.pop(but, None)
    return found


def _collect(view: ResourceView, found: dict[str, Places]) -> None:
    for child in view.children:
        _collect(child, found)
    if view.children or not view.places or view.agent.startswith("stonith:"):
        return
    places = found.setdefault(base_of(view.name), {})
    places.update({place.node: place.role for place in view.places})
