"""One table of a settings file, read key by key; whatever nobody asked for is an error."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class ConfigError(Exception):
    """The configuration can't be used; the text says where, what, and what to write."""

    def __init__(self, path: Path, key: str, problem: str, remedy: str) -> None:
        place = f"{path}: {key}" if key else str(path)
        super().__init__(f"{place}: {problem}; {remedy}")


@dataclass(frozen=True, slots=True)
class Address:
    """host:port."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def parse_address(text: str, port: int) -> Address:
    """`host`, `host:port`, `[v6]:port`. Raises ValueError."""
    host, tail = text, ""
    if text.startswith("["):
        host, closed, tail = text[1:].partition("]")
        tail = tail if closed else ":"
    elif text.count(":") == 1:
        host, _, tail = text.partition(":")
        tail = ":" + tail
    if tail:
        if not tail.startswith(":") or not tail[1:].isdecimal():
            raise ValueError(f"{text!r} is not HOST:PORT")
        port = int(tail[1:])
    if not host or any(c.isspace() for c in host) or not 0 < port < 65536:
        raise ValueError(f"{text!r} is not HOST:PORT")
    return Address(host, port)


def parse_duration(value: object) -> float:
    """Seconds from 0.1, '100ms', '2s', '1min'. Raises ValueError."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    text = value if isinstance(value, str) else ""
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(ms|s|min|)\s*", text)
    if found is None:
        raise ValueError(f"{value!r} is not a duration")
    return float(found[1]) * {"ms": 0.001, "s": 1.0, "": 1.0, "min": 60.0}[found[2]]


class Table:
    """One TOML table, read key by key; what nobody read is an error."""

    def __init__(self, file: Path, place: str, data: dict[str, Any]) -> None:
        self.file = file
        self._place = place
        self._data = dict(data)
        self._known: list[str] = []

    def text(self, key: str, default: str | None) -> str:
        value = self._take(key, default, "a text in quotes")
        if not isinstance(value, str):
            raise self._wrong(key, value, "a text in quotes")
        return value

    def choice(self, key: str, choices: tuple[str, ...], default: str) -> str:
        value = self.text(key, default)
        if value not in choices:
            raise self._wrong(key, value, "one of " + ", ".join(f'"{c}"' for c in choices))
        return value

    def path(self, key: str, default: str) -> Path:
        return self.file.parent / Path(self.text(key, default)).expanduser()

    def address(self, key: str, port: int) -> Address:
        text = self.text(key, None)
        try:
            return parse_address(text, port)
        except ValueError:
            raise self._wrong(key, text, f'"ADDRESS:{port}"') from None

    def duration(self, key: str, default: float) -> float:
        value = self._take(key, default, "seconds")
        try:
            return parse_duration(value)
        except ValueError:
            raise self._wrong(key, value, 'seconds (0.1) or a text such as "100ms"') from None

    def table(self, key: str) -> dict[str, Any]:
        value = self._take(key, {}, "a table")
        if not isinstance(value, dict):
            raise self._wrong(key, value, f"a table: [{key}]")
        return value

    def tables(self, key: str) -> list[dict[str, Any]]:
        value = self._take(key, [], "tables")
        if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
            raise self._wrong(key, value, f"tables: [[{key}]]")
        return value

    def finish(self) -> None:
        """Every key was known."""
        for key in self._data:
            known = ", ".join(self._known)
            raise ConfigError(
                self.file, self._full(key), "no such key", f"remove it; known here: {known}"
            )

    def _take(self, key: str, default: object, wanted: str) -> object:
        self._known.append(key)
        value = self._data.pop(key, default)
        if value is None:
            raise ConfigError(self.file, self._full(key), "is missing", f"write {wanted}")
        return value

    def _wrong(self, key: str, value: object, wanted: str) -> ConfigError:
        return ConfigError(
            self.file, self._full(key), f"{value!r} can't be used", f"write {wanted}"
        )

    def _full(self, key: str) -> str:
        return f"{self._place}.{key}" if self._place else key
