"""Three hosts become a cluster, as the README's second section says it."""

from __future__ import annotations

import json
import time
from typing import Any

from tests.lab.hosts import Host, Lab, wait

WEB = 80
QUIET = 2.0
"""Seconds without news after which a cluster is at rest."""


def found(lab: Lab, count: int = 0) -> None:
    """By commands alone: members (the first `count` hosts; all), a fence device (the lab's power
    strip), a service."""
    hosts = lab.hosts[:count] if count else lab.hosts
    first = hosts[0]
    members(hosts)
    targets = " ".join(host.name for host in hosts)
    first(
        *("hanode", "fence", "create", "strip", "fence_demo", f"strip={lab.strip}"),
        f"pcmk_host_list={targets}",
    )
    first(
        *("hanode", "resource", "create", "web", "ocf:hanode:web", "ip=0.0.0.0", f"port={WEB}"),
        *("op", "monitor", "interval=2s", "meta", "resource-stickiness=100", "--wait"),
    )
    wait(lambda: len(running(lab)) == 1, 30)


def members(hosts: list[Host]) -> None:
    """The first founds a cluster, the others join it."""
    first, *others = hosts
    first("hanode", "init", "--name", "lab")
    first.daemon("hanode", "run")
    wait(lambda: online(first) == {first.name}, 30, 0.2)
    for host in others:
        token = first("hanode", "node", "token").split()[-1]
        host("hanode", "join", token)
        host.daemon("hanode", "run")
    wait(lambda: online(first) == {host.name for host in hosts}, 60, 0.2)


def running(lab: Lab) -> list[str]:
    """Where the service answers, asked over the network."""
    return [name for host in lab.hosts if (name := host.answers(WEB))]


def nodes(host: Host) -> list[dict[str, Any]]:
    """What this host's own command says of the nodes; nothing if it can't say."""
    try:
        found: list[dict[str, Any]] = json.loads(host("hanode", "node", "list", "--json"))
    except RuntimeError:
        return []
    return found


def online(host: Host) -> set[str]:
    return {node["name"] for node in nodes(host) if node["state"] == "online"}


def dc(host: Host) -> str:
    return next((node["name"] for node in nodes(host) if node["dc"]), "")


def at_rest(host: Host) -> bool:
    """Nothing is on its way any more: the log says nothing new for a while."""
    last = host("hanode", "log", "-n", "1")
    time.sleep(QUIET)
    return last == host("hanode", "log", "-n", "1")
