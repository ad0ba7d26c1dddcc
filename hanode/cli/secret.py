"""`hanode secret`: what fence devices and agents must know and nobody else, kept on this node.

A parameter refers to it as secret://NAME; each node that is to use it needs its own copy. Or it is
sealed for the members' keys, and stands in the configuration itself, which nobody else can open.
"""

from __future__ import annotations

import getpass
import os
import sys
from pathlib import Path

from hanode.cli.desk import Desk
from hanode.cli.exits import DATA, NOPERM, OK, USAGE, Failed
from hanode.cli.noun import Noun, arg

noun = Noun("secret", "passwords for agents on this node", default="list")
SEALED_LIMIT = 1024
"""Characters: it stands in the configuration once for each member."""
_NAME = arg("name", help="parameters refer to it as secret://NAME")


def main(argv: list[str], config_path: str) -> int:
    return noun.main(argv, config_path)


def folder_of(config_path: str) -> Path:
    """Beside hanode.toml."""
    return Path(config_path).absolute().parent / "secrets"


@noun.verb("list", "names, never values")
def show(desk: Desk) -> int:
    from hanode.runtime.vault import NAME

    folder = folder_of(desk.config_path)
    held = folder.iterdir() if folder.is_dir() else ()
    names = sorted(path.name for path in held if NAME.fullmatch(path.name))
    print("\n".join(names) or f"no secrets in {folder}: hanode secret set NAME")
    return OK


@noun.verb("set", "read it from stdin (or ask for it), and keep it", _NAME)
def keep(desk: Desk) -> int:
    from hanode.runtime.vault import SIZE_LIMIT

    path = _path(desk)
    value = _asked(path.name, SIZE_LIMIT)
    try:
        _write(path, value + "\n")
    except OSError as error:
        raise Failed(f"{path}: {error.strerror}; be who runs this node", NOPERM) from None
    print(f"{path} is kept; parameters refer to it as secret://{path.name}")
    return OK


def _path(desk: Desk) -> Path:
    """Where the secret of this name is. Raises Failed for what can't be one's name."""
    from hanode.runtime.vault import NAME

    name = desk.arguments.name
    if not NAME.fullmatch(name):
        raise Failed(f"{name!r}: a name has letters, digits, '_', '.' and '-' only", USAGE)
    return folder_of(desk.config_path) / str(name)


def _write(path: Path, text: str) -> None:
    """For its owner alone, and all of it or nothing."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.new")
    draft.unlink(missing_ok=True)  # of one that was cut off
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


@noun.verb("seal", "read it from stdin (or ask for it), and print it sealed for the members")
def seal(desk: Desk) -> int:
    from hanode.runtime import sealed

    value = _asked("value", SEALED_LIMIT)
    members = [m for _, m in sorted(desk.state.members.items()) if m.role == "data"]
    print(sealed.seal(value, members))
    names = ", ".join(m.name for m in members)
    print(f"for {names}; who joins later needs it sealed anew", file=sys.stderr)
    return OK


def _asked(name: str, limit: int) -> str:
    """One line that no list of processes shows."""
    asked = sys.stdin.isatty()
    try:
        value = getpass.getpass(f"{name}: ") if asked else sys.stdin.read(limit + 1)
        value.encode()
    except (EOFError, UnicodeError):
        value = ""
    value = value.rstrip("\n")
    if not value or len(value) > limit or "\n" in value or "\0" in value:
        raise Failed(f"{name}: give one line of text, of at most {limit} characters", DATA)
    return value


@noun.verb("remove", "this node forgets it", _NAME)
def remove(desk: Desk) -> int:
    path = _path(desk)
    try:
        path.unlink()
    except OSError as error:
        raise Failed(f"{path}: {error.strerror}") from None
    return OK
