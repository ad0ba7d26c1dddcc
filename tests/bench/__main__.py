"""`python -m tests bench [WHAT ...]`: measure, and print beside the peers' figures."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from tests.bench import failover, idle, latency, move, start

WHAT: dict[str, Callable[[int, int], str]] = {
    "start": start.measure,
    "failover": failover.measure,
    "move": move.measure,
    "latency": latency.measure,
    "idle": idle.measure,
}


def main(argv: list[str]) -> int:
    """Run the named measurements, or all; never a verdict."""
    parser = argparse.ArgumentParser(prog="python -m tests bench", description=__doc__)
    parser.add_argument("what", nargs="*", metavar="WHAT", help=", ".join(WHAT))
    parser.add_argument("-r", "--repetitions", type=int, default=5)
    parser.add_argument("--port", type=int, default=18080, help="of the benches' service web")
    args = parser.parse_args(argv)
    unknown = [name for name in args.what if name not in WHAT]
    if unknown:
        parser.error(f"no such measurement: {', '.join(unknown)}; there are {', '.join(WHAT)}")
    for name in args.what or WHAT:
        print(WHAT[name](args.repetitions, args.port), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
