"""`hanode ticket`: whether this site holds a ticket (several sites share one service)."""

from __future__ import annotations

from hanode.cli import table
from hanode.cli.desk import Desk
from hanode.cli.moments import iso, local
from hanode.cli.noun import Change, Noun, arg
from hanode.mgmt import orders

noun = Noun("ticket", "what this site may run", default="list")


def main(argv: list[str], config_path: str) -> int:
    return noun.main(argv, config_path)


@noun.verb("list", "tickets", arg("--json", action="store_true", help="print JSON"))
def show(desk: Desk) -> int:
    when = iso if desk.arguments.json else local
    rows = [
        {
            "id": t.id, "granted": t.granted, "standby": t.standby,
            "last_granted": when(t.last_granted),
        }
        for _, t in sorted(desk.state.tickets.items())
    ]  # fmt: skip
    table.show(rows, desk.arguments.json, "no ticket was ever granted or revoked here")
    return 0


@noun.verb("grant", "this site may run what depends on it", arg("ticket"), changes=True)
def grant(desk: Desk) -> Change:
    return lambda state: orders.ticket(state, desk.arguments.ticket, granted=True)


@noun.verb("revoke", "it may not", arg("ticket"), changes=True)
def revoke(desk: Desk) -> Change:
    return lambda state: orders.ticket(state, desk.arguments.ticket, granted=False)


@noun.verb("standby", "hand it back in an orderly way", arg("ticket"), changes=True)
def standby(desk: Desk) -> Change:
    return lambda state: orders.ticket(state, desk.arguments.ticket, standby=True)


@noun.verb("activate", "end its standby", arg("ticket"), changes=True)
def activate(desk: Desk) -> Change:
    return lambda state: orders.ticket(state, desk.arguments.ticket, standby=False)
