"""How much a node's resources matter, by their `priority`: of two nodes that shoot at each other,
the one with more at stake shoots first."""

from __future__ import annotations

from hanode.cib.score import read
from hanode.cib.xml import read_xml
from hanode.events import OperationFinished
from hanode.ids import NodeName
from hanode.state import ClusterState


def importance(state: ClusterState, name: NodeName) -> int:
    """The sum of the priorities of what runs there; a promoted instance counts one more (as
    Pacemaker has it for priority-fencing-delay)."""
    record = state.nodes.get(name)
    if record is None:
        return 0
    given = _priorities(state.cib)
    running = {resource: role(results) for resource, results in record.history.items()}
    return sum(
        given.get(resource, given.get("", 0)) + (found == "promoted")
        for resource, found in sorted(running.items())
        if found
    )


def role(results: dict[str, OperationFinished]) -> str:
    """started or promoted, as the last result has it; empty: it does not run."""
    last = results.get("last_0")
    if last is None or last.status != "done" or last.agent.startswith("stonith:"):
        return ""
    if (last.task == "promote" and last.rc == 0) or (last.task == "monitor" and last.rc == 8):
        return "promoted"
    runs = last.task in ("start", "demote", "migrate_from", "monitor") and last.rc == 0
    return "started" if runs else ""


def _priorities(cib: str) -> dict[str, int]:
    """By resource; under the empty name the default. Clones and groups pass theirs on."""
    root = read_xml(cib.encode())
    found: dict[str, int] = {}
    for pair in root.iterfind("configuration/rsc_defaults//nvpair[@name='priority']"):
        found[""] = read(pair.get("value"))
    for pair in root.iterfind("configuration/resources//meta_attributes/nvpair[@name='priority']"):
        sets = pair.getparent()
        owner = sets.getparent() if sets is not None else None
        if owner is None:
            continue
        for primitive in [owner] if owner.tag == "primitive" else owner.iter("primitive"):
            found.setdefault(primitive.get("id") or "", read(pair.get("value")))
    return found
