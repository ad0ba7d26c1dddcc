"""What the lrm's former life left behind, sorted: what is known, what was under way, and which
agents may still be at work and must end first."""

from __future__ import annotations

from typing import Any

from hanode.effects import KillLeftover
from hanode.events import OperationFinished
from hanode.local_messages import Finished
from hanode.lrm.saved import Begun, FenceBegun, Head, Watched

_LEFTOVER = 1 << 40
"""Tokens of leftovers are above all others."""


class Recovery:
    """Of another boot, only the leftovers concern us, and what ran then: it may run still, until a
    probe finds that it doesn't. (The table does not outlive the machine's power.)"""

    def __init__(self, words: list[Any], node: str, boot: int) -> None:
        head = words[0] if words and isinstance(words[0], Head) else None
        ours = head is not None and (head.node, head.boot) == (node, boot)
        self.head = head if head and ours else Head(node, boot, 0, 0, 0, _inherited(head, node))
        words = words[1:] if head else []
        marks = {mark: pid for word in words for mark, pid in _marks(word)}
        self._left = {_LEFTOVER + n: found for n, found in enumerate(marks.items())}
        known = words if ours else []
        self.results = [w for w in known if isinstance(w, OperationFinished)]
        self.facts = tuple(w for w in known if isinstance(w, Finished))
        self.begun = [w for w in known if isinstance(w, Begun) and not w.unwanted]
        self.watched = [w for w in known if isinstance(w, Watched)]
        self.fencings = [w.order for w in known if isinstance(w, FenceBegun)]

    @property
    def done(self) -> bool:
        """Nothing of before is at work any more."""
        return not self._left

    def leftovers(self) -> list[KillLeftover]:
        return [KillLeftover(token, mark, pid) for token, (mark, pid) in self._left.items()]

    def gone(self, token: int) -> bool:
        """One of them has ended. False: it was none of them."""
        return self._left.pop(token, None) is not None


def _inherited(head: Head | None, node: str) -> dict[str, str]:
    """What an earlier boot left running; fence devices run nowhere."""
    left = head.running if head and head.node == node else {}
    return {name: agent for name, agent in left.items() if not agent.startswith("stonith:")}


def _marks(word: Any) -> list[tuple[str, int]]:
    if isinstance(word, (Begun, Watched)) and word.mark:
        return [(word.mark, word.pid)]
    return [(mark, 0) for mark in word.marks] if isinstance(word, FenceBegun) else []
