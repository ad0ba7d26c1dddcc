"""Elements of a CIB as text, with the ids that pcs and crm_resource would give them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

Pairs = Mapping[str, str]
OF_THE_AGENT = ("OCF_CHECK_LEVEL",)
"""What is said of an operation and meant for its agent."""

_ESCAPES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", '"': "&quot;", "\n": "&#10;", "\t": "&#9;", "\r": "&#13;"}
)


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation as it is to be configured."""

    name: str
    options: Pairs = field(default_factory=dict)

    @property
    def interval(self) -> str:
        return self.options.get("interval", "0s")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A resource that is to be created."""

    id: str
    agent: tuple[str, str, str]
    """class, provider (or empty), type"""
    parameters: Pairs = field(default_factory=dict)
    operations: tuple[Operation, ...] = ()
    meta: Pairs = field(default_factory=dict)


def quoted(value: str) -> str:
    """An XML attribute's value, quotes included."""
    return f'"{value.translate(_ESCAPES)}"'


def element(tag: str, inner: str = "", **attributes: str) -> str:
    """An element; in attribute names `_` stands for `-`, and a final `_` is dropped. Attributes
    without a value are left out."""
    written = "".join(
        f" {name.rstrip('_').replace('_', '-')}={quoted(value)}"
        for name, value in attributes.items()
        if value
    )
    return f"<{tag}{written}>{inner}</{tag}>" if inner else f"<{tag}{written}/>"


def nvpair(ident: str, name: str, value: str) -> str:
    return f"<nvpair id={quoted(ident)} name={quoted(name)} value={quoted(value)}/>"


def nvset(ident: str, tag: str, pairs: Pairs) -> str:
    """A set of pairs; nothing for no pairs."""
    inner = "".join(nvpair(f"{ident}-{name}", name, value) for name, value in pairs.items())
    return element(tag, inner, id=ident) if inner else ""


def primitive(wanted: Wanted) -> str:
    class_, provider, type_ = wanted.agent
    ident = wanted.id
    inner = nvset(f"{ident}-instance_attributes", "instance_attributes", wanted.parameters)
    inner += nvset(f"{ident}-meta_attributes", "meta_attributes", wanted.meta)
    operations = "".join(operation(ident, entry) for entry in wanted.operations)
    if operations:
        inner += f"<operations>{operations}</operations>"
    return element("primitive", inner, id=ident, class_=class_, provider=provider, type=type_)


def operation(owner: str, wanted: Operation) -> str:
    given = {name: value for name, value in wanted.options.items() if name in OF_THE_AGENT}
    options = {"interval": "0s", **{k: v for k, v in wanted.options.items() if k not in given}}
    role = f"-{options['role']}" if "role" in options else ""
    ident = f"{owner}-{wanted.name}-interval-{options['interval']}{role}"
    written = "".join(f" {name}={quoted(value)}" for name, value in options.items() if value)
    told = nvset(f"{ident}-instance_attributes", "instance_attributes", given)
    start = f"<op id={quoted(ident)} name={quoted(wanted.name)}{written}"
    return f"{start}>{told}</op>" if told else f"{start}/>"


def clone(ident: str, meta: Pairs, child: str) -> str:
    held = nvset(f"{ident}-meta_attributes", "meta_attributes", meta)
    return f"<clone id={quoted(ident)}>{child}{held}</clone>"


def text_of(found: etree._Element) -> str:
    """An element of the CIB as it is."""
    return etree.tostring(found, encoding="unicode", with_tail=False)


def in_words(pairs: Pairs) -> str:
    """`a=1, no b`: of pairs that are set, and of those taken away."""
    return ", ".join(f"{name}={value}" if value else f"no {name}" for name, value in pairs.items())
