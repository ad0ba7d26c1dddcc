"""Nothing grows without end, and nothing goes round without end."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from tests.sim.invariants.violation import fail

if TYPE_CHECKING:
    from tests.sim.parts import Part
    from tests.sim.world import World

TRANSITIONS_IN_A_MINUTE = 200
QUEUE_BOUND = 20_000
"""No collection of a core's grows past this, whatever happens."""


class Bounds:
    def __init__(self, world: World) -> None:
        self._world = world
        self._transitions: deque[float] = deque(maxlen=TRANSITIONS_IN_A_MINUTE)

    def no_endless_transitions(self, dc: str) -> None:
        """L6: deciding the same over and over."""
        self._transitions.append(self._world.now)
        full = len(self._transitions) == TRANSITIONS_IN_A_MINUTE
        if full and self._transitions[0] > self._world.now - 60.0:
            fail("L6 endless transitions", f"{dc} decides, acts, decides the same")


def queues_are_bounded(part: Part) -> None:
    """INV-31, coarsely: nothing that a core holds grows without end."""
    for name, size in _sizes(part.core):
        if size > QUEUE_BOUND:
            fail("INV-31 bounds", f"{part.who}.{name} holds {size}")


def _sizes(thing: Any, depth: int = 3) -> list[tuple[str, int]]:
    """The collections in an object's attributes, and in those of its parts."""
    found = []
    names = list(getattr(thing, "__dict__", ())) or list(getattr(thing, "__slots__", ()))
    for name in names:
        value = getattr(thing, name, None)
        if isinstance(value, (str, bytes)) or value is None:
            continue
        if hasattr(value, "__len__"):
            found.append((name, len(value)))
        elif depth and type(value).__module__.startswith("hanode."):
            found += [(f"{name}.{inner}", size) for inner, size in _sizes(value, depth - 1)]
    return found
