"""Node attributes that agents set through stand-in tools, such as promotion scores."""

from __future__ import annotations

import re

from hanode.messages import AttributeWanted

NAME_LIMIT = 256
VALUE_LIMIT = 4096
_NAME = re.compile(r"[A-Za-z0-9_.:#/-]+")


class Attributes:
    def __init__(self, limit: int, known: dict[str, str]) -> None:
        self._limit = limit
        self._values = dict(known)

    def say(self, name: str, value: str | None) -> tuple[str, AttributeWanted | None]:
        """What is wrong with it, or the news that it is, if it is any."""
        if not _NAME.fullmatch(name) or len(name) > NAME_LIMIT:
            return f"a name has 1 to {NAME_LIMIT} letters, digits or _.:#/-", None
        if value is not None and (len(value) > VALUE_LIMIT or not value.isprintable()):
            return f"a value has at most {VALUE_LIMIT} printable characters", None
        if name not in self._values and len(self._values) >= self._limit:
            return f"there are {self._limit} attributes already", None
        if self._values.get(name) == value:
            return "", None
        if value is None:
            del self._values[name]
        else:
            self._values[name] = value
        return "", AttributeWanted(name, value)

    def all(self) -> dict[str, str]:
        return dict(self._values)

    def wanted(self) -> list[AttributeWanted]:
        """Everything once more, for a crm that may have missed some."""
        return [AttributeWanted(name, value) for name, value in self._values.items()]
