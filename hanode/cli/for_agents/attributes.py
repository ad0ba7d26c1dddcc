"""Attributes of nodes, and the cluster's options: crm_attribute, crm_master, attrd_updater."""

from __future__ import annotations

import argparse
import os
import sys

from hanode.attributes import of_the_cluster
from hanode.cib.options import property_sets, text, timeless
from hanode.cib.xml import read_xml
from hanode.cli.attributes import lasting as lasting_of
from hanode.cli.desk import Desk
from hanode.cli.exits import Failed
from hanode.cli.for_agents.words import NOT_FOUND, OK, Words, commit, within_reach
from hanode.cli.noun import Change
from hanode.mgmt import nodes, orders

LASTING = ("forever",)


def attribute(desk: Desk, here: str, words: list[str]) -> int:
    given = _attribute_words(desk.argv[0]).parse_args(words)
    if given.utilization:
        raise Failed("utilization attributes can't be set by agents; use hanode resource or node")
    name = _name_of(given)
    if given.type == "crm_config":
        return _property(desk, given, name)
    node, lasting = given.node or here, given.lifetime in LASTING or given.type == "nodes"
    value = given.both if given.both is not None else given.value
    if given.delete or value is not None:
        if of_the_cluster(name):
            raise Failed(f"{name} is the cluster's own; an agent can't set it")
        within_reach(node, name, lasting)
        commit(desk, _setting(node, name, None if given.delete else value, lasting))
        return OK
    record = desk.state.record(node)
    if record is None:
        raise Failed(f"there is no node {node}")
    held = lasting_of(desk.state, node) if lasting else record.attributes
    return _show(desk.argv[0], given, name, node, text(held, name) or given.default)


def _attribute_words(tool: str) -> Words:
    parser = Words(prog=tool, allow_abbrev=False)
    add = parser.add_argument
    add("-n", "--name", "--attr-name", default="")
    add("-v", "--attr-value", "--update", "-U", dest="value")
    add("-B", "--update-both", dest="both")
    add("-D", "--delete", action="store_true")
    add("-N", "--node", default="")
    add("-l", "--lifetime", default="reboot", choices=("reboot", *LASTING))
    add("-t", "--type", default="status", choices=("status", "nodes", "crm_config"))
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
