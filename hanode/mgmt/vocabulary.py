"""Meta attributes and operations as operators write them, held against what there is.

A misspelt `migraton-threshold=3` or `interval=abc` must not pass for a choice. What is neither
known nor nearly so passes: rules and people may have attributes of their own.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping

from hanode.mgmt.elements import Operation
from hanode.mgmt.options import BOOLEAN, DURATION, NUMBER, SCORE, WORD, fits
from hanode.mgmt.proposal import CannotOrder

Kind = str | tuple[str, ...]

META: dict[str, Kind] = {
    "priority": SCORE,
    "critical": BOOLEAN,
    "target-role": ("started", "stopped", "promoted", "unpromoted", "master", "slave"),
    "is-managed": BOOLEAN,
    "maintenance": BOOLEAN,
    "resource-stickiness": SCORE,
    "requires": ("nothing", "quorum", "fencing", "unfencing"),
    "migration-threshold": SCORE,
    "failure-timeout": DURATION,
    "multiple-active": ("block", "stop_only", "stop_start", "stop_unexpected"),
    "allow-migrate": BOOLEAN,
    "allow-unhealthy-nodes": BOOLEAN,
    "container-attribute-target": WORD,
    "remote-node": WORD,
    "remote-port": NUMBER,
    "remote-addr": WORD,
    "remote-connect-timeout": DURATION,
    "remote-allow-migrate": BOOLEAN,
    "clone-max": NUMBER,
    "clone-min": NUMBER,
    "clone-node-max": NUMBER,
    "globally-unique": BOOLEAN,
    "interleave": BOOLEAN,
    "notify": BOOLEAN,
    "ordered": BOOLEAN,
    "promotable": BOOLEAN,
    "promoted-max": NUMBER,
    "promoted-node-max": NUMBER,
    "master-max": NUMBER,
    "master-node-max": NUMBER,
    "provides": WORD,
    "isolates": WORD,
    "exclusivity": WORD,
    "restart-type": WORD,
    "description": WORD,
}
OPTIONS: dict[str, Kind] = {
    "interval": DURATION,
    "timeout": DURATION,
    "start-delay": DURATION,
    "interval-origin": WORD,
    "on-fail": (
        "ignore", "block", "stop", "restart", "fence", "standby", "restart-container", "demote",
    ),
    "role": ("started", "stopped", "promoted", "unpromoted", "master", "slave"),
    "enabled": BOOLEAN,
    "record-pending": BOOLEAN,
    "requires": ("nothing", "quorum", "fencing", "unfencing"),
    "description": WORD,
}  # fmt: skip
"""Of an operation."""
OF_THE_CLUSTER = ("start", "stop", "monitor", "promote", "demote", "notify", "migrate_to",
                  "migrate_from", "reload-agent", "reload")  # fmt: skip
"""Operations that there is a meaning to configure, whether an agent has them or not."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def refuse_mistakes(meta: Mapping[str, str], operations: Iterable[Operation]) -> None:
    """Raises CannotOrder with all that is wrong with these."""
    if wrong := [*_meta(meta), *_operations(operations)]:
        raise CannotOrder(f"{'; '.join(wrong)} (--force sets it all the same)")


def refuse_unspeakable(*all_pairs: Mapping[str, str]) -> None:
    """Raises CannotOrder for what XML has no way to say."""
    for name, value in (pair for pairs in all_pairs for pair in pairs.items()):
        if found := _CONTROL.search(name + value):
            raise CannotOrder(f"{name!r:.40} contains the control character {found[0]!r}")


def _meta(meta: Mapping[str, str]) -> Iterator[str]:
    for name, value in meta.items():
        yield from _pair("meta attribute", META, name, value)


def _operations(operations: Iterable[Operation]) -> Iterator[str]:
    for operation in operations:
        for name, value in operation.options.items():
            for wrong in _pair("option of an operation", OPTIONS, name, value):
                yield f"op {operation.name}: {wrong}"


def _pair(what: str, known: Mapping[str, Kind], name: str, value: str) -> Iterator[str]:
    kind = known.get(name)
    if kind is None:
        near = difflib.get_close_matches(name, known, 1, 0.8)
        if near:
            yield f"{name} is no {what}; did you mean {near[0]}?"
    elif value and (needed := fits(kind, value)):
        yield f"{name}={value!r:.60}: give {needed}"


def unknown_actions(operations: Iterable[Operation], actions: Iterable[str]) -> Iterator[str]:
    """Operations that neither the cluster nor the agent, which has these, ever heard of."""
    known = list(dict.fromkeys([*actions, *OF_THE_CLUSTER]))
    for operation in operations:
        if operation.name not in known:
            near = difflib.get_close_matches(operation.name, known, 1)
            hint = f"did you mean {near[0]}?" if near else f"it has: {', '.join(known)}"
            yield f"there is no operation {operation.name}; {hint}"
