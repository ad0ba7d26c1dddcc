"""`hatui ...`: finds what was asked for, and imports only that.

The console imports textual; nothing else does. `--version` imports next to nothing.
"""

from __future__ import annotations

import gc
import os
import sys

TYPE_CHECKING = False  # as in typing, whose import would cost a third of `--version`
if TYPE_CHECKING:
    from typing import NoReturn

USAGE, UNAVAILABLE, CONFIG = 64, 69, 78
HELP = """\
usage: hatui [options] [WHERE]           the console
       hatui --once [--output text|json|xml] [WHERE]
       hatui mon [crm_mon's options]     crm_mon's place: hatui mon --help
       hatui check [WHERE]               one line for monitoring, exit code 0/1/2/3
       hatui replay FILE                 an incident that :export wrote, played back
       hatui demo [--nodes 3] [--dir DIR] [--port 8080] [--no-console]

WHERE: a host, user@host:port, a node's socket, or a context of the configuration; without it the
default context, or the node that runs here.

  --config FILE      contexts and preferences (default ~/.config/hatui/config.toml)
  --once             print one picture, and end; exit code 102 when no node answers
  --output FORM      of it: text, json or xml
  --readonly         look, and change nothing
  --theme NAME       of themes/, or one of your own
  --ascii            no box characters
  --mouse MODE       auto (not over SSH), on, off
  --version          print the version"""


def main(argv: list[str] | None = None) -> int:
    """Dispatch; gives the exit status."""
    words = list(sys.argv[1:] if argv is None else argv)
    if words == ["--version"]:
        from hatui import __version__

        print(f"hatui {__version__}")
        return 0
    if words and words[0] in ("-h", "--help", "help"):
        print(HELP)
        return 0
    try:
        return _dispatch(words)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # whoever read our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141


VERBS = ("demo", "mon", "check", "replay")


def _dispatch(words: list[str]) -> int:
    words = _verb_first(words)
    verb = words[0] if words else ""
    if verb == "demo":
        _become([sys.executable, "-m", "hanode.demo", *words[1:]])
    if verb == "mon":
        from hatui import mon

        return mon.main(words[1:])
    if verb == "check":
        return _check(words[1:])
    if verb == "replay":
        return _replay(words[1:])
    return _show(words)


def _verb_first(words: list[str]) -> list[str]:
    """`--config FILE check` means `check --config FILE`."""
    ahead = 0
    if words and words[0].startswith("--config"):
        ahead = 1 if "=" in words[0] else 2
    if words[ahead : ahead + 1] and words[ahead] in VERBS:
        return [words[ahead], *words[:ahead], *words[ahead + 1 :]]
    return words


def _show(words: list[str]) -> int:
    """The console, or one picture in its place."""
    from hatui.options import BadOptions, read

    try:
        given = read(words)
    except BadOptions as error:
        return _complain(f"{error}; see hatui --help", USAGE)
    if given.once:
        gc.disable()  # a picture is gone before garbage matters; imports take a sixth less
    from hatui.config import BadConfig, find, load

    try:
        config = load(given.config)
        context = find(config, given.where)
    except BadConfig as error:
        return _complain(str(error), CONFIG)
    if given.once:
        from hatui import once

        return once.main(context, given.output)
    gc.disable()
    from hatui import opening

    gc.freeze()  # what was loaded is never garbage, and need not be looked through for any
    gc.enable()
    given.theme = given.theme or config.theme
    given.ascii = given.ascii or config.ascii
    given.mouse = given.mouse or config.mouse
    return opening.main(context, given, config.contexts.values())


def _replay(words: list[str]) -> int:
    """A recording, with the whole screen."""
    from hatui.options import BadOptions, read

    try:
        given = read(words)
    except BadOptions as error:
        return _complain(f"{error}; see hatui --help", USAGE)
    if not given.where:
        return _complain("replay FILE: which file? (:export in the console writes one)", USAGE)
    from hatui import opening

    return opening.replay(given.where, given)


def _check(words: list[str]) -> int:
    """Monitoring knows four exit codes, so every error is UNKNOWN."""
    gc.disable()
    from hatui import check
    from hatui.config import BadConfig, find, load
    from hatui.options import BadOptions, read

    try:
        given = read(words)
        context = find(load(given.config), given.where)
    except (BadOptions, BadConfig) as error:
        return check.unknown(str(error))
    return check.main(context)


def _become(command: list[str]) -> NoReturn:
    """The demo is a program of its own; it starts the console itself."""
    sys.stdout.flush()
    os.execv(command[0], command)


def _complain(problem: str, code: int = UNAVAILABLE) -> int:
    print(f"hatui: {problem}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
