"""Constraints in words, by kind; what moves and bans have left behind comes first, with its end."""

from __future__ import annotations

from collections.abc import Iterable

from hanode.cib.configuration import (
    Colocation,
    DateExpression,
    Location,
    Order,
    ResourceSet,
    Rule,
    TicketConstraint,
)
from hatui.cluster import looks
from hatui.cluster.clock import when
from hatui.cluster.expiry import expiry
from hatui.cluster.items import Item
from hatui.cluster.leftovers import BAN, PREFER, leftovers, node_of
from hatui.cluster.looks import Look
from hatui.cluster.moment import Moment
from hatui.cluster.safe import clean
from hatui.cluster.scene import Scene
from hatui.cluster.spans import Line, Span

INFINITE = ("INFINITY", "+INFINITY", "1000000")
HELD = Look("held", "◧", "+", "accent", 1)
KEPT_AWAY = Look("banned", "×", "x", "accent", 1)
OVER = Look("expired", "○", "-", "warn", 2)
MUST, NEVER = Look("must", "●", "*", "text"), Look("never", "×", "x", "text")
LIKES, AVOIDS = Look("prefers", "◦", "~", "dim"), Look("avoids", "◦", "~", "dim")
_KINDS = (
    ("moves and bans", "left by operators"),
    ("location", "where things run"),
    ("colocation", "what runs together"),
    ("order", "what comes first"),
    ("tickets", "what runs while this site holds a ticket"),
)


def constraints(scene: Scene) -> tuple[Item, ...]:
    """A section for each kind that there is."""
    moment = scene.moment
    now = max(scene.now, moment.state.at)
    found: dict[str, list[Item]] = {name: [] for name, _ in _KINDS}
    for one in moment.configuration.constraints:
        kind, item = _item(moment, one, now)
        found[kind].append(item)
    sections = []
    for name, about in _KINDS:
        children = tuple(found[name])
        if children:
            rank = max(child.rank for child in children)
            note = (Span(about, "faint"),)
            sections.append(Item(f"@{name}", f"{name} ({len(children)})", "section", note=note,
                                 children=children, rank=rank))  # fmt: skip
    return tuple(sections)


def leftover_count(scene: Scene) -> int:
    return sum(len(left) for left in leftovers(scene.moment).values())


# ------------------------------------------------------------------------------------ one of them


def _item(moment: Moment, one: object, now: float) -> tuple[str, Item]:
    match one:
        case Location(id=ident) if ident.startswith((PREFER, BAN)):
            return "moves and bans", _leftover(one, now)
        case Location():
            return "location", _location(one)
        case Colocation():
            return "colocation", _colocation(one)
        case Order():
            return "order", _order(one)
        case TicketConstraint():
            return "tickets", _ticket(moment, one)
    raise AssertionError(f"a constraint of no known kind: {type(one).__name__}")


def _row(
    ident: str, name: str, look: Look, where: str, note: Iterable[Span], resource: str,
    node: str = "",
) -> Item:  # fmt: skip
    told = tuple(note)
    gap = "  " if told else ""
    line: list[Span] = [*told, Span(f"{gap}{clean(ident)}", "faint")]
    return Item(ident, clean(name), "constraint", look, (Span(clean(where)),), tuple(line),
                resource=resource, node=node, rank=look.rank,
                facts={"node": node or where, "state": look.word, "is": look.word, "agent": "",
                       "name": f"{name} {where} {ident}"})  # fmt: skip


def _leftover(one: Location, now: float) -> Item:
    ban = one.id.startswith(BAN) or one.score.startswith("-")
    node = node_of(one)
    end = expiry(one)
    look = KEPT_AWAY if ban else HELD
    if end and end <= now:
        look, said = OVER, Span(f"since {when(end, now)}; u takes it out of the way", "warn")
    elif end:
        said = Span(f"until {when(end, now)}", "text")
    else:
        said = Span("for good: until u clears it", "warn")
    return _row(one.id, one.rsc or one.pattern, look, node, (*_role(one.role), said), one.rsc, node)


def _location(one: Location) -> Item:
    who = one.rsc or one.pattern or _refs(one.sets)
    if not one.rules:
        look, note = _by_score(one.score)
        return _row(one.id, who, look, one.node, (*_role(one.role), *note), one.rsc, one.node)
    scores = {rule.score or rule.score_attribute or "" for rule in one.rules}
    look, note = _by_score(scores.pop() if len(scores) == 1 else "")
    told = " or ".join(_rule(rule) for rule in one.rules)
    return _row(one.id, who, look, "by rule", (*_role(one.role), Span(clean(told)), *note), one.rsc)


