"""Whether a resource runs, in which role at most, and whether the cluster looks after it.

What counts is what the cluster will go by: other places that say otherwise, a second set or what is
inside a clone, are changed along with the one that is the resource's own.
"""

from __future__ import annotations

from lxml import etree

from hanode.mgmt.draft import RESOURCES, Draft
from hanode.mgmt.proposal import Aim, CannotOrder, NothingToDo, Proposal
from hanode.state import ClusterState

ROLES = ("Started", "Stopped", "Unpromoted", "Promoted")
META = "meta_attributes"


def target_role(state: ClusterState, resource: str, role: str) -> Proposal:
    """Started, Stopped, Promoted or Unpromoted: the most that this resource may be."""
    if role not in ROLES:
        raise CannotOrder(f"unknown role {role!r}; roles: {', '.join(ROLES)}")
    draft = Draft(state)
    name = switched(draft, resource)
    if role in ("Promoted", "Unpromoted") and not is_promotable(draft, name):
        raise CannotOrder(f"{name} is not promotable; only a promotable clone has this role")
    _switch(draft, name, "target-role", role, usual="Started", strict=role == "Stopped")
    verb, sentence = {
        "Started": ("start", f"Start {name}: let it run where its constraints allow."),
        "Stopped": ("stop", f"Stop {name}, and keep it stopped until started again."),
        "Promoted": ("promote", f"Promote {name} where its scores say."),
        "Unpromoted": ("demote", f"Demote {name}: it runs on, promoted nowhere."),
    }[role]
    return draft.propose(sentence, ["resource", verb, resource], aim=Aim((name,), role))


def put_back(state: ClusterState, resource: str, before: ClusterState) -> Proposal:
    """After a stop: it may run again as far as it might before. Raises NothingToDo when somebody
    has said so already."""
    draft = Draft(state)
    name = switched(draft, resource)
    if (draft.pair(name, META, "target-role") or "").lower() != "stopped":
        raise NothingToDo(f"{name} may run already")
    old = Draft(before)
    for ident in (name, *_inside(draft.resource(name), strict=True)):
        told = old.pair(ident, META, "target-role")
        if told is None:
            draft.drop_pair(ident, META, "target-role")
        else:
            draft.set_pair(ident, META, "target-role", told)
    aim = Aim((name,), "Started")
    return draft.propose(f"Let {name} run again.", ["resource", "start", resource], aim=aim)


def manage(state: ClusterState, resource: str, on: bool) -> Proposal:
    """Whether the cluster may start, stop and recover this resource."""
    draft = Draft(state)
    name = switched(draft, resource)
    _switch(draft, name, "is-managed", "true" if on else "false", usual="true", strict=not on)
    verb = "manage" if on else "unmanage"
    says = "is managed again" if on else "is left as it is: not started, stopped or recovered"
    return draft.propose(f"{name} {says}.", ["resource", verb, resource])


def hands_off(draft: Draft, resource: str, on: bool) -> str:
    """Whether even its monitors rest; whose that is in the end."""
    name = switched(draft, resource)
    _switch(draft, name, "maintenance", "true" if on else "false", usual="false", strict=on)
    return name


def switched(draft: Draft, resource: str) -> str:
    """Whose meta attribute it is: a clone decides for the one primitive inside it."""
    found = draft.resource(resource)
    parent = found.getparent()
    if parent is not None and parent.tag in ("clone", "master") and found.tag == "primitive":
        return parent.get("id", "")
    return resource


def _switch(draft: Draft, name: str, option: str, value: str, *, usual: str, strict: bool) -> None:
    """Have it be so for this resource; what is usual is left unsaid where nobody says otherwise."""
    if value == usual and (inherited(draft, name, option) or value).lower() == value.lower():
        draft.drop_pair(name, META, option)
    else:
        draft.set_pair(name, META, option, value)
    for inner in _inside(draft.resource(name), strict):
        if (draft.pair(inner, META, option) or value).lower() != value.lower():
            draft.drop_pair(inner, META, option)


def _inside(holder: etree._Element, strict: bool) -> list[str]:
    """Whose own word would count for more: what a clone is a clone of. A group's members keep
    theirs, unless all of it is to obey."""
    inside = list(holder.iterdescendants(*RESOURCES)) if strict else list(holder)
    if holder.tag == "group" and not strict:
        return []
    return [found.get("id", "") for found in inside if found.tag in RESOURCES]


def is_promotable(draft: Draft, name: str) -> bool:
    """Whether it, or what it is in, has instances that may be promoted."""
    found = draft.resource(name)
    return any(_promotes(draft, each) for each in (found, *found.iterancestors(*RESOURCES)))


def _promotes(draft: Draft, holder: etree._Element) -> bool:
    if holder.tag == "bundle":
        most = (child.get("promoted-max") or child.get("masters") for child in holder)
        return any(number not in (None, "0") for number in most)
    told = draft.pair(holder.get("id", ""), META, "promotable") if holder.tag == "clone" else ""
    return holder.tag == "master" or (told or "").lower() in ("true", "yes", "on", "1")


def inherited(draft: Draft, name: str, option: str) -> str | None:
    """What a meta attribute is when the resource itself says nothing."""
    parent = draft.resource(name).getparent()
    while parent is not None and parent.tag in ("group", "clone", "master"):
        told = draft.pair(parent.get("id", ""), META, option)
        if told is not None:
            return told
        parent = parent.getparent()
    return draft.pair("rsc_defaults", META, option)
