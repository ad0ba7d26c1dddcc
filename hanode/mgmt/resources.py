"""Which resources there are, as configuration changes: create, delete, update, group, clone.

Ids are those that pcs and crm_resource would give, so that a CIB looks the same whoever made it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from hanode.cib.xml import read_xml
from hanode.mgmt.draft import RESOURCES, CannotOrder, Draft, Proposal, element, quoted
from hanode.state import ClusterState

_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
"""An XML id: no colon (it numbers a clone's instances), no leading digit."""

Pairs = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation as it is to be configured."""

    name: str
    options: Pairs = field(default_factory=dict)

    @property
    def interval(self) -> str:
        return self.options.get("interval", "0s")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A resource that is to be created."""

    id: str
    agent: tuple[str, str, str]
    """class, provider (or empty), type"""
    parameters: Pairs = field(default_factory=dict)
    operations: tuple[Operation, ...] = ()
    meta: Pairs = field(default_factory=dict)


def create(
    state: ClusterState,
    wanted: Wanted,
    argv: list[str],
    *,
    group: str = "",
    clone: bool = False,
    promotable: bool = False,
    clone_meta: Pairs | None = None,
) -> Proposal:
    """A new primitive, alone, at the end of a group, or cloned."""
    draft = Draft(state)
    _fresh_id(draft, wanted.id)
    if group and (clone or promotable):
        raise CannotOrder(
            "--group and --clone exclude each other; clone the whole group afterwards"
        )
    primitive = _primitive(wanted)
    where = ""
    if group:
        _append_to_group(draft, group, primitive)
        where = f" at the end of group {group}"
    elif clone or promotable:
        meta = {**({"promotable": "true"} if promotable else {}), **(clone_meta or {})}
        _fresh_id(draft, f"{wanted.id}-clone")
        draft.put("resources", _clone_xml(f"{wanted.id}-clone", meta, primitive))
        where = " as a promotable clone" if promotable else " as a clone"
    else:
        draft.put("resources", primitive)
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
        and len(_children(holder)) == 1
    ):
        found, holder = holder, holder.getparent()  # an empty group or clone would be invalid
        if holder is not None and holder.tag in ("clone", "master"):
            found = holder
    gone = {e.get("id", "") for e in found.iter() if e.tag in RESOURCES}
    for constraint in list(draft.constraints()):
        _forget_in_constraint(draft, constraint, gone)
    _forget_elsewhere(draft, gone)
    draft.remove(found.get("id", ""))
    others = ", ".join(sorted(gone - {name}))
    also = f" (with {others})" if others else ""
    sentence = f"Delete {name}{also}: it is stopped, and its constraints go too."
    return draft.propose(sentence, ["resource", "delete", name], risky=True)


def update(
    state: ClusterState,
    name: str,
    argv: list[str],
    *,
    parameters: Pairs | None = None,
    meta: Pairs | None = None,
    operations: tuple[Operation, ...] = (),
) -> Proposal:
    """Change parameters, meta attributes and operations; an empty value takes one away."""
    draft = Draft(state)
    found = draft.resource(name)
    if found.tag != "primitive" and (parameters or operations):
        raise CannotOrder(
            f"{name} is a {found.tag}; it has meta attributes only "
            f"(hanode resource update {name} meta NAME=VALUE)"
        )
    _set_pairs(draft, name, "instance_attributes", parameters or {})
    _set_pairs(draft, name, "meta_attributes", meta or {})
    for operation in operations:
        _set_operation(draft, name, operation)
    changed = [*(parameters or {}), *(meta or {}), *(o.name for o in operations)]
    return draft.propose(f"Change {', '.join(changed)} of {name}.", argv)


def group_add(state: ClusterState, group: str, members: list[str]) -> Proposal:
    """Put primitives into a group, at its end; a group that isn't there yet is made."""
    draft = Draft(state)
    texts = [_take_out(draft, name, group) for name in members]
    for text in texts:
        _append_to_group(draft, group, text)
    sentence = f"Group {group}: {', '.join(members)} run on one node, in this order."
    return draft.propose(sentence, ["resource", "group", "add", group, *members])


