"""Makes a demo's folder: every node a member from its first breath, as if enrolled long ago."""

from __future__ import annotations

import json
import secrets
import shlex
import shutil
import time
from pathlib import Path

from hanode.demo import services
from hanode.demo.operator_key import OperatorKey
from hanode.demo.plan import NodePlan, Plan
from hanode.effects import Persist, Saved
from hanode.events import Member, Operator
from hanode.logd import LogStore
from hanode.node import found
from hanode.runtime import keys, trusted

OPERATOR = "operator"


def prepare(plan: Plan) -> None:
    """Write everything that the nodes and the console need. Raises OSError."""
    _clear(plan.folder)
    cluster = secrets.token_bytes(16)
    operator = OperatorKey.make()
    operator.write(plan.folder / OPERATOR, "demo operator")
    held = {node.name: _secrets(node) for node in plan.nodes}
    members = tuple(_member(node, held[node.name], cluster) for node in plan.nodes)
    saved = found(
        held[plan.nodes[0].name].identity,
        plan.nodes[0].name,
        cluster,
        "demo",
        members,
        (Operator(OPERATOR, operator.public),),
        services.cib(plan),
        time.time(),
    )
    for node in plan.nodes:
        _write_node(node, members, saved, operator)
    plan.console_config.write_text(console_toml(plan, members))


def node_toml(node: NodePlan) -> str:
    """hanode.toml of one node; all its paths are below its own folder."""
    links = "".join(f'\n[[link]]\nkind = "unicast"\naddress = "{link}"\n' for link in node.links)
    return (
        f"# Node {node.name} of a demo: written by `hatui demo`, thrown away with it.\n"
        f'name = "{node.name}"\n'
        f'stream = "{node.stream}"\n'
        'identity = "identity"\ntrusted = "trusted"\n'
        'state = "state"\nrun = "run"\nlog = "hanode.log"\npid = "run/hanode.pid"\n'
        f"{links}"
    )


def console_toml(plan: Plan, members: tuple[Member, ...]) -> str:
    """hatui.toml: the nodes' sockets for those on this machine, and the way over SSH."""
    sockets = ", ".join(f'"{node.console_socket.relative_to(plan.folder)}"' for node in plan.nodes)
    streams = ", ".join(f'"{OPERATOR}@{node.stream}"' for node in plan.nodes)
    pinned = ", ".join(f'"{trusted.public_key_line(one.host_key)}"' for one in members)
    return (
        "# How to reach the demo in this folder: hatui --config THIS-FILE [here|ssh]\n"
        'default = "here"\n\n'
        f"[contexts.here]\nwhere = [{sockets}]\n{_reach(plan)}\n"
        f'[contexts.ssh]\nwhere = [{streams}]\nkey = "{OPERATOR}"\nhost_keys = [{pinned}]\n'
        f"{_reach(plan)}"
    )


def _reach(plan: Plan) -> str:
    """A demo's machines are folders: no sshd; and only a demo has a strip to play with."""
    shell = f"sh -c 'cd {shlex.quote(str(plan.folder))}/{{node}} && exec $SHELL'"
    log = f"tail -n 200 -F {shlex.quote(str(plan.folder))}/{{node}}/hanode.log"
    return (
        f"shell = {json.dumps(shell)}\n"
        f'log = {json.dumps(log)}\nrestart = ""\nchaos = "{plan.strip_socket.name}"\n'
    )


def _clear(folder: Path) -> None:
    """Remove an earlier demo's nodes; nothing else that may lie here."""
    for config in sorted(folder.glob("n*/hanode.toml")):
        shutil.rmtree(config.parent)
    for name in (OPERATOR, "hatui.toml", "strip.sock"):
        (folder / name).unlink(missing_ok=True)


def _secrets(node: NodePlan) -> keys.Secrets:
    for part in ("", "state", "trusted"):
        (node.folder / part).mkdir(mode=0o700)
    return keys.create(node.folder / "identity")


def _member(node: NodePlan, held: keys.Secrets, cluster: bytes) -> Member:
    return keys.member(held, node.name, node.number, "data", node.reached_at, node.stream, cluster)


def _write_node(
    node: NodePlan, members: tuple[Member, ...], saved: Saved, operator: OperatorKey
) -> None:
    node.config.write_text(node_toml(node))
    for one in members:
        trusted.save_member(node.folder / "trusted", one)
    key = trusted.public_key_line(operator.public, "role=admin")
    (node.folder / "trusted" / f"{OPERATOR}.pub").write_text(f"{key}\n")
    store = LogStore.open(node.folder / "state" / "log.sqlite")
    store.write(Persist(vote=saved.vote, entries=saved.entries))
    store.close()
