"""Clusters as `hanode init --like` makes them, on the lab's hosts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

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
