"""Constraints read from XML, with the resource sets and rules in them."""

from __future__ import annotations

from lxml import etree

from hanode.cib.configuration import (
    Colocation,
    Constraint,
    Location,
    Order,
    ResourceSet,
    TicketConstraint,
)
from hanode.cib.read_sets import read_rule
from hanode.cib.reading import Reader, children, line_of


def read_constraints(reader: Reader, section: etree._Element | None) -> tuple[Constraint, ...]:
    """All constraints in document order."""
    found = []
    for element in children(section):
        constraint = _constraint(reader, element)
        if constraint is not None:
            found.append(constraint)
    return tuple(found)


def _constraint(reader: Reader, element: etree._Element) -> Constraint | None:
    match element.tag:
        case "rsc_location":
            return _location(reader, element)
        case "rsc_colocation":
            return _colocation(reader, element)
        case "rsc_order":
            return _order(reader, element)
        case "rsc_ticket":
            return _ticket(reader, element)
        case _:
            reader.warn(element, "not a kind of constraint; it is ignored")
            return None


def _location(reader: Reader, element: etree._Element) -> Location:
    rules = (read_rule(reader, rule) for rule in children(element, "rule"))
    return Location(
        element.get("id", ""),
        element.get("rsc", ""),
        element.get("node", ""),
        element.get("score", ""),
        element.get("role", ""),
        element.get("rsc-pattern", ""),
        element.get("resource-discovery", ""),
        tuple(rule for rule in rules if rule is not None),
        _sets(reader, element),
        line_of(element),
    )


def _colocation(reader: Reader, element: etree._Element) -> Colocation:
    return Colocation(
        element.get("id", ""),
        element.get("rsc", ""),
        element.get("with-rsc", ""),
        element.get("score", ""),
        element.get("rsc-role", ""),
        element.get("with-rsc-role", ""),
        element.get("node-attribute", ""),
        element.get("influence", ""),
        _sets(reader, element),
        line_of(element),
    )


def _order(reader: Reader, element: etree._Element) -> Order:
    return Order(
        element.get("id", ""),
        element.get("first", ""),
        element.get("then", ""),
        element.get("first-action", ""),
        element.get("then-action", ""),
        element.get("kind", ""),
        element.get("score", ""),
        element.get("symmetrical", ""),
        element.get("require-all", ""),
        _sets(reader, element),
        line_of(element),
    )


def _ticket(reader: Reader, element: etree._Element) -> TicketConstraint:
    return TicketConstraint(
        element.get("id", ""),
        element.get("ticket", ""),
        element.get("rsc", ""),
        element.get("rsc-role", ""),
        element.get("loss-policy", ""),
        _sets(reader, element),
        line_of(element),
    )


def _sets(reader: Reader, parent: etree._Element) -> tuple[ResourceSet, ...]:
    found = []
    for element in children(parent, "resource_set"):
        target = reader.resolve(element)
        if target is None:
            continue
        found.append(
            ResourceSet(
                target.get("id", ""),
                tuple(ref.get("id", "") for ref in children(target, "resource_ref")),
                reader.truth(target, "sequential", True),
                reader.truth(target, "require-all", True),
                target.get("role", ""),
                target.get("action", ""),
                target.get("score", ""),
                target.get("ordering", ""),
                target.get("kind", ""),
            )
        )
    return tuple(found)
