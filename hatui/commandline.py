"""The command line after `:`, read into an order or the name of an action."""

from __future__ import annotations

from collections.abc import Callable, Collection
from difflib import get_close_matches
from typing import NamedTuple

from hatui.cluster import errands
from hatui.cluster.moment import Moment
from hatui.cluster.order import Order
from hatui.cluster.safe import clean
from hatui.views import VIEWS

Action = str
"""As Textual names actions: `view('nodes')`, `app.quit`."""


class BadLine(ValueError):  # noqa: N818 - the word that callers know
    """What was typed means nothing here; says what would."""


class Verb(NamedTuple):
    """One word that gives an order, what it takes, and which names must be known."""

    usage: str
    make: Callable[..., Order]
    takes: tuple[str, ...]
    """resource, node, or `any` for names that the cluster need not know."""


def read(text: str, moment: Moment) -> Order | Action:
    """What a line means. Raises BadLine."""
    verb, *words = text.split()
    if verb in _PLAIN:
        return _PLAIN[verb]
    if verb in VERBS:
        return _order(verb, words, moment)
    if verb in _WORDED:
        return f"{_WORDED[verb]}({' '.join(words)!r})"
    if verb == "maintenance-mode" and words in (["on"], ["off"]):
        return errands.maintenance(words == ["on"])
    like = get_close_matches(verb, WORDS, 3, 0.5)
    meant = f"did you mean {' or '.join(like)}? " if like else ""
    raise BadLine(f"no command {clean(verb, 24)!r}; {meant}tab completes, ? lists all")


def _order(verb: str, words: list[str], moment: Moment) -> Order:
    usage, make, takes = VERBS[verb]
    if len(words) != len(takes):
        raise BadLine(f"{verb} takes {usage}")
    known: dict[str, Collection[str]] = {"resource": moment.configured, "node": moment.node_names}
    for word, kind in zip(words, takes, strict=True):
        if kind != "any" and word not in known[kind]:
            like = ", ".join(_like(word, known[kind]))
            there = f"; there is {clean(like, 60)}" if like else ""
            raise BadLine(f"no {kind} is called {clean(word, 40)!r}{there}")
    return make(*words)


def _like(word: str, names: Collection[str]) -> list[str]:
    """What may have been meant; a few of those that there are, where nothing is like it."""
    return get_close_matches(word, names, 3, 0.3) or sorted(names)[:5]


def _plain() -> dict[str, Action]:
    found = {view.name: f"view('{view.name}')" for view in VIEWS}
    found.update({"q": "app.quit", "quit": "app.quit", "help": "help", "classic": "classic",
                  "freeze": "freeze", "resync": "resync", "bell": "bell", "lock": "app.lock",
                  "faults": "faults", "edit": "edit", "undo": "undo", "copy": "copy",
                  "sort": "sort", "follow": "follow", "blast": "blast",
                  "live": "live", "tour": "tour", "chaos": "chaos"})  # fmt: skip
    return found


_PLAIN = _plain()
_WORDED = {"theme": "app.theme", "unlock": "app.unlock", "context": "app.attach",
           "ctx": "app.attach",
           "at": "go_to", "export": "export",
           "restart-hanode": "restart_hanode", "plugin": "plugin"}  # fmt: skip
"""Commands whose words go to an action as they are."""
_R, _N = ("resource",), ("node",)
VERBS: dict[str, Verb] = {
    "move": Verb("a resource and a node", errands.move, (*_R, *_N)),
    "ban": Verb("a resource and a node", errands.ban, (*_R, *_N)),
    "clear": Verb("a resource", errands.clear, _R),
    "cleanup": Verb("a resource", errands.cleanup, _R),
    "start": Verb("a resource", lambda name: errands.role(name, "Started"), _R),
    "stop": Verb("a resource", lambda name: errands.role(name, "Stopped"), _R),
    "restart": Verb("a resource", errands.restart, _R),
    "promote": Verb("a resource", lambda name: errands.role(name, "Promoted"), _R),
    "demote": Verb("a resource", lambda name: errands.role(name, "Unpromoted"), _R),
    "manage": Verb("a resource", lambda name: errands.manage(name, True), _R),
    "unmanage": Verb("a resource", lambda name: errands.manage(name, False), _R),
    "standby": Verb("a node", lambda node: errands.standby(node, True), _N),
    "online": Verb("a node", lambda node: errands.standby(node, False), _N),
    "fence": Verb("a node", errands.fence, _N),
    "confirm": Verb("a node", errands.confirm, _N),
    "unfence": Verb("a node", errands.unfence, _N),
    "leave": Verb("a node", errands.leave, _N),
    "ticket-grant": Verb("a ticket", lambda name: errands.ticket(name, "grant"), ("any",)),
    "ticket-revoke": Verb("a ticket", lambda name: errands.ticket(name, "revoke"), ("any",)),
    "ticket-standby": Verb("a ticket", lambda name: errands.ticket(name, "standby"), ("any",)),
    "ticket-activate": Verb("a ticket", lambda name: errands.ticket(name, "activate"), ("any",)),
    "whatif-lost": Verb("a node", errands.lose, _N),
    "whatif-without": Verb("a constraint", errands.without, ("any",)),
}
WORDS: dict[str, bool] = {
    **dict.fromkeys(_PLAIN, False), **dict.fromkeys(VERBS, True), **dict.fromkeys(_WORDED, True),
    "maintenance-mode": True,
}  # fmt: skip
"""Every first word, and whether more must follow."""
