"""A node's port on the service network is taken down by Debian's fence_ifmib, over SNMP; the nodes
hear each other on another network, so the node is heard again, ends what it ran, and gets its port
back."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator

import pytest

from hanode.cib.edits import EMPTY
from tests.lab import trouble
from tests.lab.client import Client, holds
from tests.lab.cluster import online
from tests.lab.founding import Kind, furnish
from tests.lab.hosts import Host, Lab, wait
from tests.lab.managed_switch import ADDRESS as SWITCH
from tests.lab.managed_switch import is_up, managed

ADDRESS, WEB = "10.78.0.101", 80
NODES = ("n1", "n2", "n3")
COMMUNITY = "lab-community"
missing = [name for name in ("snmpd", "snmpset", "fence_ifmib")
           if not shutil.which(name, path="/usr/sbin:/usr/bin")]  # fmt: skip
pytestmark = pytest.mark.skipif(
    bool(missing), reason=f"no {', '.join(missing)} (apt-get install snmpd snmp fence-agents)"
)


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    entries = "".join(f'<node id="{name}" uname="{name}"/>' for name in NODES)
    with Lab(3, links=2, powered=False) as lab, managed(lab, COMMUNITY):
        furnish(lab, EMPTY.replace("<nodes/>", f"<nodes>{entries}</nodes>"), Kind(streams=1))
        for host in lab.hosts:
            host.on()
        first = lab.hosts[0]
        wait(lambda: online(first) == set(NODES), 60, 0.2)
        for host in lab.hosts:
            host.root("/run/community").write_text(COMMUNITY)
            host("sh", "-c", "hanode secret set community < /run/community")
        ports = ";".join(f"{name}:{lab.wiring.port(name, 0)}" for name in NODES)
        first(
            *("hanode", "fence", "create", "switch", "fence_ifmib", f"ip={SWITCH}"),
            *("community=secret://community", f"pcmk_host_map={ports}"),
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


def test_a_node_loses_its_port_and_gets_it_back(lab: Lab) -> None:
    old = next(host for host in lab.hosts if holds(host.init, ADDRESS))
    port = lab.wiring.port(old.name, 0)
    watcher = next(host for host in lab.hosts if host is not old)
    with Client(lab, ADDRESS, WEB) as client:
        wait(lambda: client.turns == [old.name], 30)
        trouble.signal_parts(old, "STOP", "")
        wait(lambda: len(client.turns) > 1, 60)
        new = client.turns[1]
        assert not is_up(lab, port)
        assert _lives_on(old)
        fencing = json.loads(watcher("hanode", "fence", "history", "--json"))[0]
        assert (fencing["target"], fencing["evidence"]) == (old.name, "isolation-verified")
        trouble.signal_parts(old, "CONT", "")
        wait(lambda: online(watcher) == set(NODES), 120, 0.3)
        wait(lambda: is_up(lab, port), 60, 0.2)
        assert not holds(old.init, ADDRESS)
    print(f"\na switch's port down: longest outage {client.longest:.2f} s")
    assert client.turns == [old.name, new]


def test_an_operator_lets_in_a_node_that_nobody_hears(lab: Lab) -> None:
    """Who is frozen can't show that it has stopped, so nobody gives it its port back unasked."""
    old = next(host for host in lab.hosts if holds(host.init, ADDRESS))
    port = lab.wiring.port(old.name, 0)
    watcher = next(host for host in lab.hosts if host is not old)
    trouble.signal_parts(old, "STOP", "")
    wait(lambda: any(holds(h.init, ADDRESS) for h in lab.hosts if h is not old), 60, 0.2)
    assert not is_up(lab, port)
    unfence = ("hanode", "fence", "unfence", old.name)
    with pytest.raises(RuntimeError, match=f"nobody hears {old.name}"):
        watcher(*unfence)
    old("ip", "address", "delete", f"{ADDRESS}/24", "dev", "eth0")  # the operator has looked
    assert f"Nobody hears {old.name}" in watcher(*unfence, "--dry-run")
    assert not is_up(lab, port)
    watcher(*unfence, "--yes", "--wait")
    assert is_up(lab, port)
    record = json.loads(watcher("hanode", "fence", "history", "--json"))[0]
    assert (record["action"], record["status"], record["target"]) == ("on", "success", old.name)
    assert record["client"] == "root"
    trouble.signal_parts(old, "CONT", "")
    wait(lambda: online(watcher) == set(NODES), 120, 0.3)
    assert len([host for host in lab.hosts if holds(host.init, ADDRESS)]) == 1


def _lives_on(host: Host) -> bool:
    return holds(host.init, ADDRESS) and host.answers_itself(WEB) == host.name
