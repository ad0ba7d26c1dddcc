"""What an LRM writes down of itself, so that its next life goes on where this one ended.

The table is for one boot of one node: after another boot it only tells which agents may still be
at work from before. It is a sequence of words, each behind its length; a torn end is cut off.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from hanode.codec import Garbled, Vocabulary
from hanode.events import OperationFinished
from hanode.local_messages import FenceResult, Finished
from hanode.peer_messages import FenceOrder, Order


@dataclass(frozen=True, slots=True)
class Head:
    node: str
    boot: int
    life: int
    calls: int
    """The last call id that was given."""
    number: int
    """The outbox's last number."""
    running: dict[str, str] = field(default_factory=dict)
    """By resource that runs, or may: its agent."""
    known: str = ""
    """Ids of the orders that were taken up, one a line: there may be thousands."""
    attributes: dict[str, str] = field(default_factory=dict)
    gone: tuple[str, ...] = ()
    """Attributes that were taken away, and of which the cluster may not know it."""
    alone: bool = False
    """The crm's last word on what to do without a lease: stop (local_messages.AloneRule)."""


@dataclass(frozen=True, slots=True)
class Begun:
    """An operation that waits (no mark) or runs (its processes bear the mark)."""

    order: Order
    mark: str = ""
    limit: float | None = None
    pid: int = 0
    unwanted: bool = False
    """The turn of a monitor that is no more: its process is to end, and nothing else."""

    @property
    def repeatable(self) -> bool:
        """Not begun, or of a kind that OCF allows to be done once more."""
        return not self.mark or self.order.task in REPEATABLE


@dataclass(frozen=True, slots=True)
class Watched:
    """A recurring monitor, and the answer that it gave last."""

    order: Order
    rc: int = 0
    status: str = ""
    mark: str = ""
    """Of its turn under way."""
    pid: int = 0


@dataclass(frozen=True, slots=True)
class FenceBegun:
    order: FenceOrder
    marks: tuple[str, ...] = ()


REPEATABLE = ("start", "stop", "monitor", "promote", "demote", "reload", "reload-agent")
TABLE = Vocabulary(
    Head, Begun, Watched, FenceBegun, OperationFinished, Finished, FenceResult
)  # fmt: skip
_LENGTH = struct.Struct(">I")


class Packer:
    """Makes the table's bytes, again and again: of a word that was there before, none is made
    anew. (Words never change; who has news makes another.)"""

    def __init__(self) -> None:
        self._framed: dict[int, tuple[Any, bytes]] = {}
        """By identity of the word, which is kept so that no other takes its place."""

    def pack(self, words: Iterable[Any]) -> bytes | None:
        """The table; None if it is the same as last time."""
        known, kept = self._framed, {}
        for word in words:
            entry = known.get(id(word))
            kept[id(word)] = entry or (word, _framed(word))
        self._framed = kept
        if list(kept) == list(known):
            return None
        return b"".join(data for _, data in kept.values())


def unpack(data: bytes) -> list[Any]:
    """The words of a table, up to where it ends or makes no sense."""
    words, at = [], 0
    while at + 4 <= len(data):
        (length,) = _LENGTH.unpack_from(data, at)
        body = data[at + 4 : at + 4 + length]
        if len(body) < length:
            break
        try:
            words.append(TABLE.unpack(body))
        except Garbled:
            break
        at += 4 + length
    return words


def _framed(word: Any) -> bytes:
    body = TABLE.pack(word)
    return _LENGTH.pack(len(body)) + body
