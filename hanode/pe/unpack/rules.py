"""Whether a rule holds: for a node, at a time, for an agent, for an operation.

A condition that asks for something which isn't at hand (an agent where none is in
question) is false. An attribute that isn't defined compares as false with everything
but `not_defined` and `ne`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from hanode.cib.configuration import (
    Condition,
    DateExpression,
    Expression,
    OperationExpression,
    ResourceExpression,
    Rule,
)
from hanode.pe.model.operation import milliseconds


class Context(NamedTuple):
    """What a rule may ask about."""

    now: float
    attributes: Mapping[str, str] | None = None
    parameters: Mapping[str, str] | None = None
    meta: Mapping[str, str] | None = None
    agent: tuple[str, str, str] | None = None
    operation: tuple[str, int] | None = None
    matches: tuple[str, ...] = ()


def holds(rule: Rule | None, context: Context) -> bool:
    """No rule holds always; a rule without conditions too."""
    if rule is None:
        return True
    if not rule.conditions:
        return True
    if rule.boolean_op == "or":
        return any(condition_holds(condition, context) for condition in rule.conditions)
    return all(condition_holds(condition, context) for condition in rule.conditions)


def condition_holds(condition: Condition, context: Context) -> bool:
    if isinstance(condition, Rule):
        return holds(condition, context)
    if isinstance(condition, Expression):
        return _expression_holds(condition, context)
    if isinstance(condition, DateExpression):
        from hanode.pe.unpack.dates import date_holds  # only few files have dates

        return date_holds(condition, context.now)
    if isinstance(condition, ResourceExpression):
        return _agent_matches(condition, context.agent)
    return _operation_matches(condition, context.operation)


def _agent_matches(wanted: ResourceExpression, agent: tuple[str, str, str] | None) -> bool:
    if agent is None:
        return False
    return all(
        want is None or want == have
        for want, have in zip((wanted.class_, wanted.provider, wanted.type), agent, strict=True)
    )


def _operation_matches(wanted: OperationExpression, operation: tuple[str, int] | None) -> bool:
    if operation is None or wanted.name != operation[0]:
        return False
    return wanted.interval is None or milliseconds(wanted.interval, 0) == operation[1]


def _expression_holds(expression: Expression, context: Context) -> bool:
    if context.attributes is None:
        return False
    have = context.attributes.get(expand(expression.attribute, context.matches))
    if expression.operation == "defined":
        return have is not None
    if expression.operation == "not_defined":
        return have is None
    want = _wanted(expression, context)
    if expression.operation == "eq":
        return have is not None and want is not None and _compare(expression, have, want) == 0
    if expression.operation == "ne":
        return have is None or want is None or _compare(expression, have, want) != 0
    if have is None or want is None:
        return False
    order = _compare(expression, have, want)
    if order is None:
        return False
    match expression.operation:
        case "lt":
            return order < 0
        case "lte":
            return order <= 0
        case "gt":
            return order > 0
        case "gte":
            return order >= 0
    return False


def _wanted(expression: Expression, context: Context) -> str | None:
    value = expression.value
    if value is None:
        return None
    if expression.value_source == "param":
        return (context.parameters or {}).get(value)
    if expression.value_source == "meta":
        return (context.meta or {}).get(value)
    return expand(value, context.matches)


def expand(text: str, matches: tuple[str, ...]) -> str:
    """`%1` is the first group of a location constraint's resource pattern."""
    if not matches or "%" not in text:
        return text
    for number, match in enumerate(matches):
        text = text.replace(f"%{number}", match)
    return text


def _compare(expression: Expression, have: str, want: str) -> int | None:
    kind = expression.type
    if not kind:
        ordered = expression.operation in ("lt", "lte", "gt", "gte")
        kind = ("number" if "." in have or "." in want else "integer") if ordered else "string"
    if kind == "version":
        return _order(_version(have), _version(want))
    if kind in ("number", "integer"):
        first, second = _number(have, kind), _number(want, kind)
        if first is None or second is None:
            return _order(have.lower(), want.lower())
        return _order(first, second)
    return _order(have.lower(), want.lower())


def _order(first: object, second: object) -> int:
    return -1 if first < second else 1 if first > second else 0  # type: ignore[operator]


def _number(text: str, kind: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        digits = "".join(letter for letter in text if letter.isdecimal())
        return float(digits) if digits and text[:1].isdecimal() else None
    return float(int(number)) if kind == "integer" else number


def _version(text: str) -> tuple[int, ...]:
    parts = []
    for part in text.split("."):
        digits = "".join(letter for letter in part if letter.isdecimal())
        parts.append(int(digits[:18]) if digits else 0)
    while parts and parts[-1] == 0:
        parts.pop()
    return tuple(parts)
