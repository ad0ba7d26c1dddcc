"""The hosts' disks as of a cluster that was founded long ago: every host a member of it.

(How a cluster is founded by commands is tests/lab/test_real_hosts.py's concern.)
"""

from __future__ import annotations

import secrets
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hanode.effects import Persist
from hanode.events import Member
from hanode.logd import LogStore
from hanode.node import found
from hanode.runtime import keys, trusted
from tests.lab import watchdog, wiring
from tests.lab.hosts import Host, Lab

GROUP, HEARTBEATS, STREAM = "239.0.0.43", 694, 5566
SMALL_DISK = "24M"
WITNESS = "w"


@dataclass(frozen=True, slots=True)
class Kind:
    """What is special about a lab's hosts."""

    link: str = "unicast"
    """Or broadcast, or multicast."""
    small_disks: bool = False
    """/var/lib/hanode is a file system of its own, soon full."""
    watchdogs: bool = False
    movable_clocks: bool = False
    """The wall clock is what the file /etc/lab-clock says (faketime)."""
    timing: tuple[tuple[str, str], ...] = ()
    streams: int = 0
    """The link on which the nodes hold their streams."""


def furnish(lab: Lab, cib: str, kind: Kind = Kind()) -> None:
    """Write every disk; the hosts are off."""
    cluster = secrets.token_bytes(16)
    held = {host.name: _keys(host) for host in lab.hosts}
    members = tuple(_member(lab, host, held[host.name], cluster, kind) for host in lab.hosts)
    first = lab.hosts[0].name
    saved = found(held[first].identity, first, cluster, "lab", members, (), cib, time.time())
    for host in lab.hosts:
        etc, state = host.folder / "etc/hanode", host.folder / "var/lib/hanode"
        (etc / "hanode.toml").write_text(_settings(lab, host, kind))
        for member in members:
            trusted.save_member(etc / "trusted", member)
        trusted.save_cluster(etc / "trusted", cluster)
        state.mkdir(parents=True)
        if host.name != WITNESS:
            store = LogStore.open(state / "log.sqlite")
            store.write(Persist(vote=saved.vote, entries=saved.entries))
            store.close()
        if kind.small_disks:
            _put_on_small_disk(host, state)
        if kind.movable_clocks:
            _make_clock_movable(host)


def _keys(host: Host) -> keys.Secrets:
    etc = host.folder / "etc/hanode"
    (etc / "trusted").mkdir(parents=True)
    return keys.create(etc / "identity")


def _member(lab: Lab, host: Host, held: keys.Secrets, cluster: bytes, kind: Kind) -> Member:
    role = "witness" if host.name == WITNESS else "data"
    links = tuple(f"{wiring.address(host.number, link)}:{HEARTBEATS}" for link in _links(lab))
    stream = f"{wiring.address(host.number, kind.streams)}:{STREAM}"
    return keys.member(held, host.name, host.number, role, links, stream, cluster)


def _links(lab: Lab) -> Sequence[int]:
    return range(lab.wiring.links)


def _settings(lab: Lab, host: Host, kind: Kind) -> str:
    stream = f"{wiring.address(host.number, kind.streams)}:{STREAM}"
    lines = [f'name = "{host.name}"', f'stream = "{stream}"']
    if host.name == WITNESS:
        lines.append('role = "witness"')
    if kind.watchdogs:
        lines.append(f'watchdog = "{watchdog.path(host)}"')
    for link in _links(lab):
        address = f"{wiring.address(host.number, link)}:{HEARTBEATS}"
        lines += ["[[link]]", f'kind = "{kind.link}"', f'address = "{address}"']
        if kind.link == "broadcast":
            lines.append(f'broadcast = "{wiring.LINKS[link]}.255"')
        if kind.link == "multicast":
            lines.append(f'group = "{GROUP}"')
    lines += ["[timing]", *(f'{name} = "{value}"' for name, value in kind.timing)]
    return "\n".join(lines) + "\n"


def _put_on_small_disk(host: Host, state: Path) -> None:
    image = host.folder / "hanode.img"
    subprocess.run(
        ["mkfs.ext4", "-q", "-m", "0", "-d", str(state), str(image), SMALL_DISK], check=True
    )


def _make_clock_movable(host: Host) -> None:
    (host.folder / "etc/lab-clock").write_text("+0\n")
    (host.folder / "etc/lab-environment").write_text(
        "export LD_PRELOAD=/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1\n"
        "export FAKETIME_TIMESTAMP_FILE=/etc/lab-clock FAKETIME_CACHE_DURATION=1\n"
        "export FAKETIME_DONT_FAKE_MONOTONIC=1 FAKETIME_DONT_RESET=1\n"
    )
