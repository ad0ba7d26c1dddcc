"""Forged datagrams, as many as this machine can make, at one node for half a minute (root).

They have a heartbeat's form and a member's number, so nothing but the MAC tells them apart. The
senders sit on the bridge; `sent` is what they gave to the kernel.
"""

from __future__ import annotations

import multiprocessing
import os
import socket
import time
from multiprocessing.sharedctypes import Synchronized

from hanode.messaging.wire import HEADER, MAGIC, VERSION, Header, layout
from tests.bench.beats import Beats
from tests.bench.cluster import Cluster, NotRoot, cluster
from tests.bench.peers import Peer
from tests.bench.table import Row, table
from tests.lab import trouble
from tests.lab.asking import inside
from tests.lab.hosts import Host

RATE, SECONDS, SENDERS = 100_000, 30.0, 2
BURST = 200
PORT = 694
TICK = os.sysconf("SC_CLK_TCK")


def measure(repetitions: int, port: int, peer: Peer) -> str:
    try:
        with cluster(3) as hosts:
            hosts.start()
            hosts.settle()
            return _flooded(hosts, hosts.hosts[1])
    except NotRoot as why:
        return f"flood: {why}"


def _flooded(hosts: Cluster, target: Host) -> str:
    beats, heart = Beats(hosts.lab), trouble.parts(target)["heart"]
    beats.start()
    before, start = _seconds(heart), time.monotonic()
    sent = _send(hosts.lab.wiring.hub, target.address, _forged(hosts))
    took = time.monotonic() - start
    spent = _seconds(heart) - before
    beats.end()
    offs = hosts.lab.switch.offs
    rows = [
        Row("sent a second", (sent / took,) * 3, unit="datagrams"),
        Row("longest gap between its heartbeats", (beats.longest[target.name],) * 3),
        Row("longest gap, the others", (max(beats.longest.values()),) * 3),
        Row("CPU of its heartbeat process", (spent / took * 100,) * 3, unit="%"),
    ]
    online = hosts.online(hosts.hosts[0])
    return table(f"flood of {took:.0f} s: {online} of 3 online, fenced: {offs or 'nobody'}", rows)


def _forged(hosts: Cluster) -> bytes:
    """A heartbeat of n1's, but for the MAC and the cluster's secret id."""
    form = layout(2)
    header = Header(MAGIC, VERSION, 0, 1, 2, os.urandom(16), 1, 1, 1 << 40)
    return HEADER.pack(*header) + os.urandom(form.size - HEADER.size)


def _send(netns: str, address: str, data: bytes) -> int:
    """From several processes; how many in all."""
    context = multiprocessing.get_context("fork")
    counts = [context.Value("Q", 0) for _ in range(SENDERS)]
    with inside(netns):
        wire = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    wire.connect((address, PORT))
    senders = [context.Process(target=_sender, args=(wire, data, count)) for count in counts]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    wire.close()
    return sum(count.value for count in counts)


def _sender(wire: socket.socket, data: bytes, count: Synchronized[int]) -> None:
    start, sent, rate = time.monotonic(), 0, RATE / SENDERS
    while (now := time.monotonic()) < start + SECONDS:
        if sent > (now - start) * rate:
            time.sleep(0.0005)
            continue
        for _ in range(BURST):
            try:
                wire.send(data)
            except OSError:
                continue
            sent += 1
    count.value = sent


def _seconds(pid: int) -> float:
    """Processor time so far."""
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK
