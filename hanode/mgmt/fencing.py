"""What shuts nodes out and lets them in: an operator's orders, and the levels of devices."""

from __future__ import annotations

import shlex

from hanode.events import FencingConfirmed, FencingIntended, UnfencingOrdered
from hanode.mgmt.draft import Draft
from hanode.mgmt.elements import element
from hanode.mgmt.nodes import record_of
from hanode.mgmt.proposal import CannotOrder, NothingToDo, Proposal, unknown
from hanode.state import ClusterState
from hanode.state.lawful import overtaken
from hanode.state.proofs import OPERATOR, UNFENCED


def fence(state: ClusterState, node: str, action: str = "reboot") -> Proposal:
    """Cut a node's life short."""
    if action not in ("reboot", "off"):
        raise CannotOrder(f"unknown fence action {action!r}; actions: reboot, off")
    record = record_of(state, node)
    intent = FencingIntended("", node, record.boot, action, "ordered by an operator")
    given = ["fence", "node", node, *(["--off"] if action == "off" else [])]
    how = "power it off" if action == "off" else "reboot it"
    sentence = f"Fence {node}: {how} at once, without stopping what it runs."
    return Proposal((intent,), sentence, shlex.join(("hanode", *given)), risky=True)


def confirm_fenced(state: ClusterState, node: str) -> Proposal:
    """An operator's word that a lost node is down and runs nothing."""
    record = record_of(state, node)
    if record.online:
        raise CannotOrder(
            f"{node} is online, so it is not down; shut it down first (hanode node leave {node}), "
            f"or fence it (hanode fence node {node})"
        )
    pending = [i.request for i in state.intents.values() if i.target == node]
    word = FencingConfirmed(pending[0] if pending else "", node, record.boot, OPERATOR)
    sentence = (
        f"Confirm that {node} is powered off and runs nothing. If that is wrong, services will run "
        "twice and data may be lost."
    )
    line = shlex.join(("hanode", "fence", "confirm", node))
    return Proposal((word,), sentence, line, risky=True)


def unfence(state: ClusterState, node: str) -> Proposal:
    """Have the devices that keep a node out let it in again."""
    record = state.nodes.get(node)
    if record is None:
        raise unknown("node", node, list(state.nodes))
    keepers = _keepers(state)
    if not keepers:
        raise CannotOrder(
            "no fence device cuts nodes off (meta provides=isolation or unfencing); one that is "
            f"powered off comes back when it is switched on: look at {node}'s power"
        )
    order = UnfencingOrdered(node, record.boot)
    if no := overtaken(state, order):
        raise CannotOrder(no)
    if record.online and record.attributes.get(UNFENCED, "0") != "0":
        raise NothingToDo(f"{node} is not kept out: its devices have let this boot of it in")
    sentence = f"Let {node} in again: {', '.join(keepers)} is told to switch it on"
    if record.online:
        sentence += ", once what has moved away from it has stopped there."
    else:
        sentence += (
            f". Nobody hears {node}: if it still serves what has moved away from it, that will be "
            "served twice."
        )
    line = shlex.join(("hanode", "fence", "unfence", node))
    return Proposal((order,), sentence, line, risky=not record.online)


def _keepers(state: ClusterState) -> list[str]:
    """Fence devices that cut nodes off, or must let them in."""
    draft = Draft(state)
    stonith = [d.get("id", "") for d in draft.root.iter("primitive") if d.get("class") == "stonith"]
    provided = {name: draft.pair(name, "meta_attributes", "provides") or "" for name in stonith}
    return [n for n, said in provided.items() if "isolation" in said or "unfencing" in said]


def level(
    state: ClusterState, node: str, number: int, devices: list[str], argv: list[str]
) -> Proposal:
    """Which devices together fence a node, and in which turn; no devices: the level goes."""
    draft = Draft(state)
    if not 1 <= number <= 9:
        raise CannotOrder(f"level {number}: give a number from 1 to 9")
    if twice := [device for device in devices if devices.count(device) > 1]:
        raise CannotOrder(f"{twice[0]} is named twice")
    for device in devices:
        if draft.resource(device).get("class") != "stonith":
            raise CannotOrder(f"{device} is no fence device (a resource of class stonith)")
    known = [
        held.get("id", "") for held in draft.root.iterfind("configuration/fencing-topology/*")
        if (held.get("target"), held.get("index")) == (node, str(number))
    ]  # fmt: skip
    if not devices:
        return _without_level(draft, node, number, known, argv)
    draft.place(node)
    if known:
        draft.set_attribute(known[0], "devices", ",".join(devices))
    else:
        said = {"target": node, "index": str(number), "devices": ",".join(devices)}
        draft.add("fencing-topology", element("fencing-level", id=f"fl-{node}-{number}", **said))
    return draft.propose(f"Fence {node} at level {number} by {' and '.join(devices)}.", argv)


def _without_level(
    draft: Draft, node: str, number: int, known: list[str], argv: list[str]
) -> Proposal:
    if not known:
        raise CannotOrder(f"{node} has no fencing level {number}; see: hanode fence", "unknown")
    for ident in known:
        draft.remove(ident)
    return draft.propose(f"Remove fencing level {number} of {node}.", argv)
