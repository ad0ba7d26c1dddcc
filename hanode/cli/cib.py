"""`hanode cib`: the configuration as XML: shown, checked, edited, compared, pushed."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from lxml import etree

from hanode.cib.xml import read_xml
from hanode.cli.asking import agreed
from hanode.cli.desk import Desk
from hanode.cli.exits import DATA, NO_INPUT, OK, Failed
from hanode.cli.noun import CHANGING, Change, Noun, arg
from hanode.cli.table import one_line
from hanode.mgmt.proposal import CannotOrder, NothingToDo, Proposal
from hanode.mgmt.whole import checked, difference, is_whole, pretty, replacement
from hanode.state import ClusterState

noun = Noun("cib", "the configuration", default="show")
SCHEMA = "pacemaker-3.9"
"""What `upgrade` brings a configuration to."""
FILE = arg("file", help="a CIB, or a <configuration>; - for stdin")


def main(argv: list[str], config_path: str) -> int:
    return noun.main(argv, config_path)


@noun.verb("show", "print it", arg("--version", action="store_true", help="its version only"))
def show(desk: Desk) -> int:
    state = desk.state
    sys.stdout.write(f"{state.version}\n" if desk.arguments.version else pretty(state.cib))
    return OK


@noun.verb("diff", "what pushing FILE would change; exit code 1 if anything", FILE)
def diff(desk: Desk) -> int:
    told = difference(desk.state.cib, _read(desk.arguments.file))
    sys.stdout.write(told)
    return 1 if told else OK


@noun.verb(
    "check", "what is wrong with FILE (with what is in force); exit code 1 if anything",
    arg("file", nargs="?", default="", help="a CIB, or a <configuration>; - for stdin"),
    arg("--json", action="store_true", help="print JSON"),
)  # fmt: skip
def check(desk: Desk) -> int:
    from hanode.cib.document import BadCib
    from hanode.cli.verdict import faults

    file = desk.arguments.file
    try:
        found = faults(_bytes(file) if file else pretty(desk.state.cib).encode())
    except BadCib as error:
        raise Failed(f"{file}: {error}", DATA) from None
    name = file or "the configuration"
    if desk.arguments.json:
        print(json.dumps([fault._asdict() for fault in found], indent=2))
    else:
        lines = [f"{name}: {one_line(str(fault))}" for fault in found]
        print("\n".join(lines) or f"{name}: nothing is wrong with it")
    return 1 if found else OK


@noun.verb(
    "push", "replace the configuration by FILE's", FILE,
    arg("--force", action="store_true", help="even if it was changed since FILE was taken"),
    changes=True,
)  # fmt: skip
def push(desk: Desk) -> Change:
    file = desk.arguments.file
    xml = _read(file)
    if not (desk.arguments.force or is_whole(xml)):
        _warn(file, ("it has no version, so what others changed since it was taken is lost",))
    return lambda state: replacement(state, xml, desk.argv, desk.arguments.force)


@noun.verb("edit", "in $VISUAL or $EDITOR, with a diff before it counts", *CHANGING)
def edit(desk: Desk) -> int:
    from hanode.cli.change import carry_out

    before = desk.state.cib
    file = Path(tempfile.mkdtemp(prefix="hanode-")) / "cib.xml"
    file.write_text(pretty(before))

    def change(state: ClusterState) -> Proposal:
        return replacement(state, xml, desk.argv, force=False)

    kept = True
    try:
        xml = _edited(file)
        sys.stdout.write(difference(before, xml))
        code = carry_out(change, desk)
        kept = desk.arguments.dry_run
        return code
    finally:
        _leave(file, kept and file.read_text() != pretty(before))


def _leave(file: Path, kept: bool) -> None:
    """What was edited outlives all that came between; what counts now need not."""
    if kept:
        print(f"what you edited is kept in {file}", file=sys.stderr)
    else:
        shutil.rmtree(file.parent)


@noun.verb("upgrade", f"to the newest schema ({SCHEMA})", changes=True)
def upgrade(desk: Desk) -> Change:
    def change(state: ClusterState) -> Proposal:
        root = read_xml(state.cib.encode())
        if root.get("validate-with") == SCHEMA:
            raise NothingToDo(f"the configuration is at {SCHEMA} already")
        root.set("validate-with", SCHEMA)
        return replacement(state, etree.tostring(root, encoding="unicode"), desk.argv, True)

    return change


def _read(path: str) -> str:
    """A configuration, checked. Raises Failed with line and remedy."""
    try:
        xml, warnings = checked(_bytes(path))
    except CannotOrder as error:
        raise Failed(f"{path}: {error}", DATA) from None
    _warn(path, warnings)
    return xml


def _bytes(path: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        raise Failed(f"{path}: can't be read: {error.strerror}", NO_INPUT) from None


def _warn(path: str, warnings: tuple[str, ...]) -> None:
    for warning in warnings:
        print(f"warning: {path}: {one_line(warning)}", file=sys.stderr)


def _edited(file: Path) -> str:
    """What the operator's editor made of it; asked again while it is no CIB."""
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    while True:
        try:
            done = subprocess.run([*shlex.split(editor), str(file)], check=False)
        except (OSError, ValueError) as error:
            raise Failed(f"{editor}: {error}; name another by $EDITOR", NO_INPUT) from None
        if done.returncode:
            raise Failed(f"{editor} ended with {done.returncode}; nothing was changed")
        try:
            return _read(str(file))
        except Failed as error:
            print(error, file=sys.stderr)
            if not sys.stdin.isatty() or not agreed("Edit again?"):
                raise Failed(f"nothing was changed: {error}", DATA) from None
