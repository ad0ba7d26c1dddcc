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

EDITS_MAX = 100
TEXT_MAX = 64 * 1024
"""Characters of XML in an operator's change: what it does costs time to work out."""
HELD_MAX = 1024 * 1024
"""Characters of all moves and switches: beyond, an operator may only take some away."""

MOVES = ("cli-prefer-", "cli-ban-")
"""How the ids of constraints begin that moves and bans leave behind."""

META_SWITCHES = ("target-role", "is-managed", "maintenance")
NODE_SWITCHES = ("standby", "maintenance")
CLUSTER_SWITCHES = ("maintenance-mode",)

_MOVE = {
    "rsc_location": {"id", "rsc", "role", "node", "score"},
    "rule": {"id", "score", "role", "boolean-op"},
    "expression": {"id", "attribute", "operation", "value", "type"},
    "date_expression": {"id", "operation", "end"},
}
"""What a move or a ban is made of (mgmt.placement, crm_resource), the limit in time included."""
_SWITCH = {"nvpair": {"id", "name", "value"}}

_SETS = {
    "meta_attributes": META_SWITCHES,
    "instance_attributes": NODE_SWITCHES,
    "cluster_property_set": CLUSTER_SWITCHES,
}


def only_switches(cib: str, edits: Iterable[Edit]) -> bool:
    """Whether these edits flip switches and moves, and change nothing else."""
    edits = tuple(edits)
    if len(edits) > EDITS_MAX or sum(len(edit.xml) for edit in edits) > TEXT_MAX:
        return False
    try:
        after = apply_edits(cib, edits)
    except BadEdit:
        return False
    fixed = _fixed_part(after)
    if len(after) > max(len(cib), len(fixed) + HELD_MAX):
        return False
    return _fixed_part(cib) == fixed


def _fixed_part(cib: str) -> bytes:
    """The configuration without switches and moves, in a form that can be compared."""
    root = read_xml(cib.encode())
    for name in ("epoch", "num_updates"):
        root.attrib.pop(name, "")
    shared = {str(element.get("id-ref")) for element in root.iter() if element.get("id-ref")}
    doomed = [element for element in root.iter("rsc_location") if _is_move(element)]
    doomed += [pair for pair in root.iter("nvpair") if _is_switch(pair)]
    for element in doomed:
        if not shared.intersection(each.get("id", "") for each in element.iter()):
            _drop(element)
    for tag in _SETS:
        for found in list(root.iter(tag)):
            if len(found) == 0 and not found.get("id-ref") and found.get("id") not in shared:
                _drop(found)
    known = remotes(root)
    for node in list(root.iter("node")):
        if _is_entry(node) and node.get("id") in known:
            _drop(node)  # it is there for its switches only
    return etree.tostring(root, method="c14n")


def remotes(root: etree._Element) -> list[str]:
    """Remote nodes are named by their connections, guests by what they live in."""
    resources = "configuration/resources//"
    connections = root.iterfind(f"{resources}primitive[@type='remote']")
    guests = root.iterfind(f"{resources}primitive/meta_attributes/nvpair")
    return [
        *(primitive.get("id", "") for primitive in connections),
        *(pair.get("value", "") for pair in guests if pair.get("name") == "remote-node"),
    ]


def _is_entry(node: etree._Element) -> bool:
    """As a remote node gets one: without it, it would be known all the same."""
    plain = _made_of(node, {"node": {"id", "uname", "type"}}) and len(node) == 0
    return plain and node.get("type") == "remote" and node.get("id") == node.get("uname")


def _is_move(element: etree._Element) -> bool:
    return element.get("id", "").startswith(MOVES) and _made_of(element, _MOVE)


def _made_of(element: etree._Element, words: dict[str, set[str]]) -> bool:
    """Whether it is all of these words: what else it holds, others could refer to by its id."""
    return all(
        str(each.tag) in words and words[str(each.tag)].issuperset(map(str, each.attrib))
        for each in element.iter()
    )


def _is_switch(pair: etree._Element) -> bool:
    holder = pair.getparent()
    if not _made_of(pair, _SWITCH):
        return False
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
