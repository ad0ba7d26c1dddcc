"""`python -m tests bench [WHAT ...]`: measure, and print beside the peers' figures."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from tests.bench import (
    beyond,
    cold,
    console,
    decisions,
    events,
    executor,
    failover,
    flood,
    hogs,
    hosts,
    idle,
    latency,
    move,
    partition,
    peers,
    scale,
    start,
)
from tests.bench.peers import Peer

WHAT: dict[str, Callable[[int, int, Peer], str]] = {
    "start": start.measure,
    "failover": failover.measure,
    "hosts": hosts.measure,
    "move": move.measure,
    "latency": latency.measure,
    "idle": idle.measure,
    "decisions": decisions.measure,
    "scale": scale.measure,
    "bare-metal": hosts.measure_bare_metal,
    "partition": partition.measure,
    "cold": cold.measure,
    "events": events.measure,
    "flood": flood.measure,
    "hogs": hogs.measure,
    "beyond": beyond.measure,
    "console": console.measure,
    "executor": executor.measure,
}


def main(argv: list[str]) -> int:
    """Run the named measurements, or all; never a verdict."""
    parser = argparse.ArgumentParser(prog="python -m tests bench", description=__doc__)
    parser.add_argument("what", nargs="*", metavar="WHAT", help=", ".join(WHAT))
    parser.add_argument("-r", "--repetitions", type=int, default=5)
    parser.add_argument("--port", type=int, default=18080, help="of the benches' service web")
    parser.add_argument("--peerlab", type=Path, help="run the peer's bench first, from this folder")
    args = parser.parse_args(argv)
    unknown = [name for name in args.what if name not in WHAT]
    if unknown:
        parser.error(f"no such measurement: {', '.join(unknown)}; there are {', '.join(WHAT)}")
    what = args.what or list(WHAT)
    peer = peers.measured(args.peerlab, what, args.repetitions) if args.peerlab else Peer()
    for name in what:
        print(WHAT[name](args.repetitions, args.port, peer), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
