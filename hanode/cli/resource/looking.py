"""What there is and why: list, why, agents, describe."""

from __future__ import annotations

import time

from hanode.cli import table
from hanode.cli.absent import is_missing
from hanode.cli.desk import Desk
from hanode.cli.exits import OK, Failed
from hanode.cli.noun import arg
from hanode.cli.resource.noun import JSON, RESOURCE, noun
from hanode.state import ClusterState, cib_of


@noun.verb("status", "all resources, and where they are", JSON)
@noun.verb("list", "all resources, and where they are", JSON)
def show(desk: Desk) -> int:
    from hanode.pe import overview

    rows, missing = [], _missing(desk.state)
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
        flags += [f"not-installed:{node}" for node in missing.get(view.id.partition(":")[0], ())]
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


def _missing(state: ClusterState) -> dict[str, list[str]]:
    """Where what is not installed: by resource, the nodes."""
    found: dict[str, list[str]] = {}
    for name, record in sorted({**state.nodes, **state.remotes}.items()):
        for resource, kept in record.history.items():
            last = kept.get("last_0")
            if last is not None and is_missing(last):
                found.setdefault(resource.partition(":")[0], []).append(name)
    return found


@noun.verb("why", "why it is where it is, why not elsewhere, and what would move it", RESOURCE)
def why(desk: Desk) -> int:
    from hanode.mgmt.draft import Draft
    from hanode.mgmt.proposal import unknown
    from hanode.pe import schedule
    from hanode.pe.why import NoSuchResource
    from hanode.pe.why import why as reasons

    cib, now = cib_of(desk.state), time.time()
    try:
        print("\n".join(reasons(cib, schedule(cib, now), now, desk.arguments.resource)))
    except NoSuchResource:
        known = Draft(desk.state).resource_names()
        raise unknown("resource", desk.arguments.resource, known) from None
    return OK


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
        print(f"   {action.name} {' '.join(f'{k}={v}' for k, v in action.advice)}")
    return OK
