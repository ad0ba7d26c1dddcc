"""Clusters whose nodes are cut off the network by each other and by a gateway, with fence_nft."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.lab.client import holds
from tests.lab.cluster import members
from tests.lab.far import bare_shells, sshd
from tests.lab.hosts import Host, Lab

ADDRESS, WEB = "10.78.0.101", 80
KEY, KNOWN = "/etc/ssh/lab_key", "/etc/ssh/lab_known"


@contextmanager
def cluster(count: int) -> Iterator[Lab]:
    """So many nodes, and a gateway."""
    with Lab(count + 1) as lab:
        members(lab.hosts[:count])
        make_enforcers(lab.hosts)
        first = lab.hosts[0]
        plugs = ";".join(f"{host.name}:{mac(host)}@{host.address}" for host in lab.hosts[:count])
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
        bare_shells(host)
        host.root(KNOWN).write_text("".join(known))
        host.root(KEY).write_text(first.root(KEY).read_text())
        host.root(KEY).chmod(0o600)


def mac(host: Host) -> str:
    return host("cat", "/sys/class/net/eth0/address").strip()


def holder(lab: Lab) -> Host:
    (host,) = (host for host in lab.hosts if holds(host.init, ADDRESS))
    return host


def rules(host: Host) -> str:
    """Whom this enforcer cuts off."""
    return host("sh", "-c", "nft list set netdev hanode-isolation cut 2> /dev/null || true")
