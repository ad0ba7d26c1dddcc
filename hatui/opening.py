"""The console is opened: on a cluster or on a recording, in a terminal that bears it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import Protocol

from hatui.app import Hatui
from hatui.cluster.incident import NoIncident
from hatui.config import Context
from hatui.link.fleet import Fleet
from hatui.link.live import LiveLink
from hatui.link.thinker import Thinker
from hatui.remembered import recall
from hatui.terminal import LOST, ascii_wanted, mouse_wanted, unusable


class Options(Protocol):
    """What the command line says."""

    theme: str
    ascii: bool
    mouse: str
    readonly: bool


def perform(app: Hatui, mouse: bool) -> int:
    """Run it to its end; the exit code."""
    app.run(mouse=mouse)
    code = app.return_code or 0
    if code == LOST:
        os._exit(LOST)  # there is no terminal any more that last words could be flushed to
    return code


def main(context: Context, options: Options, contexts: Iterable[Context] = ()) -> int:
    """Run the console until it is left; the exit code."""
    problem = unusable()
    if problem:
        print(f"hatui: {problem}", file=sys.stderr)
        return 64
    os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
    thinker = Thinker()
    fleet = Fleet(contexts, lambda other: LiveLink(other, thinker))
    kept = {} if context.chaos else recall(context.name)  # each demo begins at its beginning
    theme = options.theme or context.theme or str(kept.get("theme") or "")
    app = Hatui(
        context, LiveLink(context, thinker), thinker, theme=theme,
        fleet=fleet, ascii_only=options.ascii or ascii_wanted(), readonly=options.readonly,
        keeps=not context.chaos,
    )  # fmt: skip
    app.bell_on = kept.get("bell") is not False
    return perform(app, mouse_wanted(options.mouse))


def replay(file: str, options: Options) -> int:
    """The whole screen on a recording; the exit code."""
    from hatui.link.replay import ReplayLink, load

    problem = unusable()
    try:
        past = load(file)
    except NoIncident as error:
        problem = str(error)
    if problem:
        print(f"hatui: {problem}", file=sys.stderr)
        return 64
    os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
    ended = past.records(past.last, past.last)
    thinker = Thinker(lambda: ended[0].at if ended else 0.0)
    name = os.path.basename(file)
    link = ReplayLink(past, name, thinker)
    app = Hatui(Context(name, ()), link, thinker, theme=options.theme, readonly=True,
                ascii_only=options.ascii or ascii_wanted())  # fmt: skip
    return perform(app, mouse_wanted(options.mouse))
