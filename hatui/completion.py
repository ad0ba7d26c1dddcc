"""What a line after `:` or `/` may become: names found by their letters, the best first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hatui.cluster.filter import FIELDS
from hatui.cluster.moment import Moment
from hatui.commandline import VERBS, WORDS

MOST = 12


def complete_command(
    text: str, moment: Moment, themes: Iterable[str], contexts: Iterable[str]
) -> list[str]:
    """Whole lines; one that wants more words ends in a blank."""
    *before, last = text.split(" ")
    if not before:
        return [f"{word} " if takes else word for word, takes in _verbs(last)]
    names = _names(before, moment, themes, contexts)
    more = " " if len(before) < len(VERBS[before[0]].takes if before[0] in VERBS else ()) else ""
    return [" ".join((*before, name)) + more for name in ranked(last, names)]


def _names(
    before: Sequence[str], moment: Moment, themes: Iterable[str], contexts: Iterable[str]
) -> Sequence[str]:
    """What may come as the next word."""
    verb, place = before[0], len(before) - 1
    if verb == "theme":
        return sorted(themes)
    if verb in ("context", "ctx"):
        return list(contexts)
    takes = VERBS[verb].takes if verb in VERBS else ()
    kind = takes[place] if place < len(takes) else ""
    if kind == "resource":
        return list(moment.configured)
    if kind == "node":
        return moment.node_names
    if verb.startswith("ticket-"):
        return sorted(moment.state.tickets)
    return [one.id for one in moment.configuration.constraints] if kind else []


def complete_filter(text: str, moment: Moment) -> list[str]:
    """Fields, then what they may hold."""
    *before, last = text.split(" ")
    field, colon, value = last.rpartition(":")
    if not colon:
        return [" ".join((*before, f"{name}:")) for name in ranked(last, FIELDS)] if last else []
    values = {
        "node": moment.node_names,
        "state": ["started", "stopped", "failed", "promoted", "unclean", "online", "standby"],
        "is": ["failed", "unmanaged", "maintenance", "orphaned", "disabled", "blocked", "clone",
               "group", "promotable"],
        "agent": sorted({view.agent for view in moment.views.values() if view.agent}),
        "name": list(moment.configured),
    }.get(field.removeprefix("!"), [])  # fmt: skip
    return [" ".join((*before, f"{field}:{name}")) for name in ranked(value, values)]


def ranked(letters: str, names: Iterable[str]) -> list[str]:
    """Those that hold the letters in order: beginnings first, then parts, then the rest."""
    wanted = letters.lower()
    found = [(_rank(wanted, name.lower()), number, name) for number, name in enumerate(names)]
    return [name for rank, _, name in sorted(found) if rank < 3][:MOST]


def _rank(letters: str, name: str) -> int:
    if name.startswith(letters):
        return 0
    if letters in name:
        return 1
    left = iter(name)
    return 2 if all(letter in left for letter in letters) else 3


def _verbs(last: str) -> list[tuple[str, bool]]:
    return [(word, WORDS[word]) for word in ranked(last, WORDS)]
