"""Three real heartbeat processes on loopback, with the crm's end of their sockets."""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hanode.events import Member
from hanode.ids import Position
from hanode.local_messages import LOCAL, Heard, Standing
from hanode.peer_messages import Roster
from hanode.runtime import keys
from hanode.runtime.frames import Frames, frame
from hanode.runtime.lease import LeaseReader
from hanode.runtime.signals import wait_to_be_heeded

PATIENCE = 20.0
"""Seconds until a test gives up: never measured, only feared."""
CLUSTER = b"sixteen bytes id"
STAND_EVERY = 0.3


class Node:
    """A node's files and sockets, as its supervisor and its crm see them."""

    def __init__(self, directory: Path, number: int, network: int, links: int) -> None:
        self.name = f"n{number}"
        self.number = number
        self.directory = directory
        self.life = 0
        self.heard: list[Heard] = []
        self.process: subprocess.Popen[bytes] | None = None
        self.wire: socket.socket | None = None
        self._frames = Frames(1 << 24)
        (directory / "run").mkdir(parents=True)
        self.sockets = []
        for link in range(links):
            bound = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            bound.bind((f"127.{100 + link}.{network}.{number}", 0))
            self.sockets.append(bound)
        self.links = tuple("{}:{}".format(*bound.getsockname()) for bound in self.sockets)
        self.config = directory / "hanode.toml"
        self.config.write_text(
            f'name = "{self.name}"\nstream = "127.0.0.1:1"\nrun = "run"\nstate = "run"\n'
            'identity = "identity"\n'
            + "".join(f'[[link]]\nkind = "unicast"\naddress = "{link}"\n' for link in self.links)
        )
        secrets = keys.create(directory / "identity")
        self.member = Member(
            self.name, number, "data", b"", kex=secrets.kex.public, links=self.links
        )
        self.lease = LeaseReader(directory / "run" / "lease")

    def start(self) -> None:
        self.life += 1
        descriptors = [bound.fileno() for bound in self.sockets]
        with (self.directory / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", "hanode.runtime.heartbeat",
                 "--config", str(self.config), "--boot", "1", "--life", str(self.life),
                 "--link-fds", ",".join(map(str, descriptors))],
                pass_fds=descriptors, stderr=log,
            )  # fmt: skip

    def kill(self, ports_too: bool = False) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None
        if self.wire is not None:
            self.wire.close()
            self.wire = None
        if ports_too:
            for bound in self.sockets:
                bound.close()

    def log(self) -> str:
        return (self.directory / "log").read_text()

    # ------------------------------------------------------------------------------ as a crm

    def connect(self) -> bool:
        if self.wire is None and self.process is not None:
            wire = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                wire.connect(str(self.directory / "run" / "heart.sock"))
            except OSError:
                wire.close()
                return False
            wire.setblocking(False)
            self.wire, self._frames = wire, Frames(1 << 24)
        return self.wire is not None

    def say(self, message: object) -> None:
        assert self.wire is not None
        self.wire.send(frame(LOCAL.pack(message)))

    def take(self) -> None:
        assert self.wire is not None
        for body in self._frames.feed(self.wire.recv(1 << 20)):
            self.heard.append(LOCAL.unpack(body))


class Cluster:
    def __init__(self, directory: Path, size: int, links: int) -> None:
        network = os.getpid() % 250 + 1
        self.nodes = [Node(directory / f"n{n}", n, network, links) for n in range(1, size + 1)]
        self.members = tuple(node.member for node in self.nodes)
        self._rostered: set[tuple[str, int]] = set()
        self._stand_at = 0.0

    def until(self, holds: Callable[[], bool]) -> float:
        """Be everybody's crm until this holds; how long it took."""
        began = time.monotonic()
        while not holds():
            assert time.monotonic() < began + PATIENCE, [node.log() for node in self.nodes]
            self._turn()
        return time.monotonic() - began

    def agreed(self, *names: str) -> bool:
        nodes = [node for node in self.nodes if node.name in names]
        return all(node.heard and node.heard[-1].view.names == names for node in nodes)

    def _turn(self) -> None:
        for node in self.nodes:
            if node.connect() and (node.name, node.life) not in self._rostered:
                self._rostered.add((node.name, node.life))
                node.say(Roster(CLUSTER, self.members))
        if time.monotonic() >= self._stand_at:
            self._stand_at = time.monotonic() + STAND_EVERY
            for node in self.nodes:
                if node.wire is not None:
                    node.say(Standing(1, "n1", Position(1, 1), lrm_alive=True, running=0))
        wires = {node.wire: node for node in self.nodes if node.wire is not None}
        for wire in select.select(list(wires), [], [], 0.02)[0]:
            wires[wire].take()


