"""What an operation costs beyond its agent: starts and monitors of Debian's Dummy through our LRM,
here and on a remote node, and 200 of them in a cluster of one, beside Pacemaker's."""

from __future__ import annotations

import asyncio
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hanode.effects import Spawn
from hanode.inputs import ProcessEnded
from hanode.ra import Command, Job, Site, command, parse_agent
from hanode.runtime.far_script import Token
from hanode.runtime.remote_host import RemoteHost, Where
from tests.bench.peers import Peer
from tests.bench.table import Row, Spread, spread, table
from tests.lab.cluster import members
from tests.lab.hosts import Host, Lab, wait
from tests.unit.runtime.far_end import HOST, FarEnd
from tests.unit.runtime.lrm_process import LrmProcess

COUNT = 200
AGENT = "ocf:pacemaker:Dummy"
SEED = bytes(range(32))
PARTS = ("start", "monitor")


def measure(repetitions: int, port: int, peer: Peer) -> str:
    """Times of single operations, one after the other, as their executor saw them; then all."""
    with tempfile.TemporaryDirectory(prefix="hanode-bench-") as folder:
        place = Path(folder)
        rows = [
            *(Row(f"bare {task}", times) for task, times in _bare(place)),
            *(Row(name, times, theirs) for name, times, theirs in _here(place, peer)),
            *(Row(f"remote {task}", times) for task, times in _far(place)),
        ]
    rows.append(Row(f"{COUNT} in a cluster of one", spread([_together()]), peer.dummies))
    return table("executor", rows)


def _call(folder: Path, task: str, number: int) -> Command:
    site = Site("n1", str(folder), rsctmp=str(folder))
    parameters = {"state": f"{folder}/d{number}.state"}
    made = command(Job(parse_agent(AGENT), f"d{number}", task, 0, 20_000, parameters, {}), site)
    assert isinstance(made, Command)
    return made


def _bare(folder: Path) -> Iterator[tuple[str, Spread]]:
    """The agent alone, forked by nobody but us."""
    for task in PARTS:
        times = []
        for number in range(COUNT):
            made = _call(folder, task, number)
            began = time.monotonic()
            subprocess.run(made.argv, env=made.env, check=True, capture_output=True)
            times.append(time.monotonic() - began)
        yield task, spread(times)


def _here(folder: Path, peer: Peer) -> Iterator[tuple[str, Spread, Spread | None]]:
    """From the crm's order to the crm's answer, over the lrm's socket; and the agent's run alone as
    the lrm saw it, which is what Pacemaker's executor tells as exec-time."""
    place = folder / "lrm"
    place.mkdir()
    lrm = LrmProcess(place)
    lrm.config.write_text(lrm.config.read_text().replace(f"{place}/ocf", "/usr/lib/ocf"))
    lrm.start()
    lrm.take_term()
    try:
        for task, theirs in zip(PARTS, (peer.dummy_start, peer.dummy_monitor), strict=True):
            times, runs = [], []
            for number in range(COUNT):
                began = time.monotonic()
                done = lrm.do(task, f"d{number}", agent=AGENT, timeout_ms=20_000)
                times.append(time.monotonic() - began)
                runs.append(done.exec_ms / 1000)
                assert done.rc == 0, done
            yield f"lrm {task}, exec-time", spread(runs), theirs
            yield f"lrm {task}, order to answer", spread(times), None
    finally:
        lrm.end()


def _far(folder: Path) -> list[tuple[str, Spread]]:
    """From order to answer over one SSH connection to a plain sshd."""
    if os.geteuid() != 0:
        return []
    place = folder / "far"
    place.mkdir()
    far = FarEnd(place, SEED)
    try:
        return asyncio.run(_over_there(far))
    finally:
        far.end()


async def _over_there(far: FarEnd) -> list[tuple[str, Spread]]:
    news: asyncio.Queue[Any] = asyncio.Queue()

    async def nothing(question: str) -> str:
        return ""

    where = Where(HOST, far.port, "root", far.host_key)
    host = await RemoteHost.connect(where, SEED, Token(1, 1, 1), news.put_nowait, nothing)
    found = []
    for task in PARTS:
        times = []
        for number in range(COUNT):
            made = _call(far.folder, task, number)
            began = time.monotonic()
            host.spawn(Spawn(number + 1, made.argv, made.env), ())
            while not isinstance(done := await news.get(), ProcessEnded):
                pass
            times.append(time.monotonic() - began)
            assert done.rc == 0, done
        found.append((task, spread(times)))
    await host.close()
    return found


def _together() -> float:
    """A configuration with all of them at once, until the last one's state file is there."""
    with Lab(1) as lab:
        (host,) = lab.hosts
        members([host])
        host("hanode", "property", "set", "stonith-enabled=false", "--force")
        resources = "".join(
            f'<primitive id="d{n}" class="ocf" provider="pacemaker" type="Dummy"><operations>'
            f'<op id="d{n}-m" name="monitor" interval="60s" timeout="60s"/>'
            f'<op id="d{n}-s" name="start" interval="0" timeout="120s"/></operations></primitive>'
            for n in range(COUNT)
        )
        xml = host("hanode", "cib", "show").replace(
            "<resources/>", f"<resources>{resources}</resources>"
        )
        host.root("/run/bench.xml").write_text(xml)
        began = time.monotonic()
        host("hanode", "cib", "push", "/run/bench.xml", "--yes")
        wait(lambda: _states(host) >= COUNT, 300, 0.01)
        return time.monotonic() - began


def _states(host: Host) -> int:
    """Of the agent, wherever it keeps them."""
    places = (host.root("/run"), host.root("/run/resource-agents"))
    return sum(1 for place in places for _ in place.glob("Dummy-d*.state"))
