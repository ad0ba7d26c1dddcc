"""A copy of the fold that later entries leave alone; quick, for frozen values are shared."""

from __future__ import annotations

import dataclasses

from hanode.state import ClusterState
from hanode.state.records import NodeRecord


def fork(state: ClusterState) -> ClusterState:
    """The state as of now, for a thread or a what-if; frozen values are shared."""
    return dataclasses.replace(
        state,
        members=dict(state.members),
        operators=dict(state.operators),
        nodes={name: _node(node) for name, node in state.nodes.items()},
        remotes={name: _node(node) for name, node in state.remotes.items()},
        options=dict(state.options),
        said=dict(state.said),
        intents=dict(state.intents),
        unfencings=dict(state.unfencings),
        tickets=dict(state.tickets),
    )


def _node(node: NodeRecord) -> NodeRecord:
    return dataclasses.replace(
        node,
        attributes=dict(node.attributes),
        history=dict(node.history),
        counted=dict(node.counted),
        began=dict(node.began),
    )