def group_remove(state: ClusterState, group: str, members: list[str]) -> Proposal:
    """Take members out of their group; they stay, on their own."""
    draft = Draft(state)
    found = draft.resource(group)
    if found.tag != "group":
        raise CannotOrder(f"{group} is a {found.tag}, not a group")
    inside = [child.get("id", "") for child in _children(found)]
    members = members or inside
    for name in members:
        if name not in inside:
            raise CannotOrder(f"{name} is not in group {group}; in it: {', '.join(inside)}")
    texts = [_text(child) for child in _children(found) if child.get("id") in members]
    if len(members) == len(inside):
        draft.remove(group)
    else:
        for name in members:
            draft.remove(name)
    for text in texts:
        draft.put("resources", text)
    argv = ["resource", "group", "remove", group, *members]
    return draft.propose(f"Take {', '.join(members)} out of group {group}.", argv)


def clone(state: ClusterState, name: str, argv: list[str], meta: Pairs) -> Proposal:
    """A primitive or group runs on many nodes."""
    draft = Draft(state)
    found = draft.resource(name)
    holder = found.getparent()
    if found.tag not in ("primitive", "group") or holder is None or holder.tag != "resources":
        raise CannotOrder(f"{name} can't be cloned: it is a {found.tag} or belongs to another")
    ident = f"{name}-clone"
    _fresh_id(draft, ident)
    text = _text(found)
    draft.remove(name)
    draft.put("resources", _clone_xml(ident, meta, text))
    kind = "promotable clone" if meta.get("promotable") == "true" else "clone"
    return draft.propose(f"Run {name} on many nodes, as {kind} {ident}.", argv)


def unclone(state: ClusterState, name: str) -> Proposal:
    """One instance only, again. `name` is the clone's, or that of what is in it."""
    draft = Draft(state)
    found = draft.resource(name)
    holder = found if found.tag in ("clone", "master") else found.getparent()
    if holder is None or holder.tag not in ("clone", "master"):
        raise CannotOrder(f"{name} is not a clone")
    (child,) = _children(holder)
    text, ident = _text(child), holder.get("id", "")
    for constraint in list(draft.constraints()):
        _forget_in_constraint(draft, constraint, {ident})
    draft.remove(ident)
    draft.put("resources", text)
    sentence = f"Run {child.get('id')} once only; clone {ident} and its constraints go."
    return draft.propose(sentence, ["resource", "unclone", name])


# ------------------------------------------------------------------------------- elements as text


def _primitive(wanted: Wanted) -> str:
    class_, provider, type_ = wanted.agent
    ident = wanted.id
    inner = _set_xml(f"{ident}-instance_attributes", "instance_attributes", wanted.parameters)
    inner += _set_xml(f"{ident}-meta_attributes", "meta_attributes", wanted.meta)
    operations = "".join(_operation_xml(ident, operation) for operation in wanted.operations)
    if operations:
        inner += f"<operations>{operations}</operations>"
    return element("primitive", inner, id=ident, class_=class_, provider=provider, type=type_)


def _operation_xml(owner: str, operation: Operation) -> str:
    options = {"interval": "0s", **operation.options}
    role = f"-{options['role']}" if "role" in options else ""
    ident = f"{owner}-{operation.name}-interval-{options['interval']}{role}"
    written = "".join(f" {name}={quoted(value)}" for name, value in options.items() if value)
    return f"<op id={quoted(ident)} name={quoted(operation.name)}{written}/>"


def _set_xml(ident: str, tag: str, pairs: Pairs) -> str:
    inner = "".join(
        element("nvpair", id=f"{ident}-{name}", name=name).replace(
            "/>", f" value={quoted(value)}/>"
        )
        for name, value in pairs.items()
    )
    return element(tag, inner, id=ident) if inner else ""


def _clone_xml(ident: str, meta: Pairs, child: str) -> str:
    held = _set_xml(f"{ident}-meta_attributes", "meta_attributes", meta)
    return f"<clone id={quoted(ident)}>{child}{held}</clone>"


def _text(found: etree._Element) -> str:
    return etree.tostring(found, encoding="unicode", with_tail=False)


# ----------------------------------------------------------------------------------- small changes


def _fresh_id(draft: Draft, ident: str) -> None:
    if not _ID.fullmatch(ident):
        raise CannotOrder(
            f"{ident!r} can't be an id: begin with a letter, then letters, digits, '.', '-', '_'"
        )
    taken = draft.find(ident)
    if taken is not None:
        raise CannotOrder(f"the id {ident!r} is taken by a {taken.tag}; choose another", "invalid")


