"""What an operator can do from the screen: each deed with its rung of the ladder and its order.

How a deed becomes events is `hanode.mgmt.orders`' affair; here is which deeds fit the thing under
the cursor, and how surely the operator must mean it. L1: preview and enter. L2: preview and `y`.
L3: preview, and the name of the object typed out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from hanode.mgmt import orders
from hanode.mgmt.draft import Proposal
from hanode.mgmt.what_if import what_if
from hanode.state import ClusterState
from hatui.cluster.items import Item
from hatui.cluster.leftovers import leftovers
from hatui.cluster.moment import Moment, base_of

Build = Callable[[ClusterState], Proposal]


class Order(NamedTuple):
    """One deed on one object, ready to be previewed; built anew for each state."""

    label: str
    object: str
    level: int
    build: Build


class Deed(NamedTuple):
    """One thing that can be done."""

    id: str
    key: str
    """In the action menu; the direct key, where there is one, is in keymap.py."""
    label: str
    kinds: tuple[str, ...]
    level: int
    order: Callable[[Moment, Item, str], Order]
    unfit: Callable[[Moment, Item], str]
    """Why not here and now; empty if it may be done."""
    asks: str = ""
    """What must be chosen first: `node`, or nothing."""


def fitting(moment: Moment, item: Item) -> list[tuple[Deed, str]]:
    """The deeds for this kind of thing, each with the reason why it can't be done now."""
    kind = "resource" if item.resource else item.kind
    return [(deed, deed.unfit(moment, item)) for deed in DEEDS if kind in deed.kinds]


def deed(ident: str) -> Deed:
    return next(deed for deed in DEEDS if deed.id == ident)


def combined(orders_: Sequence[Order]) -> Order:
    """Several orders as one: each is built on the state that the ones before it lead to."""
    if len(orders_) == 1:
        return orders_[0]

    def build(state: ClusterState) -> Proposal:
        made: list[Proposal] = []
        for order in orders_:
            made.append(order.build(state))
            state = what_if(state, made[-1].events)
        return Proposal(
            tuple(event for one in made for event in one.events),
            " ".join(one.sentence for one in made),
            "; ".join(one.command for one in made),
            risky=any(one.risky for one in made),
        )

    label = f"{orders_[0].label} and {len(orders_) - 1} more"
    return Order(label, orders_[0].object, max(one.level for one in orders_), build)


def target_of(moment: Moment, item: Item) -> str:
    """The resource that placement is about: of a group's or clone's part, the whole."""
    return moment.parents.get(item.resource, item.resource)


def nodes_to_choose(moment: Moment, ident: str) -> list[str]:
    """Where a resource may be moved to, or kept away from."""
    views = sorted(moment.overview.nodes, key=lambda node: node.name)
    return [view.name for view in views if view.online or ident == "ban"]


# -------------------------------------------------------------------------------- what may be done


def _always(moment: Moment, item: Item) -> str:
    return ""


def _movable(moment: Moment, item: Item) -> str:
    view = moment.views.get(target_of(moment, item))
    if view is not None and view.kind == "clone" and not view.promotable:
        return "a clone runs on every node: ban it from one instead"
    return ""


def _clearable(moment: Moment, item: Item) -> str:
    names = {item.resource, target_of(moment, item)}
    if names & leftovers(moment).keys():
        return ""
    return "no move or ban is in force"


def _stopped(moment: Moment, item: Item) -> str:
    view = moment.views.get(target_of(moment, item))
    own = moment.views.get(item.view)
    told = {v.target_role for v in (view, own) if v is not None}
    return "" if "Stopped" in told else "it is not told to stop"


def _startable(moment: Moment, item: Item) -> str:
    return "" if _stopped(moment, item) else "it is told to stop already"


def _lost(moment: Moment, item: Item) -> str:
    record = moment.state.nodes.get(item.node)
    if record is not None and record.online:
        return "it is online, so it is not down"
    return ""


def _present(moment: Moment, item: Item) -> str:
    record = moment.state.nodes.get(item.node)
    return "" if record is not None and record.present else "it is not here"


# ----------------------------------------------------------------------------------- how it is told


def _move(moment: Moment, item: Item, node: str) -> Order:
    name = target_of(moment, item)
    view = moment.views.get(name)
    promoted = view is not None and view.promotable
    return Order(f"move {name} to {node}", name, 2,
                 lambda state: orders.move(state, name, node, promoted=promoted))  # fmt: skip


