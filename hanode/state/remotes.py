"""Remote nodes in the fold: they state nothing themselves, the node that reaches them does.

A remote node is a connection resource's: it is known from its first result on, and forgotten when
the configuration has no such connection any more.
"""

from __future__ import annotations

from lxml import etree

from hanode.events import OperationFinished
from hanode.ids import NodeName
from hanode.state.cluster import ClusterState
from hanode.state.migrations import source_gone
from hanode.state.operations import watches
from hanode.state.records import NodeRecord

AGENTS = ("ocf:pacemaker:remote",)
_TAKEN = ("start", "migrate_from")


def carries(state: ClusterState, relay: NodeName, remote: NodeName) -> bool:
    """Whether the connection to this remote node runs on that member; one that is being moved
    away still does, until it is stopped there."""
    record = state.nodes.get(relay)
    last = record.history.get(remote, {}).get("last_0") if record else None
    if last is None or last.agent not in AGENTS or last.status != "done" or last.rc != 0:
        return False
    return last.task in (*_TAKEN, "migrate_to", "monitor")


def record_of(state: ClusterState, name: NodeName) -> NodeRecord:
    """The remote node's record, made if need be."""
    return state.remotes.setdefault(name, NodeRecord(name))


def connected(state: ClusterState, done: OperationFinished) -> None:
    """A connection was made (anew): whoever watched the remote node's resources before, watches
    them no more."""
    if done.agent in AGENTS and done.task in _TAKEN and done.status == "done" and done.rc == 0:
        remote = record_of(state, done.resource)
        remote.history = {
            name: {key: one for key, one in kept.items() if not watches(key)}
            for name, kept in remote.history.items()
        }


def relay_gone(state: ClusterState, relay: NodeRecord) -> None:
    """Who was reached from there tells no more than it does of what was about to be done."""
    for name, remote in state.remotes.items():
        if carries(state, relay.name, name):
            source_gone(state, remote)


def forget_unconfigured(state: ClusterState, root: etree._Element) -> None:
    ids = {p.get("id") for p in root.iter("primitive") if p.get("type") == "remote"}
    for name in [name for name in state.remotes if name not in ids]:
        del state.remotes[name]
