"""`hanode node add` onto a host with only Python and sshd; restart, logs, shell; and an upgrade of
all three nodes, one after the other, while a client polls."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from hanode.runtime import parcel
from tests.lab.client import Client
from tests.lab.cluster import WEB, found, online, running
from tests.lab.far import own_places, serve, sshd
from tests.lab.hosts import Host, Lab, wait

ADDRESS = "10.78.0.101"
KEY = "/etc/ssh/lab_key"


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    """n1 and n2 are a cluster; n3 is bare."""
    with Lab(3) as lab:
        found(lab, 2)
        yield lab


def version(host: Host) -> str:
    """Of the hanode that runs there: the folder that it was installed into."""
    return host("sh", "-c", "readlink /opt/hanode/current || true").strip()


def pid(host: Host) -> str:
    return host("cat", "/run/hanode/hanode.pid")


def starts(host: Host) -> int:
    """How often the log says that the service was started."""
    lines = host("hanode", "log", "-n", "1000").splitlines()
    return sum("start of web on" in line and ": ok" in line for line in lines)


def wheels(folder: Path) -> Path:
    """Of what is installed here, packed as wheels are; as somebody would bring them."""
    folder.mkdir()
    tag = "cp" + parcel.own_kind().version.replace(".", "")
    for need in parcel.needed():
        name = need.metadata["Name"].lower().replace("_", "-")
        with zipfile.ZipFile(folder / f"{name}-{need.version}-{tag}-{tag}-any.whl", "w") as wheel:
            for place, data in parcel.contents(need):
                wheel.writestr(place, data)
    return folder


def test_a_bare_host_becomes_a_node(lab: Lab) -> None:
    first, _, bare = lab.hosts
    key = serve(bare, first("hanode", "node", "keys"))
    assert not bare.root("/usr/local/bin/hanode").exists()
    wrong = first("cat", "/etc/ssh/ssh_host_ed25519_key.pub").split()
    with pytest.raises(RuntimeError, match="host key is not known"):
        first("hanode", "node", "add", bare.address, "--host-key", " ".join(wrong[:2]))
    folder = wheels(lab.folder / "wheels")
    add = ("hanode", "node", "add", bare.address, "--node", "n3", "--host-key", key)
    empty = lab.folder / "empty"
    empty.mkdir()
    with pytest.raises(RuntimeError, match="there is no wheel of"):
        first(*add, "--wheels", str(empty))
    assert online(first) == {"n1", "n2"}
    first(*add, "--wheels", str(folder))
    assert online(first) == {"n1", "n2", "n3"}
    assert version(bare).startswith("/opt/hanode/")
    first("hanode", "resource", "move", "web", "n3", "--wait")
    assert running(lab) == ["n3"]
    first("hanode", "resource", "clear", "web")


def test_its_log_is_read_from_afar(lab: Lab) -> None:
    assert "hanode starts node=n3" in lab.hosts[0]("hanode", "node", "logs", "n3", "-n", "200")


def test_a_shell_on_it_is_the_systems_ssh(lab: Lab) -> None:
    first, _, bare = lab.hosts
    first("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", KEY)
    with bare.root("/etc/ssh/far_authorized").open("a") as file:
        file.write(first("cat", f"{KEY}.pub"))
    shell = f"echo 'hostname; echo $((6 * 7))' | hanode node shell n3 --key {KEY}"
    assert first("sh", "-c", shell).split()[-2:] == ["n3", "42"]


def test_a_restart_moves_what_it_runs_first(lab: Lab) -> None:
    first, _, bare = lab.hosts
    assert running(lab) == ["n3"]
    before = pid(bare)
    assert "was restarted" in first("hanode", "node", "restart", "n3")
    assert pid(bare) != before
    assert online(first) == {"n1", "n2", "n3"}
    assert len(running(lab)) == 1
    with pytest.raises(RuntimeError, match="can't restart itself"):
        first("hanode", "node", "restart", "n1")


@pytest.mark.timeout(600)
def test_an_upgrade_of_all_nodes_costs_planned_moves_and_no_more(lab: Lab) -> None:
    first, second, _ = lab.hosts
    reachable(first, second)
    first(
        *("hanode", "resource", "create", "vip", "ocf:heartbeat:IPaddr2", f"ip={ADDRESS}"),
        *("cidr_netmask=24", "op", "monitor", "interval=5s", "--wait"),
    )
    first("hanode", "constraint", "order", "web", "then", "vip")
    first("hanode", "constraint", "colocation", "add", "vip", "with", "web", "--wait")
    planned = planned_move(lab)
    before, moves = [pid(host) for host in lab.hosts], starts(first)
    with Client(lab, ADDRESS, WEB) as client:
        wait(lambda: bool(client.answers), 30)
        first("hanode", "node", "upgrade", "n2", "n3")
        second("hanode", "node", "upgrade", "n1")
        count = sum(client.answers.values())
        wait(lambda: sum(client.answers.values()) > count + 20, 60)
    print(
        f"\nupgrade of three nodes: longest outage {client.longest:.2f} s in "
        f"{starts(first) - moves} moves (a planned move: {planned:.2f} s), "
        f"{sum(client.answers.values())} answers, two at once: {client.twice}"
    )
    assert client.twice == 0
    assert all(pid(host) != old for host, old in zip(lab.hosts, before, strict=True))
    assert all(version(host).startswith("/opt/hanode/") for host in lab.hosts)
    assert online(first) == {"n1", "n2", "n3"}
    assert starts(first) - moves == len(client.turns) - 1  # each start was a move that it saw
    assert "no node was ever fenced" in first("hanode", "fence", "history")


def reachable(first: Host, second: Host) -> None:
    """By SSH, too; and each knows the other's host key."""
    for host, other in ((first, second), (second, first)):
        own_places(host, "/opt", "/usr/local/bin")
        key = sshd(host, first("hanode", "node", "keys"))
        other("hanode", "node", "logs", host.name, "--host-key", key)


def planned_move(lab: Lab) -> float:
    """How long a client waits at most while the operator moves the service."""
    (here,) = running(lab)
    target = next(host.name for host in lab.hosts if host.name != here)
    with Client(lab, ADDRESS, WEB) as client:
        wait(lambda: bool(client.answers), 30)
        lab.hosts[0]("hanode", "resource", "move", "web", target, "--wait")
        wait(lambda: len(client.turns) > 1, 30)
    lab.hosts[0]("hanode", "resource", "clear", "web", "--wait")
    return client.longest
