"""Whether a configuration change only says where and whether things run, and not what they are.

Moves and bans (`cli-prefer-*`, `cli-ban-*`) and the switches below are an operator's tools. The
test is what the change does: both configurations are compared with these left out.
"""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from hanode.cib.edits import BadEdit, apply_edits
from hanode.cib.xml import read_xml
from hanode.events import Edit

MOVES = ("cli-prefer-", "cli-ban-")
"""How the ids of constraints begin that moves and bans leave behind."""

META_SWITCHES = ("target-role", "is-managed", "maintenance")
NODE_SWITCHES = ("standby", "maintenance")
CLUSTER_SWITCHES = ("maintenance-mode",)

_SETS = {
    "meta_attributes": META_SWITCHES,
    "instance_attributes": NODE_SWITCHES,
    "cluster_property_set": CLUSTER_SWITCHES,
}


def only_switches(cib: str, edits: Iterable[Edit]) -> bool:
    """Whether these edits flip switches and moves, and change nothing else."""
    try:
        after = apply_edits(cib, edits)
    except BadEdit:
        return False
    return _fixed_part(cib) == _fixed_part(after)


def _fixed_part(cib: str) -> bytes:
    """The configuration without switches and moves, in a form that can be compared."""
    root = read_xml(cib.encode())
    for name in ("epoch", "num_updates"):
        root.attrib.pop(name, "")
    doomed = [element for element in root.iter() if _is_move(element)]
    doomed += [pair for pair in root.iter("nvpair") if _is_switch(pair)]
    for element in doomed:
        _drop(element)
    for tag in _SETS:
        for found in list(root.iter(tag)):
            if len(found) == 0:
                _drop(found)
    for node in list(root.iter("node")):
        if node.get("type") == "remote" and len(node) == 0:
            _drop(node)  # its entry is there for its switches only
    return etree.tostring(root, method="c14n")


def _is_move(element: etree._Element) -> bool:
    return element.tag == "rsc_location" and (element.get("id") or "").startswith(MOVES)


def _is_switch(pair: etree._Element) -> bool:
    holder = pair.getparent()
    if holder is None or pair.get("name") not in _SETS.get(str(holder.tag), ()):
        return False
    owner = holder.getparent()
    if holder.tag == "instance_attributes":
        return owner is not None and owner.tag == "node"
    return owner is not None and owner.tag not in ("op", "rsc_defaults", "op_defaults")


def _drop(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
