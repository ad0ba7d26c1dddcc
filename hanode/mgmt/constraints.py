"""Where resources may run, together and in which order, as configuration changes."""

from __future__ import annotations

import re

from lxml import etree

from hanode.mgmt.draft import Draft
from hanode.mgmt.elements import element
from hanode.mgmt.proposal import CannotOrder, Proposal, unknown
from hanode.mgmt.switches import MOVES
from hanode.state import ClusterState

_SCORE = re.compile(r"[+-]?(\d+|INFINITY|infinity|INF|inf)")
_ROLES = ("Started", "Stopped", "Promoted", "Unpromoted", "Master", "Slave")
_SUBJECTS = {
    "rsc_location": {"rsc": "", "node": "", "role": "Started"},
    "rsc_colocation": {
        "rsc": "",
        "rsc-role": "Started",
        "with-rsc": "",
        "with-rsc-role": "Started",
    },
    "rsc_order": {"first": "", "first-action": "start", "then": "", "then-action": ""},
}  # fmt: skip
"""What tells two constraints of a kind apart, and what goes without saying."""
KINDS = {"mandatory": "Mandatory", "optional": "Optional", "serialize": "Serialize"}


def location(
    state: ClusterState, resource: str, node: str, score: str, argv: list[str], role: str = ""
) -> Proposal:
    """How much a resource likes a node; INFINITY: must, -INFINITY: never."""
    draft = Draft(state)
    draft.resource(resource)
    draft.place(node)
    score = check_score(score)
    said = {"rsc": resource, "role": check_role(role), "node": node, "score": score}
    also = _settle(draft, "rsc_location", f"location-{resource}-{node}-{score}", said)
    verb = "avoids" if score.startswith("-") else "prefers"
    return draft.propose(f"{resource} {verb} {node} with score {score}.{also}", argv)


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
    said = {
        "rsc": resource, "rsc-role": check_role(role), "with-rsc": other,
        "with-rsc-role": check_role(other_role), "score": score,
    }  # fmt: skip
    also = _settle(draft, "rsc_colocation", f"colocation-{resource}-{other}-{score}", said)
    how = "apart from" if score.startswith("-") else "together with"
    return draft.propose(f"{resource} runs {how} {other} (score {score}).{also}", argv)


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
    said = {
        "first": first, "first-action": first_action, "then": then, "then-action": then_action,
        "kind": word, "symmetrical": "" if symmetrical else "false",
    }  # fmt: skip
    also = _settle(draft, "rsc_order", f"order-{first}-{then}-{word}", said)
    return draft.propose(f"{first} comes before {then} ({word.lower()}).{also}", argv)


def _settle(draft: Draft, tag: str, ident: str, said: dict[str, str]) -> str:
    """Have this constraint stand, in the place of those about the same; their names, in words."""
    said = {name: value for name, value in said.items() if value}
    about, plain = _subject(tag, said), (c for c in draft.constraints() if _is_plain(c, tag))
    old = [held for held in plain if _subject(tag, _attributes(held)) == about]
    if len(old) == 1 and _attributes(old[0]) == said:
        return ""
    for held in old:
        draft.remove(held.get("id", ""))
    written = {name.replace("-", "_"): value for name, value in said.items()}
    draft.add("constraints", element(tag, id=ident, **written))
    return f" (Instead of {', '.join(held.get('id', '') for held in old)}.)" if old else ""


def _is_plain(held: etree._Element, tag: str) -> bool:
    """What has a rule or sets, or was left by a move, is about something of its own."""
    return held.tag == tag and len(held) == 0 and not held.get("id", "").startswith(MOVES)


def _attributes(held: etree._Element) -> dict[str, str]:
    return {str(name): str(value) for name, value in held.attrib.items() if name != "id"}


def _subject(tag: str, said: dict[str, str]) -> list[str]:
    """What a constraint is about: all that it says but how much."""
    found = [said.get(name) or usual for name, usual in _SUBJECTS[tag].items()]
    if tag == "rsc_order":
        found[-1] = found[-1] or found[1]
    return [{"Master": "Promoted", "Slave": "Unpromoted"}.get(word, word) for word in found]


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
