"""Secrets: `secret://NAME` or `sealed://...` in a parameter becomes its value where it is used.

The named are files below `secrets` beside hanode.toml, readable by their owner alone; the sealed
stand in the configuration, for members' keys alone (hanode.runtime.sealed). An
agent gets them in its environment, a fence agent on stdin; never in argv. What an agent prints of
them is struck out before anything else sees it.
"""

from __future__ import annotations

import dataclasses
import re
import stat
from pathlib import Path

from hanode.effects import Spawn
from hanode.settings import OUTPUT_LIMIT

MARK = "secret://"
SEALED = "sealed://"
NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}")
SIZE_LIMIT = 16_384
STRUCK_OUT = b"(secret)"
SHORTEST = 3
"""Shorter ones are no secrets, and to strike them out would garble everything."""
_REFERENCE = re.compile(f"({MARK}|{SEALED})" + r"(\S*)")


class BadSecret(Exception):  # noqa: N818 - said to the operator
    """A secret can't be had here: which, why, and what to do."""


class Vault:
    def __init__(self, folder: Path, identity: Path | None = None) -> None:
        """`identity` holds the key that opens what is sealed."""
        self._folder = folder
        self._identity = identity

    def open(self, effect: Spawn) -> tuple[Spawn, tuple[bytes, ...]]:
        """The effect with its references resolved, and what must be struck out of the output.
        Raises BadSecret."""
        if any(_refers(word) for word in effect.argv):
            raise BadSecret("a secret can't be an argument: every user would see it")
        said = effect.stdin.decode("utf-8", "surrogateescape")
        if not _refers(said) and not any(map(_refers, effect.env.values())):
            return effect, ()
        used: dict[str, str] = {}
        env = {name: self._resolve(value, used) for name, value in effect.env.items()}
        stdin = "\n".join(self._resolve_line(line, used) for line in said.split("\n"))
        opened = dataclasses.replace(
            effect, env=env, stdin=stdin.encode("utf-8", "surrogateescape")
        )
        hidden = tuple(value.encode() for value in used.values() if len(value) >= SHORTEST)
        return opened, hidden

    def read(self, name: str) -> str:
        """Raises BadSecret."""
        if not NAME.fullmatch(name):
            raise BadSecret(f"{MARK}{name!r:.80} can't be a secret's name")
        path = self._folder / name
        try:
            with path.open("rb") as file:
                mode = stat.S_IMODE(path.stat().st_mode)
                value = file.read(SIZE_LIMIT).decode().rstrip("\n")
        except (OSError, UnicodeDecodeError) as error:
            why = error.strerror if isinstance(error, OSError) else "is not text"
            remedy = f"on this node, run: hanode secret set {name}"
            raise BadSecret(f"secret {name}: {path}: {why}; {remedy}") from None
        if mode & 0o077:
            raise BadSecret(f"secret {name}: others may read {path}; run: chmod 600 {path}")
        if "\n" in value or "\0" in value:
            raise BadSecret(f"secret {name}: {path} holds more than one line")
        return value

    def _resolve_line(self, line: str, used: dict[str, str]) -> str:
        name, equals, value = line.partition("=")
        return name + equals + self._resolve(value, used)

    def _resolve(self, text: str, used: dict[str, str]) -> str:
        found = _REFERENCE.fullmatch(text)
        if found is None:
            return text
        if text not in used:
            used[text] = self.read(found[2]) if found[1] == MARK else self._unseal(text)
        return used[text]

    def _unseal(self, text: str) -> str:
        from hanode.runtime import keys
        from hanode.runtime.sealed import NotForUs, unseal

        if self._identity is None:
            raise BadSecret("a sealed value can't be opened here")
        try:
            value = unseal(text, keys.load(self._identity).kex_secret)
        except (NotForUs, keys.BadIdentity) as error:
            raise BadSecret(str(error)) from None
        if "\n" in value or "\0" in value:
            raise BadSecret("a sealed value holds more than one line; seal it anew")
        return value


def _refers(text: str) -> bool:
    return MARK in text or SEALED in text


def struck_out(data: bytes, hidden: tuple[bytes, ...]) -> bytes:
    """Output without the secrets that its program was given; the longest first, as one may be a
    part of another. Of long output the tail is kept, which may begin in the midst of one."""
    if len(data) >= OUTPUT_LIMIT:
        ends = (value[at:] for value in hidden for at in range(len(value)))
        data = data[len(max(filter(data.startswith, ends), key=len, default=b"")) :]
    for value in sorted(hidden, key=len, reverse=True):
        data = data.replace(value, STRUCK_OUT)
    return data
