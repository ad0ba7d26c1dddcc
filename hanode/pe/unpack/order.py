"""Order constraints, taken apart into pairs of one first and one second action."""

from __future__ import annotations

import itertools

from hanode.cib.configuration import Order, ResourceSet
from hanode.cib.reading import is_true
from hanode.cib.score import read
from hanode.pe.model import ordering as o
from hanode.pe.model.cluster import Cluster
from hanode.pe.model.constraint import Before, Constraints
from hanode.pe.model.resource import Resource
from hanode.pe.unpack.targets import targets

_INVERSE = {"start": "stop", "stop": "start", "promote": "demote", "demote": "promote"}


def unpack_order(cluster: Cluster, into: Constraints, config: Order) -> None:
    """All that one `rsc_order` says."""
    kind = _kind(config)
    symmetrical = _symmetrical(cluster, config, kind)
    if config.sets:
        _sets(cluster, into, config, kind, symmetrical)
        return
    firsts, thens = targets(cluster, config.first), targets(cluster, config.then)
    for name, found in ((config.first, firsts), (config.then, thens)):
        if not found:
            cluster.warn(f'order "{config.id}" names "{name}", which is no resource')
    first_action = config.first_action or "start"
    then_action = config.then_action or first_action
    require_all = is_true(config.require_all) if config.require_all else True
    for first in firsts:
        for then in thens:
            if first is then and first_action == then_action:
                continue
            _pair(into, config, first, first_action, then, then_action, kind, symmetrical)
            if first.is_collective and not require_all:
                _relax(into, first, 1)


def _relax(into: Constraints, first: Resource, needed: int) -> None:
    """The last pair needs but some instances of its first clone."""
    found = into.orders[-1]
    for at in range(len(into.orders) - 1, -1, -1):
        entry = into.orders[at]
        if entry.id != found.id or entry.first is not first:
            continue
        if entry.flags & (o.FIRST_IMPLIES_THEN | o.ORDERED) and entry.first_task in (
            "start",
            "promote",
        ):
            into.orders[at] = entry._replace(set_key=f"one-or-more:{needed}:{first.id}")
            return


def _kind(config: Order) -> str:
    if config.kind:
        word = config.kind.lower()
        return word if word in ("mandatory", "optional", "serialize") else "mandatory"
    if config.score:
        return "mandatory" if read(config.score) != 0 else "optional"
    return "mandatory"


def _symmetrical(cluster: Cluster, config: Order, kind: str) -> bool:
    if config.symmetrical:
        wanted = is_true(config.symmetrical)
        if wanted and kind == "serialize":
            cluster.warn(f'order "{config.id}": Serialize can not be symmetrical')
            return False
        return wanted
    return kind != "serialize"


def forward_flags(kind: str, symmetrical: bool, first_action: str, then_action: str) -> int:
    """What "first, then" means in its written direction."""
    if kind == "optional":
        return o.ORDERED
    if kind == "serialize":
        return o.SERIALIZE
    if symmetrical:
        flags = o.FIRST_IMPLIES_THEN
        if then_action in ("start", "promote"):
            flags |= o.UNRUNNABLE_BLOCKS
        return flags
    flags = o.ASYMMETRIC
    if first_action not in ("stop", "demote"):
        flags |= o.UNRUNNABLE_BLOCKS
    return flags


def _pair(
    into: Constraints,
    config: Order,
    first: Resource,
    first_action: str,
    then: Resource,
    then_action: str,
    kind: str,
    symmetrical: bool,
) -> None:
    flags = forward_flags(kind, symmetrical, first_action, then_action)
    into.orders.append(Before(config.id, first, first_action, then, then_action, flags))
    if symmetrical:
        _inverse(into, config, first, first_action, then, then_action, kind)


def _inverse(
    into: Constraints,
    config: Order,
    first: Resource,
    first_action: str,
    then: Resource,
    then_action: str,
    kind: str,
) -> None:
    undo_first, undo_then = _INVERSE.get(first_action), _INVERSE.get(then_action)
    if undo_first is None or undo_then is None:
        return
    flags = o.ORDERED if kind == "optional" else o.THEN_IMPLIES_FIRST
    into.orders.append(Before(config.id, then, undo_then, first, undo_first, flags))


def _sets(cluster: Cluster, into: Constraints, config: Order, kind: str, symmetrical: bool) -> None:
    before: tuple[ResourceSet, list[Resource]] | None = None
    for entry in config.sets:
        members = [found for name in entry.refs for found in targets(cluster, name)]
        if entry.sequential:
            action = entry.action or "start"
            # One at a time means any two of them, be it that nothing happens between.
            serial = kind == "serialize"
            pairs = itertools.combinations(members, 2) if serial else itertools.pairwise(members)
            for first, then in pairs:
                _pair(into, config, first, action, then, action, kind, symmetrical)
        if before is not None and members and before[1]:
            _between(into, config, before, (entry, members), kind, symmetrical)
        before = (entry, members)


def _between(
    into: Constraints,
    config: Order,
    former: tuple[ResourceSet, list[Resource]],
    latter: tuple[ResourceSet, list[Resource]],
    kind: str,
    symmetrical: bool,
) -> None:
    first_set, firsts = former
    then_set, thens = latter
    first_action = first_set.action or "start"
    then_action = then_set.action or "start"
    if first_set.require_all:
        for first in firsts:
            for then in thens:
                _pair(into, config, first, first_action, then, then_action, kind, symmetrical)
        return
    # One of the first set is enough: a gate between the sets counts what can be run.
    gate = f"one-or-more:1:{first_set.id}"
    flags = forward_flags(kind, symmetrical, first_action, then_action)
    for first in firsts:
        for then in thens:
            into.orders.append(
                Before(config.id, first, first_action, then, then_action, flags, gate)
            )
    if symmetrical:
        # "Stop in reverse": the second set stops before any of the first.
        for first in firsts:
            for then in thens:
                undo_first, undo_then = _INVERSE.get(first_action), _INVERSE.get(then_action)
                if undo_first is None or undo_then is None:
                    continue
                into.orders.append(Before(config.id, then, undo_then, first, undo_first, o.ORDERED))
