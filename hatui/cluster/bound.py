"""What constraints say of one resource, in sentences."""

from __future__ import annotations

from hanode.cib.configuration import Colocation, Location, Order
from hatui.cluster.moment import Moment
from hatui.cluster.safe import clean
from hatui.cluster.spans import Line, wrap


def constraints_of(moment: Moment, resource: str, cells: int) -> list[Line]:
    """Those that name it, or what it is part of."""
    names = {resource, moment.parents.get(resource, resource)}
    lines: list[Line] = []
    for constraint in moment.configuration.constraints:
        if names & _bound(constraint):
            lines += wrap(_sentence(constraint), cells, "text", "  ")
    return lines[:10]


def _bound(constraint: object) -> set[str]:
    names = {getattr(constraint, name, "") for name in ("rsc", "with_rsc", "first", "then")}
    for one in getattr(constraint, "sets", ()):
        names.update(one.refs)
    return names - {""}


def _sentence(constraint: object) -> str:
    match constraint:
        case Location(rsc=rsc, node=node, score=score, role=role) if node:
            which = f" as {role.lower()}" if role not in ("", "Started") else ""
            return clean(f"{rsc}{which} on {node}: {score}")
        case Location(id=id_, rsc=rsc):
            return clean(f"{rsc} by rule ({id_})")
        case Colocation(rsc=rsc, with_rsc=other, score=score, with_role=role) if rsc:
            which = f" ({role.lower()})" if role not in ("", "Started") else ""
            return clean(f"{rsc} with {other}{which}: {score}")
        case Order(first=first, then=then, first_action=action) if first:
            return clean(f"{then} after {action or 'start'} of {first}")
        case _:
            return clean(f"{getattr(constraint, 'id', '')}: {' '.join(sorted(_bound(constraint)))}")
