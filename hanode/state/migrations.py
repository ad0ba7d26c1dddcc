"""Live migrations, and what they may have brought to a node that nobody has asked yet.

While a resource migrates only its source's agent knows how far it is. Should the source go away,
fail at it, or go on to something else (having lost quorum it stops what it runs), the resource may
be at the target, whose own latest word is from before: so that word counts no more, and the target
is probed before the resource is started anywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hanode.events import OperationFinished, TransitionStarted
from hanode.ids import NodeName
from hanode.lean import dataclass
from hanode.state.records import NodeRecord

if TYPE_CHECKING:
    from hanode.state.cluster import ClusterState


_WELL = ("done", 0)
_TELLING = ("done", "timeout", "not-installed")


@dataclass(frozen=True, slots=True)
class Migration:
    """One that was ordered, and of which the target has told nothing since."""

    source: NodeName
    target: NodeName


def begun(state: ClusterState, event: TransitionStarted) -> None:
    """What this walk is to migrate."""
    to = {a.resource: a.node for a in event.actions if a.operation == "migrate_from"}
    for action in event.actions:
        if action.operation == "migrate_to" and action.resource in to:
            state.migrations[action.resource] = Migration(action.node, to[action.resource])


def told(state: ClusterState, done: OperationFinished) -> None:
    """Whoever speaks of a resource after all this has looked; the target knows what became of
    it."""
    node = state.record(done.node)
    if done.task == "migrate_to":
        if done.status != "pending" and (done.status, done.rc) != _WELL:
            _doubt(state, done.resource, done.node)
        elif done.status != "pending" and done.resource not in state.migrations:
            _came_late(state, done)
    elif not done.interval_ms and done.task != "notify":
        _doubt(state, done.resource, done.node)
    if done.status not in _TELLING or done.task == "notify" or node is None:
        return
    node.unsure = tuple(name for name in node.unsure if name != done.resource)
    migration = state.migrations.get(done.resource)
    if migration is not None and migration.target == done.node:
        del state.migrations[done.resource]


def may_have_come(state: ClusterState, resource: str, node: NodeName) -> bool:
    """Whether one may have brought this resource to that node, which has told nothing since."""
    migration, record = state.migrations.get(resource), state.record(node)
    awaited = migration is not None and migration.target == node
    return awaited or (record is not None and resource in record.unsure)


def source_gone(state: ClusterState, source: NodeRecord) -> None:
    """Out of the view, or in a new boot: it tells nothing more of what it was about to do."""
    for resource in list(state.migrations):
        _doubt(state, resource, source.name)


def _came_late(state: ClusterState, done: OperationFinished) -> None:
    """Its target was asked before this had come about: its source's LRM hung, say, and the DC gave
    it up."""
    target = state.record(done.peer)
    if target is not None and done.resource in target.history:
        target.unsure = tuple(sorted({*target.unsure, done.resource}))


def _doubt(state: ClusterState, resource: str, source: NodeName) -> None:
    """What the target of this migration last said of the resource is from before it."""
    migration = state.migrations.get(resource)
    target = state.record(migration.target) if migration is not None else None
    if migration is not None and migration.source == source and target is not None:
        del state.migrations[resource]
        target.unsure = tuple(sorted({*target.unsure, resource}))
