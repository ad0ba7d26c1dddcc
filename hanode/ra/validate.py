"""A resource's parameters held against its agent's metadata: what is wrong, in sentences."""

from __future__ import annotations

import difflib
import re
from collections.abc import Container, Iterator, Mapping

from hanode.ra.durations import seconds
from hanode.ra.metadata import Metadata, Parameter

_BOOLEANS = ("1", "0", "true", "false", "yes", "no", "on", "off", "y", "n")
_INTEGER = re.compile(r"[+-]?\d+")
_GIVEN_BY_CLUSTER = frozenset({"action", "plug", "port", "nodename"})
"""What a fence agent asks for and the cluster says at each call."""


def wrong_parameters(
    metadata: Metadata,
    parameters: Mapping[str, str],
    class_: str = "ocf",
    about: Container[str] | None = None,
) -> list[str]:
    """Everything that is wrong with these parameters; empty if nothing is. `about`: only what
    concerns these names, since the others were accepted before."""
    given = {name: value for name, value in parameters.items() if about is None or name in about}
    return [
        *_unknown(metadata, given, class_),
        *_missing(metadata, parameters, class_, about),
        *_malformed(metadata, given),
    ]


def _unknown(metadata: Metadata, parameters: Mapping[str, str], class_: str) -> Iterator[str]:
    names = [parameter.name for parameter in metadata.parameters]
    for name in parameters:
        if metadata.positional and name.isdecimal():
            continue
        if name in names or (class_ == "stonith" and name.startswith("pcmk_")):
            continue
        near = difflib.get_close_matches(name, names, 1)
        known = f"did you mean {near[0]}?" if near else f"it has: {', '.join(names) or 'none'}"
        yield f"{metadata.name} has no parameter {name}; {known}"


def _missing(
    metadata: Metadata, parameters: Mapping[str, str], class_: str, about: Container[str] | None
) -> Iterator[str]:
    for parameter in metadata.parameters:
        names = (parameter.name, *_equals(metadata, parameter))
        if about is not None and not any(name in about for name in names):
            continue
        given = any(parameters.get(name) for name in names)
        if class_ == "stonith" and parameter.name in _GIVEN_BY_CLUSTER:
            continue
        if parameter.required and not given and not parameter.default:
            what = f" ({parameter.summary})" if parameter.summary else ""
            yield f"{metadata.name} needs parameter {parameter.name}{what}"


def _equals(metadata: Metadata, parameter: Parameter) -> list[str]:
    """Other names for the same thing: what it replaces, or what replaces it."""
    older = [p.name for p in metadata.parameters if parameter.name in p.replaced_by]
    return [*parameter.replaced_by, *older]


def _malformed(metadata: Metadata, parameters: Mapping[str, str]) -> Iterator[str]:
    for name, value in parameters.items():
        parameter = metadata.parameter(name)
        wanted = _unfit(parameter, value) if parameter else ""
        if wanted:
            yield f"{metadata.name}: {name} is {value!r:.80}, and must be {wanted}"
        if "\0" in value:
            yield f"{metadata.name}: {name} contains a zero byte"


def _is_duration(default: str) -> bool:
    """Some agents call `5s` an integer; their own default tells what they mean."""
    return not _INTEGER.fullmatch(default.strip()) and seconds(default, -1.0) >= 0


def _unfit(parameter: Parameter, value: str) -> str:
    """What the value must be, if it isn't."""
    match parameter.type:
        case "integer" if _is_duration(parameter.default or ""):
            return "" if seconds(value, -1.0) >= 0 else "a duration such as 10s"
        case "integer":
            return "" if _INTEGER.fullmatch(value.strip()) else "a whole number"
        case "boolean":
            return "" if value.strip().lower() in _BOOLEANS else "true or false"
        case "second" | "time" | "timeout":
            return "" if seconds(value, -1.0) >= 0 else "a duration such as 10s"
        case "select" if parameter.options:
            options = ", ".join(parameter.options)
            return "" if value in parameter.options else f"one of {options}"
    return ""
