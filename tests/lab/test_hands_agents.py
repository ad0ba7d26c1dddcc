"""Every class of agent on a real host, unchanged: started, watched, broken, recovered, stopped."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.lab.cluster import online
from tests.lab.hosts import Host, Lab, wait

NGINX = """pid /run/lab-nginx.pid;
error_log /var/log/lab-nginx.log;
events {}
http { access_log off; server { listen 8081; location / { return 200 x; } } }
"""
HAPROXY = """global
    daemon
defaults
    mode http
    timeout connect 1s
    timeout client 1s
    timeout server 1s
frontend f
    bind 127.0.0.1:8082
    http-request return status 200 content-type text/plain string haproxy
"""
VERSION_1 = """#!/bin/sh
case $2 in
    start) setsid sleep 100000 & echo $! > /run/$1.pid ;;
    stop) kill "$(cat /run/$1.pid)"; rm -f /run/$1.pid ;;
    status) kill -0 "$(cat /run/$1.pid)" 2> /dev/null && echo running || echo stopped ;;
esac
"""
PG = "/var/lib/lab-pg"


@dataclass(frozen=True)
class Case:
    """One agent, and how it is broken behind the cluster's back."""

    agent: str
    parameters: tuple[str, ...] = ()
    prepare: tuple[str, ...] = ()
    """Commands of a shell on the host."""
    files: dict[str, str] = field(default_factory=dict)
    break_it: str = ""
    needs: str = ""
    """A program or file without which it can't be shown here."""


CASES = {
    "dummy": Case("ocf:heartbeat:Dummy", break_it="rm /run/resource-agents/Dummy-dummy.state"),
    "own-dummy": Case(
        "ocf:hanode:Dummy",
        break_it="read pid rest < /run/resource-agents/Dummy-own-dummy.state; kill $pid",
    ),
    "address": Case(
        "ocf:heartbeat:IPaddr2", ("ip=10.78.0.150", "cidr_netmask=24"),
        break_it="ip addr del 10.78.0.150/24 dev eth0",
    ),
    "disk": Case(
        "ocf:heartbeat:Filesystem",
        ("device=/var/lib/lab.img", "directory=/run/lab-mount", "fstype=ext4", "options=loop"),
        ("mkdir -p /run/lab-mount", "truncate -s 16M /var/lib/lab.img",
         "mkfs.ext4 -q /var/lib/lab.img"),
        break_it="umount /run/lab-mount", needs="/usr/sbin/modprobe",
    ),
    "nginx": Case(
        "ocf:heartbeat:nginx", ("configfile=/etc/lab-nginx.conf", "port=8081", "status10url=http://127.0.0.1:8081/"),
        files={"/etc/lab-nginx.conf": NGINX},
        break_it="p=$(cat /run/lab-nginx.pid); kill -9 $(pgrep -P $p) $p", needs="/usr/sbin/nginx",
    ),
    "pgsql": Case(
        "ocf:heartbeat:pgsql",
        ("pgctl=/usr/lib/postgresql/15/bin/pg_ctl", f"pgdata={PG}", "pgport=5499",
         "psql=/usr/bin/psql", f"socketdir={PG}"),
        (f"install -d -o postgres -g postgres -m 700 {PG}",
         f"su postgres -c '/usr/lib/postgresql/15/bin/initdb -D {PG}' > /dev/null",
         f"echo \"unix_socket_directories = '{PG}'\" >> {PG}/postgresql.conf"),
        break_it=f"kill -9 $(head -1 {PG}/postmaster.pid)",
        needs="/usr/lib/postgresql/15/bin/pg_ctl",
    ),
    "haproxy": Case(
        "lsb:haproxy", files={"/etc/haproxy/haproxy.cfg": HAPROXY},
        break_it="kill -9 $(cat /run/haproxy.pid)", needs="/etc/init.d/haproxy",
    ),
    "service": Case(
        "service:haproxy", files={"/etc/haproxy/haproxy.cfg": HAPROXY},
        break_it="kill -9 $(cat /run/haproxy.pid)", needs="/etc/init.d/haproxy",
    ),
    "version1": Case(
        "heartbeat:Sleeper", ("1=version1",),
        files={"/etc/ha.d/resource.d/Sleeper": VERSION_1},
        prepare=("chmod 755 /etc/ha.d/resource.d/Sleeper",),
        break_it="kill -9 $(cat /run/version1.pid)",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    """A cluster of one node."""
    with Lab(1) as lab:
        (host,) = lab.hosts
        host("hanode", "init", "--name", "lab")
        host.daemon("hanode", "run")
        wait(lambda: online(host) == {"n1"}, 60, 0.2)
        host("hanode", "property", "set", "stonith-enabled=false", "--force")
        yield host


def resource(host: Host, name: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = json.loads(host("hanode", "resource", "--json"))
    return next(entry for entry in found if entry["id"] == name)


def events(host: Host, name: str, what: str) -> int:
    """How often the log says this of a resource."""
    lines = host("hanode", "log", "-n", "500").splitlines()
    return sum(f"{what} of {name} on n1" in line for line in lines)


@pytest.mark.parametrize("name", CASES)
def test_an_agent_lives_fails_recovers_and_stops(host: Host, name: str) -> None:
    case = CASES[name]
    if case.needs and not Path(case.needs).exists():
        pytest.skip(f"{case.needs} is not on this machine")
    for path, text in case.files.items():
        host("mkdir", "-p", str(Path(path).parent))
        host.root(path).write_text(text)
    for command in case.prepare:
        host("sh", "-c", command)
    create = ("hanode", "resource", "create", name, case.agent, *case.parameters)
    host(*create, "op", "monitor", "interval=1s", "timeout=30s", "--wait")
    assert resource(host, name)["role"] == "Started"
    before = events(host, name, "start")
    host("sh", "-c", case.break_it)
    wait(lambda: events(host, name, "start") == before + 1, 60, 0.3)
    wait(lambda: resource(host, name)["role"] == "Started", 30, 0.3)
    host("hanode", "resource", "disable", name, "--wait")
    assert resource(host, name)["nodes"] == []
    host("hanode", "resource", "delete", name, "--yes", "--wait")


def test_systemd_says_that_it_does_not_run_this_machine(host: Host) -> None:
    """And nothing else is started in its place."""
    host("hanode", "resource", "create", "unit", "systemd:haproxy", "--wait")
    assert resource(host, "unit")["nodes"] == []
    assert "systemd doesn't run this machine" in host("hanode", "log", "-n", "50")
    host("hanode", "resource", "delete", "unit", "--yes")


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
