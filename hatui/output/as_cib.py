"""A moment as a CIB file, configuration and status: a question that can be asked again anywhere.

`hanode simulate FILE --node-fail n2 --why web`, `hatui mon -x FILE`, and the peer's own tools read
it. It holds all that the policy engine was told, and so what it would decide.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lxml import etree

from hanode.cib.status import NodeState, Operation, ResourceHistory, Status, TicketState
from hanode.cib.xml import read_xml
from hatui.cluster.moment import Moment
from hatui.output.words import for_xml


def render(moment: Moment) -> bytes:
    """The whole document, as of the moment's own time."""
    root = read_xml(moment.state.cib.encode())
    status = moment.cib.status
    for old in root.findall("status"):
        root.remove(old)
    root.set("have-quorum", _flag(status.have_quorum))
    root.set("dc-uuid", for_xml(status.dc))
    root.set("execution-date", str(int(moment.state.at)))
    root.append(_status(status))
    etree.indent(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _status(status: Status) -> etree._Element:
    section = etree.Element("status")
    for node in status.nodes:
        section.append(_node(node))
    if status.tickets:
        tickets = etree.SubElement(section, "tickets")
        tickets.extend(_ticket(one) for one in status.tickets)
    return section


def _node(node: NodeState) -> etree._Element:
    element = _element(
        "node_state", id=node.id, uname=node.uname, in_ccm=_word(node.in_ccm),
        crmd="online" if node.crmd else "offline", join=node.join, expected=node.expected,
        remote_node=_word(True) if node.remote else "",
    )  # fmt: skip
    if node.attributes:
        transient = etree.SubElement(element, "transient_attributes", id=for_xml(node.id))
        transient.append(_pairs(f"status-{node.id}", node.attributes))
    lrm = etree.SubElement(element, "lrm", id=for_xml(node.id))
    resources = etree.SubElement(lrm, "lrm_resources")
    resources.extend(_history(one) for one in node.history)
    return element


def _pairs(ident: str, pairs: Mapping[str, str]) -> etree._Element:
    holder = _element("instance_attributes", id=ident)
    for name, value in sorted(pairs.items()):
        pair = _element("nvpair", id=f"{ident}-{name}", name=name)
        pair.set("value", for_xml(value))  # an empty one is a value, too
        holder.append(pair)
    return holder


def _history(history: ResourceHistory) -> etree._Element:
    element = _element(
        "lrm_resource", id=history.id, class_=history.class_, provider=history.provider,
        type=history.type, container=history.container,
    )  # fmt: skip
    element.extend(_operation(one) for one in history.operations)
    return element


def _operation(one: Operation) -> etree._Element:
    """`transition-key` bears what was expected (ACTION:TRANSITION:RC:UUID); with it a result must
    bear a digest, too, else it is taken for one of older parameters."""
    key = f"0:0:{one.expected_rc}:hatui" if one.digest and one.expected_rc >= 0 else ""
    return _element(
        "lrm_rsc_op", id=one.id, operation_key=one.key, operation=one.task,
        interval=str(one.interval_ms), call_id=str(one.call_id), rc_code=str(one.rc),
        op_status=str(one.status), last_rc_change=str(one.last_rc_change),
        last_run=str(one.last_run), exec_time=str(one.exec_ms), queue_time=str(one.queue_ms),
        exit_reason=one.exit_reason, on_node=one.on_node, op_digest=one.digest,
        op_restart_digest=one.restart_digest, migrate_source=one.migrate_source,
        migrate_target=one.migrate_target, transition_key=key,
        transition_magic=f"{one.status}:{one.rc};{key}" if key else "",
    )  # fmt: skip


def _ticket(ticket: TicketState) -> etree._Element:
    return _element(
        "ticket_state", id=ticket.id, granted=_word(ticket.granted), standby=_word(ticket.standby),
        last_granted=str(ticket.last_granted),
    )  # fmt: skip


_AS_WRITTEN = {
    "class_": "class", "in_ccm": "in_ccm", "remote_node": "remote_node",
    "operation_key": "operation_key", "on_node": "on_node", "migrate_source": "migrate_source",
    "migrate_target": "migrate_target",
}  # fmt: skip
"""Names that hold no dash."""


def _element(tag: str, **attributes: Any) -> etree._Element:
    """With all attributes that are not empty."""
    element = etree.Element(tag)
    for name, value in attributes.items():
        if value:
            element.set(_AS_WRITTEN.get(name, name.replace("_", "-")), for_xml(value))
    return element


def _word(holds: bool) -> str:
    return "true" if holds else "false"


def _flag(holds: bool) -> str:
    return "1" if holds else "0"
