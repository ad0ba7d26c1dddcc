"""`hanode node add|upgrade|restart|logs|shell`: nodes as machines, over SSH."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from hanode.cli.desk import Desk
from hanode.cli.exits import CONFIG, DATA, OK, TEMPFAIL, USAGE, Failed
from hanode.cli.noun import Noun, arg
from hanode.mgmt import orders
from hanode.mgmt.joint import joint
from hanode.mgmt.proposal import NothingToDo, unknown
from hanode.mgmt.protocol import MakeToken, Token

if TYPE_CHECKING:
    from hanode.runtime.machine import Machine

Told = TypeVar("Told")
WAIT = 120.0
"""Seconds for a node to leave, and for it to be back."""
SSH_PORT = 22
SSH = (
    arg("--user", default="root", help="as whom to log in (default root)"),
    arg("--port", type=int, default=SSH_PORT, help="of its sshd (default 22)"),
    arg("--key", type=Path, help="a private key (default: this node's own)"),
    arg("--host-key", default="", help="its host key, 'ssh-ed25519 AAAA...', known from now on"),
)
WHEELS = arg("--wheels", type=Path, help="a folder of wheels, for another Python than this one's")


def add_verbs(noun: Noun) -> None:
    """Into the table of `hanode node`."""
    noun.verb(
        "add", "HOST: install hanode there over SSH, enrol it, start it", arg("host"),
        arg("--node", default="", help="its name in the cluster (default: HOST)"),
        arg("--address", default="", help="its heartbeat address (default: HOST)"), WHEELS, *SSH,
    )(_add)  # fmt: skip
    noun.verb(
        "upgrade", "NODE...: this node's hanode there, one after the other; services move first",
        arg("nodes", nargs="+"), WHEELS, *SSH,
    )(_upgrade)  # fmt: skip
    noun.verb("restart", "a node leaves, and comes back", arg("node"), *SSH)(_restart)
    noun.verb(
        "logs", "the end of a node's log file", arg("node"),
        arg("-n", "--lines", type=int, default=50), *SSH,
    )(_logs)  # fmt: skip
    noun.verb("shell", "log in on a node", arg("node"), *SSH)(_shell)


def _add(desk: Desk) -> int:
    given = desk.arguments
    name = given.node or given.host.split(".")[0]
    if name in desk.state.members:
        raise Failed(f"{name} is a member already; see: hanode node upgrade {name}", DATA)
    machine = _machine(desk, given.host)
    _install(machine, given.wheels)
    answer: Any = desk.line.ask(MakeToken, minutes=15)
    assert isinstance(answer, Token), "a node answers so"
    _managed(lambda: machine.join(answer.token, name, given.address or given.host))
    _managed(machine.start)
    _await(desk, name, present=True)
    print(f"{name} is a node of the cluster, and online.")
    return OK


def _upgrade(desk: Desk) -> int:
    """One at a time, and no further than the first that does not come back."""
    for node in desk.arguments.nodes:
        machine = _machine(desk, _address(desk, node))
        version = _install(machine, desk.arguments.wheels)
        _renew(desk, node, machine)
        print(f"{node} runs {version}.")
    return OK


def _restart(desk: Desk) -> int:
    node = desk.arguments.node
    _renew(desk, node, _machine(desk, _address(desk, node)))
    print(f"{node} was restarted, and is online.")
    return OK


def _logs(desk: Desk) -> int:
    machine = _machine(desk, _address(desk, desk.arguments.node))
    print(_managed(lambda: machine.logs(desk.arguments.lines)), end="")
    return OK


def _shell(desk: Desk) -> int:
    """The system's own ssh, with all that its configuration says, and the host keys that we know
    beside those that it knows."""
    given, address = desk.arguments, _address(desk, desk.arguments.node)
    known = f"UserKnownHostsFile=~/.ssh/known_hosts {_known(desk, address)}"
    words = ["ssh", "-p", str(given.port), "-l", given.user, "-o", known]
    if given.key:
        words += ["-i", str(given.key)]
    os.execvp("ssh", [*words, address])


def _renew(desk: Desk, node: str, machine: Machine) -> None:
    """It leaves (what it runs moves first), and starts again."""
    if node == desk.line.welcome.node:
        raise Failed(f"{node} can't restart itself so; do it from another node", USAGE)
    if sent_away(desk, node):
        _await(desk, node, present=False)
        _managed(lambda: machine.await_end(WAIT))
    _managed(machine.start)
    _await(desk, node, present=True)


def sent_away(desk: Desk, node: str) -> bool:
    """Have it leave; false if it is away already."""
    try:
        proposal = orders.leave(desk.fresh_state(), node)
    except NothingToDo:
        return False
    desk.line.order(joint(proposal.events), f"hanode node {desk.argv[1]} {node}")
    return True


def _await(desk: Desk, node: str, *, present: bool) -> None:
    """Until the cluster says so."""
    until = time.monotonic() + WAIT
    while True:
        record = desk.fresh_state().nodes.get(node)
        if record is not None and (record.online if present else not record.present):
            return
        if time.monotonic() > until:
            state = "online" if present else "gone"
            raise Failed(
                f"{node} is not {state} after {WAIT:.0f} s; see: hanode node logs {node}", TEMPFAIL
            )
        time.sleep(0.2)


def _install(machine: Machine, wheels: Path | None) -> str:
    """Have this hanode there; its version."""
    from hanode.runtime.parcel import CantPack, pack

    python, kind = _managed(machine.kind)
    try:
        parcel = pack(kind, wheels)
    except (CantPack, OSError) as error:
        raise Failed(str(error), DATA) from None
    _managed(lambda: machine.install(parcel, python, kind))
    return parcel.name


def _managed(act: Callable[[], Told]) -> Told:
    from hanode.runtime.machine import CantManage

    try:
        return act()
    except CantManage as error:
        raise Failed(str(error), TEMPFAIL) from None


def _address(desk: Desk, node: str) -> str:
    member = desk.state.members.get(node)
    if member is None:
        raise unknown("node", node, desk.state.members)
    return member.stream.rpartition(":")[0].strip("[]")


def _machine(desk: Desk, host: str) -> Machine:
    from hanode.runtime import keys
    from hanode.runtime.config import ConfigError, load
    from hanode.runtime.machine import Machine, Reach
    from hanode.runtime.ssh import private_key
    from hanode.runtime.sshlib import asyncssh

    given = desk.arguments
    try:
        identity = load(Path(desk.config_path)).identity
        own = (private_key(keys.load(identity).host_seed),)
        chosen = (asyncssh.read_private_key(given.key),) if given.key else own
    except (ConfigError, keys.BadIdentity, OSError, asyncssh.KeyImportError) as error:
        raise Failed(str(error), CONFIG) from None
    return Machine(Reach(host, given.port, given.user, chosen, _known(desk, host)))


def _known(desk: Desk, host: str) -> Path:
    """The known_hosts of this node's hanode. A key that is named takes the place of those that
    were known of this host before."""
    given = desk.arguments
    file = Path(desk.config_path).absolute().parent / "known_hosts"
    name = host if given.port == SSH_PORT else f"[{host}]:{given.port}"
    held = file.read_text().splitlines() if file.exists() else []
    if given.host_key:
        if not given.host_key.startswith("ssh-ed25519 "):
            raise Failed("--host-key must be an Ed25519 key: 'ssh-ed25519 AAAA...'", USAGE)
        others = [line for line in held if line.split()[:1] != [name]]
        file.write_text("\n".join([*others, f"{name} {given.host_key}"]) + "\n")
    elif not file.exists():
        file.touch()
    return file
