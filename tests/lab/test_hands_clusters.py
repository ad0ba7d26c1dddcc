"""The clusters that people run, as `hanode init --like` makes them: Debian's nginx and IPaddr2
agents, a client that polls without pause, and what it saw of each trouble. `-s` prints a table."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.lab.client import Client, holds
from tests.lab.cluster import online
from tests.lab.hosts import Host, Lab, wait

ADDRESSES = ("10.78.0.101", "10.78.0.102", "10.78.0.103")
NODES = ("n1", "n2", "n3")
NGINX = """pid /run/{name}.pid;
error_log /var/log/{name}.log;
events {{}}
http {{ access_log off; server {{ listen {port}; location / {{ return 200 {node}; }} }} }}
"""


def port_of(kind: str, number: int) -> int:
    """Servers that may share a node have ports of their own."""
    return 80 if kind.startswith("active") else 8080 + number


def found(lab: Lab, kind: str) -> None:
    for host in lab.hosts:
        host("mkdir", "-p", "/etc/nginx")
        for name, port in (("nginx", 80), *((f"service-{n}", 8080 + n) for n in (1, 2, 3))):
            text = NGINX.format(name=name, port=port, node=host.name)
            host.root(f"/etc/nginx/{name}.conf").write_text(text)
    first, *others = lab.hosts
    like = ("--like", kind, "--nodes", ",".join(NODES), "--address", ADDRESSES[0])
    first("hanode", "init", "--name", "lab", *like)
    first.daemon("hanode", "run")
    wait(lambda: online(first) == {"n1"}, 60, 0.2)
    for host in others:
        host("hanode", "join", first("hanode", "node", "token").split()[-1])
        host.daemon("hanode", "run")
    wait(lambda: online(first) == set(NODES), 90, 0.2)
    first(
        *("hanode", "fence", "create", "strip", "fence_demo", f"strip={lab.strip}"),
        *(f"pcmk_host_list={' '.join(NODES)}", "--wait"),
    )


def holders(lab: Lab, address: str) -> list[Host]:
    return [host for host in lab.hosts if holds(host.init, address)]


@contextmanager
def polled(lab: Lab, kind: str, number: int, what: str) -> Iterator[Client]:
    """A trouble, with a client that asks for service `number` all the while."""
    with Client(lab, ADDRESSES[number - 1], port_of(kind, number)) as client:
        wait(lambda: bool(client.answers), 60)
        yield client
        before = sum(client.answers.values())
        wait(lambda: sum(client.answers.values()) > before + 5, 90)
    print(f"\n{kind:<16} {what:<16} longest outage {client.longest:6.2f} s, "
          f"two at once: {client.twice}")  # fmt: skip
    assert client.twice == 0


def all_back(lab: Lab) -> None:
    survivor = next(host for host in lab.hosts if host.init)
    wait(lambda: online(survivor) == set(NODES), 120, 0.2)


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


@pytest.mark.parametrize("kind", ["active-active", "n-plus-m", "n-to-n"])
def test_a_node_dies_and_its_service_is_taken_over(kind: str) -> None:
    count = 2 if kind == "n-plus-m" else 3
    with Lab(3) as lab:
        found(lab, kind)
        for number in range(1, count + 1):
            wait(lambda n=number: len(holders(lab, ADDRESSES[n - 1])) == 1, 90)
        (victim,) = holders(lab, ADDRESSES[0])
        assert victim.name == "n1"
        with polled(lab, kind, 1, "node death") as client:
            victim.crash()
            wait(lambda: len(client.answers) > 1, 90)
            if kind == "n-plus-m":
                assert set(client.answers) == {"n1", "n3"}  # the spare, not another's home
        all_back(lab)
        names = {r["id"] for r in json.loads(lab.hosts[1]("hanode", "resource", "--json"))}
        assert names
