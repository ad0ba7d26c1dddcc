"""crm_mon's options as they are written, and what each asks for; what is not done is refused."""

from __future__ import annotations

import os
from argparse import SUPPRESS, Action, ArgumentParser, Namespace
from collections.abc import Callable
from typing import NoReturn

from hatui import __version__
from hatui.output.choice import ALL, FENCING, BadSection, Choice, excluded, included

USAGE = 64
CIB_FILE = "CIB_file"
"""The environment variable that Pacemaker's tools read."""
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
    "-d": ("--daemonize", "in the background; wants --output-to or --external-agent"),
    "-W": ("--watch-fencing", "the external agent hears of fencing, too"),
    "-X": ("--as-xml", "the same as --output-as=xml, once"),
    "-N": ("--disable-ncurses", "the same as --output-as=text"),
    "-w": ("--web-cgi", "the same as --output-as=html --html-cgi"),
}
"""short: (long, what it shows)"""
REFUSED = {"-s": "--simple-status"}
HINTS = {"-s": " (see: hatui check)"}
_SECTIONS = (
    ("failcounts", {"failcounts"}), ("operations", {"operations", "failcounts"}),
    ("timing_details", {"operations", "failcounts"}), ("tickets", {"tickets"}),
    ("show_node_attributes", {"attributes"}),
)  # fmt: skip


def parser() -> ArgumentParser:
    parser = _Parser(
        prog="hatui mon", allow_abbrev=False, add_help=False,
        description="The classic picture of the cluster; options as crm_mon's.",
    )  # fmt: skip
    parser.add_argument("-?", "--help", "--help-all", action="help")
    parser.add_argument("-$", "--version", action="version", version=f"hatui {__version__}")
    for short, (long, shows) in FLAGS.items():
        parser.add_argument(short, long, action="store_true", help=shows)
    for short, long in REFUSED.items():
        parser.add_argument(short, long, nargs="?", action=_refusal(short, long), help=SUPPRESS)
    parser.add_argument("-L", "--neg-locations", nargs="?", const="", metavar="PREFIX",
                        help="constraints that keep resources away")  # fmt: skip
    parser.add_argument("-m", "--fence-history", nargs="?", type=int, const=2, default=1,
                        choices=(0, 1, 2, 3),
                        help="fencing: 0 none, 1 failed and pending, 2 succeeded too (where no "
                             "number is given), 3 each attempt")  # fmt: skip
    parser.add_argument("-i", "--interval", default="5s", help="between two pictures (5s)")
    parser.add_argument("--node", default="", help="only this node")
    parser.add_argument("--resource", default="", help="only this resource")
    for short, long in (("-I", "--include"), ("-U", "--exclude")):
        parser.add_argument(short, long, dest="changes", action="append", default=[],
                            type=_change(long[2:]), metavar="SECTIONS")  # fmt: skip
    parser.add_argument("--output-as", default="console",
                        help="ndjson: first the picture, then each event "
                        "as a line of JSON",
                        choices=("console", "text", "html", "xml", "json", "ndjson",
                                 "none"))  # fmt: skip
    parser.add_argument("-h", "--as-html", default="", metavar="FILE",
                        help="the same as --output-as=html --output-to=FILE")  # fmt: skip
    parser.add_argument("-p", "--pid-file", default="", metavar="FILE", help="the daemon's pid")
    parser.add_argument("-E", "--external-agent", default="", metavar="FILE",
                        help="a program to run for each operation's result")  # fmt: skip
    parser.add_argument("-e", "--external-recipient", default="", metavar="RCPT",
                        help="whom that program is to tell")  # fmt: skip
    for word, meant in (("--text-fancy", "accepted"), ("--show-description", "accepted")):
        parser.add_argument(word, action="store_true", help=meant)
    parser.add_argument(
        "--html-cgi", action="store_true", help="headers for a web server before it"
    )
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


def seconds_of(text: str) -> float:
    from hatui.output.facts import milliseconds

    told = milliseconds(text) / 1000
    if told <= 0:
        raise BadSection(f"interval {text!r}: give 5s, 500ms, 1min")
    return told


def read(argv: list[str]) -> Namespace:
    """Old names stand for the new ones; a file, where one is to be written, has a name."""
    given = parser().parse_args(argv)
    if given.web_cgi or given.as_html:
        given.output_as, given.html_cgi = "html", given.html_cgi or given.web_cgi
        given.output_to = given.as_html or given.output_to
    elif given.as_xml:
        given.output_as, given.one_shot = "xml", True
    elif given.disable_ncurses:
        given.output_as = "text"
    if given.output_to == "-":
        given.output_to = ""
    if given.daemonize and not (given.external_agent or given.output_to):
        raise BadSection("--daemonize wants --output-to FILE or --external-agent FILE: a daemon "
                         "has no screen")  # fmt: skip
    if given.output_as == "ndjson" and (
        given.xml_file
        or given.one_shot
        or given.output_to
        or given.daemonize
        or given.external_agent
    ):
        raise BadSection(
            "--output-as=ndjson follows a cluster and writes to standard output; for "
            "one picture, in a file or not, there is --output-as=json"
        )
    if given.external_agent and given.xml_file:
        raise BadSection("--external-agent hears of a cluster's events; a file has none")
    if given.external_agent and not os.access(given.external_agent, os.X_OK):
        raise BadSection(f"{given.external_agent}: no program that can be run")
    return given


def lists_sections(given: Namespace) -> bool:
    """`--include=list`."""
    return any("list" in names.split(",") for _, names in given.changes)


def choice_of(given: Namespace) -> Choice:
    """Toggles first, then --include and --exclude in the order of crm_mon: as written.

    XML and JSON begin with all that there is, as crm_mon's XML does.
    """
    sections, prefix = (ALL if given.output_as in ("xml", "json") else Choice()).sections, ""
    for option, added in _SECTIONS:
        if getattr(given, option):
            sections |= added
    if given.hide_headers:
        sections -= {"stack", "dc", "times", "counts", "maint-mode"}
    if given.neg_locations is not None:
        sections, prefix = sections | {"bans"}, given.neg_locations
    sections -= set(FENCING) if given.fence_history == 0 else set()
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
