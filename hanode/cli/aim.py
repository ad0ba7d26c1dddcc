"""Whether what an order aims at has come about, and if not, why not."""

from __future__ import annotations

import time
from collections.abc import Iterator

from hanode.mgmt.proposal import Aim
from hanode.pe import overview
from hanode.pe.overview import Overview, ResourceView
from hanode.state import ClusterState, cib_of


def missed(aim: Aim | None, state: ClusterState) -> str:
    """What is not so, in words; empty: all is as it was meant."""
    if aim is None:
        return ""
    seen = overview(cib_of(state), time.time())
    if aim.emptied:
        left = [r for node in seen.nodes if node.name == aim.emptied for r in node.resources]
        return f"{aim.emptied} still runs {', '.join(left)}{_why(seen, left)}" if left else ""
    return "; ".join(filter(None, (_missed(aim, seen, name) for name in aim.resources)))


def _missed(aim: Aim, seen: Overview, name: str) -> str:
    places = list(dict.fromkeys(whereabouts(seen, name, aim.role in ("Promoted", "Unpromoted"))))
    so = bool(places) != (aim.role in ("Stopped", "Unpromoted"))
    if aim.node:
        so = aim.node in places
    if aim.off:
        so = aim.off not in places
    if so:
        return ""
    role = "promoted" if aim.role in ("Promoted", "Unpromoted") else "active"
    where = f"on {', '.join(places)}" if places else "nowhere"
    return f"{name} is {role} {where}{_why(seen, [name])}"


def whereabouts(seen: Overview, name: str, promoted: bool) -> Iterator[str]:
    """The nodes where it is active, or promoted."""
    for leaf in _leaves(seen, name):
        for place in leaf.places:
            if not promoted or place.role == "Promoted":
                yield place.node


def _leaves(seen: Overview, name: str) -> list[ResourceView]:
    """Primitives of that name, and those in it; of a clone's, all instances."""
    todo = [(view, False) for view in seen.resources]
    found = []
    while todo:
        view, inside = todo.pop()
        inside = inside or name in (view.id, view.id.partition(":")[0])
        todo += [(child, inside) for child in view.children]
        if inside and not view.children:
            found.append(view)
    return found


def _why(seen: Overview, names: list[str]) -> str:
    """What may keep it from being as it was ordered, after a colon."""
    leaves = [leaf for name in names for leaf in _leaves(seen, name)]
    reasons = {
        "the cluster is in maintenance mode": seen.maintenance_mode,
        "there is no quorum": not seen.have_quorum,
        "it is in maintenance": any(leaf.maintenance for leaf in leaves),
        "it is blocked by a failure": any(leaf.blocked and leaf.failed for leaf in leaves),
        "it is not managed": not all(leaf.managed for leaf in leaves),
        "it is kept stopped (target-role)": any(
            leaf.target_role.lower() == "stopped" for leaf in leaves
        ),
    }
    known = [reason for reason, holds in reasons.items() if holds]
    return f": {known[0]}" if known else f" (hanode resource why {names[0]})"
