"""What an operator can't have meant: values that Pacemaker accepts and then takes for others.

Nothing here changes a decision. It is asked by those who show a CIB to people; each sentence names
the element and its line, says what the value counts as, and what may stand there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from hanode.cib.configuration import (
    Clone,
    Colocation,
    Configuration,
    Constraint,
    DateExpression,
    Expression,
    Group,
    Location,
    NvSet,
    Order,
    Primitive,
    Rule,
    TicketConstraint,
)
from hanode.pe.unpack.dates import read_time

_SCORE = re.compile(r"[+-]?(\d{1,18}|INFINITY)")
_SPAN = re.compile(r"\+?\d+ *(s|sec|ms|msec|us|usec|m|min|h|hr)?|P[0-9YMWDTHS]+", re.IGNORECASE)
_RANGES = re.compile(r"[+-]?\d{1,6}|(\d{0,5}-?\d{0,5})(,\d{0,5}-?\d{0,5})*")
_TRUTH = ("true", "false", "on", "off", "yes", "no", "y", "n", "1", "0")
_ROLES = ("started", "stopped", "promoted", "unpromoted", "master", "slave")
_ACTIONS = ("start", "stop", "promote", "demote")
_WORDS = {
    "no-quorum-policy": ("stop", "freeze", "ignore", "demote", "fence", "suicide"),
    "placement-strategy": ("default", "utilization", "minimal", "balanced"),
    "stonith-action": ("reboot", "off", "poweroff"),
    "fencing-action": ("reboot", "off", "poweroff"),
    "symmetric-cluster": _TRUTH,
    "stonith-enabled": _TRUTH,
    "fencing-enabled": _TRUTH,
    "maintenance-mode": _TRUTH,
    "stop-all-resources": _TRUTH,
    "target-role": _ROLES,
    "is-managed": _TRUTH,
    "promotable": _TRUTH,
    "interleave": _TRUTH,
    "globally-unique": _TRUTH,
    "multiple-active": ("block", "stop_only", "stop_start", "stop_unexpected"),
    "requires": ("nothing", "quorum", "fencing", "unfencing"),
    "on-fail": (
        *("ignore", "block", "stop", "restart", "restart-container"),
        *("standby", "fence", "demote"),
    ),
}
_SCORES = ("resource-stickiness", "priority", "migration-threshold")
_COUNTS = ("clone-max", "clone-node-max", "clone-min", "promoted-max", "promoted-node-max")
_SPANS = ("cluster-recheck-interval", "failure-timeout", "timeout")


def doubts(configuration: Configuration) -> list[str]:
    """A sentence for each doubtful value, in the order of the file."""
    found: list[str] = []
    for entry in (*configuration.properties, *configuration.resource_defaults):
        found += _pairs(entry, f'"{entry.id}"')
    for node in configuration.nodes:
        if not node.uname:
            found.append(f'node "{node.id}" (line {node.line}) has no uname; give it one')
    for resource in (*configuration.templates, *configuration.resources):
        for part in _parts(resource):
            found += _resource(part)
    known = _names(configuration)
    for constraint in configuration.constraints:
        where = f'"{constraint.id}" (line {constraint.line})'
        found += _sets(constraint, where, known)
        match constraint:
            case Location():
                found += _location(constraint, where)
            case Colocation():
                found += _colocation(constraint, where)
            case Order():
                found += _order(constraint, where)
            case TicketConstraint():
                policies = ("stop", "demote", "fence", "freeze")
                found += _word(where, "loss-policy", constraint.loss_policy, policies)
    return [*found, *_levels(configuration), *_contradictions(configuration)]


def _names(configuration: Configuration) -> set[str]:
    """What a constraint may name."""
    known = {part.id for top in configuration.resources for part in _parts(top)}
    known.update(template.id for template in configuration.templates)
    known.update(tag.id for tag in configuration.tags)
    return known


def _sets(constraint: Constraint, where: str, known: set[str]) -> Iterator[str]:
    for entry in constraint.sets:
        if not entry.refs:
            yield f'resource set "{entry.id}" of {where} is empty'
        for name in entry.refs:
            if name not in known:
                yield f'resource set "{entry.id}" of {where} names "{name}", which is no resource'


def _contradictions(configuration: Configuration) -> Iterator[str]:
    """Pairs that must be and must not be together."""
    always: dict[frozenset[str], str] = {}
    never: dict[frozenset[str], str] = {}
    for one in configuration.constraints:
        if isinstance(one, Colocation) and one.rsc and not (one.role or one.with_role):
            where = never if one.score == "-INFINITY" else always
            if one.score.lstrip("+-") == "INFINITY":
                where.setdefault(frozenset((one.rsc, one.with_rsc)), one.id)
    for pair, name in always.items():
        if pair in never:
            yield f'colocations "{name}" and "{never[pair]}" contradict each other; remove one'


def _levels(configuration: Configuration) -> Iterator[str]:
    """Fencing levels, which are used only when a node is to be fenced: too late to learn that."""
    known = _names(configuration)
    for level in configuration.levels:
        if not 0 < level.level < 10:
            yield f'fencing level "{level.id}": index="{level.level}" is none of 1 to 9'
        for device in level.devices:
            if device not in known:
                yield f'fencing level "{level.id}" names "{device}", which is no resource'


def _parts(resource: Any) -> Iterator[Any]:
    """The resource and what is in it."""
    yield resource
    if isinstance(resource, Group):
        yield from resource.members
    child = getattr(resource, "child", None)
    if child is not None:
        yield from _parts(child)


def _resource(part: object) -> Iterator[str]:
    if not isinstance(part, (Primitive, Group, Clone)):
        return
    where = f'"{part.id}" (line {part.line})'
    for entry in part.meta:
        yield from _pairs(entry, where)
    if not isinstance(part, Primitive):
        return
    if not part.template and (not part.type or not part.class_):
        yield f"{where} names no agent; give it class and type"
    for operation in part.operations:
        there = f'operation "{operation.id}" of {where}'
        if not _SPAN.fullmatch(operation.interval or "0"):
            yield f'{there}: interval="{operation.interval}" is no span of time, so it counts as 0'
        yield from _pairs(NvSet("", operation.attributes), there)
        for entry in operation.meta:
            yield from _pairs(entry, there)


def _pairs(entry: NvSet, where: str) -> Iterator[str]:
    """Options, whose names say what they may hold."""
    for name, value in entry.pairs:
        if name in _WORDS:
            yield from _word(where, name, value, _WORDS[name])
        elif name in _SCORES:
            yield from _score(where, name, value)
        elif name in _COUNTS and not value.isdecimal():
            yield f'{where}: {name}="{value}" is no number, so its default counts'
        elif name in _SPANS and not _SPAN.fullmatch(value):
            yield f'{where}: {name}="{value}" is no span of time (as 30s, 5min), its default counts'
        elif name == "role":
            yield from _word(where, name, value, _ROLES)


def _word(where: str, name: str, value: str, allowed: tuple[str, ...]) -> Iterator[str]:
    if value and value != "#default" and value.lower() not in allowed:
        yield f'{where}: {name}="{value}" means nothing; it may be {", ".join(allowed)}'


def _score(where: str, name: str, value: str | None) -> Iterator[str]:
    if value and not _SCORE.fullmatch(value.strip()):
        yield f'{where}: {name}="{value}" is no score; write a whole number or INFINITY'


def _location(one: Location, where: str) -> Iterator[str]:
    where = f"location {where}"
    yield from _score(where, "score", one.score)
    yield from _word(where, "role", one.role, _ROLES)
    if one.node and not one.score:
        yield f"{where} has no score, so it says nothing; give it one"
    for rule in one.rules:
        yield from _rule(rule, where)


def _rule(rule: Rule, where: str) -> Iterator[str]:
    there = f'rule "{rule.id}" of {where}'
    yield from _score(there, "score", rule.score)
    if not rule.conditions:
        yield f"{there} has no conditions"
    for condition in rule.conditions:
        if isinstance(condition, Rule):
            yield from _rule(condition, where)
        elif isinstance(condition, DateExpression):
            yield from _date(condition, there)
        elif isinstance(condition, Expression):
            yield from _expression(condition, there)


def _expression(one: Expression, where: str) -> Iterator[str]:
    if not one.attribute:
        yield f'{where}: expression "{one.id}" names no attribute'
    allowed = ("lt", "gt", "lte", "gte", "eq", "ne", "defined", "not_defined")
    yield from _word(f'expression "{one.id}" of {where}', "operation", one.operation, allowed)


def _date(one: DateExpression, where: str) -> Iterator[str]:
    times = [(name, text) for name, text in (("start", one.start), ("end", one.end)) if text]
    for name, text in times:
        if read_time(text) is None:
            yield f'{where}: {name}="{text}" is no time from the years 1 to 9999, so it never holds'
    for name, text in (*(one.spec or ()), *(one.duration or ())):
        if name != "id" and not _RANGES.fullmatch(text):
            yield f'{where}: {name}="{text}" is no number or range of numbers, as 8-16'
    start, end = read_time(one.start), read_time(one.end)
    if start is not None and end is not None and end < start:
        yield f"{where}: the end is before the start, so it never holds"
    if not times and one.operation != "date_spec":
        yield f'{where}: the date expression "{one.id}" has neither start nor end'


def _colocation(one: Colocation, where: str) -> Iterator[str]:
    where = f"colocation {where}"
    yield from _score(where, "score", one.score)
    yield from _word(where, "rsc-role", one.role, _ROLES)
    yield from _word(where, "with-rsc-role", one.with_role, _ROLES)
    if one.rsc and one.rsc == one.with_rsc:
        yield f'{where} joins "{one.rsc}" to itself'


def _order(one: Order, where: str) -> Iterator[str]:
    where = f"order {where}"
    yield from _word(where, "kind", one.kind, ("mandatory", "optional", "serialize"))
    yield from _word(where, "first-action", one.first_action, _ACTIONS)
    yield from _word(where, "then-action", one.then_action, _ACTIONS)
    if one.first and one.first == one.then and one.first_action == one.then_action:
        yield f'{where} puts "{one.first}" before itself'
