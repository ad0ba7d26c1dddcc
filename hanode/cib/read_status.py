"""The `status` section read from XML: node states, histories, tickets."""

from __future__ import annotations

from lxml import etree

from hanode.cib.reading import Reader, children, is_true
from hanode.cib.status import (
    NodeState,
    Operation,
    ResourceHistory,
    Status,
    TicketState,
)


class Histories:
    """The nodes' histories, taken in while the file is parsed: they are nearly all of a large one.

    What was read is emptied, and bears the place of its value in the list.
    """

    TAG = "lrm_resources"

    def __init__(self) -> None:
        self._read: list[tuple[ResourceHistory, ...]] = []
        self.warnings: list[str] = []

    def take(self, element: etree._Element) -> None:
        """Read one node's history."""
        reader = Reader(element)
        found = tuple(_history(reader, resource) for resource in children(element, "lrm_resource"))
        self.warnings += reader.warnings
        element.clear()
        element.set("at", str(len(self._read)))
        self._read.append(found)

    def of(self, lrm: etree._Element | None) -> tuple[ResourceHistory, ...]:
        """What was read of a node's `lrm`."""
        holder = lrm.find(self.TAG) if lrm is not None else None
        return self._read[int(holder.get("at", "0"))] if holder is not None else ()


def read_status(
    reader: Reader,
    section: etree._Element | None,
    histories: Histories,
    have_quorum: bool,
    dc_id: str,
) -> Status:
    """All of the section; the DC's id is turned into its name where a state tells it."""
    reader.warnings += histories.warnings
    states = children(section, "node_state")
    nodes = tuple(_node_state(state, histories) for state in states)
    names = {state.id: state.name for state in nodes}
    return Status(nodes, _tickets(reader, section), have_quorum, names.get(dc_id, dc_id))


def _node_state(element: etree._Element, histories: Histories) -> NodeState:
    in_ccm, ccm_since = _word_or_time(element, "in_ccm")
    crmd, crmd_since = _word_or_time(element, "crmd")
    fenced = element.get("node_fenced", "0")
    return NodeState(
        element.get("uname", ""),
        element.get("id", ""),
        in_ccm,
        crmd,
        element.get("join", ""),
        element.get("expected", ""),
        _pairs(element, "instance_attributes"),
        histories.of(element.find("lrm")),
        is_true(element.get("remote_node", "false")),
        fenced not in ("", "0", "false"),
        ccm_since,
        crmd_since,
        element.get("in_ccm") is None and not crmd,
        _pairs(element, "utilization"),
    )


def _word_or_time(element: etree._Element, name: str) -> tuple[bool, int]:
    """New files write since when, old ones whether; either way 0 and `offline` mean no."""
    text = element.get(name)
    if text is None:
        return False, 0
    if text.isdecimal():
        since = int(text)
        return since > 0, since if since > 1 else 0
    return text == "online" or is_true(text), 0


def _pairs(element: etree._Element, kind: str) -> dict[str, str]:
    """Transient attributes, or capacities that the node itself found."""
    found: dict[str, str] = {}
    for transient in children(element, "transient_attributes"):
        for entry in children(transient, kind):
            for pair in entry.iter("nvpair"):
                name, value = pair.get("name"), pair.get("value")
                if name is not None and value is not None:
                    found[name] = value
    return found


def _history(reader: Reader, element: etree._Element) -> ResourceHistory:
    return ResourceHistory(
        element.get("id", ""),
        element.get("class", ""),
        element.get("provider", ""),
        element.get("type", ""),
        element.get("container", ""),
        tuple(_operation(op) for op in element.iterchildren("lrm_rsc_op")),
        reader.number(element, "shutdown-lock", 0),
    )


def _operation(element: etree._Element) -> Operation:
    # One dictionary for all attributes: there are tens of thousands of these elements.
    given: dict[str, str] = dict(element.items())  # type: ignore[arg-type]
    got = given.get
    key = got("transition-key") or got("transition-magic", "").partition(";")[2]
    return Operation(
        got("operation", ""),
        _int(got("interval") or got("interval-ms")),
        _int(got("call-id")),
        _int(got("rc-code")),
        _int(got("op-status")),
        _expected(key),
        _int(got("last-rc-change") or got("last_rc_change")),
        _int(got("last-run") or got("last_run")),
        _int(got("exec-time")),
        _int(got("queue-time")),
        got("exit-reason", ""),
        got("id", ""),
        got("operation_key", ""),
        got("on_node", ""),
        got("op-digest", ""),
        got("op-restart-digest", ""),
        got("op-secure-digest", ""),
        got("op-force-restart", ""),
        got("op-secure-params", ""),
        got("migrate_source", ""),
        got("migrate_target", ""),
        got("crm_feature_set", ""),
        key,
    )


def _expected(key: str) -> int:
    """The return code that the transition wanted: ACTION:TRANSITION:RC:UUID."""
    parts = key.split(":", 3)
    if len(parts) < 3:
        return -1
    return _int(parts[2], -1)


def _int(text: str | None, default: int = 0) -> int:
    if not text:
        return default
    try:
        return int(text)
    except ValueError:
        return default


def _tickets(reader: Reader, section: etree._Element | None) -> tuple[TicketState, ...]:
    holder = section.find("tickets") if section is not None else None
    return tuple(
        TicketState(
            ticket.get("id", ""),
            is_true(ticket.get("granted", "false")),
            is_true(ticket.get("standby", "false")),
            reader.number(ticket, "last-granted", 0),
            {str(k): str(v) for k, v in ticket.items() if k != "id"},
        )
        for ticket in children(holder, "ticket_state", "ticket")
    )
