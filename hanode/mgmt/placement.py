"""Where a resource is to run: moved, banned, or free again, by constraints as crm_resource's."""

from __future__ import annotations

from datetime import UTC, datetime

from lxml import etree

from hanode.mgmt.draft import Draft
from hanode.mgmt.elements import element
from hanode.mgmt.proposal import Aim, CannotOrder, NothingToDo, Proposal
from hanode.mgmt.running import is_promotable
from hanode.mgmt.switches import MOVES
from hanode.state import ClusterState


def move(
    state: ClusterState, resource: str, node: str, *, until: float = 0.0, promoted: bool = False
) -> Proposal:
    """Prefer a node so strongly that the resource goes there; until then, or until cleared."""
    draft = Draft(state)
    draft.place(node)
    name = _placed(draft, resource, promoted)
    against = f"cli-ban-{name}-on-{node}"
    if draft.find(against) is not None:
        draft.remove(against)
    ident = f"cli-prefer-{name}"
    draft.put("constraints", _location(ident, name, node, "INFINITY", until, promoted))
    argv = ["resource", "move", resource, node, *_options(until, promoted)]
    what = f"Move {_with_role(name, promoted)} to {node}."
    aim = Aim((name,), "Promoted" if promoted else "Started", node=node)
    return draft.propose(f"{what} {_stays(f'It is held to {node}', name, until)}", argv, aim=aim)


def ban(
    state: ClusterState, resource: str, node: str, *, until: float = 0.0, promoted: bool = False
) -> Proposal:
    """Keep a resource off a node."""
    draft = Draft(state)
    draft.place(node)
    name = _placed(draft, resource, promoted)
    preferred = draft.find(f"cli-prefer-{name}")
    if preferred is not None and node in _nodes_of(preferred):
        draft.remove(f"cli-prefer-{name}")
    ident = f"cli-ban-{name}-on-{node}"
    draft.put("constraints", _location(ident, name, node, "-INFINITY", until, promoted))
    argv = ["resource", "ban", resource, node, *_options(until, promoted)]
    what = f"Keep {_with_role(name, promoted)} off {node}."
    aim = Aim((name,), "Promoted" if promoted else "Started", off=node)
    return draft.propose(f"{what} {_stays('The ban holds', name, until)}", argv, aim=aim)


def clear(state: ClusterState, resource: str, node: str = "") -> Proposal:
    """Remove what moves and bans of this resource have left behind."""
    draft = Draft(state)
    name = _placed(draft, resource)
    left = [c for c in draft.constraints() if _is_leftover(c, {name, resource}, node)]
    for constraint in left:
        draft.remove(constraint.get("id", ""))
    where = f" for {node}" if node else ""
    if not left:
        if node:
            draft.place(node)
        raise NothingToDo(f"nothing to clear: no move or ban of {name}{where} is in force")
    names = ", ".join(constraint.get("id", "") for constraint in left)
    argv = ["resource", "clear", resource, *([node] if node else [])]
    return draft.propose(f"Clear moves and bans of {name}{where}: {names}.", argv)


def _location(ident: str, name: str, node: str, score: str, until: float, promoted: bool) -> str:
    """The constraint as crm_resource would write it."""
    role = "Promoted" if promoted else "Started"
    if not until:
        return element("rsc_location", id=ident, rsc=name, role=role, node=node, score=score)
    end = datetime.fromtimestamp(until, UTC).strftime("%Y-%m-%d %H:%M:%SZ")
    here = element(
        "expression", id=f"{ident}-expr", attribute="#uname", operation="eq", value=node,
        type="string",
    )  # fmt: skip
    limit = element("date_expression", id=f"{ident}-lifetime", operation="lt", end=end)
    rule = element(
        "rule", here + limit, id=f"{ident}-rule", score=score, boolean_op="and",
        role="Promoted" if promoted else "",
    )  # fmt: skip
    return element("rsc_location", rule, id=ident, rsc=name)


def _is_leftover(constraint: etree._Element, names: set[str], node: str) -> bool:
    if constraint.tag != "rsc_location" or constraint.get("rsc") not in names:
        return False
    if not constraint.get("id", "").startswith(MOVES):
        return False
    return not node or node in _nodes_of(constraint)


def _nodes_of(constraint: etree._Element) -> set[str]:
    named = {constraint.get("node", "")}
    return named | {e.get("value", "") for e in constraint.iter("expression")}


def _placed(draft: Draft, resource: str, promoted: bool = False) -> str:
    """What a placement must name: a clone stands for the resource inside it."""
    found = draft.resource(resource)
    if promoted and not is_promotable(draft, resource):
        raise CannotOrder(f"{resource} is not promotable; move or ban it without --promoted")
    parent = found.getparent()
    while parent is not None and parent.tag in ("group", "clone", "master"):
        if parent.tag != "group":
            return parent.get("id", "")
        parent = parent.getparent()
    return resource


def _options(until: float, promoted: bool) -> list[str]:
    options = ["--promoted"] if promoted else []
    if until:
        options += ["--until", datetime.fromtimestamp(until, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")]
    return options


def _with_role(name: str, promoted: bool) -> str:
    return f"the promoted instance of {name}" if promoted else name


def _stays(what: str, name: str, until: float) -> str:
    if not until:
        return f"{what} until cleared (hanode resource clear {name})."
    return f"{what} until {datetime.fromtimestamp(until, UTC):%Y-%m-%d %H:%M:%S} UTC."
