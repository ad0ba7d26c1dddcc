"""What operators have done and what still holds: each as a card with its way back.

The cards are read from the configuration, so nothing that binds is missed, whoever did it; who it
was, when, and by which command is looked up in the log.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from hanode.cib.configuration import NvSet
from hanode.cib.options import in_turn
from hanode.events import CibChanged, Edit, parts
from hatui.cluster import errands, looks
from hatui.cluster.clock import when
from hatui.cluster.items import Item
from hatui.cluster.leftovers import leftovers
from hatui.cluster.moment import Moment
from hatui.cluster.order import Order
from hatui.cluster.past import Past, Record
from hatui.cluster.safe import clean
from hatui.cluster.spans import Span


class Card(NamedTuple):
    """One thing that an operator did, and that can be taken back."""

    key: str
    what: str
    subject: str
    """The resource or node that it binds."""
    order: Order
    """The way back."""
    until: float = 0.0
    """When it ends by itself; 0 for never."""
    who: str = ""
    at: float = 0.0
    command: str = ""


def cards(moment: Moment, past: Past) -> list[Card]:
    """The newest first; what nobody is known to have done comes last."""
    changes = [one for one in past.records() if any(_is_change(p) for p in parts(one.event))]
    holding = (*_placements(moment), *_nodes(moment), *_resources(moment), *_whole(moment))
    found = [_signed(card, changes, needles) for card, needles in holding]
    found += _restoring(moment, past, changes)
    return sorted(found, key=lambda card: -card.at)


def items(cards: Sequence[Card], now: float) -> tuple[Item, ...]:
    """As rows."""
    rows = []
    for card in cards:
        by = f"{clean(card.who, 16)} {when(card.at, now)}" if card.who else "unknown"
        until = f"until {when(card.until, now)}  " if card.until else ""
        note = (Span(until, "warn"), Span(clean(card.command.removeprefix("hanode ")), "dim"))
        rows.append(Item(card.key, clean(card.what), "card", looks.GROUPED, (Span(by, "dim"),),
                         note))  # fmt: skip
    return tuple(rows)


_WORD = re.compile(r"[\w.:-]+")
_Found = tuple[Card, tuple[str, ...]]
"""A card, and the ids and names that the change which made it must hold."""


def _placements(moment: Moment) -> list[_Found]:
    found: list[_Found] = []
    for left in (one for some in leftovers(moment).values() for one in some):
        verb = "banned from" if left.ban else "held on"
        holds = "was" if left.expired else "is"
        card = Card(left.id, f"{left.resource} {holds} {verb} {left.node}", left.resource,
                    errands.clear(left.resource, left.node), left.until)  # fmt: skip
        found.append((card, (left.id,)))
    return found


def _nodes(moment: Moment) -> list[_Found]:
    found: list[_Found] = []
    sets = {one.uname: _sets(one.attributes) for one in moment.configuration.nodes}
    for node in moment.overview.nodes:
        told = sets.get(node.name, {})
        if node.standby and not node.standby_on_fail:
            card = Card(f"standby.{node.name}", f"{node.name} is on standby", node.name,
                        errands.standby(node.name, False))  # fmt: skip
            found.append((card, ("standby", told.get("standby", ""))))
        if node.maintenance:
            card = Card(f"maintenance.{node.name}", f"{node.name} is in maintenance", node.name,
                        errands.maintenance(False, node=node.name))  # fmt: skip
            found.append((card, ("maintenance", told.get("maintenance", ""))))
    return found


def _resources(moment: Moment) -> list[_Found]:
    found: list[_Found] = []
    for name, resource in moment.configured.items():
        meta = getattr(resource, "meta", ())
        told, sets = _pairs(meta), _sets(meta)
        for option, value, what, order in (
            ("target-role", "Stopped", "is told to stop", errands.role(name, "Started")),
            ("target-role", "Unpromoted", "is told to demote", errands.role(name, "Promoted")),
            ("is-managed", "false", "is not managed", errands.manage(name, True)),
            ("maintenance", "true", "is in maintenance", errands.maintenance(False, name=name)),
        ):
            if told.get(option, "").lower() == value.lower():
                card = Card(f"{option}.{name}", f"{name} {what}", name, order)
                found.append((card, (option, sets[option])))
    return found


def _whole(moment: Moment) -> list[_Found]:
    found: list[_Found] = []
    if moment.overview.maintenance_mode:
        card = Card("maintenance-mode", "the whole cluster is in maintenance mode", "",
                    errands.maintenance(False))  # fmt: skip
        found.append((card, ("maintenance-mode",)))
    for name, _, standby in moment.overview.tickets:
        if standby:
            card = Card(f"ticket.{name}", f"ticket {name} is on standby", name,
                        errands.ticket(name, "activate"))  # fmt: skip
            found.append((card, (f"ticket {name}",)))
    return found


def _restoring(moment: Moment, past: Past, changes: Sequence[Record]) -> list[Card]:
    """The last change, if nothing but putting all back undoes it (an edited configuration)."""
    if not changes:
        return []
    last = changes[-1]
    change = next(part for part in parts(last.event) if _is_change(part))
    whole = any(edit.verb == "replace" for edit in change.edits)
    reach = past.reach
    if not whole or not change.by or reach is None or last.index <= reach:
        return []
    before, after = past.state_at(last.index - 1), past.state_at(last.index)
    if before is None or after is None or after.version != moment.state.version:
        return []
    what = "the configuration was replaced"
    order = errands.restored(after.version, before.cib, what)
    return [Card(f"cib.{after.version}", what, "", order, 0.0, change.by, last.at, change.why)]


def _is_change(event: object) -> bool:
    return isinstance(event, CibChanged)


def _signed(card: Card, changes: Sequence[Record], needles: tuple[str, ...]) -> Card:
    """With who did it, if the log that is here knows."""
    for one in reversed(changes):
        for part in parts(one.event):
            if isinstance(part, CibChanged) and any(_holds(edit, needles) for edit in part.edits):
                return card._replace(who=part.by, at=one.at, command=part.why)
    return card


def _holds(edit: Edit, needles: tuple[str, ...]) -> bool:
    """As whole words: `web` is no part of `web-2`, nor n1 of n10."""
    words = set(_WORD.findall(f"{edit.target} {edit.xml} {edit.name}"))
    return words.issuperset(needles)


def _pairs(sets: Sequence[NvSet]) -> dict[str, str]:
    return {name: value for one in reversed(in_turn(sets)) for name, value in one.pairs}


def _sets(sets: Sequence[NvSet]) -> dict[str, str]:
    """By what they tell, the id of the set that does."""
    return {name: one.id for one in reversed(in_turn(sets)) for name, _ in one.pairs}
