"""A highly available load balancer of the kernel's own nftables, two servers behind it; and LVS,
which says what it needs where the kernel has no ip_vs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab.client import Client
from tests.lab.cluster import members, online
from tests.lab.hosts import Host, Lab, wait
from tests.lab.likes import ADDRESSES, NGINX, holders

ADDRESS, PORT = ADDRESSES[0], 8090
SERVER = 8081


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    """A server on each of three hosts; two of them balance in turn."""
    with Lab(3) as lab:
        members(lab.hosts)
        first = lab.hosts[0]
        first(
            *("hanode", "fence", "create", "strip", "fence_demo", f"strip={lab.strip}"),
            "pcmk_host_list=n1 n2 n3",
        )
        for host in lab.hosts:
            host("mkdir", "-p", "/etc/nginx")
            text = NGINX.format(name="server", port=SERVER, node=host.name)
            host.root("/etc/nginx/server.conf").write_text(text)
        first(
            *("hanode", "resource", "create", "server", "ocf:heartbeat:nginx"),
            *("configfile=/etc/nginx/server.conf", f"port={SERVER}"),
            *(f"status10url=http://127.0.0.1:{SERVER}/", "--clone"),
        )
        servers = " ".join(f"{host.address}:{SERVER}" for host in lab.hosts[1:])
        first(
            *("hanode", "resource", "create", "vip", "ocf:heartbeat:IPaddr2", f"ip={ADDRESS}"),
            *("cidr_netmask=24", "--group", "front"),
        )
        first(
            *("hanode", "resource", "create", "balancer", "ocf:hanode:Balancer", f"ip={ADDRESS}"),
            *(f"port={PORT}", f"servers={servers}", "--group", "front", "--wait"),
        )
        yield lab


def test_the_balancer_dies_and_another_takes_its_place(lab: Lab) -> None:
    (host,) = holders(lab, ADDRESS)
    with Client(lab, ADDRESS, PORT) as client:
        wait(lambda: set(client.answers) == {"n2", "n3"}, 60)
        host.crash()
        wait(lambda: holders(lab, ADDRESS) not in ([], [host]), 90)
        before = sum(client.answers.values())
        wait(lambda: sum(client.answers.values()) > before + 20, 90)
        survivor = next(other for other in lab.hosts if other is not host)
        wait(lambda: online(survivor) == {"n1", "n2", "n3"}, 120, 0.5)
    print(f"\nnft balancer, node death: longest outage {client.longest:.2f} s, "
          f"two at once: {client.twice}")  # fmt: skip
    assert client.twice == 0


def test_its_rules_go_with_it(lab: Lab) -> None:
    (host,) = holders(lab, ADDRESS)
    assert "hanode-balancer" in host("nft", "list", "ruleset")
    lab.hosts[0]("hanode", "resource", "disable", "balancer", "--wait")
    assert "hanode-balancer" not in host("nft", "list", "ruleset")


@pytest.mark.skipif(Path("/proc/net/ip_vs").exists(), reason="this kernel has ip_vs")
def test_lvs_says_what_it_needs(lab: Lab) -> None:
    first: Host = lab.hosts[0]
    first(
        *("hanode", "resource", "create", "lvs", "ocf:hanode:Balancer", f"ip={ADDRESS}"),
        *("port=8091", f"servers={first.address}:{SERVER}", "method=nat"),
    )
    wait(lambda: bool(_failure(first)), 30, 0.3)
    assert "ipvsadm isn't here" in _failure(first) or "no ip_vs" in _failure(first)


def _failure(host: Host) -> str:
    lines = host("hanode", "log", "-n", "50").splitlines()
    return next((line for line in lines if "start of lvs" in line and "ok in" not in line), "")
