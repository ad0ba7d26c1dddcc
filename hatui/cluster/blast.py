"""Blast radius: what the loss of each node, or of two at once, would move, stop, cost in quorum.

The fold is told that the node is gone, and the policy engine is asked what it would do: the same
engine that would decide in earnest. Pure, and slow for large clusters: a worker's job.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from hanode.events import ViewAgreed
from hanode.pe.overview import Overview, ResourceView
from hanode.state import ClusterState
from hatui.cluster.histories import histories
from hatui.cluster.moment import base_of
from hatui.cluster.votes import goes_on
from hatui.cluster.whatif import forecast

WORK = 20_000
"""Pairs of nodes times remembered resources, up to which the losses of two are worked out."""


@dataclass(frozen=True)
class Loss:
    """What becomes of the cluster without these nodes."""

    nodes: tuple[str, ...]
    moves: tuple[str, ...] = ()
    """Resources that run elsewhere then, or in another role."""
    stops: tuple[str, ...] = ()
    """Resources that run nowhere any more, or have lost their promoted instance."""
    quorum: bool = True
    """Whether there would still be one."""

    @property
    def name(self) -> str:
        return " and ".join(self.nodes)

    @property
    def harmless(self) -> bool:
        """Every service goes on, perhaps after a move."""
        return self.quorum and not self.stops


@dataclass(frozen=True)
class Blast:
    """The losses of all nodes, judged on the state after entry `basis`."""

    basis: int = -1
    losses: Mapping[str, Loss] = field(default_factory=dict)
    pairs: tuple[Loss, ...] | None = None
    """Of two at once, neither of which does harm alone; None: there are too many to work out."""

    @property
    def known(self) -> bool:
        return bool(self.losses)

    @property
    def points(self) -> tuple[Loss, ...]:
        """Single points of failure: the worst first."""
        harmful = [loss for loss in self.losses.values() if not loss.harmless]
        return tuple(sorted(harmful, key=lambda loss: (loss.quorum, -len(loss.stops), loss.name)))

    @property
    def any_two(self) -> bool:
        """Any two nodes may be lost at once."""
        pairs = self.pairs or ()
        return bool(pairs) and not self.points and all(one.harmless for one in pairs)

    def to_wire(self) -> dict[str, Any]:
        return {
            "basis": self.basis,
            "losses": [_to_wire(one) for one in self.losses.values()],
            "pairs": None if self.pairs is None else [_to_wire(one) for one in self.pairs],
        }

    @classmethod
    def from_wire(cls, wire: Mapping[str, Any]) -> Blast:
        losses, pairs = [_from_wire(one) for one in wire["losses"]], wire["pairs"]
        two = None if pairs is None else tuple(_from_wire(one) for one in pairs)
        return cls(wire["basis"], {one.name: one for one in losses}, two)


def _to_wire(loss: Loss) -> list[Any]:
    return [list(loss.nodes), list(loss.moves), list(loss.stops), loss.quorum]


def _from_wire(told: Sequence[Any]) -> Loss:
    nodes, moves, stops, quorum = told
    return Loss(tuple(nodes), tuple(moves), tuple(stops), quorum)


def blast(state: ClusterState, now: float) -> Blast:
    """Of every node that is here. Raises cib.BadCib."""
    here = [name for name in state.present if name in state.data_nodes or name in state.voters]
    losses = {name: loss(state, (name,), now) for name in here}
    spare = [name for name in here if losses[name].harmless]
    return Blast(state.basis, losses, _pairs(state, spare, now))


def _pairs(state: ClusterState, spare: Sequence[str], now: float) -> tuple[Loss, ...] | None:
    """Those that cost quorum by arithmetic, the others as the policy engine says."""
    pairs = list(combinations(spare, 2))
    tried = [pair for pair in pairs if goes_on(state, dict(_left(state, pair)))]
    if len(tried) * sum(1 for _ in histories(state)) > WORK:
        return None
    return tuple(
        loss(state, pair, now) if pair in tried else Loss(pair, quorum=False) for pair in pairs
    )


Present = tuple[tuple[str, int], ...]
"""Nodes of a view with their boots."""


def _left(state: ClusterState, lost: Sequence[str]) -> Present:
    return tuple((name, state.nodes[name].boot) for name in state.present if name not in lost)


def loss(state: ClusterState, lost: tuple[str, ...], now: float) -> Loss:
    """Of these, at once. Raises cib.BadCib."""
    left = _left(state, lost)
    quorate = goes_on(state, dict(left))
    seen = forecast(state, (ViewAgreed(left, quorate and state.quorate),), now)
    before, after = _active(seen.before.overview), _active(seen.after.overview, lost)
    stops = [name for name, places in before.items() if _stops(places, after.get(name, {}))]
    moves = [
        name
        for name, places in before.items()
        if name not in stops and after[name].items() - places.items()
    ]
    return Loss(lost, tuple(moves), tuple(stops), quorate)


Places = dict[str, str]
"""Role by node."""


def _stops(before: Places, after: Places) -> bool:
    if not after:
        return True
    return "Promoted" in before.values() and "Promoted" not in after.values()


def _active(overview: Overview, lost: Sequence[str] = ()) -> dict[str, Places]:
    """Where each service is active, in which role; fence devices serve no one by themselves.

    What was on lost nodes serves nobody, even while nothing proves that it has ended.
    """
    found: dict[str, Places] = {}
    for view in overview.resources:
        _collect(view, found)
    for places in found.values():
        for node in lost:
            places.pop(node, None)
    return found


def _collect(view: ResourceView, found: dict[str, Places]) -> None:
    for child in view.children:
        _collect(child, found)
    if view.children or not view.places or view.agent.startswith("stonith:"):
        return
    places = found.setdefault(base_of(view.name), {})
    places.update({place.node: place.role for place in view.places})
