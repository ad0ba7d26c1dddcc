"""A node's telemetry with only what it may be: a far end that talks nonsense stops no screen.

The protocol's words are checked as they come in, but for what a pulse tells of its peers: maps of
anything.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from hanode.mgmt.protocol import Pulse

MOST = 1e12
"""No age, no delay and no index is larger."""


def sane(pulse: Pulse) -> Pulse:
    """The same without what is of another kind than it should be."""
    peers = {name: _kept(peer, _OF_PEERS) for name, peer in pulse.peers.items()}
    running = tuple(_kept(one, _OF_ACTIONS) for one in pulse.running)
    begun = tuple(one for one in running if "id" in one)
    return dataclasses.replace(pulse, peers=peers, running=begun)


def _kept(told: Mapping[str, Any], kinds: Mapping[str, Callable[[Any], bool]]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if name in kinds and kinds[name](value)}


def _figure(value: Any) -> bool:
    return isinstance(value, (int, float)) and 0 <= value <= MOST


def _count(value: Any) -> bool:
    return isinstance(value, int) and _figure(value)


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _names(value: Any) -> bool:
    return isinstance(value, (list, tuple)) and all(map(_text, value))


def _flags(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, bool) for one in value)


def _flag(value: Any) -> bool:
    return isinstance(value, bool)


_OF_PEERS: dict[str, Callable[[Any], bool]] = {
    "heard": _figure, "rtt_ms": _figure, "loss": _figure, "links": _flags, "dc": _text,
    "term": _count, "index": _count, "hears": _names, "view": _names, "disk": _flag,
}  # fmt: skip
_OF_ACTIONS: dict[str, Callable[[Any], bool]] = {
    "id": _count, "task": _text, "node": _text, "resource": _text, "since": _figure,
}  # fmt: skip
