"""Takes from a CIB whatever isn't needed for a disagreement, so that a person sees what it is."""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

_WHOLE = (
    "rsc_location", "rsc_colocation", "rsc_order", "rsc_ticket", "primitive", "group", "clone",
    "node_state", "lrm_resource", "transient_attributes", "meta_attributes",
    "nvpair", "lrm_rsc_op", "ticket_state", "resource_set", "resource_ref", "instance_attributes",
)  # fmt: skip


def shrunk(xml: bytes, disagree: Callable[[bytes], bool]) -> bytes:
    """The CIB without every element that can go while `disagree` stays true."""
    root = etree.fromstring(xml)
    again = True
    while again:
        again = False
        for tag in _WHOLE:
            for element in list(root.iter(tag)):
                again = _without(root, element, disagree) or again
    return etree.tostring(root, pretty_print=True)


def _without(
    root: etree._Element, element: etree._Element, disagree: Callable[[bytes], bool]
) -> bool:
    """Take it away, with the node that it is the state of; put it back if it was needed."""
    parent = element.getparent()
    if parent is None or (element.tag in ("primitive", "group") and parent.tag == "clone"):
        return False
    if element.get("id") in ("cib-bootstrap-options", "fencing"):
        return False
    if element.get("name") == "stonith-enabled":
        return False
    gone = [element]
    if element.tag == "node_state":
        gone += root.findall(f".//node[@id='{element.get('id')}']")
    if element.tag in ("primitive", "group", "clone"):
        names = {str(part.get("id")) for part in element.iter("primitive", "group", "clone")}
        gone += [e for e in root.iter("lrm_resource") if e.get("id") in names]
        gone += [e for e in root.iter("resource_ref") if e.get("id") in names]
        gone += [
            e
            for e in root.iter("rsc_location", "rsc_colocation", "rsc_order", "rsc_ticket")
            if names & {e.get(n) for n in ("rsc", "with-rsc", "first", "then")}
        ]
    places = [(e, e.getparent(), e.getparent().index(e)) for e in gone]
    for one, holder, _ in places:
        holder.remove(one)
    if disagree(etree.tostring(root)):
        return True
    for one, holder, at in reversed(places):
        holder.insert(at, one)
    return False
