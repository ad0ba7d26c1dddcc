"""Decisions compared level by level: changes, actions, their order, the state after."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

LEVELS = ("L1", "L2", "L3", "LS")


def levels_reached(expected: dict[str, Any], actual: dict[str, Any]) -> list[str]:
    """The levels at which both are equal."""
    views = {"L1": _changes, "L2": _actions, "L3": _order, "LS": _state}
    equal = [level for level in LEVELS if views[level](expected) == views[level](actual)]
    return [level for level in equal if level != "L3" or "L2" in equal]


def _changes(decision: dict[str, Any]) -> Counter[Any]:
    return Counter(
        (
            entry["action"],
            entry.get("resource"),
            tuple(entry.get("roles") or ()),
            tuple(entry["nodes"]),
            bool(entry.get("blocked")),
        )
        for entry in decision["summary"]
    )


def _real(decision: dict[str, Any]) -> dict[str, tuple[str, str | None]]:
    return {
        action["id"]: (action["task"], action.get("node"))
        for action in decision["actions"]
        if not action.get("pseudo")
    }


def _actions(decision: dict[str, Any]) -> Counter[Any]:
    return Counter(_real(decision).values())


def _order(decision: dict[str, Any]) -> Counter[Any]:
    """Which action must wait for which, through whatever is between."""
    real = _real(decision)
    after: dict[str, set[str]] = defaultdict(set)
    for first, then in decision["orderings"]:
        after[first].add(then)
    pairs: Counter[Any] = Counter()
    for start in real:
        seen, todo = set(), [start]
        while todo:
            for then in after[todo.pop()] - seen:
                seen.add(then)
                todo.append(then)
        pairs.update((real[start], real[then]) for then in seen if then in real)
    return pairs


def _state(decision: dict[str, Any]) -> Counter[Any]:
    found: Counter[Any] = Counter()
    for node, state in decision["after"]["nodes"].items():
        found["node", node, state] += 1
    for resource, places in decision["after"]["resources"].items():
        for place in places:
            found["resource", resource, *place] += 1
    return found


def differences(expected: dict[str, Any], actual: dict[str, Any]) -> list[str]:
    """What only one of two decisions has (- the expected one, + the actual one), at L1 and L2."""
    found = []
    for level, view in (("L1", _changes), ("L2", _actions)):
        want, got = view(expected), view(actual)
        found += [f"{level} - {_words(entry)}" for entry in (want - got).elements()]
        found += [f"{level} + {_words(entry)}" for entry in (got - want).elements()]
    return found


def _words(entry: Any) -> str:
    """An entry of either view in one line."""
    if len(entry) == 2:
        return f"{entry[0]} on {entry[1]}"
    action, resource, roles, nodes, blocked = entry
    words = [action, resource or "", "->".join(roles), "->".join(nodes)]
    return " ".join(word for word in words if word) + (" (blocked)" if blocked else "")
