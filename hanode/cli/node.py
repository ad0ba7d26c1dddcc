"""`hanode node`: who is in the cluster, and what an operator does with a node."""

from __future__ import annotations

import time
from typing import Any

from hanode.cli import table
from hanode.cli.attributes import rows
from hanode.cli.desk import Desk
from hanode.cli.exits import USAGE, Failed
from hanode.cli.machines import add_verbs
from hanode.cli.noun import Change, Noun, arg
from hanode.cli.pairs import pairs_of
from hanode.events import MemberRemoved
from hanode.mgmt import nodes, orders
from hanode.mgmt.proposal import CannotOrder, Proposal, unknown
from hanode.mgmt.protocol import MakeToken, Token
from hanode.state import ClusterState, cib_of

noun = Noun("node", "the cluster's nodes", default="list")
add_verbs(noun)
LONGEST = 7 * 24 * 60
"""Minutes: whoever has the token is a member as soon as it is used."""
JSON = arg("--json", action="store_true", help="print JSON")


def main(argv: list[str], config_path: str) -> int:
    return noun.main(argv, config_path)


@noun.verb("list", "all nodes, remote ones too, with what they are and run", JSON)
def show(desk: Desk) -> int:
    from hanode.pe import overview

    state = desk.state
    views = {view.name: view for view in overview(cib_of(state), time.time()).nodes}
    rows = []
    for name, member in sorted(state.members.items()):
        view, record = views.get(name), state.nodes[name]
        says = view.state if view is not None else ("online" if record.present else "offline")
        rows.append(
            {
                "name": name,
                "state": says if member.role == "data" else f"witness, {says}",
                "dc": name == state.dc,
                "resources_running": view.resources_running if view is not None else 0,
                "boot": record.boot,
                "stream": member.stream,
            }
        )
    for view in views.values():
        if view.type != "member":
            rows.append(
                {
                    "name": view.name, "state": f"{view.type}, {view.state}", "dc": False,
                    "resources_running": view.resources_running, "boot": None, "stream": "",
                }
            )  # fmt: skip
    table.show(rows, desk.arguments.json, "the cluster has no nodes")
    return 0


@noun.verb("keys", "lines for the authorized_keys of remote nodes")
def keys(desk: Desk) -> int:
    from hanode.runtime.trusted import public_key_line

    for name, member in sorted(desk.state.members.items()):
        if member.role == "data":
            print(f"{public_key_line(member.host_key)} hanode-{name}")
    return 0


@noun.verb("standby", "run nothing on a node; it stays a member", arg("node"), changes=True)
def standby(desk: Desk) -> Change:
    return lambda state: orders.standby(state, desk.arguments.node, True)


@noun.verb("unstandby", "the same, as pcs says it", arg("node"), changes=True)
@noun.verb("online", "end a node's standby", arg("node"), changes=True)
def online(desk: Desk) -> Change:
    return lambda state: orders.standby(state, desk.arguments.node, False)


@noun.verb(
    "maintenance", "hands off what a node runs", arg("node"),
    arg("--off", action="store_true", help="maintenance is over"), changes=True,
)  # fmt: skip
def maintenance(desk: Desk) -> Change:
    given = desk.arguments
    return lambda state: orders.maintenance(state, not given.off, node=given.node)


@noun.verb("unmaintenance", "maintenance is over, as pcs says it", arg("node"), changes=True)
def unmaintenance(desk: Desk) -> Change:
    return lambda state: orders.maintenance(state, False, node=desk.arguments.node)


@noun.verb(
    "leave", "shut a node's hanode down in an orderly way (this one, unless named)",
    arg("node", nargs="?", default=""), changes=True,
)  # fmt: skip
def leave(desk: Desk) -> Change:
    return lambda state: orders.leave(state, desk.arguments.node or desk.line.welcome.node)


@noun.verb(
    "attribute", "set attributes of a node; NAME= takes one away",
    arg("node"), arg("pairs", nargs="+", metavar="NAME=VALUE"),
    arg("--transient", action="store_true", help="only until the node leaves"), changes=True,
)  # fmt: skip
def attribute(desk: Desk) -> Change:
    given = desk.arguments
    pairs = pairs_of(given.pairs)
    if not given.transient:
        return lambda state: nodes.set_attributes(state, given.node, pairs, desk.argv)
    if len(pairs) > 1:
        raise CannotOrder("set transient attributes one at a time")
    ((name, value),) = pairs.items()

    def change(state: ClusterState) -> Proposal:
        record = state.nodes.get(given.node)
        if value and record is not None and not record.present:
            raise CannotOrder(
                f"{given.node} is not in the cluster, and forgets {name} when it comes back; "
                "set it then, or without --transient"
            )
        return orders.attribute(state, given.node, name, value or None)

    return change


@noun.verb(
    "attributes", "attributes of a node (of all), and until when they last",
    arg("node", nargs="?", default=""), JSON,
)  # fmt: skip
def attributes(desk: Desk) -> int:
    node = desk.arguments.node
    if node and desk.state.record(node) is None:
        raise unknown("node", node, [*desk.state.nodes, *desk.state.remotes])
    table.show(rows(desk.state, node), desk.arguments.json, "no node has an attribute")
    return 0


@noun.verb("remove", "strike a node off the cluster for good", arg("node"), changes=True)
def remove(desk: Desk) -> Change:
    return lambda state: _removal(state, desk.arguments.node)


def _removal(state: ClusterState, node: str) -> Proposal:
    if node not in state.members:
        raise unknown("node", node, state.members)
    if state.nodes[node].present:
        raise CannotOrder(f"{node} takes part; shut it down first: hanode node leave {node}")
    if state.nodes[node].expected:
        raise CannotOrder(
            f"{node} is lost and may still run resources; wait for its fencing, or confirm that "
            f"it is down: hanode fence confirm {node}"
        )
    command = f"hanode node remove {node}"
    sentence = f"Remove {node} from the cluster; it must join anew to come back."
    return Proposal((MemberRemoved(node),), sentence, command, risky=True)


@noun.verb(
    "token", "a one-time token for `hanode join` on a new node",
    arg("--minutes", type=int, default=15, help="how long it is good (default 15)"), JSON,
)  # fmt: skip
def token(desk: Desk) -> int:
    if not 1 <= desk.arguments.minutes <= LONGEST:
        raise Failed(f"--minutes {desk.arguments.minutes}: give 1 to {LONGEST} (a week)", USAGE)
    answer: Any = desk.line.ask(MakeToken, minutes=desk.arguments.minutes)
    if not isinstance(answer, Token):
        raise Failed(f"unexpected answer {type(answer).__name__}; another version?")
    if desk.arguments.json:
        import json

        print(json.dumps({"token": answer.token, "minutes": desk.arguments.minutes}))
    else:
        print(answer.token)
    return 0
