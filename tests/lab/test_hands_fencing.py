"""Fencing at its edges, with real hosts: two supplies, a device that lies, a list by query, the DC
itself, a remote node."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.lab import supply
from tests.lab.cluster import dc, members, online
from tests.lab.far import serve
from tests.lab.hosts import Host, Lab, wait
from tests.lab.switch import Switch

NODES = {"n1", "n2", "n3"}
PAGE = 8080


@dataclass
class Bench:
    lab: Lab
    left: Switch
    right: Switch
    """n2's two supplies."""

    @property
    def first(self) -> Host:
        return self.lab.hosts[0]

    def fence(self, node: str) -> dict[str, Any]:
        """By command, from another node; what the history says of it once the node is back."""
        watcher = next(host for host in self.lab.hosts if host.name != node)
        watcher("hanode", "fence", "node", node)
        wait(lambda: newest(watcher, node)["status"] == "success", 90, 0.2)
        wait(lambda: online(watcher) == NODES, 120, 0.3)
        return newest(watcher, node)


def newest(host: Host, node: str) -> dict[str, Any]:
    found = json.loads(host("hanode", "fence", "history", "--json"))
    return next((f for f in found if f["target"] == node), {"status": ""})


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    with Lab(4) as lab:
        left, right = supply.two(lab.host("n2"))
        bench = Bench(
            lab, Switch(lab.folder / "left.sock", {"left": left}),
            Switch(lab.folder / "right.sock", {"right": right}),
        )  # fmt: skip
        bench.right.asked = bench.left.asked  # one record of what both were told
        for switch in (bench.left, bench.right):
            switch.start()
        members(lab.hosts[:3])
        first = bench.first
        for name, switch in (("left", bench.left), ("right", bench.right)):
            first(
                *("hanode", "fence", "create", name, "fence_demo", f"strip={switch.path}"),
                *(f"pcmk_host_map=n2:{name}", "pcmk_off_retries=1", "op", "monitor", "interval=0"),
            )
        first(
            *("hanode", "fence", "create", "strip", "fence_demo", f"strip={lab.strip}"),
            *("pcmk_host_check=dynamic-list", "op", "monitor", "interval=0"),
        )
        first("hanode", "property", "set", "hanode-fencing-limit=100")
        first("hanode", "fence", "level", "add", "1", "n2", "left", "right")
        first("hanode", "fence", "level", "add", "2", "n2", "strip", "--wait")
        yield bench
        for switch in (bench.left, bench.right):
            switch.end()


def test_two_supplies_are_both_off_before_one_is_on_again(bench: Bench) -> None:
    bench.left.asked.clear()
    done = bench.fence("n2")
    assert (done["device"], done["evidence"]) == ("left,right", "power-verified")
    asked = [said for said in bench.left.asked if said != "monitor"]
    one_by_one = ["off left", "status left", "off right", "status right"]
    assert asked == [*one_by_one, "status left", "status right", "on left", "on right"]
    assert bench.lab.host("n2").power_losses == 1


@pytest.mark.timeout(180)
def test_a_supply_that_says_off_and_is_on_proves_nothing(bench: Bench) -> None:
    bench.right.manner = "lies"
    before = bench.lab.host("n2").power_losses
    done = bench.fence("n2")
    bench.right.manner = "works"
    assert done["device"] == "strip"
    assert bench.lab.host("n2").power_losses == before + 1


def test_a_device_without_a_list_is_asked_for_it(bench: Bench) -> None:
    bench.lab.switch.asked.clear()
    assert bench.fence("n3")["device"] == "strip"
    asked = [said for said in bench.lab.switch.asked if said != "monitor"]
    assert asked[:3] == ["list", "off n3", "status n3"]


def test_the_dc_is_fenced_by_another(bench: Bench) -> None:
    target = dc(bench.first)
    done = bench.fence(target)
    assert done["by"] in NODES - {target}


def test_a_remote_node_that_is_lost_is_fenced_and_its_service_moves(bench: Bench) -> None:
    first, far = bench.first, bench.lab.host("n4")
    key = serve(far, first("hanode", "node", "keys"))
    first(
        *("hanode", "fence", "create", "far-strip", "fence_demo", f"strip={bench.lab.strip}"),
        *("pcmk_host_map=far:n4", "op", "monitor", "interval=0"),
    )
    first(
        *("hanode", "resource", "create", "far", "ocf:pacemaker:remote", f"server={far.address}"),
        *(f"host_key={key}", "op", "monitor", "interval=1s", "timeout=5s", "--wait"),
    )
    first(
        *("hanode", "resource", "create", "page", "ocf:hanode:web", "ip=0.0.0.0", f"port={PAGE}"),
        "--disabled",
    )
    first("hanode", "constraint", "location", "page", "prefers", "far=100")
    first("hanode", "resource", "enable", "page", "--wait")
    assert far.answers(PAGE) == "far"
    before = far.power_losses
    far.cable(plugged=False)
    wait(lambda: any(host.answers(PAGE) for host in bench.lab.hosts[:3]), 120, 0.2)
    assert far.power_losses == before + 1
    done = newest(first, "far")
    assert (done["status"], done["device"]) == ("success", "far-strip")
    far.cable(plugged=True)
