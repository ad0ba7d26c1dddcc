"""What can be done with the thing under the cursor: which deeds fit it, and why one does not.

Each deed becomes an order of `hatui.cluster.errands`; how surely it must be meant stands there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from hatui.cluster import errands
from hatui.cluster.items import Item
from hatui.cluster.leftovers import leftovers
from hatui.cluster.moment import Moment, base_of
from hatui.cluster.natural import natural
from hatui.cluster.order import Order

ON, OFF = "on", "off"


class Deed(NamedTuple):
    """One thing that can be done."""

    id: str
    key: str
    """In the action menu; the direct key, where there is one, is in keymap.py."""
    label: str
    kinds: tuple[str, ...]
    order: Callable[[Moment, Item, str], Order]
    unfit: Callable[[Moment, Item], str]
    """Why not here and now; empty if it may be done."""
    asks: str = ""
    """What must be chosen first: `node`, or nothing."""
    grave: bool = False
    """L3 by itself: drawn so in menus."""
    way: Callable[[Moment, Item], str] | None = None
    """Of a switch: which way this item wants it; all that are marked go the way of the one that
    leads. It is told to `order` in the place of a node."""
    asks_only: bool = False
    """A question: nothing is ordered, so it may be asked anywhere, of any moment."""

    def fits(self, item: Item) -> bool:
        """Whether it can be done with such a thing at all."""
        return not {item.acts_as, item.kind}.isdisjoint(self.kinds)


def fitting(moment: Moment, item: Item) -> list[tuple[Deed, str]]:
    """The deeds for this kind of thing, each with the reason why it can't be done now."""
    return [(deed, deed.unfit(moment, item)) for deed in DEEDS if deed.fits(item)]


def deed(ident: str) -> Deed:
    return next(deed for deed in DEEDS if deed.id == ident)


def target_of(moment: Moment, item: Item) -> str:
    """The resource that placement is about: of a group's or clone's part, the whole."""
    return moment.parents.get(item.resource, item.resource)


def nodes_to_choose(moment: Moment, ident: str) -> list[str]:
    """Where a resource may be moved to, or kept away from."""
    views = sorted(moment.overview.nodes, key=lambda node: natural(node.name))
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
    return "" if names & leftovers(moment).keys() else "no move or ban is in force"


def _target_roles(moment: Moment, item: Item) -> set[str]:
    """The schema takes them in any case of letters."""
    views = (moment.views.get(target_of(moment, item)), moment.views.get(item.view))
    return {view.target_role.capitalize() for view in views if view is not None}


def _stopped(moment: Moment, item: Item) -> str:
    return "" if "Stopped" in _target_roles(moment, item) else "it is not told to stop"


def _startable(moment: Moment, item: Item) -> str:
    return "" if _stopped(moment, item) else "it is told to stop already"


def _promotable(moment: Moment, item: Item) -> str:
    view = moment.views.get(target_of(moment, item))
    return "" if view is not None and view.promotable else "it is not promotable"


def _demoted(moment: Moment, item: Item) -> str:
    no = _promotable(moment, item)
    return no or ("" if "Unpromoted" in _target_roles(moment, item) else "it is not told to demote")


def _demotable(moment: Moment, item: Item) -> str:
    told = "Unpromoted" in _target_roles(moment, item)
    return _promotable(moment, item) or ("it is told to demote already" if told else "")


def _unmanaged(moment: Moment, item: Item) -> str:
    view = moment.views.get(item.view)
    return "it is managed" if view is None or view.managed else ""


def _managed(moment: Moment, item: Item) -> str:
    return "" if _unmanaged(moment, item) else "it is not managed already"


def _lost(moment: Moment, item: Item) -> str:
    record = moment.state.record(item.node)
    return "it is online, so it is not down" if record is not None and record.online else ""


def _present(moment: Moment, item: Item) -> str:
    if item.node not in moment.state.nodes:
        return "it is a remote node, and no member"
    return "" if moment.state.nodes[item.node].present else "it is not here"


