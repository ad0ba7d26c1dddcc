"""What a failed operation calls for: its `on-fail`, or the default for its kind."""

from __future__ import annotations

from enum import IntEnum

from hanode.cib.status import Operation
from hanode.pe.model.cluster import Cluster
from hanode.pe.model.resource import Resource
from hanode.pe.unpack.operations import find_operation, on_fail_word


class Reaction(IntEnum):
    """From nothing to the worst; of several failures the worst reaction counts."""

    IGNORE = 0
    DEMOTE = 1
    RESTART = 2
    RESET_REMOTE = 3
    CONTAINER = 4
    BLOCK = 5
    STOP = 6
    BAN = 7
    STANDBY = 8
    FENCE = 9


_WORDS = {
    "ignore": Reaction.IGNORE,
    "nothing": Reaction.IGNORE,
    "demote": Reaction.DEMOTE,
    "restart": Reaction.RESTART,
    "restart-container": Reaction.CONTAINER,
    "block": Reaction.BLOCK,
    "stop": Reaction.STOP,
    "migrate": Reaction.BAN,
    "ban": Reaction.BAN,
    "standby": Reaction.STANDBY,
    "fence": Reaction.FENCE,
}


def reaction_to(cluster: Cluster, resource: Resource, operation: Operation) -> Reaction:
    """The reaction to this failure."""
    configured = find_operation(resource, operation.task, operation.interval_ms, disabled=True)
    word = on_fail_word(cluster, resource, configured, operation.task, operation.interval_ms)
    reaction = _WORDS.get(word.lower())
    if reaction is Reaction.DEMOTE and not _may_demote(operation):
        reaction = None
    if reaction is Reaction.FENCE and not cluster.options.fencing_enabled:
        reaction = Reaction.STOP
    if reaction is Reaction.STOP and operation.task == "stop":
        reaction = None  # that is what was tried
    if reaction is Reaction.STANDBY and resource.is_connection:
        reaction = None
    if reaction is not None:
        return reaction
    return default_reaction(cluster, resource, operation)


def _may_demote(operation: Operation) -> bool:
    return operation.task == "promote" or (
        operation.task == "monitor" and operation.interval_ms > 0
    )


def default_reaction(cluster: Cluster, resource: Resource, operation: Operation) -> Reaction:
    if resource.container is not None and not resource.is_connection:
        return Reaction.CONTAINER
    if resource.is_connection and resource.container is None:
        # Not even a failed stop of it is its host's fault: what's behind it is to be fenced.
        probe = operation.task == "monitor" and operation.interval_ms == 0
        if operation.task == "start" or probe:
            return Reaction.RESTART
        return Reaction.RESET_REMOTE
    if operation.task == "stop":
        return Reaction.FENCE if cluster.options.fencing_enabled else Reaction.BLOCK
    if resource.container is not None:
        return Reaction.CONTAINER
    return Reaction.RESTART
