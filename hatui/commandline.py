"""The command line after `:`, read into an order or the name of an action."""

from __future__ import annotations

from collections.abc import Callable

from hanode.mgmt import orders
from hatui.cluster.moment import Moment
from hatui.cluster.safe import clean
from hatui.commands import Order, maintenance_mode
from hatui.views import VIEWS

Action = str
"""As Textual names actions: `view('nodes')`, `app.quit`."""


class BadLine(ValueError):  # noqa: N818 - the word that callers know
    """What was typed means nothing here; says what would."""


def read(text: str, moment: Moment) -> Order | Action:
    """What a line means. Raises BadLine."""
    verb, *words = text.split()
    if verb in _PLAIN:
        return _PLAIN[verb]
    if verb in _ORDERS:
        count, make = _ORDERS[verb]
        if len(words) != count:
            raise BadLine(f"{verb} takes {_USAGE[verb]}")
        _known(words, moment)
        return make(words)
    if verb in ("context", "ctx") and len(words) == 1:
        return f"app.attach({words[0]!r})"
    if verb == "theme":
        return f"app.theme({words[0]!r})" if words else "app.theme('')"
    if verb == "maintenance-mode" and words in (["on"], ["off"]):
        return maintenance_mode(words == ["on"])
    known = ", ".join(sorted({*_PLAIN, *_ORDERS, "theme", "context", "maintenance-mode"}))
    raise BadLine(f"unknown command {clean(verb, 24)!r}; known: {known}")


def _known(words: list[str], moment: Moment) -> None:
    names = {*moment.configured, *moment.state.nodes}
    for word in words:
        if word not in names:
            raise BadLine(f"{clean(word, 40)!r} is neither a resource nor a node")


def _plain() -> dict[str, Action]:
    found = {view.name: f"view('{view.name}')" for view in VIEWS}
    found.update({"q": "app.quit", "quit": "app.quit", "help": "help", "classic": "classic",
                  "freeze": "freeze", "resync": "resync", "bell": "bell",
                  "faults": "faults"})  # fmt: skip
    return found


_PLAIN = _plain()
_USAGE = {
    "move": "a resource and a node", "ban": "a resource and a node", "clear": "a resource",
    "cleanup": "a resource", "start": "a resource", "stop": "a resource", "standby": "a node",
    "online": "a node", "fence": "a node", "confirm": "a node",
}  # fmt: skip
_ORDERS: dict[str, tuple[int, Callable[[list[str]], Order]]] = {
    "move": (2, lambda w: Order(
        f"move {w[0]} to {w[1]}", w[0], 2, lambda s: orders.move(s, w[0], w[1]))),
    "ban": (2, lambda w: Order(
        f"ban {w[0]} from {w[1]}", w[0], 2, lambda s: orders.ban(s, w[0], w[1]))),
    "clear": (1, lambda w: Order(
        f"clear moves and bans of {w[0]}", w[0], 1, lambda s: orders.clear(s, w[0]))),
    "cleanup": (1, lambda w: Order(
        f"clean up {w[0]}", w[0], 1, lambda s: orders.cleanup(s, w[0]))),
    "start": (1, lambda w: Order(
        f"start {w[0]}", w[0], 2, lambda s: orders.target_role(s, w[0], "Started"))),
    "stop": (1, lambda w: Order(
        f"stop {w[0]}", w[0], 2, lambda s: orders.target_role(s, w[0], "Stopped"))),
    "standby": (1, lambda w: Order(
        f"put {w[0]} on standby", w[0], 2, lambda s: orders.standby(s, w[0], True))),
    "online": (1, lambda w: Order(
        f"take {w[0]} off standby", w[0], 2, lambda s: orders.standby(s, w[0], False))),
    "fence": (1, lambda w: Order(f"fence {w[0]}", w[0], 3, lambda s: orders.fence(s, w[0]))),
    "confirm": (1, lambda w: Order(
        f"confirm that {w[0]} is down", w[0], 3, lambda s: orders.confirm_fenced(s, w[0]))),
}  # fmt: skip
