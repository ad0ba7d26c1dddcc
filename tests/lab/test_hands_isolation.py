"""A node is cut off the network rather than powered off: its peers and the gateway drop what it
says (nftables, told over SSH), and only once all of them say so does its address move. It lives on
with what it ran, is seen again, ends that, and is let in."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.lab import trouble
from tests.lab.client import Client, holds
from tests.lab.cluster import at_rest, online
from tests.lab.hosts import Host, Lab, wait
from tests.lab.isolating import ADDRESS, WEB, cluster, holder, mac, rules

NODES = {"n1", "n2", "n3"}


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    """Three nodes; the fourth host is the gateway, from which clients ask."""
    with cluster(3) as lab:
        yield lab


@pytest.fixture(autouse=True)
def _rest(lab: Lab) -> None:
    """A node that is just being let in takes services over once it may: no test's doing."""
    wait(lambda: at_rest(lab.hosts[0]), 60)


def client(lab: Lab) -> Client:
    return Client(lab, ADDRESS, WEB, lab.hosts[3].netns)


def position(host: Host, words: str) -> int:
    """Where the log last says so; before its beginning if nowhere."""
    lines = host("hanode", "log", "-n", "500").splitlines()
    return max((number for number, line in enumerate(lines) if words in line), default=-1)


def actor(host: Host, words: str) -> str:
    """Who says so."""
    lines = host("hanode", "log", "-n", "500").splitlines()
    return next(line.split()[3] for line in reversed(lines) if words in line)


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
        let_in = f"attribute #node-unfenced of {old.name} is"
        wait(
            lambda: position(watcher, let_in) > position(watcher, f"stop of vip on {old.name}"), 30
        )
        assert actor(watcher, let_in) != old.name
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


def test_an_operator_lets_in_a_node_that_nobody_hears(lab: Lab) -> None:
    """What was cut off is frozen, and so never shows that it has stopped."""
    old, gateway = holder(lab), lab.hosts[3]
    watcher = next(host for host in lab.hosts[:3] if host is not old)
    assert "isolation from network" in watcher("hanode", "fence", "list")
    with client(lab) as asked:
        wait(lambda: asked.turns == [old.name], 30)
        trouble.signal_parts(old, "STOP", "")
        wait(lambda: len(asked.turns) > 1, 90)
        assert mac(old) in rules(gateway)
        old("ip", "address", "delete", f"{ADDRESS}/24", "dev", "eth0")  # the operator has looked
        watcher("hanode", "fence", "unfence", old.name, "--yes", "--wait")
        assert not any(mac(old) in rules(host) for host in lab.hosts)
        said = watcher("hanode", "log", "-n", "100")
        assert f"{old.name} is to be let in again (unfenced)" in said
        trouble.signal_parts(old, "CONT", "")
        wait(lambda: online(watcher) == NODES, 120, 0.3)
    assert len(asked.turns) == 2
