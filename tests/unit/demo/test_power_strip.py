"""The power strip against real processes: what belongs to a node, and that none of it is left."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from hanode.demo.outlet import Plug

NODE = """
import os, signal, subprocess, sys, time
mark = sys.argv[1]
# A service as a real one: a session of its own, no environment, its parent gone at once.
orphan = "import subprocess; subprocess.Popen(['sleep', '%s'], start_new_session=True, env={})"
subprocess.run([sys.executable, "-c", orphan % mark], start_new_session=True, env={})
time.sleep(1000)
"""


class Strip:
    """A strip under test, with one way to ask it."""

    def __init__(self, folder: Path, names: tuple[str, ...], **options: Any) -> None:
        self.folder = folder
        self.path = folder / "strip.sock"
        plugs = [
            asdict(
                Plug(
                    name,
                    (sys.executable, "-c", NODE, mark(folder, name)),
                    str(folder / f"{name}.log"),
                    str(folder / f"{name}.pid"),
                    str(folder / f"{name}.run"),
                )
            )
            for name in names
        ]
        self.lifeline, wire = None, options.pop("lifeline", None)
        argv = [sys.executable, "-m", "hanode.demo.power_strip", str(self.path), json.dumps(plugs)]
        if wire is not None:
            argv += ["--lifeline", str(wire)]
        if "remove" in options:
            argv += ["--remove", str(options["remove"])]
        self.process = subprocess.Popen(
            argv,
            stdout=subprocess.PIPE,
            start_new_session=True,
            pass_fds=() if wire is None else (wire,),
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == b"ready\n"

    def ask(self, action: str, plug: str = "") -> dict[str, Any]:
        return self.say(json.dumps({"action": action, "plug": plug}).encode())

    def say(self, line: bytes) -> dict[str, Any]:
        with socket.socket(socket.AF_UNIX) as wire:
            wire.connect(str(self.path))
            wire.sendall(line + b"\n")
            answer = wire.makefile("rb").readline()
        decoded: dict[str, Any] = json.loads(answer)
        return decoded

    def alive(self, name: str) -> list[int]:
        """Pids of what runs on the node, found by its mark in the command lines."""
        return running(mark(self.folder, name))

    def settled(self, name: str) -> list[int]:
        """The same, once its orphaned service runs, and with it none but the node's own process."""
        wait(lambda: any(command(pid) == "sleep" for pid in self.alive(name)))
        wait(lambda: len(self.alive(name)) == 2)
        return self.alive(name)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(20)
        assert self.process.stdout is not None
        self.process.stdout.close()


def mark(folder: Path, name: str) -> str:
    """A number of seconds for sleep that no other process on this machine has."""
    return f"{1000 + int(name[1:])}.{abs(hash(str(folder))) % 10**9:09}"


def running(text: str) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if text.encode() in words:
                found.append(int(entry.name))
    return found


def command(pid: int) -> str:
    """The name of what a process executes; empty if it has ended."""
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def wait(condition: Any, limit: float = 20.0) -> None:
    until = time.monotonic() + limit
    while not condition():
        assert time.monotonic() < until, "waited in vain"
        select.select([], [], [], 0.005)


@pytest.fixture
def strip(tmp_path: Path) -> Iterator[Strip]:
    strip = Strip(tmp_path, ("n1", "n2"))
    yield strip
    strip.close()


def test_off_leaves_nothing_of_the_node_and_spares_the_others(strip: Strip) -> None:
    strip.settled("n1")
    other = strip.settled("n2")
    assert strip.ask("off", "n1") == {"ok": True, "state": "off"}
    assert strip.alive("n1") == []
    assert strip.ask("status", "n1")["state"] == "off"
    assert strip.alive("n2") == other


def test_a_service_without_its_hanode_is_switched_off_too(strip: Strip) -> None:
    strip.settled("n1")
    os.killpg(int((strip.folder / "n1.pid").read_text()), signal.SIGKILL)
    wait(lambda: len(strip.alive("n1")) == 1)
    assert strip.ask("status", "n1")["state"] == "on"
    assert strip.ask("off", "n1")["ok"]
    assert strip.alive("n1") == []


def test_reboot_starts_the_node_again_under_a_new_pid(strip: Strip) -> None:
    before = strip.settled("n1")
    assert strip.ask("reboot", "n1") == {"ok": True, "state": "on"}
    after = strip.settled("n1")
    assert not set(before) & set(after)
    assert int((strip.folder / "n1.pid").read_text()) in after


