"""`hatui mon`: takes crm_mon's options and prints what crm_mon would.

Without -1 the text is drawn anew every few seconds until Ctrl-C. What is not done here is refused
by name, never passed over.
"""

from __future__ import annotations

import os
import sys
import time
from argparse import SUPPRESS, Action, ArgumentParser, Namespace
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from hanode.cib.document import parse
from hanode.cib.reading import BadCib
from hatui import once
from hatui.config import BadConfig, Context, find, load
from hatui.fetch import Unreachable
from hatui.output.choice import BadSection, Choice, excluded, included
from hatui.output.picture import Picture, of_cib

USAGE, NO_INPUT, CONFIG = 64, 66, 78
CIB_FILE = "CIB_file"
"""The environment variable that Pacemaker's tools read."""
CLEAR = "\x1b[H\x1b[2J"
FLAGS = {
    "-1": ("--one-shot", "once, and end"),
    "-r": ("--inactive", "resources that don't run, too"),
    "-n": ("--group-by-node", "resources under their nodes"),
    "-f": ("--failcounts", "how often resources have failed"),
    "-o": ("--operations", "what each node has done, and with what result"),
    "-t": ("--timing-details", "the same with times"),
    "-c": ("--tickets", "tickets of this site"),
    "-A": ("--show-node-attributes", "attributes of nodes"),
    "-D": ("--hide-headers", "no summary"),
    "-R": ("--show-detail", "clones' instances one by one, technical failures"),
    "-b": ("--brief", "resources summed up by agent"),
    "-j": ("--pending", "accepted; what is under way is always shown"),
    "-V": ("--verbose", "accepted"),
    "-Q": ("--quiet", "accepted"),
}
"""short: (long, what it shows)"""
REFUSED = {
    "-d": "--daemonize", "-p": "--pid-file", "-E": "--external-agent",
    "-e": "--external-recipient", "-W": "--watch-fencing", "-h": "--as-html", "-w": "--web-cgi",
    "-s": "--simple-status", "-N": "--disable-ncurses",
}  # fmt: skip
HINTS = {"-s": " (see: hatui check)"}
_SECTIONS = (
    ("failcounts", {"failcounts"}), ("operations", {"operations", "failcounts"}),
    ("timing_details", {"operations", "failcounts"}), ("tickets", {"tickets"}),
    ("show_node_attributes", {"attributes"}),
)  # fmt: skip


def main(argv: list[str]) -> int:
    """Print once, or again and again."""
    given = _parser().parse_args(argv)
    try:
        choice = _choice(given)
        seconds = _seconds(given.interval)
        context = None if given.xml_file else find(load(given.config), given.where)
    except BadSection as error:
        return _complain(str(error), USAGE)
    except BadConfig as error:
        return _complain(str(error), CONFIG)
    written = given.output_as == "html" and given.output_to not in ("", "-")
    once_only = given.output_as != "console" or not sys.stdout.isatty()
    if given.one_shot or (once_only and not written):
        return _print(given, choice, context)
    if written:
        return _write_again(given, choice, context, seconds)
    while True:
        sys.stdout.write(CLEAR)
        _print(given, choice, context)
        sys.stdout.flush()
        time.sleep(seconds)


def _write_again(given: Namespace, choice: Choice, context: Context | None, seconds: float) -> int:
    """A file for a web server, until it can't be written."""
    while True:
        code = _print(given, choice, context)
        if code not in (0, once.DISCONNECTED):
            return code
        time.sleep(seconds)


def _print(given: Namespace, choice: Choice, context: Context | None) -> int:
    form = {"console": "text", "none": "text"}.get(given.output_as, given.output_as)
    try:
        picture = _from_file(given.xml_file) if context is None else once.take(context)
    except Unreachable as error:
        return once.fail(str(error), form)
    except (OSError, BadCib) as error:
        return _complain(f"{given.xml_file}: {error}", NO_INPUT)
    text = "" if given.output_as == "none" else _drawn(given, picture, form, choice)
    if given.output_to in ("", "-"):
        sys.stdout.write(text)
        return 0
    try:
        Path(given.output_to).write_text(text)
    except OSError as error:
        return _complain(f"{given.output_to}: can't be written: {error.strerror}", 73)
    return 0


