"""The user's own commands, in the shape that k9s has them: a key, a scope, a command.

~/.config/hatui/plugins.toml:

    [plugins.ping]
    key = "f5"                      # as Textual names keys
    description = "ping the node"
    scopes = ["node"]               # resource, node, or all
    command = "ping"
    args = ["-c", "3", "$HOST"]     # $NAME $RESOURCE $NODE $HOST $CLUSTER $CONTEXT
    confirm = false                 # ask first
    dangerous = false               # never in a read-only context
    background = false              # no terminal; its last line is shown

Names come from the cluster: each stays one word of the command, and none may look like an option.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

from hatui.config import KINDS
from hatui.key_names import names_of

FILE = "~/.config/hatui/plugins.toml"
SCOPES = ("resource", "node", "all")
_FIELDS: dict[str, type] = {
    "key": str, "description": str, "scopes": list, "command": str, "args": list,
    "confirm": bool, "dangerous": bool, "background": bool,
}  # fmt: skip


@dataclass(frozen=True)
class Plugin:
    """One command of the user's."""

    name: str
    command: str
    key: str = ""
    description: str = ""
    scopes: tuple[str, ...] = ("all",)
    args: tuple[str, ...] = ()
    confirm: bool = False
    dangerous: bool = False
    background: bool = False

    def argv(self, values: Mapping[str, str]) -> list[str]:
        """Its words. Raises ValueError for a name that would be read as an option."""
        words = [self.command]
        for arg in self.args:
            word = Template(arg).safe_substitute(values)
            if word != arg and arg.startswith("$") and word.startswith("-"):
                raise ValueError(f"{word!r} would be read as an option")
            words.append(word)
        return words


def load(file: str = FILE, taken: frozenset[str] = frozenset()) -> tuple[list[Plugin], str]:
    """All of them, and what is wrong with the file; keys in `taken` stay what they are."""
    path = Path(file).expanduser()
    try:
        table = tomllib.loads(path.read_text())
    except FileNotFoundError:
        return [], ""
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return [], f"{path}: can't be read: {error}"
    found, problems = list[Plugin](), list[str]()
    if strange := [name for name in table if name != "plugins"]:
        problems.append(f"{path}: unknown: {', '.join(strange)}; write [plugins.NAME]")
    told = table.get("plugins", {})
    if not isinstance(told, dict):
        told = {}
        problems.append(f"{path}: plugins is no table; write [plugins.NAME]")
    for name, entry in told.items():
        try:
            found.append(_plugin(name, entry, taken))
        except ValueError as error:
            problems.append(f"{path}: [plugins.{name}] {error}")
    return found, "; ".join(problems)


def _plugin(name: str, entry: Any, taken: frozenset[str]) -> Plugin:
    if not isinstance(entry, dict) or not entry.get("command"):
        raise ValueError("has no command")
    for field, value in entry.items():
        if field not in _FIELDS:
            raise ValueError(f"unknown setting {field!r}; known: {', '.join(_FIELDS)}")
        if not isinstance(value, _FIELDS[field]):
            raise ValueError(f"{field} = {value!r}: give {KINDS[_FIELDS[field]]}")
    scopes = tuple(entry.get("scopes", ("all",)))
    if not set(scopes) <= set(SCOPES):
        raise ValueError(f"scopes = {list(scopes)}; give some of {', '.join(SCOPES)}")
    keys = names_of(entry["key"]) if entry.get("key") else []
    if not taken.isdisjoint(keys):
        raise ValueError(f"the key {entry['key']!r} is taken; choose another")
    given = {**entry, "scopes": scopes, "key": ",".join(keys),
             "args": tuple(str(arg) for arg in entry.get("args", ()))}  # fmt: skip
    return Plugin(name, **given)
