"""Why a node is to be fenced, or why it isn't although it is unclean, and who waits for that."""

from __future__ import annotations

from collections.abc import Iterator

from hanode.cib.document import Cib
from hanode.pe.model.cluster import Cluster
from hanode.pe.model.node import Node
from hanode.pe.remedy import decide
from hanode.transition import Action, Transition

SHOWN_MAX = 12


def why_node(cib: Cib, transition: Transition, now: float, name: str) -> Iterator[str]:
    """Lines about one node; none if there is no node of that name."""
    cluster = decide(cib, now).cluster  # tickets that were lost are known by then
    node = cluster.nodes.get(name)
    if node is None:
        return
    fencing = [action for action in transition.actions if _fences(action, name)]
    if fencing:
        done = next((c.action for c in transition.summary if _is_of(c.action, c.nodes, name)), "")
        yield f"{name} is to be fenced: {done}"
    elif node.unclean:
        yield f"{name} is unclean, but it is not fenced: {_why_not(cluster, node)}"
    else:
        yield f"{name} is not to be fenced"
    yield from (f"  because {reason}" for reason in node.fence_reasons)
    running = sorted({resource.label for resource in node.running})
    if running:
        how = "thought to be active" if node.unclean else "active"
        yield f"  {how} there: {_some(running)}"
    waiting = _waiting(transition, {action.id for action in fencing})
    if waiting:
        yield f"  what waits for it: {_some(waiting)}"
    if node.unclean:
        yield f"  what ends it: {_what_ends_it(name)}"


def _fences(action: Action, name: str) -> bool:
    return action.task.startswith(f"stonith-{name}-") and action.node == name


def _is_of(action: str, nodes: tuple[str, ...], name: str) -> bool:
    return action.startswith("Fence") and nodes == (name,)


def _why_not(cluster: Cluster, node: Node) -> str:
    options = cluster.options
    if not options.fencing_enabled:
        return "stonith-enabled is false"
    if not cluster.have_fence_device:
        return "no fence device is configured; configure one"
    if options.maintenance:
        return "maintenance-mode is set, so nothing is ours to recover"
    if not cluster.can_fence(node):
        policy = options.no_quorum_policy
        return (
            f"there is no quorum (no-quorum-policy is {policy}), and it is in no partition of ours"
        )
    return "its recovery is another resource's: a guest is fenced by its container's restart"


def _waiting(transition: Transition, fencing: set[int]) -> list[str]:
    """Real actions that come after it, through whatever is between."""
    after: dict[int, list[int]] = {}
    for first, then in transition.orderings:
        after.setdefault(first, []).append(then)
    seen = set(fencing)
    todo = sorted(fencing)
    while todo:
        for then in after.get(todo.pop(), ()):
            if then not in seen:
                seen.add(then)
                todo.append(then)
    found = (a for a in transition.actions if a.id in seen - fencing and not a.pseudo)
    return [f"{action.task} on {action.node}" for action in found]


def _some(names: list[str]) -> str:
    left = len(names) - SHOWN_MAX
    return ", ".join(names[:SHOWN_MAX]) + (f" and {left} more" if left > 0 else "")


def _what_ends_it(name: str) -> str:
    return f"a confirmed fencing, or your word that it is down: hanode fence confirm {name}"
