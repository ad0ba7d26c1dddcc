"""`hatui mon`: takes crm_mon's options and prints what crm_mon would.

Without -1 the text is drawn anew every few seconds until Ctrl-C; with an external agent, or as a
daemon, a line to the cluster stays open instead, and events are heard as they happen.
"""

from __future__ import annotations

import contextlib
import sys
import time
from argparse import Namespace
from pathlib import Path

from hanode.cib.document import parse
from hanode.cib.reading import BadCib
from hatui import once
from hatui.config import BadConfig, Context, find, load
from hatui.fetch import Unreachable
from hatui.mon_file import write
from hatui.mon_options import USAGE, choice_of, lists_sections, read, seconds_of
from hatui.output.choice import GROUPS, SECTIONS, BadSection, Choice
from hatui.output.picture import Picture, of_cib

NO_INPUT, CANT_CREATE, CONFIG = 66, 73, 78
CLEAR = "\x1b[H\x1b[2J"
CGI_HEADER = "Content-Type: text/html\n\n"


def main(argv: list[str]) -> int:
    """Print once, or again and again."""
    try:
        given = read(argv)
        if lists_sections(given):
            print("\n".join(sorted({*SECTIONS, *GROUPS, "none"})))
            return 0
        choice, seconds = choice_of(given), seconds_of(given.interval)
        context = None if given.xml_file else find(load(given.config), given.where)
    except BadSection as error:
        return _complain(str(error), USAGE)
    except BadConfig as error:
        return _complain(str(error), CONFIG)
    if given.one_shot:
        return _print(given, choice, context)
    if context is not None and given.output_as == "ndjson":
        from hatui import mon_stream

        return mon_stream.run(context)
    if context is not None and (given.external_agent or given.daemonize):
        return _stay(given, choice, context, seconds)
    if given.output_as == "html" and given.output_to:
        return _write_again(given, choice, context, seconds)
    if given.output_as != "console" or not sys.stdout.isatty():
        return _print(given, choice, context)
    return _draw_again(given, choice, context, seconds)


def _stay(given: Namespace, choice: Choice, context: Context, seconds: float) -> int:
    """With a line to the cluster, in the background if that is asked for."""
    from hatui import mon_watch

    watch = mon_watch.Watch(
        context, given.external_agent, given.external_recipient, given.watch_fencing
    )
    try:
        if given.daemonize and not mon_watch.detach(given.pid_file):
            return 0
    except OSError as error:
        return _complain(f"{given.pid_file}: can't be written: {error.strerror}", CANT_CREATE)
    seen = given.output_to or not given.daemonize
    draw = (lambda: _print(given, choice, context)) if seen else None
    return mon_watch.run(watch, draw, seconds)


def _draw_again(given: Namespace, choice: Choice, context: Context | None, seconds: float) -> int:
    """On the whole terminal, until Ctrl-C."""
    with contextlib.suppress(KeyboardInterrupt):
        while True:
            sys.stdout.write(CLEAR)
            _print(given, choice, context)
            sys.stdout.flush()
            time.sleep(seconds)
    return 0


def _write_again(given: Namespace, choice: Choice, context: Context | None, seconds: float) -> int:
    """A file for a web server, until it can't be written, or Ctrl-C."""
    with contextlib.suppress(KeyboardInterrupt):
        while (code := _print(given, choice, context)) in (0, once.DISCONNECTED):
            time.sleep(seconds)
        return code
    return 0


def _print(given: Namespace, choice: Choice, context: Context | None) -> int:
    """A picture, or that there is none: a file never goes on showing what was once."""
    form = {"console": "text", "none": "text"}.get(given.output_as, given.output_as)
    inner = "text" if form == "html" else form
    code = 0
    try:
        picture = _from_file(given.xml_file) if context is None else once.take(context)
        told = once.draw(picture, inner, choice)
    except Unreachable as error:
        once.complain(str(error))
        code = once.DISCONNECTED
        told = "" if form == "text" and not given.output_to else once.no_picture(str(error), inner)
    except (OSError, BadCib) as error:
        return _complain(f"{given.xml_file}: {error}", NO_INPUT)
    told = _page(given, told) if form == "html" else "" if given.output_as == "none" else told
    if not given.output_to:
        sys.stdout.write(told)
        return code
    try:
        write(Path(given.output_to), told)
    except OSError as error:
        return _complain(f"{given.output_to}: can't be written: {error.strerror}", CANT_CREATE)
    return code


def _page(given: Namespace, told: str) -> str:
    from hatui.output import as_html

    repeated = not given.one_shot and given.output_to
    refresh = int(seconds_of(given.interval)) if repeated else 0
    page = as_html.render(told, given.html_title, given.html_stylesheet, refresh)
    return CGI_HEADER + page if given.html_cgi else page


def _from_file(path: str) -> Picture:
    cib = parse(Path(path).read_bytes())
    return of_cib(cib, time.time())


def _complain(problem: str, code: int) -> int:
    print(f"hatui mon: {problem}", file=sys.stderr)
    return code
