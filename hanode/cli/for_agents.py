"""What agents ask of the whole cluster through crm_attribute, crm_node, crm_resource and their kin.

The usual question, an attribute of the agent's own node until its reboot, never comes here: the
LRM answers it (hanode/agents/lib/attribute_tool.py). What these commands can do beyond this is
refused by name.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable
from typing import NoReturn

from hanode.attributes import of_the_cluster
from hanode.cib.options import property_sets, text, timeless
from hanode.cib.xml import read_xml
from hanode.cli import attributes
from hanode.cli.change import send
from hanode.cli.desk import Desk
from hanode.cli.exits import USAGE, Failed
from hanode.cli.line import Refusal
from hanode.cli.noun import Change
from hanode.mgmt import nodes, orders
from hanode.mgmt.proposal import CannotOrder, NothingToDo
from hanode.mgmt.switches import NODE_SWITCHES
from hanode.state import ClusterState, cib_of

OK, FAILED, NOT_FOUND = 0, 1, 105
_LASTING = ("forever",)


class _Words(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(USAGE, f"{self.prog}: {message}; not known to this stand-in of hanode\n")


def main(argv: list[str]) -> int:
    tool, *words = argv
    node = os.environ.get("HANODE_NODE", "")
    desk = Desk(os.environ.get("HANODE_CONFIG", ""), [tool, *words], argparse.Namespace())
    try:
        return _TOOLS[tool](desk, node, words)
    except (CannotOrder, Refusal, Failed) as error:
        print(f"{tool}: {error}", file=sys.stderr)
        return FAILED
    finally:
        desk.close()


# ------------------------------------------------------------------------------------- attributes


def _attribute(desk: Desk, here: str, words: list[str]) -> int:
    given = _attribute_words(desk.argv[0]).parse_args(words)
    if given.utilization:
        raise Failed("utilization attributes can't be set by agents; use hanode resource or node")
    name = _name_of(given)
    if given.type == "crm_config":
        return _property(desk, given, name)
    node, lasting = given.node or here, given.lifetime in _LASTING or given.type == "nodes"
    value = given.both if given.both is not None else given.value
    if given.delete or value is not None:
        if of_the_cluster(name):
            raise Failed(f"{name} is the cluster's own; an agent can't set it")
        _within_reach(node, name, lasting)
        _commit(desk, _setting(node, name, None if given.delete else value, lasting))
        return OK
    record = desk.state.record(node)
    if record is None:
        raise Failed(f"there is no node {node}")
    held = attributes.lasting(desk.state, node) if lasting else record.attributes
    return _show(desk.argv[0], given, name, node, text(held, name) or given.default)


def _within_reach(node: str, name: str = "", lasting: bool = False) -> None:
    """What agents on a remote node change, they change of that node alone: whoever holds that
    machine holds no member by it, nor has it fenced or kept out of service. Raises Failed."""
    remote = os.environ.get("HANODE_REMOTE", "")
    if not remote:
        return
    if node != remote:
        raise Failed(f"an agent on remote node {remote} can't change anything of {node}")
    if name == "terminate" or (lasting and name in NODE_SWITCHES):
        raise Failed(f"an agent on a remote node can't set {name}; that is left to people")


def _attribute_words(tool: str) -> _Words:
    parser = _Words(prog=tool, allow_abbrev=False)
    add = parser.add_argument
    add("-n", "--name", "--attr-name", default="")
    add("-v", "--attr-value", "--update", "-U", dest="value")
    add("-B", "--update-both", dest="both")
    add("-D", "--delete", action="store_true")
    add("-N", "--node", default="")
    add("-l", "--lifetime", default="reboot")
    add("-t", "--type", default="status")
    add("-z", "--utilization", action="store_true")
    add("-p", "--promotion", nargs="?", const="")
    add("-V", "--verbose", action="count")
    if tool == "attrd_updater":
        add("-Q", "--query", action="store_true")
        add("-q", "--quiet", action="store_true")
        add("-d", "--delay", default="")
        parser.set_defaults(default=None)
    else:
        add("-G", "--query", action="store_true")
        add("-q", "-Q", "--quiet", action="store_true")
        add("-d", "--default")
        add("-r", "--resource", default="")
    return parser


def _name_of(given: argparse.Namespace) -> str:
    if given.promotion is None:
        if not given.name:
            raise Failed("which attribute? give its name")
        return str(given.name)
    resource = given.promotion or os.environ.get("OCF_RESOURCE_INSTANCE", "")
    return f"master-{resource.partition(':')[0]}"


def _setting(node: str, name: str, value: str | None, lasting: bool) -> Change:
    if not lasting:
        return lambda state: orders.attribute(state, node, name, value)
    pairs = {name: value or ""}
    command = ["node", "attribute", node, f"{name}={value or ''}"]
    return lambda state: nodes.set_attributes(state, node, pairs, command)


def _property(desk: Desk, given: argparse.Namespace, name: str) -> int:
    if given.delete or given.value is not None:
        raise Failed("an agent may read cluster options, not set them")
    held = timeless(property_sets(read_xml(desk.state.cib.encode())))
    return _show(desk.argv[0], given, name, "", text(held, name) or given.default)


def _show(tool: str, given: argparse.Namespace, name: str, node: str, value: str | None) -> int:
    if value is None:
        print(f"{tool}: {node or 'the cluster'} has no attribute {name}", file=sys.stderr)
        return NOT_FOUND
    if tool == "attrd_updater":
        print(f'name="{name}" host="{node}" value="{value}"')
    else:
        print(value if given.quiet else f"scope={given.type}  name={name} value={value}")
    return OK


# -------------------------------------------------------------------------------- nodes, resources


def _node(desk: Desk, here: str, words: list[str]) -> int:
    parser = _Words(prog="crm_node", allow_abbrev=False)
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


def _resource(desk: Desk, here: str, words: list[str]) -> int:
    parser = _Words(prog="crm_resource", allow_abbrev=False)
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
        _within_reach(node)
        _commit(desk, lambda state: orders.ban(state, name, node))
    elif given.clear:
        where = given.node or os.environ.get("HANODE_REMOTE", "")  # empty: everywhere
        _within_reach(where)
        _commit(desk, lambda state: orders.clear(state, name, where))
    elif given.parameter:
        return _parameter(desk.state, name, given.parameter, meta=given.meta)
    elif given.locate:
        return _locate(desk.state, name, quiet=given.quiet)
    else:
        raise Failed("locate, ban, clear or get a parameter: more isn't known to this stand-in")
    return OK


def _locate(state: ClusterState, name: str, *, quiet: bool) -> int:
    from hanode.pe import instance_state

    view = instance_state(cib_of(state), time.time()).get(name)
    if view is None:
        raise Failed(f"there is no resource {name}")
    for node in view.nodes:
        print(node if quiet else f"resource {name} is running on: {node}")
    if not view.nodes:
        print(f"resource {name} is NOT running", file=sys.stderr)
    return OK


def _parameter(state: ClusterState, name: str, option: str, *, meta: bool) -> int:
    kind = "meta_attributes" if meta else "instance_attributes"
    for primitive in read_xml(state.cib.encode()).iter("primitive"):
        if primitive.get("id") == name:
            for pair in primitive.iterfind(f"{kind}/nvpair"):
                if pair.get("name") == option:
                    print(pair.get("value", ""))
                    return OK
    print(f"crm_resource: {name} has no {option}", file=sys.stderr)
    return NOT_FOUND


# --------------------------------------------------------------------------------------- a change


def _commit(desk: Desk, change: Change) -> None:
    """Done once it is in the log; what is so already needs nothing."""
    try:
        send(change, change(desk.state), desk)
    except NothingToDo:
        return


_TOOLS: dict[str, Callable[[Desk, str, list[str]], int]] = {
    "crm_attribute": _attribute,
    "crm_master": _attribute,
    "attrd_updater": _attribute,
    "crm_node": _node,
    "crm_resource": _resource,
}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