def _append_to_group(draft: Draft, group: str, primitive: str) -> None:
    found = draft.find(group)
    if found is None:
        _fresh_id(draft, group)
        draft.put("resources", f"<group id={quoted(group)}>{primitive}</group>")
        return
    if found.tag != "group":
        raise CannotOrder(f"{group} is a {found.tag}, not a group")
    draft.put(group, primitive)


def _take_out(draft: Draft, name: str, group: str) -> str:
    """Remove a primitive from where it is; gives it as text."""
    found = draft.resource(name)
    holder = found.getparent()
    if found.tag != "primitive" or holder is None or holder.tag not in ("resources", "group"):
        raise CannotOrder(f"{name} can't be put into a group: only a primitive that is not cloned")
    if holder.get("id") == group:
        raise CannotOrder(f"{name} is in group {group} already", "invalid")
    text = _text(found)
    alone = holder.tag == "group" and len(_children(holder)) == 1
    draft.remove(holder.get("id", "") if alone else name)
    return text


def _children(holder: etree._Element) -> list[etree._Element]:
    return [child for child in holder if child.tag in RESOURCES]


def _set_pairs(draft: Draft, name: str, tag: str, pairs: Pairs) -> None:
    for option, value in pairs.items():
        if value:
            draft.set_pair(name, tag, option, value)
        else:
            draft.drop_pair(name, tag, option)


def _set_operation(draft: Draft, name: str, operation: Operation) -> None:
    """Replace the operation of that name and interval; a monitor without interval: the only one."""
    held = draft.resource(name).find("operations")
    known = [] if held is None else [o for o in held if o.get("name") == operation.name]
    same = [o for o in known if o.get("interval", "0s") == operation.interval]
    if not same and len(known) == 1:
        same = known
    options = dict(operation.options)
    for old in same:
        kept = {k: v for k, v in old.attrib.items() if k not in ("id", "name")}
        options = {**{str(k): str(v) for k, v in kept.items()}, **options}
        draft.remove(old.get("id", ""))
    text = _operation_xml(name, Operation(operation.name, options))
    _put_operation(draft, name, text)


def _put_operation(draft: Draft, name: str, text: str) -> None:
    """Operations have no id of their own, so the whole primitive is put anew."""
    primitive = draft.resource(name)
    held = primitive.find("operations")
    if held is None:
        held = etree.SubElement(primitive, "operations")
    held.append(read_xml(text.encode()))
    draft.put(name, _text(primitive))


def _forget_in_constraint(draft: Draft, constraint: etree._Element, gone: set[str]) -> None:
    """A constraint that names what is gone goes, or loses it from its sets."""
    ident = constraint.get("id", "")
    if gone & {constraint.get(name, "") for name in ("rsc", "with-rsc", "first", "then")}:
        draft.remove(ident)
        return
    refs = [ref for ref in constraint.iter("resource_ref") if ref.get("id") in gone]
    if not refs:
        return
    for ref in refs:
        parent = ref.getparent()
        if parent is not None:
            parent.remove(ref)
    for held in list(constraint.iter("resource_set")):
        if len(held) == 0:
            constraint.remove(held)
    if constraint.find("resource_set") is None:
        draft.remove(ident)
    else:
        draft.put("constraints", _text(constraint))


def _forget_elsewhere(draft: Draft, gone: set[str]) -> None:
    """Fencing levels and tags."""
    for level in list(draft.root.iter("fencing-level")):
        devices = [d for d in level.get("devices", "").split(",") if d and d not in gone]
        if devices == [d for d in level.get("devices", "").split(",") if d]:
            continue
        if devices:
            draft.set_attribute(level.get("id", ""), "devices", ",".join(devices))
        else:
            draft.remove(level.get("id", ""))
    for tag in list(draft.root.iter("tag")):
        left = [ref for ref in tag if ref.get("id") not in gone]
        if len(left) == len(tag):
            continue
        ident = tag.get("id", "")
        if left:
            draft.put("tags", f"<tag id={quoted(ident)}>{''.join(map(_text, left))}</tag>")
        else:
            draft.remove(ident)
