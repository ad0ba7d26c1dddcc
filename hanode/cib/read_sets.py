"""Name-value sets and the rules that decide whether they hold, read from XML."""

from __future__ import annotations

from lxml import etree

from hanode.cib.configuration import (
    Condition,
    DateExpression,
    Expression,
    NvSet,
    OperationExpression,
    ResourceExpression,
    Rule,
)
from hanode.cib.reading import Reader, children
from hanode.cib.xml import DEPTH_MAX


def read_sets(reader: Reader, parent: etree._Element | None, tag: str) -> tuple[NvSet, ...]:
    """All sets of one kind (`meta_attributes`, ...) directly in `parent`."""
    found = []
    for element in children(parent, tag):
        target = reader.resolve(element)
        if target is not None:
            found.append(_read_set(reader, target))
    return tuple(found)


def _read_set(reader: Reader, element: etree._Element) -> NvSet:
    pairs = []
    rule = None
    for child in element.iterchildren("nvpair", "rule", "attributes"):
        if child.tag == "rule":
            rule = read_rule(reader, child)
        elif child.tag == "attributes":
            pairs.extend(_pairs(reader, child))
        else:
            pair = _pair(reader, child)
            if pair is not None:
                pairs.append(pair)
    return NvSet(element.get("id", ""), tuple(pairs), rule, element.get("score", ""))


def _pairs(reader: Reader, element: etree._Element) -> list[tuple[str, str]]:
    """The `attributes` wrapper of very old files."""
    found = [_pair(reader, child) for child in element.iterchildren("nvpair")]
    return [pair for pair in found if pair is not None]


def _pair(reader: Reader, element: etree._Element) -> tuple[str, str] | None:
    target = reader.resolve(element)
    if target is None:
        return None
    name = element.get("name") or target.get("name")
    value = target.get("value")
    if name is None or value is None:
        return None
    return name, value


def read_rule(reader: Reader, element: etree._Element, depth: int = 0) -> Rule | None:
    """A rule, or None when it only refers to one that isn't there."""
    target = reader.resolve(element)
    if target is None:
        return None
    if depth == DEPTH_MAX:
        reader.warn(element, "this rule is within itself, or too deep in others; it is ignored")
        return None
    conditions: list[Condition] = []
    for child in target.iterchildren():
        condition = _condition(reader, child, depth + 1)
        if condition is not None:
            conditions.append(condition)
    return Rule(
        target.get("id", ""),
        tuple(conditions),
        target.get("boolean-op", "and").lower(),
        target.get("score"),
        target.get("score-attribute") or target.get("score-attribute-mangled"),
        target.get("role", ""),
    )


def _condition(reader: Reader, element: etree._Element, depth: int) -> Condition | None:
    name = element.get("id", "")
    match element.tag:
        case "rule":
            return read_rule(reader, element, depth)
        case "expression":
            return Expression(
                name,
                element.get("attribute", ""),
                element.get("operation", ""),
                element.get("value"),
                element.get("type", ""),
                element.get("value-source", "literal"),
            )
        case "date_expression":
            return _date(element)
        case "rsc_expression":
            return ResourceExpression(
                name, element.get("class"), element.get("provider"), element.get("type")
            )
        case "op_expression":
            return OperationExpression(name, element.get("name", ""), element.get("interval"))
        case _:
            reader.warn(element, "not a condition; it is ignored")
            return None


def _date(element: etree._Element) -> DateExpression:
    duration = element.find("duration")
    spec = element.find("date_spec")
    return DateExpression(
        element.get("id", ""),
        element.get("operation", "in_range"),
        element.get("start", ""),
        element.get("end", ""),
        None if duration is None else _items(duration),
        None if spec is None else _items(spec),
    )


def _items(element: etree._Element) -> tuple[tuple[str, str], ...]:
    return tuple((str(key), str(value)) for key, value in element.items() if key != "id")
