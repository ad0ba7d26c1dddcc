"""`hanode fence`: devices and levels, history, and the orders that shut a node out or let it in."""

from __future__ import annotations

import sys

from hanode.cli import table
from hanode.cli.creation import create_verb
from hanode.cli.desk import Desk
from hanode.cli.exits import USAGE, Failed
from hanode.cli.moments import iso, local
from hanode.cli.noun import Change, Noun, arg
from hanode.cli.updating import update_verb
from hanode.mgmt import fencing, orders, resources
from hanode.mgmt.proposal import CannotOrder

noun = Noun("fence", "cutting off nodes", default="list")
JSON = arg("--json", action="store_true", help="print JSON")


def main(argv: list[str], config_path: str) -> int:
    return noun.main(argv, config_path)


@noun.verb("list", "devices and levels: whom each fences, by power or by isolation", JSON)
def show(desk: Desk) -> int:
    from hanode.cli import fence_table

    found = fence_table.rows(desk.state)
    if not desk.arguments.json:
        found = [{k: v for k, v in row.items() if k != "isolates"} for row in found]
    table.show(found, desk.arguments.json, "no fence device is configured: hanode fence create ...")
    if not desk.arguments.json:
        for sentence in fence_table.shortcomings(desk.state):
            print(sentence)
    return 0


@noun.verb("history", "fencings wanted, done and failed", JSON)
def history(desk: Desk) -> int:
    when = iso if desk.arguments.json else local
    rows = [
        {
            "target": f.target, "action": f.action, "status": f.status, "reason": f.reason,
            "device": f.device, "evidence": f.evidence, "by": f.by, "client": f.client,
            "requested": when(f.requested_at), "completed": when(f.completed_at),
        }
        for f in desk.state.fencings
    ]  # fmt: skip
    table.show(rows, desk.arguments.json, "no node was ever fenced")
    return 0


@noun.verb(
    "node", "fence a node now", arg("node"),
    arg("--off", action="store_true", help="leave it powered off"), changes=True,
)  # fmt: skip
def node(desk: Desk) -> Change:
    action = "off" if desk.arguments.off else "reboot"
    return lambda state: orders.fence(state, desk.arguments.node, action)


@noun.verb("confirm", "your word that a lost node is powered off", arg("node"), changes=True)
def confirm(desk: Desk) -> Change:
    given = desk.arguments
    if not given.yes and not given.dry_run and not sys.stdin.isatty():
        raise Failed(
            f"confirming a node that lives destroys data; look that {given.node} is off, "
            "then say so with --yes",
            USAGE,
        )
    return lambda state: orders.confirm_fenced(state, given.node)


@noun.verb("unfence", "let in again a node that was cut off", arg("node"), changes=True)
def unfence(desk: Desk) -> Change:
    given = desk.arguments
    record = desk.state.nodes.get(given.node)
    unheard = record is not None and not record.online
    if unheard and not (given.yes or given.dry_run or sys.stdin.isatty()):
        raise Failed(
            f"nobody hears {given.node}, so nobody knows what it runs; look that it serves nothing "
            "any more, then say so with --yes",
            USAGE,
        )
    return lambda state: orders.unfence(state, given.node)


create_verb(noun, stonith=True)


update_verb(noun, "change a device's parameters; NAME= takes one away", "device", resources.device)


@noun.verb("delete", "a device goes", arg("device"), changes=True)
def delete(desk: Desk) -> Change:
    return lambda state: resources.delete(state, resources.device(state, desk.arguments.device))


@noun.verb(
    "level add", "LEVEL NODE DEVICE...: these together fence it, in this turn",
    arg("level", type=int), arg("node"), arg("devices", nargs="+"), changes=True,
)  # fmt: skip
def level_add(desk: Desk) -> Change:
    given = desk.arguments
    devices = [device for word in given.devices for device in word.split(",") if device]
    if not devices:
        raise CannotOrder("name the devices of this level (level remove takes it away)")
    return lambda state: fencing.level(state, given.node, given.level, devices, desk.argv)


@noun.verb("level remove", "LEVEL NODE", arg("level", type=int), arg("node"), changes=True)
def level_remove(desk: Desk) -> Change:
    given = desk.arguments
    return lambda state: fencing.level(state, given.node, given.level, [], desk.argv)