def test_a_reboot_forgets_what_was_volatile(strip: Strip) -> None:
    strip.settled("n1")
    (strip.folder / "n1.run" / "state").write_text("of this boot")
    strip.ask("reboot", "n1")
    assert list((strip.folder / "n1.run").iterdir()) == []


def test_on_is_idempotent(strip: Strip) -> None:
    before = strip.settled("n1")
    assert strip.ask("on", "n1") == {"ok": True, "state": "on"}
    assert strip.alive("n1") == before


def test_list_and_monitor(strip: Strip) -> None:
    strip.ask("off", "n2")
    assert strip.ask("list") == {"ok": True, "plugs": {"n1": "on", "n2": "off"}}
    assert strip.ask("monitor") == {"ok": True}


@pytest.mark.parametrize(
    "line", [b"garbage", b"[]", b'{"action": "off", "plug": "n9"}', b'{"action": "melt"}', b"\xff"]
)
def test_nonsense_is_refused_in_words(strip: Strip, line: bytes) -> None:
    answer = strip.say(line)
    assert answer["ok"] is False
    assert answer["error"]
    assert strip.ask("monitor")["ok"]


def test_told_to_end_it_takes_everything_down(strip: Strip) -> None:
    strip.settled("n1")
    strip.settled("n2")
    strip.close()
    assert strip.alive("n1") == strip.alive("n2") == []
    assert not strip.path.exists()


def test_a_broken_lifeline_takes_everything_down(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    folder.mkdir()
    far, near = os.pipe()
    strip = Strip(folder, ("n1",), lifeline=far, remove=folder)
    os.close(far)
    strip.settled("n1")
    os.close(near)
    strip.process.wait(20)
    assert strip.alive("n1") == []
    assert not folder.exists()
    strip.close()


def test_a_killed_strip_takes_the_nodes_along(strip: Strip) -> None:
    strip.settled("n1")
    strip.process.kill()
    wait(lambda: strip.alive("n1") == strip.alive("n2") == [])


def test_a_killed_outlet_costs_its_node_alone_the_power(strip: Strip) -> None:
    before = strip.settled("n1")
    other = strip.settled("n2")
    os.kill(outlet_of(before[0]), signal.SIGKILL)
    wait(lambda: not set(before) & set(strip.alive("n1")))
    strip.settled("n1")
    assert strip.ask("status", "n1")["state"] == "on"
    assert strip.alive("n2") == other


def outlet_of(pid: int) -> int:
    stat = Path(f"/proc/{pid}/stat").read_text()
    return int(stat[stat.rindex(")") + 1 :].split()[1])


def test_what_cannot_be_started_ends_the_strip_with_a_word(tmp_path: Path) -> None:
    plug = Plug("n1", ("/nonexistent/hanode",), str(tmp_path / "log"), str(tmp_path / "pid"))
    process = subprocess.Popen(
        [sys.executable, "-m", "hanode.demo.power_strip", str(tmp_path / "s"),
         json.dumps([asdict(plug)])],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    out, errors = process.communicate(timeout=20)
    assert out == b""
    assert b"n1: " in errors
    assert b"/nonexistent/hanode" in errors
    assert process.returncode == os.EX_OSERR


def _state(pid: int) -> str:
    """As in ps: T for stopped."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def test_trouble_hits_the_node_and_spares_its_services(strip: Strip) -> None:
    strip.settled("n1")
    pid = int((strip.folder / "n1.pid").read_text())
    assert strip.ask("freeze", "n1")["ok"]
    wait(lambda: _state(pid) == "T")
    assert strip.ask("thaw", "n1")["ok"]
    wait(lambda: _state(pid) != "T")
    assert strip.ask("kill", "n1")["ok"]
    wait(lambda: not Path(f"/proc/{pid}").exists())
    assert running(mark(strip.folder, "n1")), "the service was killed too"


def test_a_jammed_switch_obeys_again_when_it_is_freed(strip: Strip) -> None:
    assert strip.ask("jam", "n1")["ok"]
    assert "jammed" in strip.ask("off", "n1")["error"]
    assert "jammed" in strip.ask("status", "n1")["error"]
    assert strip.ask("status", "n2")["state"] == "on"
    assert strip.ask("free", "n1")["ok"]
    assert strip.ask("off", "n1")["state"] == "off"
