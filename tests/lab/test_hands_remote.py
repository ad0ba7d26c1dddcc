"""A remote host with nothing but sshd and agents: its resources start, fail, recover and stop; the
host that holds its connection dies, and the resources don't notice."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterator
from typing import Any

import pytest

from tests.lab.cluster import found, online
from tests.lab.far import serve
from tests.lab.hosts import Host, Lab, wait

FAR = "n4"
PAGE = 8080
NGINX = f"""error_log /var/log/far-error.log;
pid /run/far-nginx.pid;
events {{}}
http {{ access_log off; server {{ listen {PAGE}; location / {{ return 200 far; }}
        location /nginx_status {{ stub_status; }} }} }}
"""


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    with Lab(4) as lab:
        found(lab, 3)
        lab.host(FAR).root("/etc/far-nginx.conf").write_text(NGINX)
        yield lab


def resources(host: Host) -> dict[str, Any]:
    return {r["id"]: r for r in json.loads(host("hanode", "resource", "--json"))}


def attributes(host: Host) -> dict[str, str]:
    """Of the remote node."""
    said = json.loads(host("hanode", "node", "attributes", "far", "--json"))
    return {row["name"]: row["value"] for row in said}


def nginx(lab: Lab) -> list[int]:
    """Master processes of the far nginx."""
    try:
        return [int(lab.host(FAR).root("/run/far-nginx.pid").read_text())]
    except (OSError, ValueError):
        return []


def test_a_remote_node_runs_what_it_is_given(lab: Lab) -> None:
    first = lab.hosts[0]
    key = serve(lab.host(FAR), first("hanode", "node", "keys"))
    first(
        *("hanode", "resource", "create", "far", "ocf:pacemaker:remote"),
        *(f"server={lab.host(FAR).address}", f"host_key={key}"),
        *("op", "monitor", "interval=1s", "--wait"),
    )
    assert resources(first)["far"]["role"] == "Started"
    first(
        *("hanode", "resource", "create", "page", "ocf:heartbeat:nginx"),
        *("configfile=/etc/far-nginx.conf", f"status10url=http://127.0.0.1:{PAGE}/"),
        *(f"port={PAGE}", "op", "monitor", "interval=2s", "timeout=20s", "--disabled"),
    )
    first("hanode", "constraint", "location", "page", "prefers", "far=INFINITY")
    for host in lab.hosts[:3]:
        first("hanode", "constraint", "location", "page", "avoids", host.name)
    first("hanode", "resource", "enable", "page", "--wait")
    assert resources(first)["page"]["nodes"] == ["far"]
    assert lab.host(FAR).answers(PAGE) == "far"


def test_agents_over_there_set_attributes(lab: Lab) -> None:
    """Debian's SysInfo says what the machine is like; Stateful has itself promoted by its score."""
    first = lab.hosts[0]
    for name, agent, words in (
        ("info", "ocf:pacemaker:SysInfo", ("delay=0",)),
        ("roles", "ocf:pacemaker:Stateful", ("--promotable", "meta", "clone-max=1")),
    ):
        first("hanode", "resource", "create", name, agent, *words, "--disabled")
        for host in lab.hosts[:3]:
            first("hanode", "constraint", "location", name, "avoids", host.name)
        first("hanode", "resource", "enable", name, "--wait")
    wait(lambda: attributes(first).get("arch") == platform.machine(), 30, 0.2)
    wait(lambda: resources(first)["roles:0"]["role"] == "Promoted", 30, 0.2)
    assert resources(first)["roles:0"]["nodes"] == ["far"]
    assert int(attributes(first)["master-roles"]) > 0
    for name in ("info", "roles"):
        first("hanode", "resource", "delete", name, "--yes", "--wait")


def test_what_fails_over_there_is_recovered_there(lab: Lab) -> None:
    (before,) = nginx(lab)
    lab.host(FAR)("sh", "-c", f"kill -9 {before} $(pgrep -P {before})")
    wait(lambda: nginx(lab) not in ([], [before]) and lab.host(FAR).answers(PAGE) == "far", 60)


def test_the_connection_moves_when_its_host_dies_and_nobody_over_there_notices(lab: Lab) -> None:
    (before,) = nginx(lab)
    first = lab.hosts[0]
    (relay,) = resources(first)["far"]["nodes"]
    lab.host(relay).crash()
    survivor = next(host for host in lab.hosts[:3] if host.name != relay)
    wait(lambda: resources(survivor)["far"]["nodes"] not in ([], [relay]), 60, 0.2)
    wait(lambda: online(survivor) == {"n1", "n2", "n3"}, 60, 0.2)
    assert nginx(lab) == [before]
    assert lab.host(FAR).answers(PAGE) == "far"
    lab.host(FAR)("sh", "-c", f"kill -9 {before} $(pgrep -P {before})")
    wait(lambda: nginx(lab) not in ([], [before]) and lab.host(FAR).answers(PAGE) == "far", 60)


def test_it_stops_what_it_runs_when_told(lab: Lab) -> None:
    first = lab.hosts[0]
    history = json.loads(lab.hosts[1]("hanode", "fence", "history", "--json"))
    assert len([f for f in history if f["status"] == "success"]) == 1, history
    first("hanode", "resource", "disable", "page", "--wait")
    assert lab.host(FAR).answers(PAGE) == ""
    first("hanode", "resource", "disable", "far", "--wait")
    assert resources(first)["far"]["nodes"] == []
