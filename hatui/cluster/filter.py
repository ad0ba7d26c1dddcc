"""The filter language: `web`, `!web`, `node:n3 state:failed is:unmanaged agent:IPaddr2 ~fzy`.

Words are joined by and. A plain word is looked for in the name, `~` finds its letters in order,
`!` turns a word round, `field:word` asks one field. Case never matters.
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

    def __call__(self, item: Item) -> bool:
        """Sections and branches match only by their own name or facts."""
        return all(_holds(term, item) for term in self.terms)


def parse(text: str) -> Filter:
    """Read a filter; whatever was typed means something."""
    return Filter(tuple(_term(word) for word in text.split() if word not in ("!", "~")))


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
