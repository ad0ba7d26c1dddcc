"""Clusters as `hanode init --like` makes them, on the lab's hosts."""

from __future__ import annotations

from tests.lab.client import holds
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
