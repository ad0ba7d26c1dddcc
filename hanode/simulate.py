"""`hanode simulate`: what the policy engine would do with a CIB file, without doing it."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

from hanode.cib.document import BadCib, Cib, parse
from hanode.pe.contract import as_contract
from hanode.pe.explain import explain, explain_scores, explain_why
from hanode.pe.scheduler import schedule
from hanode.transition import Transition

EX_USAGE, EX_DATAERR, EX_NOINPUT = 64, 65, 66


def main(argv: list[str]) -> int:
    """Run the command; returns its exit code."""
    arguments = _parser().parse_args(argv)
    worst = 0
    for name in arguments.cib:
        worst = max(worst, _one(name, arguments))
    return worst


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="hanode simulate", description=__doc__)
    parser.add_argument("cib", nargs="+", metavar="CIB.xml", help="a CIB; - reads stdin")
    parser.add_argument("--json", action="store_true", help="the decision as one JSON object")
    parser.add_argument("--now", metavar="TIME", help="epoch seconds or ISO 8601 time")
    parser.add_argument("--scores", action="store_true", help="each node's score, with reasons")
    parser.add_argument("--why", metavar="RESOURCE", help="why this resource is where it is")
    return parser


def _one(name: str, arguments: argparse.Namespace) -> int:
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        print(f"hanode simulate: {name}: {error.strerror}; give a readable file", file=sys.stderr)
        return EX_NOINPUT
    try:
        cib = parse(data)
    except BadCib as error:
        print(f"hanode simulate: {name}: {error}", file=sys.stderr)
        return EX_DATAERR
    now = _now(arguments.now, cib)
    if now is None:
        print(
            f"hanode simulate: --now {arguments.now}: not a time; give 1700000000 or "
            "2026-11-22T12:00:00",
            file=sys.stderr,
        )
        return EX_USAGE
    transition = schedule(cib, now)
    _print(cib, transition, now, arguments)
    return 0


def _now(text: str | None, cib: Cib) -> float | None:
    if text is None:
        return float(cib.written_at) if cib.written_at is not None else time.time()
    try:
        return float(text)
    except ValueError:
        from hanode.pe.unpack.dates import read_time

        found = read_time(text)
        return found.timestamp() if found is not None else None


def _print(cib: Cib, transition: Transition, now: float, arguments: argparse.Namespace) -> None:
    if arguments.json:
        json.dump(as_contract(cib, transition, now), sys.stdout)
        sys.stdout.write("\n")
        return
    if arguments.why:
        print("\n".join(explain_why(cib, transition, now, arguments.why)))
        return
    print("\n".join(explain(cib, transition, now)))
    if arguments.scores:
        print("\n".join(explain_scores(transition)))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
