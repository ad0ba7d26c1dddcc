"""The filter language: `web`, `!web`, `node:n3 state:failed is:unmanaged agent:IPaddr2 ~fzy`.

Words are joined by and. A plain word is looked for in the name, `~` finds its letters in order,
`!` turns a word round, `field:word` asks one field. Case never matters. A word before a colon that
is no field is looked for as it stands (`ocf:heartbeat` is part of a name), and that is said where
nothing matches.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from hatui.cluster.items import Item

FIELDS = ("node", "state", "is", "agent", "name")


class Term(NamedTuple):
    """One word of a filter."""

    field: str
    word: str
    inverse: bool
    fuzzy: bool


@dataclass(frozen=True)
class Filter:
    """What was typed, understood."""

    terms: tuple[Term, ...] = ()

    @property
    def strange(self) -> str:
        """What looks like a field, and is none."""
        found = (term.word.partition(":") for term in self.terms if not term.field)
        return next((head for head, colon, _ in found if colon and head), "")

    def __call__(self, item: Item) -> bool:
        """Sections and branches match only by their own name or facts."""
        return all(_holds(term, item) for term in self.terms)


def parse(text: str) -> Filter:
    """Read a filter; whatever was typed means something."""
    return Filter(tuple(_term(word) for word in text.split() if word not in ("!", "~")))


def unmatched(wanted: Filter) -> str:
    """Why there is nothing to see, and the way out."""
    if strange := wanted.strange:
        return f"no field is called {strange!r}: {', '.join(FIELDS)}; q takes the filter away"
    return "nothing here matches the filter; q takes it away"


def _term(word: str) -> Term:
    inverse = word.startswith("!")
    word = word.removeprefix("!").strip('"').lower()
    field, colon, value = word.partition(":")
    if colon and field in FIELDS:
        word = value
    else:
        field = ""
    return Term(field, word.removeprefix("~"), inverse, word.startswith("~"))


def _holds(term: Term, item: Item) -> bool:
    if term.field and term.field != "name":
        found = _in_words(term.word, item.facts.get(term.field, ""))
    elif term.fuzzy:
        found = _in_order(term.word, item.name.lower())
    else:
        found = term.word in item.name.lower() or (
            not term.field and _in_words(term.word, item.facts.get("node", ""))
        )
    return found != term.inverse


def _in_words(word: str, fact: str) -> bool:
    return any(part.startswith(word) or word in part.split(":") for part in fact.lower().split())


def _in_order(letters: str, text: str) -> bool:
    left = iter(text)
    return all(letter in left for letter in letters)
