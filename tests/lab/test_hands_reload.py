"""A parameter that changes while its service runs: taken up by a reload where the agent has one, by
a restart else; in agents of OCF 1.1 and of 1.0, with real processes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.lab.hosts import Host, Lab, wait
from tests.lab.lives import couple, done, resource


class Case(NamedTuple):
    agent: str
    live: str
    """What its agent takes up by a reload."""
    fixed: str
    """What it doesn't."""


CASES = {
    "page": Case("ocf:hanode:web", "text=hello", "port=8082"),
    "ours": Case("ocf:hanode:Dummy", "fake=two", "state=/run/ours.other"),
    "modern": Case("ocf:pacemaker:Dummy", "fake=two", "state=/run/modern.other"),
    "legacy": Case("ocf:heartbeat:Dummy", "fake=two", "state=/run/legacy.other"),
}
FIRST = {"page": ("ip=0.0.0.0", "port=8081"), "ours": (), "modern": (), "legacy": ()}


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    with couple() as lab:
        yield lab


def counts(host: Host, name: str) -> tuple[int, int, int]:
    """Starts, stops, reloads that went well."""
    starts, stops, reloads = (
        [one for one in done(host, name, task) if one["status"] == "done" and not one["rc"]]
        for task in ("start", "stop", "reload-agent")
    )
    return len(starts), len(stops), len(reloads)


@pytest.mark.timeout(120)
@pytest.mark.parametrize("name", CASES)
def test_what_can_be_reloaded_is_and_nothing_else(lab: Lab, name: str) -> None:
    case, host = CASES[name], lab.hosts[0]
    path = Path("/usr/lib/ocf/resource.d", *case.agent.split(":")[1:])
    if ":hanode:" not in case.agent and not path.exists():
        pytest.skip(f"{path} is not on this machine")
    create = ("hanode", "resource", "create", name, case.agent, *FIRST[name])
    host(*create, "op", "monitor", "interval=1s", "--wait")
    assert counts(host, name) == (1, 0, 0)

    dry = host("hanode", "resource", "update", name, case.live, "--dry-run")
    assert "Reload" in dry
    host("hanode", "resource", "update", name, case.live, "--wait")
    assert counts(host, name) == (1, 0, 1)
    watched = [one for one in done(host, name, "monitor") if one["interval_ms"]]
    assert [one["rc"] for one in watched] == [0] * len(watched)
    if name == "page":
        (where,) = resource(host, name)["nodes"]
        assert lab.host(where).answers(8081) == f"{where} hello"

    host("hanode", "property", "set", "cluster-recheck-interval=14min", "--wait")
    assert counts(host, name) == (1, 0, 1)
    host("hanode", "resource", "update", name, case.fixed, "--wait")
    assert counts(host, name) == (2, 1, 1)
    host("hanode", "resource", "delete", name, "--yes", "--wait")


@pytest.mark.timeout(120)
def test_a_reload_that_fails_is_followed_by_a_restart(lab: Lab) -> None:
    host = lab.hosts[0]
    create = ("hanode", "resource", "create", "sick", "ocf:hanode:Dummy")
    host(*create, "op", "monitor", "interval=1s", "--wait")
    host("hanode", "resource", "update", "sick", "fail_on=reload-agent")
    wait(lambda: counts(host, "sick") == (2, 1, 0), 30, 0.2)
    assert resource(host, "sick")["role"] == "Started"
    host("hanode", "resource", "delete", "sick", "--yes", "--wait")
