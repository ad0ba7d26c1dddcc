"""What names a resource that goes: constraints, fencing levels and tags go with it."""

from __future__ import annotations

from lxml import etree

from hanode.mgmt.draft import Draft
from hanode.mgmt.elements import quoted, text_of


def forget(draft: Draft, gone: set[str]) -> None:
    """Nothing in the configuration names one of these any longer."""
    gone = gone | _forget_in_tags(draft, gone)
    for constraint in draft.constraints():
        forget_in_constraint(draft, constraint, gone)
    _forget_in_levels(draft, gone)


def forget_in_constraint(draft: Draft, constraint: etree._Element, gone: set[str]) -> None:
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
        draft.put("constraints", text_of(constraint))


def _forget_in_levels(draft: Draft, gone: set[str]) -> None:
    for level in list(draft.root.iter("fencing-level")):
        devices = [d for d in level.get("devices", "").split(",") if d and d not in gone]
        if devices == [d for d in level.get("devices", "").split(",") if d]:
            continue
        if devices:
            draft.set_attribute(level.get("id", ""), "devices", ",".join(devices))
        else:
            draft.remove(level.get("id", ""))


def _forget_in_tags(draft: Draft, gone: set[str]) -> set[str]:
    """The tags that nothing is left of go, too."""
    emptied = set()
    for tag in list(draft.root.iter("tag")):
        left = [ref for ref in tag if ref.get("id") not in gone]
        if len(left) == len(tag):
            continue
        ident = tag.get("id", "")
        if left:
            draft.put("tags", f"<tag id={quoted(ident)}>{''.join(map(text_of, left))}</tag>")
        else:
            draft.remove(ident)
            emptied.add(ident)
    return emptied
