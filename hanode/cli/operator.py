"""`hanode operator`: whose key may do what."""

from __future__ import annotations

import base64
import binascii
import shlex
from pathlib import Path

from hanode.cli import table
from hanode.cli.desk import Desk
from hanode.cli.exits import DATA, NO_INPUT, Failed
from hanode.cli.noun import Change, Noun, arg
from hanode.events import Operator, OperatorAdded, OperatorRemoved
from hanode.identity import fingerprint
from hanode.mgmt.proposal import NothingToDo, Proposal, unknown
from hanode.mgmt.roles import ROLES
from hanode.state import ClusterState

noun = Noun("operator", "who may do what", default="list")
FALLBACK = "so the keys in each node's folder trusted/ may come in"
"""Where the log names nobody."""
_TYPE = b"ssh-ed25519"


def main(argv: list[str], config_path: str) -> int:
    return noun.main(argv, config_path)


@noun.verb("list", "operators", arg("--json", action="store_true", help="print JSON"))
def show(desk: Desk) -> int:
    rows = [
        {"name": o.name, "role": o.role, "key": fingerprint(o.public)}
        for _, o in sorted(desk.state.operators.items())
    ]
    table.show(rows, desk.arguments.json, f"there are no operators; {FALLBACK}")
    return 0


@noun.verb(
    "add", "NAME KEYFILE: this key may come in by SSH", arg("name"),
    arg("keyfile", help="an OpenSSH public key, ssh-ed25519 (id_ed25519.pub)"),
    arg("--role", choices=ROLES, default="admin"), changes=True,
)  # fmt: skip
def add(desk: Desk) -> Change:
    given = desk.arguments
    operator = Operator(given.name, read_key(Path(given.keyfile)), given.role)

    def change(state: ClusterState) -> Proposal:
        if state.operators.get(given.name) == operator:
            raise NothingToDo(f"{given.name} is an operator of role {given.role} already")
        line = shlex.join(("hanode", *desk.argv))
        sentence = f"{given.name} may come in with key {fingerprint(operator.public)}, as "
        old = state.operators.get(given.name)
        instead = f", instead of {fingerprint(old.public)} as {old.role}" if old else ""
        return Proposal((OperatorAdded(operator),), f"{sentence}{given.role}{instead}.", line)

    return change


@noun.verb("remove", "NAME: this key may no longer come in", arg("name"), changes=True)
def remove(desk: Desk) -> Change:
    name = desk.arguments.name

    def change(state: ClusterState) -> Proposal:
        if name not in state.operators:
            raise unknown("operator", name, state.operators)
        line = shlex.join(("hanode", *desk.argv))
        last = f" That was the last: {FALLBACK}." if len(state.operators) == 1 else ""
        return Proposal((OperatorRemoved(name),), f"{name} is no operator any more.{last}", line)

    return change


def read_key(path: Path) -> bytes:
    """The 32 bytes of an OpenSSH public key file. Raises Failed."""
    try:
        words = path.expanduser().read_text("ascii").split()
    except (OSError, UnicodeDecodeError) as error:
        raise Failed(f"{path}: can't be read as a public key: {error}", NO_INPUT) from None
    if "PRIVATE" in words:
        raise Failed(f"{path}: this is a private key; give the .pub file beside it", DATA)
    try:
        blob = base64.b64decode(words[words.index(_TYPE.decode()) + 1], validate=True)
    except (ValueError, IndexError, binascii.Error):
        blob = b""
    head = len(_TYPE).to_bytes(4, "big") + _TYPE + (32).to_bytes(4, "big")
    if not blob.startswith(head) or len(blob) != len(head) + 32:
        raise Failed(
            f"{path}: no ssh-ed25519 public key; make one with: ssh-keygen -t ed25519", DATA
        )
    return blob[len(head) :]
