"""`python -m tests.console.onstage [STORY]`: the console in this terminal, on a cluster in memory.

For tests of the terminal itself (signals, loss, resize) and for trying keys without any node. A
second argument `busy` makes the cluster restart a resource every 50 ms; `deaf` takes SIGHUP away
once the console has asked for it, as a wrapper with a pty of its own does. SIGUSR1 lets the web
server die.
"""

from __future__ import annotations

import asyncio
import signal
import sys

from hatui.opening import perform
from hatui.terminal import unusable
from tests.console import feed
from tests.console.stage import link_of, stage


async def _busy(cluster: feed.Cluster) -> None:
    while True:
        await asyncio.sleep(0.05)
        cluster.ran("web", "stop", "n1")
        cluster.ran("web", "start", "n1")


def _heed(cluster: feed.Cluster) -> None:
    def die(*_: object) -> None:
        loop = asyncio.get_running_loop()
        loop.call_soon_threadsafe(cluster.fail, "web", "n1", "no answer; it died")

    signal.signal(signal.SIGUSR1, die)


def main() -> int:
    problem = unusable()
    if problem:
        print(problem, file=sys.stderr)
        return 64
    cluster = getattr(feed, sys.argv[1] if len(sys.argv) > 1 else "failed")()
    app = stage(cluster, theme="")
    _heed(cluster)
    if "busy" in sys.argv:
        app.call_later(lambda: setattr(link_of(app), "task", asyncio.create_task(_busy(cluster))))
    if "deaf" in sys.argv:
        app.call_later(lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    return perform(app, mouse=False)


if __name__ == "__main__":
    sys.exit(main())
