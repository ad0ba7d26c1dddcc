"""Why a resource is where it is, why it is on no other node, and what would move it."""

from __future__ import annotations

from collections.abc import Iterator

from hanode.cib.document import Cib
from hanode.cib.score import INFINITY, show
from hanode.pe.assign.placement import Placement
from hanode.pe.explain import change_lines, part_lines
from hanode.pe.instance_state import overview
from hanode.pe.overview import NodeView, Overview, ResourceView
from hanode.pe.remedy import decide, smallest_change, smallest_release
from hanode.pe.why_node import why_node
from hanode.transition import Transition


class NoSuchResource(ValueError):  # noqa: N818 - what the question was about
    """Nothing of this name is configured or active."""


def why(cib: Cib, transition: Transition, now: float, name: str) -> Iterator[str]:
    """Lines about a resource, or about a node and its fencing; raises NoSuchResource."""
    before = overview(cib, now)
    views = _named(before.resources, name)
    if not views:
        lines = list(why_node(cib, transition, now, name))
        if lines:
            yield from lines
            return
        raise NoSuchResource(_complaint(before.resources, name))
    leaves = list(dict.fromkeys(_leaves(views)))
    names = {leaf.name for leaf in leaves}
    news = [*change_lines([c for c in transition.summary if c.resource in names])]
    for entry in transition.blocked:
        if entry.resource in names:
            where = f" on {entry.node}" if entry.node else ""
            news.append(f"{entry.operation} of {entry.resource}{where} is blocked: {entry.reason}")
    if news:
        yield from (*news, "")
    placement = decide(cib, now)
    for leaf in leaves:
        yield from (*_one(transition, before, leaf, placement), "")
    first = leaves[0]
    if any(entry.resource == first.name for entry in transition.blocked):
        yield "The smallest single change that would let it run:"
        change = smallest_release(cib, now, first.id, first.name)
    else:
        goes = any(placement.node_of.get(leaf.id) is not None for leaf in leaves)
        moves = "move it" if goes else "let it run"
        yield f"The smallest single change that would {moves}:"
        change = smallest_change(cib, now, first.id)
    yield f"  {change or 'none is known: no single change is enough'}"


def _one(
    transition: Transition, before: Overview, view: ResourceView, placement: Placement
) -> Iterator[str]:
    """One primitive or instance."""
    chosen = placement.node_of.get(view.id)
    role = placement.next_role.get(view.id)
    place = f"{role.word} on {chosen.name}" if chosen is not None and role else "Stopped"
    held = any(entry.resource == view.name for entry in transition.blocked)
    if held:
        plan = f"it would be {place}, and may not"
    else:
        plan = "it stays so" if place == _where(view) else f"it is to be {place}"
    yield f"{view.id} ({view.agent}): {_where(view)}; {plan}"
    totals = transition.totals.get(view.id, {})
    nodes = {node.name: node for node in before.nodes}
    here = [chosen.name] if chosen is not None else []
    best = totals.get(here[0]) if here else None
    for name in [*here, *sorted(set(nodes) - set(here), key=lambda n: _rank(totals, n))]:
        parts = transition.scores.get(view.id, {}).get(name, [])
        yield f"  {_verdict(name, name in here, totals.get(name), best, nodes.get(name))}"
        yield from part_lines(parts, 6)
    if not here:
        yield f"  Why nowhere: {placement.why_nowhere.get(view.id) or _nowhere(view, before)}"


def _where(view: ResourceView) -> str:
    """`Started on n1`, `Stopped`."""
    return ", ".join(f"{place.role} on {place.node}" for place in view.places) or "Stopped"


def _rank(totals: dict[str, int], node: str) -> tuple[int, str]:
    return -totals.get(node, -INFINITY - 1), node


def _verdict(
    name: str, here: bool, score: int | None, best: int | None, node: NodeView | None
) -> str:
    """Why here, or why not there, in one line above the contributions."""
    if here:
        return f"Why {name}: score {show(score or 0)}, {_condition(node) or 'a usable node'}"
    asked = f"Why not {name}: "
    if node is not None and (condition := _condition(node)):
        return asked + condition
    if score is None:
        return asked + "no constraint allows it there"
    if score < 0:
        return asked + f"score {show(score)} bans it"
    if best is None:
        return asked + f"score {show(score)} would do"
    if score < best:
        return asked + f"score {show(score)} is lower than {show(best)}"
    return asked + f"score {show(score)} is no better: what runs stays, then load and name decide"


def _condition(node: NodeView | None) -> str:
    """What keeps a node from running anything new."""
    if node is None:
        return "it is no node of this cluster"
    for wrong, sentence in (
        (node.unclean, f"it is unclean ({node.unclean_reason})"),
        (node.pending, "it is still joining"),
        (not node.online, "it is offline"),
        (node.shutdown, "it is shutting down"),
        (node.standby_on_fail, "it is in standby since something failed there"),
        (node.standby, "it is in standby"),
        (node.maintenance, "it is in maintenance"),
    ):
        if wrong:
            return sentence
    return ""


def _nowhere(view: ResourceView, before: Overview) -> str:
    if view.target_role.lower() == "stopped":
        return "its target-role is Stopped"
    if not view.managed:
        return "it is unmanaged"
    if not before.have_quorum and before.no_quorum_policy not in ("ignore", "freeze"):
        return f"there is no quorum, and no-quorum-policy is {before.no_quorum_policy}"
    return "no node is both usable and allowed"


def _named(views: tuple[ResourceView, ...], name: str) -> list[ResourceView]:
    """The resource of this id, or the instances of this name."""
    found: list[ResourceView] = []
    for view in views:
        if name in (view.id, view.name, view.id.rpartition(":")[0]):
            found.append(view)
        else:
            found += _named(view.children, name)
    return found


def _leaves(views: tuple[ResourceView, ...] | list[ResourceView]) -> Iterator[ResourceView]:
    for view in views:
        if not view.children:
            yield view
        yield from _leaves(view.children)


def _complaint(views: tuple[ResourceView, ...], name: str) -> str:
    import difflib

    names = [leaf.name for leaf in _leaves(views)] + [view.id for view in views]
    near = difflib.get_close_matches(name, names, 1)
    hint = f'did you mean "{near[0]}"?' if near else "name one that is configured"
    return f'no resource "{name}"; {hint}'
