"""The README's second section, done: a cluster on hosts, by commands alone; then trouble."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.lab.cluster import WEB, found, online, running
from tests.lab.hosts import Lab, wait


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    with Lab(3) as lab:
        found(lab)
        yield lab


def test_a_dead_host_is_fenced_and_its_service_comes_back_elsewhere(lab: Lab) -> None:
    (victim,) = running(lab)
    lab.host(victim).crash()
    wait(lambda: len(running(lab)) == 1 and running(lab) != [victim], 30)
    survivor = lab.host(running(lab)[0])
    wait(lambda: online(survivor) == {"n1", "n2", "n3"}, 60, 0.2)
    history = json.loads(survivor("hanode", "fence", "history", "--json"))
    assert history[0]["target"] == victim
    assert history[0]["evidence"] == "power-verified"


def test_constraints_by_command(lab: Lab) -> None:
    first = lab.hosts[0]
    first("hanode", "resource", "create", "beside", "ocf:hanode:Dummy", "--wait")
    first("hanode", "constraint", "colocation", "add", "beside", "with", "web")
    first("hanode", "constraint", "order", "web", "then", "beside")
    (here,) = running(lab)
    (target,) = sorted({"n1", "n2", "n3"} - {here})[:1]
    first("hanode", "resource", "move", "web", target, "--wait")
    assert running(lab) == [target]
    placed = {r["id"]: r["nodes"] for r in json.loads(first("hanode", "resource", "--json"))}
    assert placed["beside"] == placed["web"] == [target]
    first("hanode", "resource", "clear", "web")


def test_a_host_whose_cable_is_pulled_stops_by_itself(lab: Lab) -> None:
    lab.hosts[0]("hanode", "property", "set", "stonith-enabled=false", "--force")
    (lonely,) = running(lab)
    host = lab.host(lonely)
    host.cable(plugged=False)
    wait(lambda: not host.answers_itself(WEB), 15)
    wait(lambda: len(running(lab)) == 1 and running(lab) != [lonely], 30)
    assert not host.answers_itself(WEB)
    host.cable(plugged=True)
    survivor = lab.host(running(lab)[0])
    wait(lambda: online(survivor) == {"n1", "n2", "n3"}, 60, 0.2)
