"""What an operator does with a node: standby, attributes, an orderly end."""

from __future__ import annotations

import shlex

from hanode.events import AttributeSet, NodeLeaving
from hanode.mgmt.draft import Draft
from hanode.mgmt.elements import Pairs, in_words
from hanode.mgmt.proposal import Aim, NothingToDo, Proposal, unknown
from hanode.state import ClusterState
from hanode.state.records import NodeRecord


def standby(state: ClusterState, node: str, on: bool) -> Proposal:
    """Whether a node runs resources at all; it stays a member and votes."""
    draft = Draft(state)
    if on:
        owner = draft.entered(node)
        draft.set_pair(owner, "instance_attributes", "standby", "on")
    else:
        draft.drop_pair(draft.node(node), "instance_attributes", "standby")
    says = "Put {} into standby: what it runs moves away." if on else "Let {} run resources again."
    argv = ["node", "standby" if on else "online", node]
    aim = Aim((), emptied=node) if on else None
    lasting = [] if on else lift(state, node, "standby")
    return draft.propose(says.format(node), argv, aim=aim, also=lasting)


def lift(state: ClusterState, node: str, name: str) -> list[AttributeSet]:
    """What takes away an attribute of that name which is to last until the node leaves."""
    record = state.record(node)
    told = record is not None and name in record.attributes
    return [AttributeSet(node, name, None)] if told else []


def leave(state: ClusterState, node: str) -> Proposal:
    """Shut a node's hanode down in an orderly way; what it runs moves away first."""
    record = record_of(state, node)
    if not record.present:
        raise NothingToDo(f"{node} is not in the cluster's view; there is nothing to shut down")
    line = shlex.join(("hanode", "node", "leave", node))
    sentence = f"Shut hanode down on {node}; what it runs moves away first."
    return Proposal((NodeLeaving(node, record.boot),), sentence, line, risky=True)


def attribute(state: ClusterState, node: str, name: str, value: str | None) -> Proposal:
    """A node attribute that lasts until the node leaves; None takes it away."""
    record_of(state, node)
    pair = f"{name}={value}" if value is not None else f"{name}="
    line = shlex.join(("hanode", "node", "attribute", node, pair, "--transient"))
    says = f"to {value!r}" if value is not None else "to nothing"
    return Proposal((AttributeSet(node, name, value),), f"Set {name} of {node} {says}.", line)


def set_attributes(state: ClusterState, node: str, pairs: Pairs, argv: list[str]) -> Proposal:
    """Permanent attributes of a node; an empty value takes one away."""
    draft = Draft(state)
    owner = draft.entered(node) if any(pairs.values()) else draft.node(node)
    draft.set_pairs(owner, "instance_attributes", pairs)
    return draft.propose(f"Set attributes of {node}: {in_words(pairs)}.", argv)


def record_of(state: ClusterState, node: str) -> NodeRecord:
    record = state.record(node)
    if record is None:
        raise unknown("node", node, [*state.nodes, *state.remotes])
    return record
