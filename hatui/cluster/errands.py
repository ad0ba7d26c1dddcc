"""Every order that a console can give, from plain names: what menus and typed commands share.

How an order becomes events is `hanode.mgmt.orders`' affair; here is how surely it must be meant.
"""

from __future__ import annotations

from hanode.events import ViewAgreed
from hanode.mgmt import orders
from hanode.mgmt.draft import Draft
from hanode.mgmt.proposal import CannotOrder, NothingToDo, Proposal
from hanode.mgmt.whole import difference, replacement
from hanode.state import ClusterState
from hatui.cluster.order import Order
from hatui.cluster.votes import goes_on


def move(name: str, node: str, promoted: bool = False) -> Order:
    return Order(f"move {name} to {node}", name, 2,
                 lambda state: orders.move(state, name, node, promoted=promoted))  # fmt: skip


def ban(name: str, node: str) -> Order:
    return Order(f"ban {name} from {node}", name, 2, lambda state: orders.ban(state, name, node))


def clear(name: str, node: str = "") -> Order:
    where = f" for {node}" if node else ""
    return Order(f"clear moves and bans of {name}{where}", name, 1,
                 lambda state: orders.clear(state, name, node))  # fmt: skip


def cleanup(name: str = "", node: str = "") -> Order:
    what = name or f"on {node}"
    return Order(f"clean up {what}", name or node, 1,
                 lambda state: orders.cleanup(state, name, node))  # fmt: skip


def role(name: str, wanted: str) -> Order:
    """Started, Stopped, Promoted, Unpromoted."""
    verb = {"Started": "start", "Stopped": "stop", "Promoted": "promote", "Unpromoted": "demote"}
    return Order(f"{verb[wanted]} {name}", name, 2,
                 lambda state: orders.target_role(state, name, wanted))  # fmt: skip


def restart(name: str) -> Order:
    """Stopped, and, when it is down, let run again as far as it might before."""

    def stop(state: ClusterState) -> Proposal:
        made = orders.target_role(state, name, "Stopped")
        sentence = f"Restart {name}: stop it, and start it again when it is down."
        return Proposal(made.events, sentence, f"hanode resource restart {name}", made.edits)

    return Order(f"restart {name}", name, 2, stop,
                 lambda before, state: orders.put_back(state, name, before))  # fmt: skip


def manage(name: str, on: bool) -> Order:
    return Order(f"{'manage' if on else 'unmanage'} {name}", name, 2,
                 lambda state: orders.manage(state, name, on))  # fmt: skip


def standby(node: str, on: bool) -> Order:
    verb = f"put {node} on standby" if on else f"take {node} off standby"
    return Order(verb, node, 2, lambda state: orders.standby(state, node, on))


def maintenance(on: bool, *, node: str = "", name: str = "") -> Order:
    """Of a node, of a resource, or of the whole cluster."""
    what = node or name
    label = f"maintenance of {what}" if what else "maintenance mode"
    return Order(f"{label} {'on' if on else 'off'}", what or "maintenance-mode", 2,
                 lambda state: orders.maintenance(state, on, node=node, resource=name))  # fmt: skip


def fence(node: str, action: str = "reboot") -> Order:
    verb = "power off" if action == "off" else "fence"
    return Order(f"{verb} {node}", node, 3, lambda state: orders.fence(state, node, action))


def confirm(node: str) -> Order:
    return Order(f"confirm that {node} is down", node, 3,
                 lambda state: orders.confirm_fenced(state, node))  # fmt: skip


def unfence(node: str) -> Order:
    return Order(f"let {node} in again", node, 3, lambda state: orders.unfence(state, node))


def leave(node: str) -> Order:
    return Order(f"shut hanode down on {node}", node, 3, lambda state: orders.leave(state, node))


def ticket(name: str, verb: str) -> Order:
    """grant, revoke, standby, activate. To revoke may stop whatever hangs on the ticket."""
    granted = {"grant": True, "revoke": False}.get(verb)
    aside = {"standby": True, "activate": False}.get(verb)

    def build(state: ClusterState) -> Proposal:
        return orders.ticket(state, name, granted=granted, standby=aside)

    return Order(f"{verb} ticket {name}", name, 3 if verb == "revoke" else 2, build)


def edited(before: str, version: str, xml: str) -> Order:
    """A configuration that was edited; only on the version that the edit began with."""

    def build(state: ClusterState) -> Proposal:
        if state.version != version:
            raise CannotOrder(
                f"the configuration is at {state.version} now, and the edit began at {version}: "
                "what you wrote is kept; E opens it again on top of what is there", "stale",
            )  # fmt: skip
        return replacement(state, xml, ["cib", "push", "FILE"], force=True)

    return Order("change the configuration", "configuration", 2, build,
                 details=tuple(difference(before, xml).splitlines()))  # fmt: skip


def restored(version: str, before: str, label: str) -> Order:
    """The configuration as it was before the change that led to `version`."""

    def build(state: ClusterState) -> Proposal:
        if state.version != version:
            raise CannotOrder("the configuration was changed again since; undo that first", "stale")
        return replacement(state, before, ["cib", "push", "FILE", "--force"], force=True)

    return Order(f"take back: {label}", "configuration", 2, build)


# ----------------------------------------------------------------------------------- questions


def lose(node: str) -> Order:
    """What if this node were lost now?"""

    def build(state: ClusterState) -> Proposal:
        present = tuple((n, state.nodes[n].boot) for n in state.present if n != node)
        if len(present) == len(state.present):
            raise NothingToDo(f"{node} is not here anyway")
        quorate = state.quorate and goes_on(state, dict(present))
        return Proposal((ViewAgreed(present, quorate),), f"What if {node} were lost?", "")

    return Order(f"what if {node} were lost", node, 1, build, hypothetical=True)


def without(constraint: str) -> Order:
    """What if this constraint were not there?"""

    def build(state: ClusterState) -> Proposal:
        draft = Draft(state)
        if draft.find(constraint) is None:
            raise NothingToDo(f"there is no constraint {constraint}")
        draft.remove(constraint)
        made = draft.propose("", ["constraint", "remove", constraint])
        return Proposal(made.events, f"What if {constraint} were not there?", made.command)

    return Order(f"what if {constraint} were gone", constraint, 1, build, hypothetical=True)
