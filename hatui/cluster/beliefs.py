"""What each node holds to be true: DC, quorum, how far its log goes, whom it hears.

First-hand where the console has asked the node itself, else as another node has it from the
heartbeats. Nodes that agree on who is in the view are one side; sides are never blended.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from hanode.mgmt.protocol import Pulse
from hanode.state import ClusterState
from hatui.cluster.moment import Moment

SILENT = 5.0
"""Seconds without a heartbeat, and what it said last is only what it said last."""


class Word(NamedTuple):
    """What one node answered when the console asked it, or why it did not."""

    node: str
    pulse: Pulse | None = None
    state: ClusterState | None = None
    """Its state, where its log ends elsewhere than the one that the console follows."""
    problem: str = ""
    ahead: float | None = None
    """Seconds by which its clock is ahead of the console's, to within the line's delay."""
    forked: bool = False
    """The last committed entry of its log is another than the console has in that place."""


class Belief(NamedTuple):
    """One node's view of the world."""

    node: str
    by: str
    """Who says so: the node itself, or the one that heard it; empty for nobody."""
    dc: str = ""
    term: int = 0
    entry: int = 0
    quorate: bool | None = None
    view: tuple[str, ...] = ()
    hears: tuple[str, ...] = ()
    age: float = 0.0
    """Seconds since it was heard, where another tells."""
    problem: str = ""
    cut: bool = False
    """Whoever tells of it hears it on no link any more, and has it out of the view."""
    state: ClusterState | None = None
    """What its log says; None where only another tells of it."""
    attached: tuple[str, ...] = ()
    """Operators whose consoles follow this node."""
    head: str = ""
    """The hash of its last committed entry."""
    forked: bool = False
    skew: float = 0.0
    """Seconds by which its clock is ahead of its DC's, where both have been asked."""

    @property
    def first_hand(self) -> bool:
        return self.by == self.node

    @property
    def fresh(self) -> bool:
        return bool(self.by) and self.age < SILENT and not self.cut


class Side(NamedTuple):
    """Nodes that hold the same view, and what they hold."""

    nodes: tuple[Belief, ...]
    view: tuple[str, ...]

    @property
    def quorate(self) -> bool:
        return any(belief.quorate for belief in self.nodes)

    @property
    def state(self) -> ClusterState | None:
        """What the log says of whoever is furthest in it."""
        own = [belief for belief in self.nodes if belief.state is not None]
        return max(own, key=lambda belief: belief.entry).state if own else None

    @property
    def silent(self) -> bool:
        return not any(belief.fresh for belief in self.nodes)


def beliefs(moment: Moment, around: Mapping[str, Word]) -> dict[str, Belief]:
    """Of every member, the best word there is."""
    pulses = {one.node: one.pulse for one in around.values() if one.pulse is not None}
    if moment.pulse is not None:
        pulses[moment.pulse.node] = moment.pulse
    found: dict[str, Belief] = {}
    for name in sorted({*moment.state.members, *pulses}):
        word = around.get(name, Word(name))
        pulse = pulses.get(name)
        if pulse is not None:
            found[name] = _own(pulse, word, moment.state)._replace(skew=_skew(pulse, around))
        else:
            found[name] = _hearsay(name, pulses)._replace(problem=word.problem)
    return found


def sides(found: Mapping[str, Belief]) -> list[Side]:
    """Those with quorum first; whoever nobody has a fresh word of comes last."""
    groups: dict[tuple[str, ...], list[Belief]] = {}
    for belief in found.values():
        key = belief.view if belief.fresh and belief.node in belief.view else ("", belief.node)
        groups.setdefault(key if belief.fresh else ("", ""), []).append(belief)
    made = [Side(tuple(group), tuple(n for n in key if n)) for key, group in groups.items()]
    return sorted(made, key=lambda side: (side.silent, not side.quorate, -len(side.nodes)))


def split(found: Mapping[str, Belief]) -> bool:
    """More than one side speaks."""
    return sum(not side.silent for side in sides(found)) > 1


def _skew(pulse: Pulse, around: Mapping[str, Word]) -> float:
    mine, dcs = (around.get(name, Word(name)).ahead for name in (pulse.node, pulse.dc))
    return mine - dcs if mine is not None and dcs is not None else 0.0


def _own(pulse: Pulse, word: Word, state: ClusterState) -> Belief:
    near = {n for n, peer in pulse.peers.items() if _heard(peer) < SILENT and not _cut(peer)}
    hears = tuple(sorted(near))
    return Belief(pulse.node, pulse.node, pulse.dc, pulse.term, pulse.commit, pulse.quorate,
                  tuple(pulse.view), hears, state=word.state or state, head=pulse.head.hex(),
                  attached=pulse.attached, forked=word.forked)  # fmt: skip


def _hearsay(name: str, pulses: Mapping[str, Pulse]) -> Belief:
    """By the node that has heard it last."""
    told = [
        (_heard(peer), by, peer)
        for by, pulse in sorted(pulses.items())
        for other, peer in pulse.peers.items()
        if other == name and peer.get("heard") is not None
    ]
    if not told:
        return Belief(name, "")
    age, by, peer = min(told, key=lambda one: one[0])
    cut = _cut(peer) and name not in pulses[by].view
    return Belief(name, by, str(peer.get("dc") or ""), int(peer.get("term") or 0),
                  int(peer.get("index") or 0), None, tuple(peer.get("view") or ()),
                  tuple(peer.get("hears") or ()), age, cut=cut)  # fmt: skip


def _cut(peer: Mapping[str, object]) -> bool:
    links = peer.get("links")
    return isinstance(links, list) and bool(links) and not any(links)


def _heard(peer: Mapping[str, object]) -> float:
    heard = peer.get("heard")
    return float(heard) if isinstance(heard, (int, float)) else float("inf")