@pytest.fixture
def cluster(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Cluster]:
    size, links = getattr(request, "param", (3, 1))
    made = Cluster(tmp_path, size, links)
    for node in made.nodes:
        node.start()
    yield made
    for node in made.nodes:
        node.kill(ports_too=True)


def test_three_processes_form_a_view_lose_one_and_get_it_back(cluster: Cluster) -> None:
    one, two, three = cluster.nodes
    cluster.until(lambda: cluster.agreed("n1", "n2", "n3"))
    assert one.heard[-1].view == two.heard[-1].view == three.heard[-1].view
    assert one.heard[-1].view.quorate
    cluster.until(lambda: all(node.lease.until() > time.monotonic() for node in cluster.nodes))
    two.kill(ports_too=True)
    cluster.until(lambda: cluster.agreed("n1", "n3"))
    assert one.heard[-1].view.quorate


def test_a_killed_process_with_its_ports_held_is_back_unnoticed(cluster: Cluster) -> None:
    one, two, _ = cluster.nodes
    cluster.until(lambda: cluster.agreed("n1", "n2", "n3"))
    views = {heard.view for heard in one.heard}
    two.kill()
    two.heard.clear()
    two.start()
    cluster.until(lambda: cluster.agreed("n1", "n2", "n3") and bool(two.heard))
    cluster.until(lambda: two.lease.until() > time.monotonic())
    assert {heard.view for heard in one.heard} == views


@pytest.mark.parametrize("cluster", [(2, 2)], indirect=True)
def test_two_links_carry_and_strangers_are_only_counted(cluster: Cluster) -> None:
    one, two = cluster.nodes
    cluster.until(lambda: cluster.agreed("n1", "n2"))
    cluster.until(lambda: one.heard[-1].peers[0].links == (True, True))
    host, _, port = one.links[1].partition(":")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        for length in (0, 1, 60, 122, 1400):
            stranger.sendto(b"HAN1".ljust(length, b"\1")[:length], (host, int(port)))
    cluster.until(lambda: sum(one.heard[-1].dropped.values()) == 5)
    assert one.heard[-1].view == two.heard[-1].view


def test_a_flood_starves_no_heartbeat(cluster: Cluster) -> None:
    one = cluster.nodes[0]
    cluster.until(lambda: cluster.agreed("n1", "n2", "n3"))
    views = {heard.view for heard in cluster.nodes[1].heard}
    host, _, port = one.links[0].partition(":")
    before = one.heard[-1].dropped.get("misshapen", 0)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        for _ in range(100):
            for _ in range(300):
                stranger.sendto(b"noise" * 20, (host, int(port)))
            cluster._turn()
    cluster.until(lambda: one.heard[-1].dropped.get("misshapen", 0) > before + 1000)
    assert {heard.view for heard in cluster.nodes[1].heard} == views


@pytest.mark.parametrize("cluster", [(1, 1)], indirect=True)
def test_it_ends_cleanly_when_told(cluster: Cluster) -> None:
    node = cluster.nodes[0]
    cluster.until(lambda: cluster.agreed("n1"))
    cluster.until(lambda: node.lease.until() > time.monotonic())
    assert node.process is not None
    node.process.send_signal(signal.SIGTERM)
    assert node.process.wait(PATIENCE) == 0
    assert node.lease.until() == 0.0
    assert not (node.directory / "run" / "heart.sock").exists()


