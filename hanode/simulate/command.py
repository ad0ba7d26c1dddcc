"""One CIB after the other: read, changed as asked, decided, and the answer shown."""

from __future__ import annotations

import gc
import math
import sys
import time
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator

from hanode.cib.document import Cib
from hanode.pe.instance_state import overview, picture
from hanode.pe.scheduler import decide
from hanode.pe.unpack import unpack
from hanode.simulate.arguments import USAGE, parser, refuse_ignored
from hanode.simulate.source import NO_INPUT, Unusable, from_file, from_node
from hanode.simulate.story import Story
from hanode.transition import Transition

CONFIG = "/etc/hanode/hanode.toml"


def main(argv: list[str], config_path: str = CONFIG) -> int:
    """Run the command; returns its exit code, the worst one of several CIBs."""
    asking = parser()
    arguments = asking.parse_args(argv)
    refuse_ignored(asking, arguments)
    if arguments.live == bool(arguments.cib):
        asking.error("give a CIB.xml (- for stdin), or --live")
    sources: list[Callable[[], Cib]] = [lambda: from_node(config_path)]
    if not arguments.live:
        sources = [lambda name=name: from_file(name) for name in arguments.cib]  # type: ignore[misc]
    collecting = gc.isenabled()
    gc.disable()  # What one decision makes lives until its end, which is near.
    try:
        return max(_code(source, arguments) for source in sources)
    finally:
        if collecting:
            gc.enable()


def _code(source: Callable[[], Cib], arguments: Namespace) -> int:
    """The exit code of one CIB."""
    try:
        _one(source(), arguments)
    except Unusable as error:
        print(_harmless(f"hanode simulate: {error}"), file=sys.stderr)
        return error.code
    finally:
        if len(arguments.cib) > 1:
            gc.collect()
    return 0


def _one(cib: Cib, arguments: Namespace) -> None:
    now = _now(arguments.now, cib)
    before, happened = cib, list[str]()
    if arguments.what_if or arguments.op_fail:
        from hanode.simulate.what_if import Impossible, happen, read_opspec

        try:
            for what, argument in arguments.what_if:
                cib, line = happen(cib, what, argument, now)
                happened.append(line)
            for text in arguments.op_fail:
                read_opspec(text)
        except Impossible as error:
            raise Unusable(str(error), USAGE) from None
    cluster = unpack(cib, now)
    shown = not (arguments.json or arguments.why or arguments.dot == "-")
    view = None
    if shown:
        view = overview(before, now) if before is not cib else picture(cluster)
    transition = decide(cluster)
    if arguments.dot:
        _write_dot(transition, arguments.dot)
    if view is not None:
        _tell(Story(view, cib, transition, now, happened).told(arguments))
    elif arguments.dot != "-":
        _tell(_answer(cib, transition, now, arguments))


def _tell(lines: Iterable[str]) -> None:
    sys.stdout.write("".join(f"{_harmless(line)}\n" for line in lines))


def _harmless(line: str) -> str:
    """Names come from a file of anybody's; a terminal shows them, and obeys none."""
    if line.isprintable():
        return line
    from hanode.cli.table import one_line

    return one_line(line)


def _now(text: str | None, cib: Cib) -> float:
    """The time that was given, else the file's own, else the real one."""
    if text is None:
        return float(cib.written_at) if cib.written_at is not None else time.time()
    from hanode.cli.moments import LATEST

    try:
        told = float(text)
    except ValueError:
        from hanode.pe.unpack.dates import read_time

        found = read_time(text)
        told = found.timestamp() if found is not None else math.nan
    if not 0 <= told <= LATEST:
        remedy = "give 1700000000 or 2026-11-22T12:00:00"
        raise Unusable(f"--now {text}: not a time; {remedy}", USAGE)
    return told


def _write_dot(transition: Transition, name: str) -> None:
    from hanode.simulate.dot import dot

    text = dot(transition)
    if name == "-":
        _tell(text.split("\n"))
        return
    try:
        with open(name, "w", encoding="utf-8") as file:
            file.write(text + "\n")
    except OSError as error:
        message = f"--dot {name}: {error.strerror}; give a path that can be written"
        raise Unusable(message, NO_INPUT) from None


def _answer(cib: Cib, transition: Transition, now: float, arguments: Namespace) -> Iterator[str]:
    if arguments.json:
        import json

        from hanode.pe.contract import as_contract
        from hanode.pe.doubts import doubts

        warnings = [*transition.warnings, *doubts(cib.configuration)]
        yield json.dumps({**as_contract(cib, transition, now), "warnings": warnings})
        return
    from hanode.pe.why import NoSuchResource, why

    try:
        yield from why(cib, transition, now, arguments.why)
    except NoSuchResource as error:
        raise Unusable(str(error), USAGE) from None