def _ban(moment: Moment, item: Item, node: str) -> Order:
    name = target_of(moment, item)
    return Order(f"ban {name} from {node}", name, 2, lambda state: orders.ban(state, name, node))


def _clear(moment: Moment, item: Item, node: str) -> Order:
    name = target_of(moment, item)
    return Order(f"clear moves and bans of {name}", name, 1,
                 lambda state: orders.clear(state, name))  # fmt: skip


def _cleanup(moment: Moment, item: Item, node: str) -> Order:
    if item.kind == "node":
        return Order(f"clean up on {item.node}", item.node, 1,
                     lambda state: orders.cleanup(state, node=item.node))  # fmt: skip
    name = item.resource
    return Order(f"clean up {name}", name, 1, lambda state: orders.cleanup(state, name))


def _role(role: str, verb: str) -> Callable[[Moment, Item, str], Order]:
    def order(moment: Moment, item: Item, node: str) -> Order:
        name = base_of(item.resource)
        return Order(f"{verb} {name}", name, 2,
                     lambda state: orders.target_role(state, name, role))  # fmt: skip

    return order


def _maintenance(moment: Moment, item: Item, node: str) -> Order:
    if item.kind == "node":
        view = moment.nodes.get(item.node)
        on = view is None or not view.maintenance
        return Order(f"maintenance of {item.node} {'on' if on else 'off'}", item.node, 2,
                     lambda state: orders.maintenance(state, on, node=item.node))  # fmt: skip
    name = target_of(moment, item)
    own = moment.views.get(item.view)
    on = own is None or not own.maintenance
    return Order(f"maintenance of {name} {'on' if on else 'off'}", name, 2,
                 lambda state: orders.maintenance(state, on, resource=name))  # fmt: skip


def _standby(moment: Moment, item: Item, node: str) -> Order:
    view = moment.nodes.get(item.node)
    on = view is None or not view.standby
    verb = f"put {item.node} on standby" if on else f"take {item.node} off standby"
    return Order(verb, item.node, 2, lambda state: orders.standby(state, item.node, on))


def _fence(action: str, verb: str) -> Callable[[Moment, Item, str], Order]:
    def order(moment: Moment, item: Item, node: str) -> Order:
        name = item.node
        return Order(f"{verb} {name}", name, 3, lambda state: orders.fence(state, name, action))

    return order


def _confirm(moment: Moment, item: Item, node: str) -> Order:
    return Order(f"confirm that {item.node} is down", item.node, 3,
                 lambda state: orders.confirm_fenced(state, item.node))  # fmt: skip


def _leave(moment: Moment, item: Item, node: str) -> Order:
    return Order(f"shut hanode down on {item.node}", item.node, 3,
                 lambda state: orders.leave(state, item.node))  # fmt: skip


def maintenance_mode(on: bool) -> Order:
    """Of the whole cluster; from the command line only."""
    return Order(f"maintenance mode {'on' if on else 'off'}", "maintenance-mode", 2,
                 lambda state: orders.maintenance(state, on))  # fmt: skip


_RESOURCE, _NODE = ("resource",), ("node",)
_BOTH = ("resource", "node")
DEEDS: tuple[Deed, ...] = (
    Deed("move", "m", "move to another node", _RESOURCE, 2, _move, _movable, "node"),
    Deed("ban", "x", "ban from a node", _RESOURCE, 2, _ban, _always, "node"),
    Deed("clear", "u", "clear moves and bans", _RESOURCE, 1, _clear, _clearable),
    Deed("cleanup", "c", "clean up failures", _BOTH, 1, _cleanup, _always),
    Deed("start", "s", "start", _RESOURCE, 2, _role("Started", "start"), _stopped),
    Deed("stop", "t", "stop, and keep it stopped", _RESOURCE, 2, _role("Stopped", "stop"),
         _startable),
    Deed("standby", "s", "standby / back online", _NODE, 2, _standby, _always),
    Deed("maintenance", "M", "maintenance on / off", _BOTH, 2, _maintenance, _always),
    Deed("leave", "l", "shut hanode down", _NODE, 3, _leave, _present),
    Deed("fence", "f", "fence: reboot it", _NODE, 3, _fence("reboot", "fence"), _always),
    Deed("fence-off", "o", "fence: power it off", _NODE, 3, _fence("off", "power off"), _always),
    Deed("confirm", "d", "confirm that it is down", _NODE, 3, _confirm, _lost),
)  # fmt: skip
