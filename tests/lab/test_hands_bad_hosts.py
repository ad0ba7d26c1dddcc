"""Remote nodes that can't be had: unknown, deaf, silent, with another key than they should have, or
without ours. Each is said in words that tell what to do, and none is waited for without end."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.lab.cluster import members
from tests.lab.far import serve
from tests.lab.hosts import Host, Lab

FAR = "n3"
SILENT, DEAF = 2200, 2201
_OTHER = b"\0\0\0\x0bssh-ed25519\0\0\0\x20" + bytes(range(32))
OTHER = f"ssh-ed25519 {base64.b64encode(_OTHER).decode()}"
LISTEN = f"import socket,time; s=socket.create_server(('0.0.0.0',{SILENT})); time.sleep(9999)"


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    """Two nodes, and a host whose sshd knows none of them."""
    with Lab(3) as lab:
        members(lab.hosts[:2])
        lab.hosts[0]("hanode", "property", "set", "stonith-enabled=false", "--force")
        yield lab


@pytest.fixture(scope="module")
def key(lab: Lab) -> str:
    host = lab.host(FAR)
    key = serve(host, "")
    host.daemon("/usr/bin/python3", "-c", LISTEN)
    return key


CASES: dict[str, tuple[dict[str, str], str]] = {
    "unknown": ({"server": "no-such-host.invalid"}, "no-such-host.invalid"),
    "impostor": ({"host_key": OTHER}, "shows another host key than configured"),
    "nonsense": ({"host_key": "ssh-ed25519 nonsense"}, "host_key is no public key"),
    "stranger": ({}, "refuses this node's key; put the lines of `hanode node keys`"),
    "nobody": ({"user": "nobody-at-all"}, "nobody-at-all@"),
    "deaf": ({"port": str(DEAF)}, f"port {DEAF}: "),
    "silent": ({"port": str(SILENT)}, f"port {SILENT}: says nothing"),
}


@pytest.mark.timeout(120)
@pytest.mark.parametrize("name", CASES)
def test_a_host_that_cant_be_had(lab: Lab, key: str, name: str) -> None:
    first = lab.hosts[0]
    given, words = CASES[name]
    asked = {"server": lab.host(FAR).address, "host_key": key, **given}
    create = ("hanode", "resource", "create", name, "ocf:pacemaker:remote")
    with pytest.raises(RuntimeError, match=f"failed: start of {name}"):
        first(*create, *(f"{k}={v}" for k, v in asked.items()), "--wait", "90")
    failures = _failures(first, name)
    first("hanode", "resource", "delete", name, "--yes", "--wait")
    assert {one["node"] for one in failures} == {"n1", "n2"}
    for one in failures:
        assert words in one["reason"]
        assert one["status"] == "done"


def _failures(host: Host, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(host("hanode", "resource", "failures", name, "--json"))
    return found
