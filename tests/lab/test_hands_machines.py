"""`hanode node add` onto a host with only Python and sshd; then upgrades, restarts, logs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.lab.client import Client
from tests.lab.cluster import WEB, found, online, running
from tests.lab.far import serve
from tests.lab.hosts import Host, Lab, wait

ADDRESS = "10.78.0.101"


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    """n1 and n2 are a cluster; n3 is bare."""
    with Lab(3) as lab:
        found(lab, 2)
        yield lab


def version(host: Host) -> str:
    """Of the hanode that runs there: the folder that it was installed into."""
    return host("sh", "-c", "readlink /opt/hanode/current || true").strip()


def test_a_bare_host_becomes_a_node(lab: Lab) -> None:
    first, _, bare = lab.hosts
    key = serve(bare, first("hanode", "node", "keys"))
    assert not bare.root("/usr/local/bin/hanode").exists()
    wrong = first("cat", "/etc/ssh/ssh_host_ed25519_key.pub").split()
    with pytest.raises(RuntimeError, match="host key is not known"):
        first("hanode", "node", "add", bare.address, "--host-key", " ".join(wrong[:2]))
    first("hanode", "node", "add", bare.address, "--node", "n3", "--host-key", key)
    assert online(first) == {"n1", "n2", "n3"}
    assert version(bare).startswith("/opt/hanode/")
    first("hanode", "resource", "move", "web", "n3", "--wait")
    assert running(lab) == ["n3"]
    first("hanode", "resource", "clear", "web")


def test_its_log_is_read_from_afar(lab: Lab) -> None:
    assert "hanode starts node=n3" in lab.hosts[0]("hanode", "node", "logs", "n3", "-n", "200")


def test_a_rolling_upgrade_costs_a_planned_move_and_no_more(lab: Lab) -> None:
    first, _, bare = lab.hosts
    first(
        *("hanode", "resource", "create", "vip", "ocf:heartbeat:IPaddr2", f"ip={ADDRESS}"),
        *("cidr_netmask=24", "op", "monitor", "interval=5s", "--wait"),
    )
    first("hanode", "constraint", "order", "web", "then", "vip")
    first("hanode", "constraint", "colocation", "add", "vip", "with", "web")
    first("hanode", "resource", "move", "web", "n3", "--wait")
    first("hanode", "resource", "clear", "web")
    before = bare("cat", "/run/hanode/hanode.pid")
    with Client(lab, ADDRESS, WEB) as client:
        wait(lambda: "n3" in client.answers, 30)
        first("hanode", "node", "upgrade", "n3")
        wait(lambda: len(client.answers) > 1, 30)
    print(f"\nrolling upgrade: longest outage {client.longest:.2f} s, two at once: {client.twice}")
    assert client.twice == 0
    assert bare("cat", "/run/hanode/hanode.pid") != before
    assert online(first) == {"n1", "n2", "n3"}
    assert "no node was ever fenced" in first("hanode", "fence", "history")
