"""Where resources run, and whether: move, ban, start, stop, cleanup."""

from __future__ import annotations

import time
from collections.abc import Callable

from hanode.cli.desk import Desk
from hanode.cli.lifetime import until
from hanode.cli.noun import Change, arg
from hanode.cli.resource.noun import RESOURCE, noun
from hanode.mgmt import orders
from hanode.mgmt.draft import Draft
from hanode.mgmt.proposal import CannotOrder
from hanode.state import ClusterState, cib_of

PLACE = (
    RESOURCE,
    arg("node", nargs="?", default=""),
    arg("--promoted", "--master", action="store_true", help="only the promoted role"),
    arg("--lifetime", default="", help="for how long: 30m, 2h, PT1H (default: until cleared)"),
    arg("--until", default="", help="until this time (ISO 8601)"),
)


@noun.verb("move", "to a node (or away from where it is), and hold it there", *PLACE, changes=True)
def move(desk: Desk) -> Change:
    return _placed(desk, orders.move)


@noun.verb("ban", "keep it off a node (or off where it is)", *PLACE, changes=True)
def ban(desk: Desk) -> Change:
    return _placed(desk, orders.ban)


@noun.verb(
    "unmove", "the same as clear", RESOURCE, arg("node", nargs="?", default=""), changes=True
)
@noun.verb(
    "clear", "remove what move and ban left behind", RESOURCE,
    arg("node", nargs="?", default=""), changes=True,
)  # fmt: skip
def clear(desk: Desk) -> Change:
    return lambda state: orders.clear(state, desk.arguments.resource, desk.arguments.node)


def _placed(desk: Desk, order: Callable[..., orders.Proposal]) -> Change:
    given = desk.arguments
    end = until(given.lifetime, given.until, time.time())
    if not given.node:
        return _away(desk, end)
    return lambda state: order(
        state, given.resource, given.node, until=end, promoted=given.promoted
    )


def _away(desk: Desk, end: float) -> Change:
    """Ban it from the one node where it is now."""
    given = desk.arguments

    def change(state: ClusterState) -> orders.Proposal:
        from hanode.cli.aim import whereabouts
        from hanode.pe import overview

        Draft(state).resource(given.resource)
        seen = overview(cib_of(state), time.time())
        nodes = sorted(set(whereabouts(seen, given.resource, given.promoted)))
        if len(nodes) != 1:
            where = f"on {', '.join(nodes)}" if nodes else "nowhere"
            raise CannotOrder(f"{given.resource} is active {where}; name the node")
        return orders.ban(state, given.resource, nodes[0], until=end, promoted=given.promoted)

    return change


def _role_verb(role: str, summary: str, *names: str) -> None:
    for name in names:

        @noun.verb(name, summary, RESOURCE, changes=True)
        def run(desk: Desk) -> Change:
            return lambda state: orders.target_role(state, desk.arguments.resource, role)


_role_verb("Started", "let it run", "start", "enable")
_role_verb("Stopped", "stop it, and keep it stopped", "stop", "disable")
_role_verb("Unpromoted", "promoted nowhere; it runs on", "demote")


@noun.verb(
    "promote", "promote it where scores say, or on this node",
    RESOURCE, arg("node", nargs="?", default=""), changes=True,
)  # fmt: skip
def promote(desk: Desk) -> Change:
    given = desk.arguments
    if given.node:
        return lambda state: orders.move(state, given.resource, given.node, promoted=True)
    return lambda state: orders.target_role(state, given.resource, "Promoted")


@noun.verb("manage", "the cluster looks after it again", RESOURCE, changes=True)
def manage(desk: Desk) -> Change:
    return lambda state: orders.manage(state, desk.arguments.resource, True)


@noun.verb("unmanage", "leave it as it is", RESOURCE, changes=True)
def unmanage(desk: Desk) -> Change:
    return lambda state: orders.manage(state, desk.arguments.resource, False)


@noun.verb(
    "maintenance", "hands off: not even watched", RESOURCE,
    arg("--off", action="store_true", help="maintenance is over"), changes=True,
)  # fmt: skip
def maintenance(desk: Desk) -> Change:
    given = desk.arguments
    return lambda state: orders.maintenance(state, not given.off, resource=given.resource)


@noun.verb("refresh", "forget all that is known of it, and look anew what runs",
           arg("resource", nargs="?", default=""), arg("--node", default=""),
           changes=True)  # fmt: skip
def refresh(desk: Desk) -> Change:
    given = desk.arguments
    return lambda state: orders.cleanup(state, given.resource, given.node, everywhere=True)


@noun.verb("cleanup", "forget failures, and look anew what runs where it has failed",
           arg("resource", nargs="?", default=""), arg("--node", default=""),
           changes=True)  # fmt: skip
def cleanup(desk: Desk) -> Change:
    return lambda state: orders.cleanup(state, desk.arguments.resource, desk.arguments.node)
