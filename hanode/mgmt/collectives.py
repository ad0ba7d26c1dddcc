"""Groups and clones, as configuration changes: several that run together, one that runs often."""

from __future__ import annotations

from lxml import etree

from hanode.mgmt import elements
from hanode.mgmt.draft import RESOURCES, Draft
from hanode.mgmt.elements import Pairs, quoted, text_of
from hanode.mgmt.proposal import CannotOrder, Proposal
from hanode.mgmt.references import forget, forget_in_constraint
from hanode.state import ClusterState

META = "meta_attributes"
_HELD = {
    "target-role": ("stopped", ("stopped",)),
    "is-managed": ("unmanaged", ("false", "no", "off", "0")),
    "maintenance": ("in maintenance", ("true", "yes", "on", "1")),
}
"""Meta attributes that what is taken apart keeps: what that is called, with which values."""


def group_add(state: ClusterState, group: str, members: list[str]) -> Proposal:
    """Put primitives into a group, at its end; a group that isn't there yet is made."""
    draft = Draft(state)
    if twice := [name for name in members if members.count(name) > 1]:
        raise CannotOrder(f"{twice[0]} is named twice")
    texts = [_take_out(draft, name, group) for name in members]
    for text in texts:
        append_to_group(draft, group, text)
    sentence = f"Group {group}: {', '.join(members)} run on one node, in this order."
    return draft.propose(sentence, ["resource", "group", "add", group, *members])


def group_remove(state: ClusterState, group: str, members: list[str]) -> Proposal:
    """Take members out of their group; they stay, on their own."""
    draft = Draft(state)
    found = draft.resource(group)
    if found.tag != "group":
        raise CannotOrder(f"{group} is a {found.tag}, not a group")
    inside = [child.get("id", "") for child in children(found)]
    members = members or inside
    for name in members:
        if name not in inside:
            raise CannotOrder(f"{name} is not in group {group}; in it: {', '.join(inside)}")
    texts = [text_of(child) for child in children(found) if child.get("id") in members]
    held = _held_back(draft, found)
    whole = len(members) == len(inside)
    if whole:
        _dissolve(draft, found)
    else:
        for name in members:
            draft.remove(name)
    for text in texts:
        draft.add("resources", text)
    also = f" Nothing is left of {group}, and its constraints go." if whole else ""
    also += _hold_back(draft, members, held)
    argv = ["resource", "group", "remove", group, *members]
    return draft.propose(f"Take {', '.join(members)} out of group {group}.{also}", argv)


def _dissolve(draft: Draft, group: etree._Element) -> None:
    """A group without members goes, a clone of it too, and all that names them."""
    holder = group.getparent()
    cloned = holder is not None and holder.tag in ("clone", "master")
    names = [found.get("id", "") for found in (holder, group) if found is not None]
    gone = names if cloned else names[1:]
    forget(draft, set(gone))
    draft.remove(gone[0])


def clone(state: ClusterState, name: str, argv: list[str], meta: Pairs) -> Proposal:
    """A primitive or group runs on many nodes."""
    draft = Draft(state)
    found = draft.resource(name)
    holder = found.getparent()
    if found.tag not in ("primitive", "group") or holder is None or holder.tag != "resources":
        inside = f" in {holder.get('id')}" if holder is not None and holder.get("id") else ""
        raise CannotOrder(
            f"{name} can't be cloned: it is a {found.tag}{inside}; only a primitive or a group "
            "that is in nothing else can"
        )
    ident = f"{name}-clone"
    draft.fresh_id(ident)
    text = text_of(found)
    draft.remove(name)
    draft.add("resources", elements.clone(ident, meta, text))
    kind = "promotable clone" if meta.get("promotable") == "true" else "clone"
    return draft.propose(f"Run {name} on many nodes, as {kind} {ident}.", argv)


def unclone(state: ClusterState, name: str) -> Proposal:
    """One instance only, again. `name` is the clone's, or that of what is in it."""
    draft = Draft(state)
    found = draft.resource(name)
    holder = found if found.tag in ("clone", "master") else found.getparent()
    if holder is None or holder.tag not in ("clone", "master"):
        raise CannotOrder(f"{name} is not a clone")
    (child,) = children(holder)
    text, ident, inner = text_of(child), holder.get("id", ""), child.get("id", "")
    held = _held_back(draft, holder)
    for constraint in list(draft.constraints()):
        forget_in_constraint(draft, constraint, {ident})
    draft.remove(ident)
    draft.add("resources", text)
    sentence = f"Run {inner} once only; clone {ident} and its constraints go."
    sentence += _hold_back(draft, [inner], held)
    return draft.propose(sentence, ["resource", "unclone", name])


def _held_back(draft: Draft, holder: etree._Element) -> dict[str, str]:
    """What keeps the cluster's hands off all that is in it, or has it stopped."""
    told = {option: draft.pair(holder.get("id", ""), META, option) or "" for option in _HELD}
    return {option: value for option, value in told.items() if value.lower() in _HELD[option][1]}


def _hold_back(draft: Draft, names: list[str], held: dict[str, str]) -> str:
    """The same for these alone, unless they say something of their own; in words."""
    for name in names:
        for option in held:
            if draft.pair(name, META, option) is None:
                draft.set_pair(name, META, option, held[option])
    words = " and ".join(_HELD[option][0] for option in held)
    return f" What was in it stays {words}." if words else ""


def append_to_group(draft: Draft, group: str, primitive: str) -> None:
    found = draft.find(group)
    if found is None:
        draft.fresh_id(group)
        draft.add("resources", f"<group id={quoted(group)}>{primitive}</group>")
        return
    if found.tag != "group":
        raise CannotOrder(f"{group} is a {found.tag}, not a group")
    draft.add(group, primitive)


def _take_out(draft: Draft, name: str, group: str) -> str:
    """Remove a primitive from where it is; gives it as text."""
    found = draft.resource(name)
    holder = found.getparent()
    if found.tag != "primitive" or holder is None or holder.tag not in ("resources", "group"):
        raise CannotOrder(f"{name} can't be put into a group: only a primitive that is not cloned")
    if holder.get("id") == group:
        raise CannotOrder(f"{name} is in group {group} already", "invalid")
    text = text_of(found)
    if holder.tag == "group" and len(children(holder)) == 1:
        _dissolve(draft, holder)
    else:
        draft.remove(name)
    return text


def children(holder: etree._Element) -> list[etree._Element]:
    return [child for child in holder if child.tag in RESOURCES]
