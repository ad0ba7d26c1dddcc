"""A file system that must never be mounted twice: Debian's Filesystem agent, one image that two
hosts can reach, and the kernel's own word for where it is mounted."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.lab.cluster import members, online
from tests.lab.hosts import Host, Lab, wait

PLACE = "/run/shared"
LOOK_EVERY = 0.01
MODPROBE = Path("/usr/sbin/modprobe")
pytestmark = pytest.mark.skipif(not MODPROBE.exists(), reason="the Filesystem agent needs kmod")


class Mounts(threading.Thread):
    """Looks all the time at each host's table of mounts; no node's belief comes in."""

    def __init__(self, lab: Lab) -> None:
        super().__init__(name="lab-mounts", daemon=True)
        self._lab = lab
        self._over = threading.Event()
        self.looks = 0
        self.twice = 0
        """Looks that found it mounted on more than one host."""

    def run(self) -> None:
        while not self._over.wait(LOOK_EVERY):
            self.twice += len(self.where()) > 1
            self.looks += 1

    def where(self) -> list[Host]:
        return [host for host in self._lab.hosts if mounted(host)]

    def end(self) -> None:
        self._over.set()
        self.join(5)


def mounted(host: Host) -> bool:
    try:
        table = Path(f"/proc/{host.init}/mounts").read_text() if host.init else ""
    except OSError:
        return False  # it has just lost its power
    return f" {PLACE} " in table


@pytest.fixture(scope="module")
def shared() -> Iterator[tuple[Lab, Mounts]]:
    with Lab(3) as lab:
        members(lab.hosts)
        first = lab.hosts[0]
        first(
            *("hanode", "fence", "create", "strip", "fence_demo", f"strip={lab.strip}"),
            "pcmk_host_list=n1 n2 n3",
        )
        image = lab.folder / "shared.img"
        first("sh", "-c", f"truncate -s 16M {image} && mkfs.ext4 -q {image}")
        for host in lab.hosts:
            host("mkdir", "-p", PLACE)
        mounts = Mounts(lab)
        mounts.start()
        first(
            *("hanode", "resource", "create", "disk", "ocf:heartbeat:Filesystem"),
            *(f"device={image}", f"directory={PLACE}", "fstype=ext4", "options=loop"),
            *("op", "monitor", "interval=2s", "timeout=40s"),
            *("meta", "resource-stickiness=1", "--wait"),  # or it goes back as soon as it may
        )
        yield lab, mounts
        mounts.end()


def move(lab: Lab, host: Host) -> None:
    target = next(other.name for other in lab.hosts if other is not host)
    lab.hosts[0]("hanode", "resource", "move", "disk", target, "--wait")
    lab.hosts[0]("hanode", "resource", "clear", "disk")


def die(lab: Lab, host: Host) -> None:
    host.crash()


def be_cut_off(lab: Lab, host: Host) -> None:
    """It lives on, with the disk mounted, until it is fenced."""
    host.cable(plugged=False)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("trouble", [move, die, be_cut_off])
def test_never_mounted_twice(
    shared: tuple[Lab, Mounts], trouble: Callable[[Lab, Host], None]
) -> None:
    lab, mounts = shared
    (host,) = mounts.where()
    host("sh", "-c", f"echo {trouble.__name__} > {PLACE}/word; sync {PLACE}/word")
    trouble(lab, host)
    took = wait(lambda: mounts.where() not in ([], [host]), 120)
    (new,) = mounts.where()
    print(f"\n{trouble.__name__}: from {host.name} to {new.name} in {took:.2f} s")
    assert new("cat", f"{PLACE}/word").strip() == trouble.__name__
    host.cable(plugged=True)
    wait(lambda: online(new) == {"n1", "n2", "n3"}, 120, 0.5)
    assert mounts.looks > 0
    assert mounts.twice == 0
