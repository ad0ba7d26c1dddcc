"""An active/passive cluster, as `hanode init --like` makes it: Debian's nginx and IPaddr2 agents, a
client that polls without pause, and what it saw of each trouble. `-s` prints a table."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.lab.hosts import Host, Lab, wait
from tests.lab.likes import ADDRESSES, NODES, all_back, found, holders, polled


@pytest.fixture(scope="module")
def pair() -> Iterator[Lab]:
    with Lab(3) as lab:
        found(lab, "active-passive")
        wait(lambda: len(holders(lab, ADDRESSES[0])) == 1, 60)
        yield lab


def move(lab: Lab, host: Host) -> None:
    target = next(name for name in NODES if name != host.name)
    lab.hosts[0]("hanode", "resource", "move", "www", target, "--wait")
    lab.hosts[0]("hanode", "resource", "clear", "www")


def crash_service(lab: Lab, host: Host) -> None:
    host("sh", "-c", "p=$(cat /run/nginx.pid); kill -9 $(pgrep -P $p) $p")
    wait(lambda: not host.answers(80), 30)
    wait(lambda: bool(holders(lab, ADDRESSES[0])) and host.answers(80) == host.name, 90)


def crash_node(lab: Lab, host: Host) -> None:
    host.crash()
    wait(lambda: holders(lab, ADDRESSES[0]) not in ([], [host]), 90)


def cut_off(lab: Lab, host: Host) -> None:
    host.cable(plugged=False)
    wait(lambda: holders(lab, ADDRESSES[0]) not in ([], [host]), 90)
    host.cable(plugged=True)


@pytest.mark.parametrize(
    ("what", "trouble"),
    [("planned move", move), ("service crash", crash_service), ("node death", crash_node),
     ("network cut", cut_off)],
)  # fmt: skip
def test_active_passive(pair: Lab, what: str, trouble: Callable[[Lab, Host], None]) -> None:
    (host,) = holders(pair, ADDRESSES[0])
    with polled(pair, "active-passive", 1, what) as client:
        trouble(pair, host)
        if what != "service crash":
            wait(lambda: len(client.answers) > 1, 90)
    all_back(pair)
