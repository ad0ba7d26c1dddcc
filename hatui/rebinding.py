"""The keys that the user has bound anew: read from a file, checked, and shown as they are now.

~/.config/hatui/keys.toml, by the ids of `hatui.keymap`; several keys are separated by commas:

    [hatui]
    move = "f6"
    step-back = "[,f7"
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from hatui.key_names import names_of, shown
from hatui.keymap import CARDS, CLASSIC, MAIN, PREVIEW, READER, Key

FILE = "~/.config/hatui/keys.toml"
SCREENS = (MAIN, READER, CLASSIC, PREVIEW, CARDS)
"""A key does one thing on each of them."""


def user_keys(file: str = FILE) -> tuple[dict[str, str], str]:
    """Keys by binding id as Textual takes them, and what is wrong with the file."""
    path = Path(file).expanduser()
    try:
        table = tomllib.loads(path.read_text())
    except FileNotFoundError:
        return {}, ""
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return {}, f"{path}: can't be read: {error}"
    told = table.get("hatui", table)
    if not isinstance(told, dict):
        return {}, f"{path}: [hatui] is no table"
    found, problems = dict[str, str](), list[str]()
    known = {key.id for screen in SCREENS for key in screen}
    strange = [name for name in told if name not in known]
    if strange:
        problems.append(f"unknown: {', '.join(strange)}; known: {', '.join(sorted(known))}")
    for name, value in told.items():
        if name in known:
            try:
                found[f"hatui.{name}"] = ",".join(names_of(value))
            except ValueError as error:
                problems.append(f"{name} = {value!r}: {error}")
    problems += _clashes(found)
    return found, f"{path}: {'; '.join(problems)}" if problems else ""


def keys_of(key: Key, rebound: Mapping[str, str]) -> list[str]:
    """What does it now, each as people know it; the first is the one to tell."""
    names = rebound.get(f"hatui.{key.id}", key.keys)
    return [shown(name) for name in names.split(",")]


def labels(rebound: Mapping[str, str]) -> dict[str, str]:
    """From a key of the main screen as it was, to what does the same now."""
    return {key.shown: keys_of(key, rebound)[0] for key in MAIN if f"hatui.{key.id}" in rebound}


def _clashes(found: Mapping[str, str]) -> Iterator[str]:
    """What two of the user's own want on one screen, and what nothing does any more."""
    for screen in SCREENS:
        taken: dict[str, str] = {}
        for key in screen:
            for name in found.get(f"hatui.{key.id}", "").split(","):
                if name and taken.setdefault(name, key.id) != key.id:
                    yield f"{shown(name)!r} is given to {taken[name]} and to {key.id}"
        for key in screen:
            if f"hatui.{key.id}" not in found and taken.keys() >= set(key.keys.split(",")):
                robber = taken[key.keys.split(",")[0]]
                yield f"{robber} takes the only key of {key.id}; give it another, too"
