"""An agent's metadata, read: its parameters and actions, as its standard lets it describe them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from hanode.ra.durations import seconds

if TYPE_CHECKING:
    from lxml import etree

_DOCTYPE = re.compile(rb"<!DOCTYPE[^>\[]*>")
"""Most agents name their DTD; nothing of it is ever read."""
_ADVICE = ("interval", "timeout", "role")
_TRUE = ("1", "true", "yes", "on")
_FALSE = ("0", "false", "no", "off")


class BadMetadata(ValueError):  # noqa: N818 - the word that callers know
    """What an agent says of itself can't be understood: why."""


class Parameter(NamedTuple):
    name: str
    type: str = "string"
    """string, integer, boolean, second, time, select, ..."""
    default: str | None = None
    required: bool = False
    summary: str = ""
    description: str = ""
    options: tuple[str, ...] = ()
    """What a select may be."""
    not_unique: bool = False
    """Its author says so; most say nothing."""
    reloadable: bool = False
    replaced_by: tuple[str, ...] = ()


class AgentAction(NamedTuple):
    name: str
    timeout: float = 20.0
    """Seconds that the agent's author suggests."""
    interval: float = 0.0
    role: str = ""
    advice: tuple[tuple[str, str], ...] = ()
    """Its timeout, interval and role as the author wrote them."""


class Metadata(NamedTuple):
    name: str
    summary: str = ""
    description: str = ""
    version: str = ""
    parameters: tuple[Parameter, ...] = ()
    actions: tuple[AgentAction, ...] = ()
    positional: bool = False
    """It takes 1, 2, 3, ..., which nothing describes."""

    @property
    def promotable(self) -> bool:
        return any(action.name == "promote" for action in self.actions)

    def parameter(self, name: str) -> Parameter | None:
        return next((p for p in self.parameters if p.name == name), None)


def read_metadata(data: bytes) -> Metadata:
    """Metadata from what `meta-data` printed. Raises BadMetadata."""
    from hanode.cib.xml import BadXml, read_xml  # an LRM reads none before its first agent

    start = data.find(b"<")
    try:
        root = read_xml(_DOCTYPE.sub(b"", data[max(start, 0) :], count=1))
    except BadXml as bad:
        raise BadMetadata(f"the agent's metadata: {bad}") from None
    if root.tag != "resource-agent":
        raise BadMetadata(f"the agent's metadata begins with <{root.tag}>, not <resource-agent>")
    return Metadata(
        name=root.get("name", ""),
        summary=_text(root, "shortdesc") or root.get("shortdesc", ""),
        description=_text(root, "longdesc"),
        version=_text(root, "version") or root.get("version", ""),
        parameters=_parameters(root.findall("parameters/parameter")),
        actions=tuple(_action(e) for e in root.iterfind("actions/action")),
    )


def _parameters(elements: list[etree._Element]) -> tuple[Parameter, ...]:
    """OCF says of an old name what replaced it; fence agents say of a new one what it replaces."""
    found = [_parameter(element) for element in elements]
    newer = {e.get("obsoletes", ""): e.get("name", "") for e in elements}
    return tuple(
        p._replace(replaced_by=(*p.replaced_by, newer[p.name])) if p.name in newer else p
        for p in found
    )


def _parameter(element: etree._Element) -> Parameter:
    content = element.find("content")
    described = content if content is not None else element
    replaced = element.findall("deprecated/replaced-with")
    name = element.get("name", "")
    return Parameter(
        name=name,
        type=described.get("type", "string"),
        default=described.get("default"),
        required=_true(element.get("required")),
        summary=_text(element, "shortdesc"),
        description=_text(element, "longdesc"),
        options=tuple(option.get("value", "") for option in described.iterfind("option")),
        not_unique=element.get("unique", "").lower() in _FALSE,
        reloadable=_true(element.get("reloadable")),
        replaced_by=tuple(other.get("name", "") for other in replaced),
    )


def _action(element: etree._Element) -> AgentAction:
    return AgentAction(
        name=element.get("name", ""),
        timeout=seconds(element.get("timeout", ""), 20.0),
        interval=seconds(element.get("interval", ""), 0.0),
        role=element.get("role", ""),
        advice=tuple((k, v) for k in _ADVICE if (v := element.get(k))),
    )


def _text(element: etree._Element, tag: str) -> str:
    """An English text in preference to others."""
    found = element.findall(tag)
    found.sort(key=lambda e: not e.get("lang", "en").startswith("en"))
    return " ".join("".join(map(str, found[0].itertext())).split()) if found else ""


def _true(text: str | None) -> bool:
    return (text or "").lower() in _TRUE
