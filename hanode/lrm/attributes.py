"""Node attributes that agents set through stand-in tools, such as promotion scores.

An agent may ask for dampening (attrd's word): the cluster hears a change only after a while, and
then the latest value, so that a value that swings does not move resources each time.
"""

from __future__ import annotations

from collections.abc import Iterable

from hanode.attributes import of_the_cluster, unfit
from hanode.local_messages import AttributeWanted

DAMPENING_MAX = 3600.0


class Attributes:
    def __init__(self, limit: int, known: dict[str, str], gone: Iterable[str] = ()) -> None:
        self._limit = limit
        self._values = dict(known)
        """As agents set them, and as they read them back."""
        self._told = dict(known)
        """As the cluster was told."""
        self._gone: dict[str, None] = dict.fromkeys(gone)
        """Taken away, and the log may not know it: silence about them would leave them there."""
        self._due: dict[str, float] = {}
        """By name: when a dampened change is told. The first change sets it; later ones don't
        move it, so a value that never rests is told all the same."""

    def say(
        self, name: str, value: str | None, delay: float, now: float
    ) -> tuple[str, AttributeWanted | None]:
        """What is wrong with it, or the news that it is, if it is any yet."""
        wrong = self._unfit(name, value)
        if wrong:
            return wrong, None
        if value is None:
            self._values.pop(name, None)
        else:
            self._values[name] = value
            self._gone.pop(name, None)
        if self._told.get(name) == value:
            self._due.pop(name, None)
            return "", None
        if delay > 0:
            self._due.setdefault(name, now + min(delay, DAMPENING_MAX))
            return "", None
        return "", self._tell(name)

    def due(self, now: float) -> list[AttributeWanted]:
        """The dampened changes whose time has come."""
        return [self._tell(name) for name, at in list(self._due.items()) if at <= now]

    def deadline(self) -> float | None:
        return min(self._due.values(), default=None)

    def all(self) -> dict[str, str]:
        return dict(self._values)

    def told(self) -> dict[str, str]:
        """What the cluster may count on."""
        return dict(self._told)

    def wanted(self) -> list[AttributeWanted]:
        """Everything once more, for a crm that may have missed some."""
        gone = [AttributeWanted(name, None) for name in self._gone]
        return gone + [AttributeWanted(name, value) for name, value in self._told.items()]

    def gone(self) -> tuple[str, ...]:
        """What the cluster was told to forget, as long as it may not have."""
        return tuple(self._gone)

    def going(self) -> tuple[str, ...]:
        """The same, and what it is to be told to forget: for this LRM's next life."""
        return (*self._gone, *(name for name in self._told if name not in self._values))

    def forgotten(self, name: str) -> None:
        """The log knows that it was taken away."""
        self._gone.pop(name, None)

    def _tell(self, name: str) -> AttributeWanted:
        self._due.pop(name, None)
        value = self._values.get(name)
        if value is None:
            self._told.pop(name, None)
            self._gone[name] = None
            if len(self._gone) > self._limit:
                del self._gone[next(iter(self._gone))]
        else:
            self._told[name] = value
        return AttributeWanted(name, value)

    def _unfit(self, name: str, value: str | None) -> str:
        if wrong := unfit(name, value):
            return wrong
        if of_the_cluster(name):
            return f"{name} is the cluster's own; an agent can't set it"
        if name not in self._values and len(self._values) >= self._limit:
            return f"there are {self._limit} attributes already"
        return ""
