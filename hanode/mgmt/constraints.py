"""Where resources may run, together and in which order, as configuration changes."""

from __future__ import annotations

import re

from hanode.mgmt.draft import CannotOrder, Draft, Proposal, unknown
from hanode.mgmt.elements import element
from hanode.state import ClusterState

_SCORE = re.compile(r"[+-]?(\d+|INFINITY|infinity|INF|inf)")
_ROLES = ("Started", "Stopped", "Promoted", "Unpromoted", "Master", "Slave")
KINDS = {"mandatory": "Mandatory", "optional": "Optional", "serialize": "Serialize"}


def location(
    state: ClusterState, resource: str, node: str, score: str, argv: list[str], role: str = ""
) -> Proposal:
    """How much a resource likes a node; INFINITY: must, -INFINITY: never."""
    draft = Draft(state)
    draft.resource(resource)
    draft.place(node)
    score = check_score(score)
    ident = f"location-{resource}-{node}-{score}"
    for old in draft.constraints():
        if old.get("id", "").startswith(f"location-{resource}-{node}-"):
            draft.remove(old.get("id", ""))
    draft.put(
        "constraints",
        element(
            "rsc_location", id=ident, rsc=resource, role=check_role(role), node=node, score=score
        ),
    )
    verb = "avoids" if score.startswith("-") else "prefers"
    return draft.propose(f"{resource} {verb} {node} with score {score}.", argv)


def colocation(
    state: ClusterState,
    resource: str,
    other: str,
    score: str,
    argv: list[str],
    *,
    role: str = "",
    other_role: str = "",
) -> Proposal:
    """A resource runs where another does (or, score below zero, does not)."""
    draft = Draft(state)
    draft.resource(resource)
    draft.resource(other)
    if resource == other:
        raise CannotOrder(f"{resource} can't be colocated with itself")
    score = check_score(score)
    draft.put(
        "constraints",
        element(
            "rsc_colocation", id=f"colocation-{resource}-{other}-{score}", rsc=resource,
            rsc_role=check_role(role), with_rsc=other, with_rsc_role=check_role(other_role),
            score=score,
        ),
    )  # fmt: skip
    how = "apart from" if score.startswith("-") else "together with"
    return draft.propose(f"{resource} runs {how} {other} (score {score}).", argv)


def order(
    state: ClusterState,
    first: str,
    then: str,
    argv: list[str],
    *,
    first_action: str = "",
    then_action: str = "",
    kind: str = "Mandatory",
    symmetrical: bool = True,
) -> Proposal:
    """One resource's action comes before another's."""
    draft = Draft(state)
    draft.resource(first)
    draft.resource(then)
    if first == then:
        raise CannotOrder(f"{first} can't be ordered after itself")
    word = KINDS.get(kind.lower())
    if word is None:
        raise CannotOrder(f"unknown kind {kind!r}; kinds: {', '.join(KINDS.values())}")
    for action in (first_action, then_action):
        if action not in ("", "start", "stop", "promote", "demote"):
            raise CannotOrder(f"unknown action {action!r}; actions: start, stop, promote, demote")
    draft.put(
        "constraints",
        element(
            "rsc_order", id=f"order-{first}-{then}-{word}", first=first,
            first_action=first_action, then=then, then_action=then_action, kind=word,
            symmetrical="" if symmetrical else "false",
        ),
    )  # fmt: skip
    return draft.propose(f"{first} comes before {then} ({word.lower()}).", argv)


def remove(state: ClusterState, idents: list[str]) -> Proposal:
    """Constraints go, by their ids."""
    draft = Draft(state)
    for ident in idents:
        known = [constraint.get("id", "") for constraint in draft.constraints()]
        if ident not in known:
            raise unknown("constraint", ident, known)
        draft.remove(ident)
    argv = ["constraint", "remove", *idents]
    return draft.propose(f"Remove {', '.join(idents)}.", argv)


def check_score(score: str) -> str:
    """A score as CIBs write it. Raises CannotOrder."""
    if not _SCORE.fullmatch(score):
        raise CannotOrder(f"{score!r} is no score; give a whole number, INFINITY or -INFINITY")
    sign = "-" if score.startswith("-") else ""
    digits = score.lstrip("+-")
    if digits.isdecimal() and int(digits) < 1_000_000:
        return f"{sign}{int(digits)}"
    return f"{sign}INFINITY"


def check_role(role: str) -> str:
    """A role as the CIB writes it now. Raises CannotOrder."""
    if not role:
        return ""
    named = {known.lower(): known for known in _ROLES}.get(role.lower())
    if named is None:
        raise CannotOrder(f"unknown role {role!r}; roles: {', '.join(_ROLES[:4])}")
    return {"Master": "Promoted", "Slave": "Unpromoted"}.get(named, named)
