"""Which resources there are, as configuration changes: create, delete, update.

Groups and clones are made and unmade in `collectives`.
"""

from __future__ import annotations

import dataclasses

from hanode.mgmt import elements
from hanode.mgmt.collectives import (
    append_to_group,
    children,
    clone,
    group_add,
    group_remove,
    unclone,
)
from hanode.mgmt.draft import RESOURCES, Draft
from hanode.mgmt.elements import Operation, Pairs, Wanted
from hanode.mgmt.operations import refuse_twice, set_operation
from hanode.mgmt.proposal import Aim, CannotOrder, Proposal
from hanode.mgmt.references import forget
from hanode.mgmt.vocabulary import refuse_mistakes, refuse_unspeakable
from hanode.state import ClusterState

__all__ = [
    "Operation", "Wanted", "clone", "create", "delete", "group_add", "group_remove", "unclone",
    "update",
]  # fmt: skip

OF_A_CLONE = frozenset({
    "clone-max", "clone-min", "clone-node-max", "globally-unique", "interleave", "notify",
    "ordered", "promoted-max", "promoted-node-max", "target-role",
})  # fmt: skip
"""Meta attributes that mean nothing on the primitive inside, or are looked for on the clone."""


def create(
    state: ClusterState,
    wanted: Wanted,
    argv: list[str],
    *,
    group: str = "",
    clone: bool = False,
    promotable: bool = False,
    clone_meta: Pairs | None = None,
    force: bool = False,
) -> Proposal:
    """A new primitive, alone, at the end of a group, or cloned."""
    meta = {**wanted.meta, **(clone_meta or {})}
    _refuse(wanted.parameters, meta, wanted.operations, force)
    draft = Draft(state)
    draft.fresh_id(wanted.id)
    if group and (clone or promotable):
        raise CannotOrder(
            "--group and --clone exclude each other; clone the whole group afterwards"
        )
    held = clone_meta or {}
    if clone or promotable:
        of_clone = {k: v for k, v in wanted.meta.items() if k in OF_A_CLONE}
        rest = {k: v for k, v in wanted.meta.items() if k not in OF_A_CLONE}
        wanted, held = dataclasses.replace(wanted, meta=rest), {**of_clone, **held}
    primitive = elements.primitive(wanted)
    where = ""
    if group:
        append_to_group(draft, group, primitive)
        where = f" at the end of group {group}"
    elif clone or promotable:
        of_it = {**({"promotable": "true"} if promotable else {}), **held}
        draft.fresh_id(f"{wanted.id}-clone")
        draft.add("resources", elements.clone(f"{wanted.id}-clone", of_it, primitive))
        where = " as a promotable clone" if promotable else " as a clone"
    else:
        draft.add("resources", primitive)
    if not force:
        refuse_twice(draft, wanted.id, wanted.operations)
    agent = ":".join(part for part in wanted.agent if part)
    return draft.propose(f"Create {wanted.id} ({agent}){where}.", argv)


def delete(state: ClusterState, name: str) -> Proposal:
    """A resource goes, with all that names it."""
    draft = Draft(state)
    found = draft.resource(name)
    holder = found.getparent()
    if (
        holder is not None
        and holder.tag in ("clone", "master", "group")
        and len(children(holder)) == 1
    ):
        found, holder = holder, holder.getparent()  # an empty group or clone would be invalid
        if holder is not None and holder.tag in ("clone", "master"):
            found = holder
    gone = {e.get("id", "") for e in found.iter() if e.tag in RESOURCES}
    forget(draft, gone)
    draft.remove(found.get("id", ""))
    others = ", ".join(sorted(gone - {name}))
    also = f" (with {others})" if others else ""
    sentence = f"Delete {name}{also}: it is stopped, and its constraints go too."
    leaves = tuple(leaf.get("id", "") for leaf in [found, *found.iter("primitive")])
    return draft.propose(
        sentence, ["resource", "delete", name], risky=True, aim=Aim(leaves, "Stopped")
    )


def device(state: ClusterState, name: str) -> str:
    """The same name. Raises CannotOrder unless it is of something that fences nodes."""
    if Draft(state).resource(name).get("class") != "stonith":
        raise CannotOrder(
            f"{name} is no fence device (a resource of class stonith); "
            "see: hanode resource --help, for all others"
        )
    return name


def update(
    state: ClusterState,
    name: str,
    argv: list[str],
    *,
    parameters: Pairs | None = None,
    meta: Pairs | None = None,
    operations: tuple[Operation, ...] = (),
    force: bool = False,
) -> Proposal:
    """Change parameters, meta attributes and operations; an empty value takes one away."""
    _refuse(parameters or {}, meta or {}, operations, force)
    draft = Draft(state)
    found = draft.resource(name)
    if found.tag != "primitive" and (parameters or operations):
        raise CannotOrder(
            f"{name} is a {found.tag}; it has meta attributes only "
            f"(hanode resource update {name} meta NAME=VALUE)"
        )
    draft.set_pairs(name, "instance_attributes", parameters or {})
    draft.set_pairs(name, "meta_attributes", meta or {})
    for operation in operations:
        set_operation(draft, name, operation)
    if not force:
        refuse_twice(draft, name, operations)
    changed = [*(parameters or {}), *(meta or {}), *(o.name for o in operations)]
    return draft.propose(f"Change {', '.join(changed)} of {name}.", argv)


def _refuse(parameters: Pairs, meta: Pairs, operations: tuple[Operation, ...], force: bool) -> None:
    refuse_unspeakable(parameters, meta, *(operation.options for operation in operations))
    if not force:
        refuse_mistakes(meta, operations)