def _colocation(one: Colocation) -> Item:
    if one.sets:
        return _row(one.id, _refs(one.sets[:1]), _with(one.score), _refs(one.sets[1:]), (),
                    one.sets[0].refs[0] if one.sets[0].refs else "")  # fmt: skip
    look = _with(one.score)
    score = () if one.score in (*INFINITE, "-INFINITY") else (Span(_number(one.score), "dim"),)
    as_role = (*_role(one.role), *_role(one.with_role, "beside the "))
    return _row(one.id, one.rsc, look, one.with_rsc, (*as_role, *score), one.rsc)


def _with(score: str) -> Look:
    if score.startswith("-"):
        never = score[1:] in INFINITE
        return NEVER._replace(word="never with") if never else AVOIDS._replace(word="rather not")
    return MUST._replace(word="with") if score in INFINITE else LIKES._replace(word="likes with")


def _order(one: Order) -> Item:
    kind = one.kind or ("Optional" if one.score in ("0", "-INFINITY") else "Mandatory")
    look = MUST._replace(word="then") if kind == "Mandatory" else LIKES._replace(word="then")
    if one.sets:
        return _row(one.id, _refs(one.sets[:1]), look, _refs(one.sets[1:]), (_kind(kind),),
                    one.sets[0].refs[0] if one.sets[0].refs else "")  # fmt: skip
    note = [_kind(kind)]
    first, then = one.first_action or "start", one.then_action or one.first_action or "start"
    if (first, then) != ("start", "start"):
        note.append(Span(clean(f"  {first} before {then}")))
    if one.symmetrical.lower() in ("false", "no", "off", "0"):
        note.append(Span("  stops in any order", "dim"))
    return _row(one.id, one.first, look, one.then, note, one.first)


def _kind(kind: str) -> Span:
    words = {"Mandatory": "always", "Optional": "only when both move", "Serialize": "never at once"}
    return Span(words.get(kind, clean(kind)), "dim")


def _ticket(moment: Moment, one: TicketConstraint) -> Item:
    held = moment.state.tickets.get(one.ticket)
    granted = held is not None and held.granted and not held.standby
    look = looks.STARTED._replace(word="granted") if granted else looks.STOPPED._replace(
        word="not granted", rank=1
    )  # fmt: skip
    loss = f"when lost: {one.loss_policy or 'stop'}"
    return _row(one.id, one.rsc or _refs(one.sets), look, one.ticket,
                (*_role(one.role), Span(clean(loss), "dim")), one.rsc)  # fmt: skip


# ------------------------------------------------------------------------------------------ words


def _by_score(score: str) -> tuple[Look, Line]:
    if score.removeprefix("-") in INFINITE:
        return (NEVER if score.startswith("-") else MUST), ()
    look = AVOIDS if score.startswith("-") else LIKES
    return look, (Span(_number(score), "dim"),) if score else ()


def _number(score: str) -> str:
    return clean(score if score.startswith(("-", "+")) or not score else f"+{score}", 24)


def _role(role: str, before: str = "as ") -> Line:
    return (Span(f"{before}{clean(role.lower(), 16)} ", "role"),) if role not in (
        "", "Started") else ()  # fmt: skip


def _refs(sets: Iterable[ResourceSet]) -> str:
    return " ".join(ref for one in sets for ref in one.refs)


def _rule(rule: Rule) -> str:
    told = []
    for condition in rule.conditions:
        match condition:
            case Rule():
                told.append(f"({_rule(condition)})")
            case DateExpression(end=end) if end:
                told.append(f"until {end}")
            case DateExpression():
                told.append("at certain times")
            case _:
                told.append(_comparison(condition))
    return f" {rule.boolean_op} ".join(told)


def _comparison(condition: object) -> str:
    words = {"eq": "=", "ne": "!=", "lt": "<", "gt": ">", "lte": "<=", "gte": ">="}
    name = getattr(condition, "attribute", "") or getattr(condition, "name", "")
    operation, value = getattr(condition, "operation", ""), getattr(condition, "value", None)
    if value is None:
        return f"{name} is {'' if operation == 'defined' else 'not '}set"
    return f"{name} {words.get(operation, operation)} {value}"
