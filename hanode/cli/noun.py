"""`hanode NOUN VERB ...`: the verbs of one noun, their arguments, and how errors end.

noun = Noun("node", "the cluster's nodes")

@noun.verb("standby", "run nothing on a node", arg("node"), changes=True)
def standby(desk: Desk) -> Change:
    return lambda state: orders.standby(state, desk.arguments.node, True)
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from hanode.cli.desk import Desk
from hanode.cli.exits import OK, USAGE, Failed, of_denial
from hanode.cli.line import Refusal
from hanode.mgmt.proposal import CannotOrder, Proposal
from hanode.state import ClusterState

Change = Callable[[ClusterState], Proposal]
"""What a verb that changes something gives: asked again when the state has moved on."""


_LEAST = re.compile(r"-inf(inity)?", re.IGNORECASE)
_LESS = "-1000000"
"""The same score in digits: argparse takes it for a number, and not for an option."""


@dataclass(frozen=True, slots=True)
class Argument:
    names: tuple[str, ...]
    options: dict[str, Any]


def arg(*names: str, **options: Any) -> Argument:
    """As argparse's add_argument."""
    return Argument(names, options)


@dataclass(frozen=True, slots=True)
class Verb:
    name: str
    summary: str
    arguments: tuple[Argument, ...]
    changes: bool
    run: Callable[[Desk], Any]


def seconds(text: str) -> float:
    """How long to wait, as an argument's type."""
    value = float(text)
    if not value >= 0:  # nor is it no number
        raise ValueError(text)
    return value


CHANGING = (
    arg("--dry-run", action="store_true", help="show what would happen, and change nothing"),
    arg(
        "--wait", nargs="?", type=seconds, const=60.0, metavar="SECONDS",
        help="return when the cluster has come to rest (default limit 60 s)",
    ),
    arg("--yes", "-y", action="store_true", help="don't ask for confirmation"),
    arg("--json", action="store_true", help="print the outcome as JSON"),
)  # fmt: skip


class Noun:
    """A table of verbs."""

    def __init__(self, name: str, summary: str, default: str = "") -> None:
        self.name = name
        self._summary = summary
        self._default = default
        self._verbs: dict[str, Verb] = {}

    def verb(
        self, name: str, summary: str, *arguments: Argument, changes: bool = False
    ) -> Callable[[Callable[[Desk], Any]], Callable[[Desk], Any]]:
        """Decorates the function that does it: an exit code, or a Change if `changes`."""

        def keep(run: Callable[[Desk], Any]) -> Callable[[Desk], Any]:
            self._verbs[name] = Verb(name, summary, arguments, changes, run)
            return run

        return keep

    def main(self, argv: list[str], config_path: str) -> int:
        """Find the verb, read its arguments, do it."""
        words = argv
        asks = bool(words) and words[0] in ("-h", "--help", "help")
        if self._default and not asks and (not words or words[0].startswith("-")):
            words = [self._default, *words]
        if not words or asks:
            print(self.usage(), file=sys.stdout if words else sys.stderr)
            return OK if words else USAGE
        verb = self._find(words)
        if verb is None:
            known = ", ".join(self._verbs)
            print(f"hanode {self.name}: unknown verb {words[0]!r}; verbs: {known}", file=sys.stderr)
            return USAGE
        if garbled := [word for word in words if not _is_text(word)]:
            print(f"hanode {self.name}: {garbled[0]!r} is not text in UTF-8", file=sys.stderr)
            return USAGE
        arguments = self._parser(verb).parse_intermixed_args(
            [_LESS if _LEAST.fullmatch(word) else word for word in words[len(verb.name.split()) :]]
        )
        return _guarded(verb, Desk(config_path, [self.name, *words], arguments))

    def usage(self) -> str:
        lines = [f"usage: hanode {self.name} VERB ...   ({self._summary})", ""]
        lines += [f"  {verb.name:<18} {verb.summary}" for verb in self._verbs.values()]
        return "\n".join(lines)

    def _find(self, words: list[str]) -> Verb | None:
        """A verb of two words (`group add`) goes before one of one (`group`)."""
        return self._verbs.get(" ".join(words[:2])) or self._verbs.get(words[0])

    def _parser(self, verb: Verb) -> argparse.ArgumentParser:
        parser = _Parser(prog=f"hanode {self.name} {verb.name}", description=verb.summary)
        for argument in (*verb.arguments, *(CHANGING if verb.changes else ())):
            parser.add_argument(*argument.names, **argument.options)
        return parser


def _is_text(word: str) -> bool:
    """Whether it can be written down: a shell gives bytes of any kind."""
    try:
        word.encode()
    except UnicodeEncodeError:
        return False
    return True


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(USAGE, f"{self.prog}: {message}\n")


def _guarded(verb: Verb, desk: Desk) -> int:
    """Errors in words, each with its exit code."""
    try:
        told = verb.run(desk)
        if not verb.changes:
            return int(told or OK)
        from hanode.cli.change import carry_out

        return carry_out(told, desk)
    except (CannotOrder, Refusal) as error:
        return _end(desk, str(error), of_denial(error.code))
    except Failed as error:
        return _end(desk, str(error), error.code)
    finally:
        desk.close()


def _end(desk: Desk, message: str, code: int) -> int:
    print(f"hanode {' '.join(desk.argv[:1])}: {message}", file=sys.stderr)
    return code
