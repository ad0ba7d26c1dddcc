"""`dataclass(frozen=True, slots=True)`, five times cheaper to define.

The vocabulary has over a hundred of them, and every process of a node reads it when it starts: a
heartbeat that was killed has less than a deadtime to be back. The standard decorator compiles
seven methods for each class; here one is compiled, and the rest are shared. Type checkers see the
standard one, so a frozen field is frozen where it matters; at run time nobody is watched.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:

    def dataclass(*, frozen: bool, slots: bool) -> Callable[[type], type]:
        assert frozen, "a value that changes is a standard dataclass"
        assert slots, "a value of many has slots"
        return _lean


def _lean(word: type) -> type:
    made: Any = dataclasses.dataclass(slots=True, repr=False, eq=False)(word)
    names = tuple(field.name for field in dataclasses.fields(made))
    made._values = staticmethod(_reader(names))
    made.__eq__, made.__hash__, made.__repr__ = _equal, _hash, _show
    return made  # type: ignore[no-any-return]


def _reader(names: tuple[str, ...]) -> Callable[[Any], Any]:
    """All fields of a word at once; for one alone attrgetter gives the value, which serves, too."""
    return attrgetter(*names) if names else lambda word: ()


def _equal(self: Any, other: Any) -> Any:
    if other.__class__ is not self.__class__:
        return NotImplemented
    return self._values(self) == self._values(other)


def _hash(self: Any) -> int:
    return hash((self.__class__, self._values(self)))


def _show(self: Any) -> str:
    names = (field.name for field in dataclasses.fields(self))
    values = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
    return f"{self.__class__.__qualname__}({values})"