def _drawn(given: Namespace, picture: Picture, form: str, choice: Choice) -> str:
    if form != "html":
        return once.draw(picture, form, choice)
    from hatui.output import as_html

    repeated = not given.one_shot and given.output_to not in ("", "-")
    refresh = int(_seconds(given.interval)) if repeated else 0
    return as_html.render(picture, choice, given.html_title, given.html_stylesheet, refresh)


def _from_file(path: str) -> Picture:
    cib = parse(Path(path).read_bytes())
    return of_cib(cib, time.time())


def _choice(given: Namespace) -> Choice:
    """Toggles first, then --include and --exclude in the order of crm_mon: as written."""
    sections, prefix = Choice().sections, ""
    for option, added in _SECTIONS:
        if getattr(given, option):
            sections |= added
    if given.hide_headers:
        sections -= {"stack", "dc", "times", "counts", "maint-mode"}
    if given.neg_locations is not None:
        sections, prefix = sections | {"bans"}, given.neg_locations
    sections -= {"fencing-failed", "fencing-pending"} if given.fence_history == 0 else set()
    sections |= {"fencing-succeeded"} if given.fence_history >= 2 else set()
    for verb, names in given.changes:
        if verb == "include":
            sections, prefix = included(sections, names, prefix)
        else:
            sections = excluded(sections, names)
    return Choice(
        sections, given.inactive, given.group_by_node, given.timing_details, given.show_detail,
        brief=given.brief, ban_prefix=prefix, node=given.node, resource=given.resource,
    )  # fmt: skip


def _parser() -> ArgumentParser:
    parser = _Parser(
        prog="hatui mon", allow_abbrev=False, add_help=False,
        description="The classic picture of the cluster; options as crm_mon's.",
    )  # fmt: skip
    parser.add_argument("--help", action="help")
    for short, (long, shows) in FLAGS.items():
        parser.add_argument(short, long, action="store_true", help=shows)
    for short, long in REFUSED.items():
        parser.add_argument(short, long, nargs="?", action=_refusal(short, long), help=SUPPRESS)
    parser.add_argument("-L", "--neg-locations", nargs="?", const="", metavar="PREFIX",
                        help="constraints that keep resources away")  # fmt: skip
    parser.add_argument("-m", "--fence-history", nargs="?", type=int, const=1, default=1,
                        choices=(0, 1, 2, 3),
                        help="fencing: none, failed and pending (1), all (2, 3)")  # fmt: skip
    parser.add_argument("-i", "--interval", default="5s", help="between two pictures (5s)")
    parser.add_argument("--node", default="", help="only this node")
    parser.add_argument("--resource", default="", help="only this resource")
    for short, long in (("-I", "--include"), ("-U", "--exclude")):
        parser.add_argument(short, long, dest="changes", action="append", default=[],
                            type=_change(long[2:]), metavar="SECTIONS")  # fmt: skip
    parser.add_argument("--output-as", default="console",
                        choices=("console", "text", "html", "xml", "json", "none"))  # fmt: skip
    parser.add_argument("--html-title", default="", metavar="TITLE")
    parser.add_argument("--html-stylesheet", default="", metavar="URI")
    parser.add_argument("--output-to", default="", metavar="FILE")
    parser.add_argument("-x", "--xml-file", default=os.environ.get(CIB_FILE, ""), metavar="CIB",
                        help="read this CIB instead of asking a cluster")  # fmt: skip
    parser.add_argument("--config", default="", help="hatui's configuration")
    parser.add_argument("where", nargs="?", default="", help="host, socket or context")
    return parser


class _Parser(ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(USAGE, f"{self.prog}: {message}; see hatui mon --help\n")


def _refusal(short: str, long: str) -> type[Action]:
    """An option of crm_mon that is not done here says so."""

    class Refusal(Action):
        def __call__(self, parser: ArgumentParser, *_: object, **__: object) -> None:
            parser.error(f"{short}, {long} is not supported here{HINTS.get(short, '')}")

    return Refusal


def _change(verb: str) -> Callable[[str], tuple[str, str]]:
    return lambda names: (verb, names)


def _seconds(text: str) -> float:
    from hatui.output.facts import milliseconds

    told = milliseconds(text) / 1000
    if told <= 0:
        raise BadSection(f"interval {text!r}: give 5s, 500ms, 1min")
    return told


def _complain(problem: str, code: int) -> int:
    print(f"hatui mon: {problem}", file=sys.stderr)
    return code
