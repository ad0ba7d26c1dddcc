"""`hanode resource`: what runs, where, and whether; made, changed and moved."""

from __future__ import annotations

import time

from hanode.cli import table
from hanode.cli.creation import create_verb
from hanode.cli.decision import score_text
from hanode.cli.desk import Desk
from hanode.cli.exits import OK, Failed
from hanode.cli.lifetime import until
from hanode.cli.noun import Change, Noun, arg
from hanode.cli.pairs import pairs_of, sections_of
from hanode.mgmt import orders, resources
from hanode.mgmt.draft import CannotOrder, Draft
from hanode.state import ClusterState, cib_of

noun = Noun("resource", "what the cluster runs", default="list")
JSON = arg("--json", action="store_true", help="print JSON")
RESOURCE = arg("resource")
WORDS = arg("words", nargs="*", metavar="NAME=VALUE")
PLACE = (
    RESOURCE,
    arg("node", nargs="?", default=""),
    arg("--promoted", "--master", action="store_true", help="only the promoted role"),
    arg("--lifetime", default="", help="for how long: 30m, 2h, PT1H (default: until cleared)"),
    arg("--until", default="", help="until this time (ISO 8601)"),
)


def main(argv: list[str], config_path: str) -> int:
    return noun.main(argv, config_path)


@noun.verb("status", "all resources, and where they are", JSON)
@noun.verb("list", "all resources, and where they are", JSON)
def show(desk: Desk) -> int:
    from hanode.pe import overview

    rows = []
    waiting = [(view, 0) for view in reversed(overview(cib_of(desk.state), time.time()).resources)]
    while waiting:
        view, depth = waiting.pop()
        flags = [
            word
            for word, on in (
                ("failed", view.failed), ("blocked", view.blocked), ("unmanaged", not view.managed),
                ("maintenance", view.maintenance), ("orphaned", view.orphaned),
                ("disabled", view.target_role.lower() == "stopped"),
            )
            if on
        ]  # fmt: skip
        rows.append(
            {
                "id": ("" if desk.arguments.json else "  " * depth) + view.id,
                "agent": view.agent or view.kind, "role": view.pending or view.role,
                "nodes": list(view.nodes), "flags": flags,
            }
        )  # fmt: skip
        waiting += [(child, depth + 1) for child in reversed(view.children)]
    table.show(rows, desk.arguments.json, "no resources are configured")
    return OK


create_verb(noun, stonith=False)


@noun.verb("delete", "a resource goes, with its constraints", RESOURCE, changes=True)
def delete(desk: Desk) -> Change:
    return lambda state: resources.delete(state, desk.arguments.resource)


@noun.verb(
    "update", "change parameters, `meta NAME=VALUE`, `op NAME ...`; NAME= takes one away",
    RESOURCE, WORDS, changes=True,
)  # fmt: skip
def update(desk: Desk) -> Change:
    told = sections_of(desk.arguments.words)
    return lambda state: resources.update(
        state, desk.arguments.resource, desk.argv, parameters=told.parameters, meta=told.meta,
        operations=tuple(told.operations),
    )  # fmt: skip


@noun.verb("meta", "change meta attributes; NAME= takes one away", RESOURCE, WORDS, changes=True)
def meta(desk: Desk) -> Change:
    pairs = pairs_of(desk.arguments.words)
    return lambda state: resources.update(state, desk.arguments.resource, desk.argv, meta=pairs)


# ------------------------------------------------------------------------------------- where it is


@noun.verb("move", "to a node (or away from where it is), and hold it there", *PLACE, changes=True)
def move(desk: Desk) -> Change:
    given = desk.arguments
    end = until(given.lifetime, given.until, time.time())
    if not given.node:
        return _away(desk, end)
    return lambda state: orders.move(
        state, given.resource, given.node, until=end, promoted=given.promoted
    )


@noun.verb("ban", "keep it off a node (or off where it is)", *PLACE, changes=True)
def ban(desk: Desk) -> Change:
    given = desk.arguments
    end = until(given.lifetime, given.until, time.time())
    if not given.node:
        return _away(desk, end)
    return lambda state: orders.ban(
        state, given.resource, given.node, until=end, promoted=given.promoted
    )


@noun.verb(
    "unmove", "the same as clear", RESOURCE, arg("node", nargs="?", default=""), changes=True
)
@noun.verb(
    "clear", "remove what move and ban left behind", RESOURCE,
    arg("node", nargs="?", default=""), changes=True,
)  # fmt: skip
def clear(desk: Desk) -> Change:
    return lambda state: orders.clear(state, desk.arguments.resource, desk.arguments.node)


def _away(desk: Desk, end: float) -> Change:
    """Ban it from the one node where it is now."""
    given = desk.arguments

    def change(state: ClusterState) -> orders.Proposal:
        from hanode.pe import instance_state

        view = instance_state(cib_of(state), time.time()).get(given.resource)
        nodes = view.nodes if view is not None else ()
        if view is not None and given.promoted:
            nodes = tuple(place.node for place in view.places if place.role == "Promoted")
        if len(nodes) != 1:
            where = f"on {', '.join(nodes)}" if nodes else "nowhere"
            raise CannotOrder(f"{given.resource} is active {where}; name the node")
        return orders.ban(state, given.resource, nodes[0], until=end, promoted=given.promoted)

    return change


# --------------------------------------------------------------------------------- whether it runs


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