# ----------------------------------------------------------------------------------- how it is told


def _move(moment: Moment, item: Item, node: str) -> Order:
    name = target_of(moment, item)
    view = moment.views.get(name)
    return errands.move(name, node, view is not None and view.promotable)


def _cleanup(moment: Moment, item: Item, node: str) -> Order:
    if item.kind == "node":
        return errands.cleanup(node=item.node)
    return errands.cleanup(item.resource)


def _role(role: str) -> Callable[[Moment, Item, str], Order]:
    return lambda moment, item, node: errands.role(base_of(item.resource), role)


def _maintenance(moment: Moment, item: Item, way: str) -> Order:
    if item.kind == "node":
        return errands.maintenance(way == ON, node=item.node)
    return errands.maintenance(way == ON, name=target_of(moment, item))


def _maintenance_way(moment: Moment, item: Item) -> str:
    is_node = item.kind == "node"
    view = moment.nodes.get(item.node) if is_node else moment.views.get(item.view)
    return OFF if view is not None and view.maintenance else ON


def _standby(moment: Moment, item: Item, way: str) -> Order:
    return errands.standby(item.node, way == ON)


def _standby_way(moment: Moment, item: Item) -> str:
    view = moment.nodes.get(item.node)
    return OFF if view is not None and view.standby else ON


_RESOURCE, _NODE = ("resource",), ("node",)
_BOTH = ("resource", "node")
DEEDS: tuple[Deed, ...] = (
    Deed("move", "m", "move to another node", _RESOURCE, _move, _movable, "node"),
    Deed("ban", "x", "ban from a node", _RESOURCE,
         lambda moment, item, node: errands.ban(target_of(moment, item), node), _always, "node"),
    Deed("clear", "u", "clear moves and bans", _RESOURCE,
         lambda moment, item, node: errands.clear(target_of(moment, item)), _clearable),
    Deed("cleanup", "c", "clean up failures", _BOTH, _cleanup, _always),
    Deed("start", "s", "start", _RESOURCE, _role("Started"), _stopped),
    Deed("stop", "t", "stop, and keep it stopped", _RESOURCE, _role("Stopped"), _startable),
    Deed("restart", "r", "restart: stop, then start", _RESOURCE,
         lambda moment, item, node: errands.restart(base_of(item.resource)), _startable),
    Deed("promote", "p", "promote again", _RESOURCE, _role("Promoted"), _demoted),
    Deed("demote", "d", "demote, and keep it so", _RESOURCE, _role("Unpromoted"), _demotable),
    Deed("unmanage", "n", "unmanage: hands off", _RESOURCE,
         lambda moment, item, node: errands.manage(base_of(item.resource), False), _managed),
    Deed("manage", "g", "manage again", _RESOURCE,
         lambda moment, item, node: errands.manage(base_of(item.resource), True), _unmanaged),
    Deed("standby", "s", "standby / back online", _NODE, _standby, _always,
         way=_standby_way),
    Deed("maintenance", "M", "maintenance on / off", _BOTH, _maintenance, _always,
         way=_maintenance_way),
    Deed("whatif-lost", "w", "what if it were lost", _NODE,
         lambda moment, item, node: errands.lose(item.node), _present, asks_only=True),
    Deed("whatif-without", "w", "what if it were gone", ("constraint",),
         lambda moment, item, node: errands.without(item.key), _always, asks_only=True),
    Deed("leave", "l", "shut hanode down", _NODE,
         lambda moment, item, node: errands.leave(item.node), _present, grave=True),
    Deed("fence", "f", "fence: reboot it", _NODE,
         lambda moment, item, node: errands.fence(item.node), _always, grave=True),
    Deed("fence-off", "o", "fence: power it off", _NODE,
         lambda moment, item, node: errands.fence(item.node, "off"), _always, grave=True),
    Deed("confirm", "d", "confirm that it is down", _NODE,
         lambda moment, item, node: errands.confirm(item.node), _lost, grave=True),
)  # fmt: skip
