"""The command line of `hanode simulate`, in the words of crm_simulate's users."""

from __future__ import annotations

import argparse
from typing import NoReturn

USAGE = 64

WHAT_IF = {
    "node-up": ("NODE", "the node comes online"),
    "node-down": ("NODE", "the node leaves in good order"),
    "node-fail": ("NODE", "the node is lost"),
    "node-standby": ("NODE", "the node goes into standby"),
    "node-online": ("NODE", "the node comes out of standby"),
    "op-inject": ("OPSPEC", "an operation has had this result"),
    "ticket-grant": ("TICKET", "the ticket is granted to this site"),
    "ticket-revoke": ("TICKET", "the ticket is taken from this site"),
    "ticket-standby": ("TICKET", "the ticket is put into standby"),
    "ticket-activate": ("TICKET", "the ticket is taken out of standby"),
    "quorum": ("0|1", "this partition has quorum, or has not"),
}
"""What can be made to happen before the decision: option, its argument, what it means."""

EPILOG = """\
OPSPEC is RESOURCE_TASK_INTERVAL@NODE=RC, as in web_monitor_10000@n1=7: the interval in
milliseconds, the return code as agents give it (0 ok, 1 error, 7 not running). What is to happen
happens in the order in which it is given. exit status: 0 decided · 64 usage · 65 not a CIB ·
66 no such file · 69 no node answers"""


class Parser(argparse.ArgumentParser):
    """Complains with the exit code that every command here has for it."""

    def error(self, message: str) -> NoReturn:
        self.exit(USAGE, f"{self.prog}: {message}; see {self.prog} --help\n")


class Happening(argparse.Action):
    """Remembers (what, argument) in the order of the command line."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: object,
        option_string: str | None = None,
    ) -> None:
        what, argument = (option_string or "").lstrip("-"), str(values)
        if what == "inject":
            what, equals, argument = argument.partition("=")
            if what not in WHAT_IF or not equals:
                known = ", ".join(WHAT_IF)
                parser.error(f"--inject {values}: give WHAT=ARGUMENT, where WHAT is one of {known}")
        namespace.what_if.append((what, argument))


def parser() -> Parser:
    """Everything that can be asked for."""
    made = Parser(
        prog="hanode simulate",
        description="What the policy engine would do with a CIB, without doing it.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    made.set_defaults(what_if=[], op_fail=[])
    made.add_argument("cib", nargs="*", metavar="CIB.xml", help="a CIB; - reads stdin")
    made.add_argument("--live", action="store_true", help="this node's cluster as it is now")
    made.add_argument("--now", metavar="TIME", help="epoch seconds or ISO 8601 time")
    _outputs(made.add_argument_group("what is shown"))
    happen = made.add_argument_group("what if")
    for name, (argument, help_) in WHAT_IF.items():
        happen.add_argument(f"--{name}", metavar=argument, action=Happening, help=help_)
    happen.add_argument(
        "--inject", metavar="WHAT=ARG", action=Happening, help="any of these: node-fail=n1"
    )
    happen.add_argument(
        "--op-fail", metavar="OPSPEC", action="append",
        help="if the transition has this operation, it fails (with --run)",
    )  # fmt: skip
    return made


def refuse_ignored(asking: Parser, given: argparse.Namespace) -> None:
    """What would be heard by nobody is not asked for."""
    if given.op_fail and not given.run:
        asking.error("--op-fail is about carrying it out: give --run, too")
    instead = {"--json": given.json, "--why": given.why, "--dot -": given.dot == "-"}
    told = [name for name, on in instead.items() if on]
    words = [f"--{name}" for name in ("run", "scores") if getattr(given, name)]
    if told and words:
        asking.error(f"{words[0]} is told in words, and {told[0]} leaves none: ask one at a time")
    if len(told) > 1:
        asking.error(f"{' and '.join(told)} exclude each other")


def _outputs(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--run", action="store_true", help="carry it out, and show what comes of it")
    group.add_argument("--scores", action="store_true", help="each node's score, with reasons")
    group.add_argument(
        "--why", metavar="NAME",
        help="why a resource is where it is, why not elsewhere, and what would move it; "
        "or why a node is to be fenced",
    )  # fmt: skip
    group.add_argument("--dot", metavar="FILE", help="the transition for Graphviz; - to stdout")
    group.add_argument("--json", action="store_true", help="the decision as one JSON object")
