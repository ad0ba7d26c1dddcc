"""What befalls a host beside its network and power: signals, full disks, jumping clocks."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
from pathlib import Path

from tests.lab.hosts import Host, do

PARTS = {
    "heart": b"hanode.runtime.heartbeat",
    "crm": b"hanode.runtime.crm",
    "lrm": b"hanode.runtime.lrm",
    "pe": b"hanode.runtime.pe_worker",
    "hanode": b"run",
}
"""How a part is known by its command line; `hanode` is the supervisor."""
YEAR = 365 * 86400
UNITS = {"h": 3600, "y": YEAR, "s": 1}


# ---------------------------------------------------------------------------------------- processes


def parts(host: Host) -> dict[str, int]:
    """The processes of the host's hanode."""
    found = {}
    for pid in host.processes():
        words = _words(pid)
        for part, mark in PARTS.items():
            if mark in words and words[0].rpartition(b"/")[2].startswith(b"python"):
                found[part] = pid
    return found


def signal_parts(host: Host, name: str, part: str) -> None:
    """One part, or all."""
    for each, pid in parts(host).items():
        if part in (each, ""):
            _send(pid, name)


def tell_hanode(host: Host, name: str) -> None:
    """A signal to its supervisor."""
    _send(parts(host)["hanode"], name)


def command_of(pid: int) -> str:
    """Its command line; empty if it is gone."""
    return b" ".join(_words(pid)).decode("utf-8", "replace")


def end_process(pid: int) -> None:
    _send(pid, "KILL")


def forks(host: Host, fail: bool) -> None:
    """The host may have no process more than it has; or as many as it likes again."""
    home = next(home for home in host.cgroups if (home / "pids.max").exists())
    limit = (home / "pids.current").read_text() if fail else "max"
    (home / "pids.max").write_text(limit)


def _send(pid: int, name: str) -> None:
    """Parts die with their supervisor, so one may be gone already."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, getattr(signal, f"SIG{name}"))


def _words(pid: int) -> list[bytes]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return [b""]


# -------------------------------------------------------------------------------------------- disks


def disk(host: Host, way: str) -> None:
    """`full`: not a byte more goes on it. `read-only`: as a kernel makes it that has seen
    an error. `works`: there is space again."""
    filler = host.root("var/lib/hanode/filler")
    if way == "full":
        _fill(filler)
    elif way == "read-only":
        host("mount", "-o", "remount,abort", "/var/lib/hanode")
    else:
        filler.unlink()


def _fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            while _written(file.fileno(), size):
                pass


def _written(descriptor: int, size: int) -> bool:
    try:
        os.write(descriptor, bytes(size))
        os.fsync(descriptor)
    except OSError:
        return False
    return True


def keep_disk(host: Host) -> None:
    """A copy of what is on its disk; the host is off."""
    assert host.state == "off"
    do("cp", "-a", str(host.folder), f"{host.folder}.kept")


def restore_disk(host: Host) -> None:
    """What was kept is on its disk again; the host is off."""
    assert host.state == "off"
    shutil.rmtree(host.folder)
    do("cp", "-a", f"{host.folder}.kept", str(host.folder))


# ------------------------------------------------------------------------------------------- clocks


def clock(host: Host, jump: str) -> None:
    """Its wall clock is so far from the machine's: `+1h`, `-10y`, `+0s`."""
    seconds = int(jump[1:-1]) * UNITS[jump[-1]]
    file = host.root("etc/lab-clock")
    draft = file.with_name("lab-clock.new")
    draft.write_text(f"{jump[0]}{seconds}\n")
    draft.replace(file)
