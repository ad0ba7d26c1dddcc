"""What agents set on this node becomes a fact; that one was taken away is said until the log knows.

A value is told again by each report. That there is none any more must not be lost either: a score
that stays behind would have the cluster promote where its agent said that nothing can be.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hanode.effects import TellLrm
from hanode.events import AttributeSet, NodeReported
from hanode.ids import NodeName
from hanode.local_messages import AttributeGone, AttributeWanted

if TYPE_CHECKING:
    from hanode.node.node import Node


def wanted(node: Node, said: AttributeWanted) -> None:
    """Into the log with it, unless it says so, or soon will. That it says nothing of one that was
    taken away may only mean that this fold is not up to date."""
    own = node.state.nodes.get(node.name)
    if own is None:
        return
    coming = on_its_way(node, node.name, said.name)
    known = coming.value if coming else own.attributes.get(said.name)
    if known != said.value or (said.value is None and not coming):
        node.state_fact(AttributeSet(node.name, said.name, said.value))


def on_its_way(node: Node, target: NodeName, name: str) -> AttributeSet | None:
    """What was stated of it last and is not in the log yet."""
    stated = [waiting.event for waiting in node.facts.waiting.values()]
    sets = [event for event in stated if isinstance(event, AttributeSet)]
    return next((e for e in reversed(sets) if (e.node, e.name) == (target, name)), None)


def noticed(node: Node, event: AttributeSet | NodeReported) -> None:
    """It stands in the log."""
    if event.node != node.name:
        return
    if isinstance(event, NodeReported):
        gone = event.gone
    else:
        gone = (event.name,) if event.value is None else ()
    node.out.extend(TellLrm(AttributeGone(name)) for name in gone)
