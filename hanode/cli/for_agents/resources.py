"""Who is here, where a resource runs and what it is told: crm_node, crm_resource."""

from __future__ import annotations

import os
import sys
import time

from hanode.cli.desk import Desk
from hanode.cli.exits import Failed
from hanode.cli.for_agents.words import NOT_FOUND, OK, Words, commit, within_reach
from hanode.mgmt import orders
from hanode.mgmt.draft import Draft
from hanode.mgmt.running import inherited
from hanode.state import ClusterState, cib_of


def node(desk: Desk, here: str, words: list[str]) -> int:
    parser = Words(prog="crm_node", allow_abbrev=False)
    add = parser.add_argument
    add("-n", "--name", action="store_true")
    add("-i", "--cluster-id", action="store_true")
    add("-l", "--list", action="store_true")
    add("-p", "--partition", action="store_true")
    add("-q", "--quorum", action="store_true")
    add("-N", "--name-for-id", default="")
    given = parser.parse_args(words)
    state = desk.state
    if given.list:
        for name, member in sorted(state.members.items()):
            where = "member" if state.nodes[name].present else "lost"
            print(f"{member.number} {name} {where}")
    elif given.partition:
        print(" ".join(state.present))
    elif given.quorum:
        print("1" if state.quorate else "0")
    elif given.cluster_id:
        print(state.members[here].number)
    elif given.name_for_id:
        numbers = {str(member.number): name for name, member in state.members.items()}
        print(numbers.get(given.name_for_id, given.name_for_id))
    else:
        print(here)
    return OK


def resource(desk: Desk, here: str, words: list[str]) -> int:
    parser = Words(prog="crm_resource", allow_abbrev=False)
    add = parser.add_argument
    add("-r", "--resource", default=os.environ.get("OCF_RESOURCE_INSTANCE", ""))
    add("-W", "--locate", action="store_true")
    add("-B", "--ban", action="store_true")
    add("-U", "--clear", action="store_true")
    add("-g", "--get-parameter", dest="parameter", default="")
    add("-m", "--meta", action="store_true")
    add("-N", "--node", default="")
    add("-Q", "--quiet", action="store_true")
    given = parser.parse_args(words)
    name, node = given.resource.partition(":")[0], given.node or here
    if given.ban:
        within_reach(node)
        commit(desk, lambda state: orders.ban(state, name, node))
    elif given.clear:
        where = given.node or os.environ.get("HANODE_REMOTE", "")  # empty: everywhere
        within_reach(where)
        commit(desk, lambda state: orders.clear(state, name, where))
    elif given.parameter:
        return _parameter(desk.state, name, given.parameter, meta=given.meta)
    elif given.locate:
        return _locate(desk.state, name, quiet=given.quiet)
    else:
        raise Failed("locate, ban, clear or get a parameter: more isn't known to this stand-in")
    return OK


def _locate(state: ClusterState, name: str, *, quiet: bool) -> int:
    from hanode.cli.aim import whereabouts
    from hanode.pe import overview

    Draft(state).resource(name)
    places = sorted(set(whereabouts(overview(cib_of(state), time.time()), name, False)))
    for node in places:
        print(node if quiet else f"resource {name} is running on: {node}")
    if not places:
        print(f"resource {name} is NOT running", file=sys.stderr)
    return OK


def _parameter(state: ClusterState, name: str, option: str, *, meta: bool) -> int:
    draft = Draft(state)
    draft.resource(name)
    value = draft.pair(name, "meta_attributes" if meta else "instance_attributes", option)
    if value is None and meta:
        value = inherited(draft, name, option)
    if value is None:
        print(f"crm_resource: {name} has no {option}", file=sys.stderr)
        return NOT_FOUND
    print(value)
    return OK
