"""Frozen dataclasses to msgpack and back, checked field by field against their annotations.

Decoding is for authenticated bytes only; even so nothing of them is trusted: sizes and depth are
bounded, extension types refused, unknown kinds and fields of a wrong type raise `Garbled`, and
nothing else is ever raised.
"""

from __future__ import annotations

import dataclasses
import itertools
import math
import types
import typing
from collections.abc import Callable
from functools import cache
from typing import Any

import msgpack

LIMIT = 16 * 1024 * 1024
"""Longest message, in bytes, that is decoded at all; but for those that bring a whole fold."""
STATE_LIMIT = 16 * LIMIT
"""Longest fold of a log that is kept, sent, or decoded."""
WITH_STATE = STATE_LIMIT + LIMIT
"""Longest message that brings one."""


LONG = 1 << 16
"""Bytes from which on a message is looked at for how much is in it, as it is decoded."""
BYTES_PER_PART, PARTS_MAX = 2, 1 << 22
"""In a long one, so many bytes there are at least to each list and map (a million empty lists are
short to send, and take a hundred times the memory, and seconds in which a node does nothing else;
the orderings of a transition, as pairs of small numbers, have three); and so many of them at
most."""


class Garbled(ValueError):  # noqa: N818 - the word that callers know
    """These bytes are not a word of this vocabulary."""


class Vocabulary:
    """A closed set of words (frozen dataclasses); each travels as `[its class name, {fields}]`."""

    def __init__(self, *words: type, limit: int = LIMIT) -> None:
        self._words = {word.__name__: word for word in words}
        self._limit = limit
        assert len(self._words) == len(words), "two words of one name"

    def pack(self, word: Any) -> bytes:
        """The bytes of a word; equal words give equal bytes."""
        name = type(word).__name__
        assert self._words.get(name) is type(word), f"{name} is not a word of this vocabulary"
        return pack_plain([name, word])

    def unpack(self, data: bytes) -> Any:
        """The word that these bytes say. Raises Garbled."""
        body = unpack_plain(data, self._limit)
        if not (isinstance(body, list) and len(body) == 2 and isinstance(body[0], str)):
            raise Garbled("not a [word, fields] pair")
        word = self._words.get(body[0])
        if word is None:
            raise Garbled(f"unknown word {body[0]!r:.40}")
        return build(word, body[1])


def pack_plain(value: Any) -> bytes:
    """Plain values and dataclasses (as maps of their fields) to msgpack."""
    return typing.cast(bytes, msgpack.packb(value, use_bin_type=True, default=_as_map))


def plain(value: Any) -> Any:
    """What a reader of msgpack would see of it: maps, lists, strings, numbers."""
    return unpack_plain(pack_plain(value))


def _as_map(value: Any) -> dict[str, Any]:
    word: type = type(value)
    return {name: getattr(value, name) for name in _field_names(word)}


def unpack_plain(data: bytes, limit: int = LIMIT) -> Any:
    """msgpack to plain values, within limits. Raises Garbled."""
    if len(data) > limit:
        raise Garbled(f"{len(data)} bytes, more than {limit}")
    try:
        return msgpack.unpackb(
            data, raw=False, strict_map_key=False, ext_hook=_no_extension, **_counted(len(data))
        )
    except Garbled:
        raise
    except (ValueError, TypeError, RecursionError, msgpack.UnpackException) as error:
        raise Garbled(f"not msgpack: {error}") from None


def build(word: type, fields: Any) -> Any:
    """A word from its plain fields; absent fields take their defaults. Raises Garbled."""
    return _builder(word)(fields)


def _counted(size: int) -> dict[str, Callable[[Any], Any]]:
    """What keeps a long message from having too many parts."""
    if size <= LONG:
        return {}
    parts, most = itertools.count(1), min(size // BYTES_PER_PART, PARTS_MAX)

    def seen(part: Any) -> Any:
        if next(parts) > most:
            raise Garbled(f"more than {most} parts in {size} bytes")
        return part

    return {"list_hook": seen, "object_hook": seen}


def _no_extension(code: int, data: bytes) -> Any:
    raise Garbled(f"extension type {code}")


@cache
def _field_names(word: type) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(word))


