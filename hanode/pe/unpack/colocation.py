"""Colocation constraints, taken apart into pairs of one dependent and one primary."""

from __future__ import annotations

import itertools

from hanode.cib.configuration import Colocation, ResourceSet
from hanode.cib.reading import is_true
from hanode.cib.score import read
from hanode.pe.model.cluster import Cluster
from hanode.pe.model.constraint import Colocate, Constraints
from hanode.pe.model.resource import Resource
from hanode.pe.model.role import Role, read_role
from hanode.pe.unpack.targets import targets


def unpack_colocation(cluster: Cluster, into: Constraints, config: Colocation) -> None:
    """All that one `rsc_colocation` says."""
    if config.sets:
        _sets(cluster, into, config)
        return
    dependents = targets(cluster, config.rsc)
    primaries = targets(cluster, config.with_rsc)
    for name, found in ((config.rsc, dependents), (config.with_rsc, primaries)):
        if not found:
            cluster.warn(f'colocation "{config.id}" names "{name}", which is no resource')
    if len(dependents) > 1 and len(primaries) > 1:
        cluster.warn(f'colocation "{config.id}" is between two templates or tags; it is ignored')
        return
    for dependent in dependents:
        for primary in primaries:
            _pair(
                into,
                config,
                dependent,
                primary,
                read(config.score),
                _role(config.role),
                _role(config.with_role),
            )


def _role(text: str) -> Role:
    role = read_role(text)
    return Role.UNKNOWN if role == Role.STARTED else role


def _pair(
    into: Constraints,
    config: Colocation,
    dependent: Resource,
    primary: Resource,
    score: int,
    role: Role,
    primary_role: Role,
) -> None:
    if dependent is primary or score == 0:
        return
    influence = is_true(config.influence) if config.influence else dependent.critical
    attribute = config.node_attribute or "#uname"
    into.colocate(
        Colocate(config.id, dependent, primary, score, role, primary_role, attribute, influence)
    )


def _members(cluster: Cluster, config: Colocation, entry: ResourceSet) -> list[Resource]:
    found = []
    for name in entry.refs:
        members = targets(cluster, name)
        if not members:
            cluster.warn(f'colocation "{config.id}" names "{name}", which is no resource')
        found.extend(members)
    return found


def _sets(cluster: Cluster, into: Constraints, config: Colocation) -> None:
    """Within a set each with the one before; of two sets the earlier with the later."""
    before: tuple[ResourceSet, list[Resource]] | None = None
    for entry in config.sets:
        members = _members(cluster, config, entry)
        score = read(entry.score or config.score)
        role = _role(entry.role)
        if entry.ordering == "listed":
            members.reverse()  # each with the one after it
        if entry.sequential and score >= 0:
            _chain(into, config, members, score, role)
        elif entry.sequential:
            for at, member in enumerate(members):
                for other in members[:at]:
                    _pair(into, config, member, other, score, role, role)
        if before is not None:
            _between(into, config, before, (entry, members))
        before = (entry, members)


def _chain(
    into: Constraints, config: Colocation, members: list[Resource], score: int, role: Role
) -> None:
    for primary, dependent in itertools.pairwise(members):
        _pair(into, config, dependent, primary, score, role, role)


def _between(
    into: Constraints,
    config: Colocation,
    dependents: tuple[ResourceSet, list[Resource]],
    primaries: tuple[ResourceSet, list[Resource]],
) -> None:
    first, second = dependents[1], primaries[1]
    if not first or not second:
        return
    if dependents[0].sequential:
        first = first[:1]
    if primaries[0].sequential:
        second = second[-1:]
    score = read(config.score)
    for dependent in first:
        for primary in second:
            _pair(
                into,
                config,
                dependent,
                primary,
                score,
                _role(dependents[0].role),
                _role(primaries[0].role),
            )
