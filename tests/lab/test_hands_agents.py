"""Every class of agent on real hosts, unchanged: started, watched, broken, recovered, moved, ended.
(The table of all: `python -m tests lab agents`.)"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab.agent_cases import CASES
from tests.lab.hosts import Host, Lab, wait
from tests.lab.lives import couple, live, resource


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    with couple() as lab:
        yield lab


@pytest.fixture
def host(lab: Lab) -> Host:
    return lab.hosts[0]


@pytest.mark.timeout(180)
@pytest.mark.parametrize("name", CASES)
def test_an_agent_lives_fails_recovers_moves_and_stops(lab: Lab, name: str) -> None:
    case = CASES[name]
    if case.needs and not Path(case.needs).exists():
        pytest.skip(f"{case.needs} is not on this machine")
    life = live(lab, name, case)
    assert life.seen <= life.recovered


def test_systemd_says_that_it_does_not_run_this_machine(host: Host) -> None:
    """And nothing else is started in its place."""
    with pytest.raises(RuntimeError, match="failed: unit can run nowhere"):
        host("hanode", "resource", "create", "unit", "systemd:haproxy", "--wait")
    assert resource(host, "unit")["nodes"] == []
    assert "systemd doesn't run this machine" in host("hanode", "log", "-n", "50")
    host("hanode", "resource", "delete", "unit", "--yes")


ONE_HOSTS_OWN = """#!/bin/sh
case $1 in
    start) : > /run/only ;;
    stop) rm -f /run/only ;;
    status) [ -e /run/only ] || exit 3 ;;
esac
"""


def test_where_an_agent_is_missing_is_said_per_node(lab: Lab) -> None:
    first, second = lab.hosts
    script = second.root("/etc/init.d/only")
    script.parent.mkdir(parents=True, exist_ok=True)
    script.write_text(ONE_HOSTS_OWN)
    script.chmod(0o755)
    create = ("hanode resource create only lsb:only --wait 2>&1",)
    said = first("sh", "-c", *create)
    assert f"only can't run on {first.name}: not installed: " in said
    assert f"can't run on {second.name}" not in said
    row = resource(first, "only")
    assert (row["nodes"], row["flags"]) == ([second.name], [f"not-installed:{first.name}"])
    first("hanode", "resource", "delete", "only", "--yes", "--wait")
    script.unlink()
    with pytest.raises(RuntimeError, match="failed: only can run nowhere"):
        first("sh", "-c", *create)
    first("hanode", "resource", "delete", "only", "--yes", "--wait")


def test_a_promotable_agent_sets_its_score_and_is_promoted(host: Host) -> None:
    create = ("hanode", "resource", "create", "pair", "ocf:pacemaker:Stateful", "--promotable")
    host(*create, "op", "monitor", "interval=2s", "role=Promoted", "--wait")
    assert "Promoted" in host("hanode", "status")
    host("hanode", "resource", "delete", "pair", "--yes", "--wait")


@pytest.mark.skipif(not Path("/usr/bin/ping").exists(), reason="no ping (iputils-ping)")
def test_an_agent_whose_attribute_is_dampened_and_lost_with_the_resource(host: Host) -> None:
    ping = ("ocf:pacemaker:ping", f"host_list={host.address}", "dampen=1s", "multiplier=10")
    host("hanode", "resource", "create", "reach", *ping, "op", "monitor", "interval=2s", "--wait")
    wait(lambda: 'name="pingd" host="n1" value="10"' in _attribute(host, "pingd"), 30, 0.3)
    host("hanode", "resource", "delete", "reach", "--yes", "--wait")
    wait(lambda: "value" not in _attribute(host, "pingd"), 30, 0.3)


def _attribute(host: Host, name: str) -> str:
    """As an agent would ask for it."""
    script = (
        "d=$(python3 -c 'import hanode,os;print(os.path.dirname(hanode.__file__))'); "
        "HANODE_NODE=n1 HANODE_ATTR_SOCKET=/run/hanode/attributes.sock "
        f"$d/agents/bin/attrd_updater -n {name} -Q || true"
    )
    return host("sh", "-c", script)