@cache
def _builder(word: type) -> Callable[[Any], Any]:
    hints = typing.get_type_hints(word)
    names = _field_names(word)
    as_it_is = {name: _as_it_is(hints[name]) for name in names}
    converters = {name: _converter(hints[name]) for name in names}

    def converted(name: str, value: Any) -> Any:
        convert = converters.get(name)
        if convert is None:
            raise Garbled(f"{word.__name__}: unknown field {name!r:.40}")
        try:
            return convert(value)
        except Garbled as error:
            raise Garbled(f"{word.__name__}.{name}: {error}") from None

    def construct(fields: Any) -> Any:
        if not isinstance(fields, dict):
            raise Garbled(f"{word.__name__}: fields are not a map")
        values = fields.copy()
        for name, value in fields.items():
            if type(value) not in as_it_is.get(name, _NONE):
                values[name] = converted(name, value)
        try:
            return word(**values)
        except (TypeError, ValueError) as error:
            raise Garbled(f"{word.__name__}: {error}") from None

    return construct


_NONE: frozenset[type] = frozenset()
_PLAIN: dict[Any, frozenset[type]] = {
    kind: frozenset((kind,)) for kind in (str, bytes, bool, int, type(None))
}
"""Annotation -> the exact types that fit it; so true is no number. (A float is looked into: one
that is no number, or infinite, would be equal to nothing, or to no time.)"""


def _as_it_is(hint: Any) -> frozenset[type]:
    """The types of plain values that are of this annotation without conversion, which nearly all
    values are; empty if there is something to convert or to look into."""
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        options = [_as_it_is(option) for option in typing.get_args(hint)]
        return frozenset().union(*options) if all(options) else _NONE
    return _PLAIN.get(hint, _NONE)


def _converter(hint: Any) -> Callable[[Any], Any]:
    """A function from a plain value to one of this annotation, or Garbled."""
    origin = typing.get_origin(hint)
    if hint is Any:
        return lambda value: value
    if hint is float:
        return _finite
    if plain_types := _as_it_is(hint):
        return _exact(hint, plain_types)
    if origin in (typing.Union, types.UnionType):
        return _one_of([_converter(option) for option in typing.get_args(hint)])
    if origin is tuple:
        return _tuple(hint, typing.get_args(hint))
    if origin is dict:
        return _dict(*typing.get_args(hint))
    if isinstance(hint, type) and issubclass(hint, tuple):  # a NamedTuple
        kinds = tuple(typing.get_type_hints(hint).values())
        return _tuple(hint, kinds)
    if dataclasses.is_dataclass(hint):
        return _builder(typing.cast(type, hint))
    raise AssertionError(f"no way to decode {hint}")


def _exact(hint: Any, plain_types: frozenset[type]) -> Callable[[Any], Any]:
    name = hint.__name__ if isinstance(hint, type) else str(hint)

    def convert(value: Any) -> Any:
        if type(value) not in plain_types:
            raise Garbled(f"not {name}")
        return value

    return convert


def _finite(value: Any) -> Any:
    if type(value) not in (float, int) or not math.isfinite(value):
        raise Garbled("not a finite float")
    return value


def _one_of(options: list[Callable[[Any], Any]]) -> Callable[[Any], Any]:
    def convert(value: Any) -> Any:
        for option in options:
            try:
                return option(value)
            except Garbled:
                continue
        raise Garbled("none of the allowed types")

    return convert


def _tuple(hint: Any, kinds: tuple[Any, ...]) -> Callable[[Any], Any]:
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        return _list(kinds[0])
    make = hint._make if isinstance(hint, type) and hasattr(hint, "_make") else tuple
    converters = [(_as_it_is(kind), _converter(kind)) for kind in kinds]

    def convert(value: Any) -> Any:
        if not isinstance(value, (list, tuple)) or len(value) != len(converters):
            raise Garbled(f"not a list of {len(converters)}")
        return make(
            [
                item if type(item) in plain_types else one(item)
                for (plain_types, one), item in zip(converters, value, strict=True)
            ]
        )

    return convert


def _list(kind: Any) -> Callable[[Any], Any]:
    plain_types, each = _as_it_is(kind), _converter(kind)

    def convert(value: Any) -> Any:
        if not isinstance(value, (list, tuple)):
            raise Garbled("not a list")
        if plain_types.issuperset(map(type, value)):
            return tuple(value)
        return tuple([each(item) for item in value])

    return convert


def _dict(key: Any, item: Any) -> Callable[[Any], Any]:
    key_of, item_of = _converter(key), _converter(item)

    def convert(value: Any) -> Any:
        if not isinstance(value, dict):
            raise Garbled("not a map")
        return {key_of(k): item_of(v) for k, v in value.items()}

    return convert