@noun.verb("restart", "stop it, wait, start it again", RESOURCE, arg(
    "--limit", type=float, default=60.0, help="seconds that stopping may take (default 60)"
))  # fmt: skip
def restart(desk: Desk) -> int:
    from hanode.cli.rest import wait_for_rest

    name, limit = desk.arguments.resource, desk.arguments.limit
    index = _commit(desk, orders.target_role(desk.state, name, "Stopped"))
    stopping = wait_for_rest(desk, index, limit)
    index = _commit(desk, orders.target_role(desk.fresh_state(), name, "Started"))
    if stopping.unrest:
        raise Failed(f"{name} did not stop in time ({stopping.unrest}); it may run again")
    starting = wait_for_rest(desk, index, limit)
    trouble = "; ".join((*starting.failures, *filter(None, (starting.unrest,))))
    if trouble:
        raise Failed(f"{name} was stopped and may start, but: {trouble}")
    print(f"{name} was restarted.")
    return OK


def _commit(desk: Desk, proposal: orders.Proposal) -> int:
    return max(desk.line.order(event, proposal.command) for event in proposal.events)


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


@noun.verb("refresh", "the same as cleanup", arg("resource", nargs="?", default=""),
           arg("--node", default=""), changes=True)  # fmt: skip
@noun.verb("cleanup", "forget failures, and look anew what runs",
           arg("resource", nargs="?", default=""), arg("--node", default=""),
           changes=True)  # fmt: skip
def cleanup(desk: Desk) -> Change:
    return lambda state: orders.cleanup(state, desk.arguments.resource, desk.arguments.node)


# ------------------------------------------------------------------------------------- collectives


@noun.verb("group", "the same as group add", arg("group"), arg("members", nargs="+"),
           changes=True)  # fmt: skip
@noun.verb("group add", "GROUP RESOURCE...: on one node, in this order",
           arg("group"), arg("members", nargs="+"), changes=True)  # fmt: skip
def group_add(desk: Desk) -> Change:
    return lambda state: resources.group_add(state, desk.arguments.group, desk.arguments.members)


@noun.verb("ungroup", "the same as group remove",
           arg("group"), arg("members", nargs="*"), changes=True)  # fmt: skip
@noun.verb("group remove", "GROUP [RESOURCE...]: take members (all) out",
           arg("group"), arg("members", nargs="*"), changes=True)  # fmt: skip
def group_remove(desk: Desk) -> Change:
    return lambda state: resources.group_remove(state, desk.arguments.group, desk.arguments.members)


@noun.verb("clone", "run it on many nodes: clone RESOURCE [promotable] [NAME=VALUE...]",
           RESOURCE, WORDS, arg("--promotable", action="store_true"), changes=True)  # fmt: skip
def clone(desk: Desk) -> Change:
    given = desk.arguments
    words = [word for word in given.words if word not in ("promotable", "meta")]
    promotable = given.promotable or "promotable" in given.words
    options = {**({"promotable": "true"} if promotable else {}), **pairs_of(words)}
    return lambda state: resources.clone(state, given.resource, desk.argv, options)


@noun.verb("promotable", "the same as clone --promotable", RESOURCE, WORDS, changes=True)
def promotable(desk: Desk) -> Change:
    options = {"promotable": "true", **pairs_of(desk.arguments.words)}
    return lambda state: resources.clone(state, desk.arguments.resource, desk.argv, options)


@noun.verb("unclone", "run it once only", RESOURCE, changes=True)
def unclone(desk: Desk) -> Change:
    return lambda state: resources.unclone(state, desk.arguments.resource)


@noun.verb("why", "why it is where it is: scores of all nodes, and from what they come", RESOURCE)
def why(desk: Desk) -> int:
    from hanode.pe import schedule

    inside = Draft(desk.state).resource(desk.arguments.resource).iter("primitive")
    names = {primitive.get("id", "") for primitive in inside}
    transition = schedule(cib_of(desk.state), time.time())
    found = {k: v for k, v in transition.scores.items() if k.partition(":")[0] in names}
    for instance, nodes in found.items():
        print(f"{instance}:")
        for node, parts in nodes.items():
            total = transition.totals.get(instance, {}).get(node)
            print(f"  {node}: {'-' if total is None else score_text(total)}")
            for part in parts:
                print(f"    {score_text(part.amount):>9}  {part.sentence}")
    for entry in transition.blocked:
        if (entry.resource or "").partition(":")[0] in names:
            print(f"blocked: {entry.operation} on {entry.node}: {entry.reason}")
    return OK


# ------------------------------------------------------------------------------------------ agents


@noun.verb("agents", "agents on this machine", arg("pattern", nargs="?", default=""), JSON)
def agents(desk: Desk) -> int:
    import json

    from hanode.cli.agents import listed
    from hanode.cli.creation import site_of

    found = listed(site_of(desk), desk.arguments.pattern)
    print(json.dumps(found) if desk.arguments.json else "\n".join(found) or "no such agent here")
    return OK


@noun.verb("describe", "an agent's parameters and actions", arg("agent"))
def describe(desk: Desk) -> int:
    from hanode.cli.agents import agent_of, metadata
    from hanode.cli.creation import site_of

    site = site_of(desk)
    agent = agent_of(desk.arguments.agent, site)
    known = metadata(agent, site)
    if known is None:
        raise Failed(f"{agent} is not on this machine; see: hanode resource agents {agent.type}")
    print(f"{agent}: {known.summary}\n\n{known.description}\n\nParameters (* required):")
    for parameter in known.parameters:
        mark = "*" if parameter.required else " "
        default = f" [{parameter.default}]" if parameter.default else ""
        print(f" {mark} {parameter.name}{default}: {parameter.summary}")
    print("\nActions:")
    for action in known.actions:
        options = " ".join(f"{k}={v}" for k, v in action.items() if k != "name")
        print(f"   {action.get('name', '')} {options}")
    return OK
