"""A node is cut off the network rather than powered off: its peers and the gateway drop what it
says (nftables, told over SSH), and only once all of them say so does its address move. It lives on
with what it ran, is seen again, ends that, and is let in."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.lab import trouble
from tests.lab.client import Client, holds
from tests.lab.cluster import members, online
from tests.lab.far import sshd
from tests.lab.hosts import Host, Lab, wait

ADDRESS, WEB = "10.78.0.101", 80
NODES = {"n1", "n2", "n3"}
KEY, KNOWN = "/etc/ssh/lab_key", "/etc/ssh/lab_known"


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    """Three nodes; the fourth host is the gateway, from which clients ask."""
    with Lab(4) as lab:
        members(lab.hosts[:3])
        make_enforcers(lab.hosts)
        first = lab.hosts[0]
        plugs = ";".join(f"{host.name}:{mac(host)}@{host.address}" for host in lab.hosts[:3])
        enforcers = " ".join(f"root@{host.address}" for host in lab.hosts)
        first(
            *("hanode", "fence", "create", "switch", "fence_nft", f"enforcers={enforcers}"),
            *(f"pcmk_host_map={plugs}", f"identity_file={KEY}", f"known_hosts={KNOWN}"),
            *("meta", "provides=isolation"),
        )
        network = ("--group", "front", "meta", "exclusivity=network")
        first(
            *("hanode", "resource", "create", "vip", "ocf:heartbeat:IPaddr2", f"ip={ADDRESS}"),
            *("cidr_netmask=24", *network),
        )
        first(
            *("hanode", "resource", "create", "web", "ocf:hanode:web", "ip=0.0.0.0", f"port={WEB}"),
            *(*network, "--wait"),
        )
        yield lab


def make_enforcers(hosts: list[Host]) -> None:
    """Each may be told by each other, by one key."""
    first = hosts[0]
    first("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", KEY)
    public = first("cat", f"{KEY}.pub")
    known = [f"{host.address} {sshd(host, public)}\n" for host in hosts]
    for host in hosts:
        host.root(KNOWN).write_text("".join(known))
        host.root(KEY).write_text(first.root(KEY).read_text())
        host.root(KEY).chmod(0o600)


def mac(host: Host) -> str:
    return host("cat", "/sys/class/net/eth0/address").strip()


def holder(lab: Lab) -> Host:
    (host,) = (host for host in lab.hosts if holds(host.init, ADDRESS))
    return host


def client(lab: Lab) -> Client:
    return Client(lab, ADDRESS, WEB, lab.hosts[3].netns)


def rules(host: Host) -> str:
    """Whom this enforcer cuts off."""
    return host("sh", "-c", "nft list set netdev hanode-isolation cut 2> /dev/null || true")


def position(host: Host, words: str) -> int:
    """Where the log last says so."""
    lines = host("hanode", "log", "-n", "500").splitlines()
    return max(number for number, line in enumerate(lines) if words in line)


def test_its_address_moves_once_it_is_cut_off_and_it_lives_on(lab: Lab) -> None:
    old = holder(lab)
    watcher = next(host for host in lab.hosts[:3] if host is not old)
    with client(lab) as asked:
        wait(lambda: asked.turns == [old.name], 30)
        trouble.signal_parts(old, "STOP", "")  # it is lost, and all that it ran serves on
        wait(lambda: len(asked.turns) > 1, 60)
        new = asked.turns[1]
        assert old.init
        assert holds(old.init, ADDRESS)
        assert old.answers_itself(WEB) == old.name
        assert mac(old) in rules(lab.hosts[3])
        fencing = json.loads(watcher("hanode", "fence", "history", "--json"))[0]
        assert (fencing["target"], fencing["evidence"]) == (old.name, "isolation-verified")
        assert position(watcher, f"fencing of {old.name} confirmed") < position(
            watcher, f"start of vip on {new}"
        )
        trouble.signal_parts(old, "CONT", "")
        wait(lambda: online(watcher) == NODES, 120, 0.3)
        wait(lambda: not any(mac(old) in rules(host) for host in lab.hosts), 60, 0.3)
        assert holder(lab).name == new
        assert asked.turns == [old.name, new]  # never one, then the other again
    print(f"\nisolated: longest outage {asked.longest:.2f} s")


def test_an_enforcer_that_says_nothing_is_no_evidence(lab: Lab) -> None:
    old, gateway = holder(lab), lab.hosts[3]
    watcher = next(host for host in lab.hosts[:3] if host is not old)
    server = next(p for p in gateway.processes() if "[listener]" in trouble.command_of(p))
    with client(lab) as asked:
        wait(lambda: asked.turns == [old.name], 30)
        trouble.end_process(server)
        trouble.signal_parts(old, "STOP", "")

        def failed() -> bool:
            return "failed" in watcher("hanode", "fence", "history")

        wait(failed, 60, 0.3)
        assert asked.turns == [old.name]
        assert len([host for host in lab.hosts if holds(host.init, ADDRESS)]) == 1
        gateway.daemon("/usr/sbin/sshd", "-D", "-e", "-f", "/etc/ssh/far_config")
        wait(lambda: len(asked.turns) > 1, 90)
        trouble.signal_parts(old, "CONT", "")
        wait(lambda: online(watcher) == NODES, 120, 0.3)
        wait(lambda: len([h for h in lab.hosts if holds(h.init, ADDRESS)]) == 1, 60, 0.3)
    assert len(asked.turns) == 2
