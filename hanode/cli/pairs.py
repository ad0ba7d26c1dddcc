"""NAME=VALUE words, and pcs's sections among them: `ip=... op monitor interval=1s meta x=y`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from hanode.mgmt.proposal import CannotOrder
from hanode.mgmt.resources import Operation

_OPTION = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
"""It becomes the name of an attribute in XML."""
KEYWORDS = ("op", "meta", "params", "clone", "promotable")


def pairs_of(words: list[str]) -> dict[str, str]:
    """NAME=VALUE, each name once. Raises CannotOrder."""
    pairs: dict[str, str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not name:
            raise CannotOrder(f"{word!r} is not NAME=VALUE")
        if name in pairs:
            raise CannotOrder(f"{name} is given twice")
        pairs[name] = value
    return pairs


@dataclass(slots=True)
class Sections:
    """A resource's words, sorted."""

    parameters: dict[str, str] = field(default_factory=dict)
    meta: dict[str, str] = field(default_factory=dict)
    operations: list[Operation] = field(default_factory=list)
    clone: dict[str, str] | None = None
    promotable: bool = False


def sections_of(words: list[str]) -> Sections:
    """Sort `ip=1 op monitor interval=1s timeout=5s op start timeout=9s meta a=b`."""
    found = Sections()
    for keyword, rest in _split(words):
        if keyword == "op":
            _add_operations(found, rest)
        elif keyword == "meta":
            found.meta.update(pairs_of(rest))
        elif keyword in ("clone", "promotable"):
            found.clone = {**(found.clone or {}), **pairs_of([w for w in rest if w != "meta"])}
            found.promotable = found.promotable or keyword == "promotable"
        else:
            found.parameters.update(pairs_of(rest))
    return found


def _split(words: list[str]) -> list[tuple[str, list[str]]]:
    parts: list[tuple[str, list[str]]] = [("params", [])]
    for word in words:
        if word in KEYWORDS:
            parts.append((word, []))
        else:
            parts[-1][1].append(word)
    return parts


def _add_operations(found: Sections, words: list[str]) -> None:
    """`monitor interval=1s start timeout=5s`: a word without `=` begins the next operation."""
    if not words or "=" in words[0]:
        raise CannotOrder("op: name the operation first, such as: op monitor interval=10s")
    starts = [at for at, word in enumerate(words) if "=" not in word]
    for start, end in zip(starts, [*starts[1:], len(words)], strict=True):
        options = pairs_of(words[start + 1 : end])
        if odd := [name for name in options if not _OPTION.fullmatch(name)]:
            raise CannotOrder(f"{odd[0]!r} can't be the name of an operation's option")
        found.operations.append(Operation(words[start], options))