@pytest.mark.parametrize("cluster", [(1, 1)], indirect=True)
def test_a_crm_that_speaks_nonsense_is_cut_off_another_is_heard(cluster: Cluster) -> None:
    node = cluster.nodes[0]
    cluster.until(lambda: node.connect())
    assert node.wire is not None
    node.wire.send(b"\xff" * 100)
    node.wire.settimeout(PATIENCE)
    while node.wire.recv(1 << 16):
        pass
    node.wire.close()
    node.wire = None
    cluster.until(lambda: cluster.agreed("n1"))


def test_without_a_usable_configuration_it_says_why(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "hanode.runtime.heartbeat", "--config", str(tmp_path / "none"),
         "--boot", "1", "--life", "1", "--link-fds", "0"],
        stderr=subprocess.PIPE, timeout=PATIENCE, check=False,
    )  # fmt: skip
    assert ended.returncode == 78
    assert b"there is no such file" in ended.stderr


def test_it_imports_nothing_heavy() -> None:
    """It must be back long before deadtime is over."""
    script = "import sys, hanode.runtime.heart_driver; print(*sys.modules)"
    modules = subprocess.check_output([sys.executable, "-c", script], text=True).split()
    assert not {"asyncio", "asyncssh", "lxml", "textual", "sqlite3", "ssl"} & set(modules)


def test_a_watchdog_is_armed_only_by_one_who_can_begin(tmp_path: Path) -> None:
    node = Node(tmp_path / "n1", 1, 1, 1)
    text = node.config.read_text().replace('"unicast"', '"multicast"\ngroup = "192.0.2.1"')
    armed = tmp_path / "watchdog"
    os.mkfifo(armed)
    node.config.write_text(f'watchdog = "{armed}"\n{text}')
    reader = os.open(armed, os.O_RDONLY | os.O_NONBLOCK)
    poll = select.poll()
    poll.register(reader)
    descriptor = node.sockets[0].fileno()
    argv = [sys.executable, "-m", "hanode.runtime.heartbeat", "--config", str(node.config),
            "--boot", "1", "--link-fds", str(descriptor)]  # fmt: skip
    done = subprocess.run(argv, pass_fds=[descriptor], capture_output=True, text=True)
    assert "can't begin" in done.stderr
    assert poll.poll(0) == []  # a pipe that was opened, and closed, tells of it
    os.close(reader)
    node.sockets[0].close()


@pytest.mark.parametrize("life", [1, 2])
def test_a_later_life_opens_the_watchdog_when_it_may_be_fed(tmp_path: Path, life: int) -> None:
    """To open it is to feed it: a heartbeat that dies again and again, or that hears of no crm,
    must not keep it quiet. Who ends on purpose disarms it all the same."""
    node = Node(tmp_path / "n1", 1, 1, 1)
    armed = tmp_path / "watchdog"
    os.mkfifo(armed)
    node.config.write_text(f'watchdog = "{armed}"\n{node.config.read_text()}')
    reader = os.open(armed, os.O_RDONLY | os.O_NONBLOCK)
    poll = select.poll()
    poll.register(reader)
    descriptor = node.sockets[0].fileno()
    argv = [sys.executable, "-m", "hanode.runtime.heartbeat", "--config", str(node.config),
            "--boot", "1", "--life", str(life), "--link-fds", str(descriptor)]  # fmt: skip
    for last_word in (signal.SIGKILL, signal.SIGTERM):
        with subprocess.Popen(
            argv, pass_fds=[descriptor], stderr=subprocess.PIPE, preexec_fn=wait_to_be_heeded
        ) as process:
            assert process.stderr is not None
            while b"ready" not in (line := process.stderr.readline()):
                assert line, "it ended"
            process.send_signal(last_word)
            process.wait()
        opened = bool(poll.poll(0))
        assert opened == (life == 1 or last_word == signal.SIGTERM)
    assert os.read(reader, 10) == b"V"
    os.close(reader)
    node.sockets[0].close()
