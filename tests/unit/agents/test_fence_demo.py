"""fence_demo against a strip: alone, and as the LRM calls it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hanode.local_messages import FenceResult
from hanode.peer_messages import Device, FenceOrder
from hanode.ra.site import PACKAGED
from tests.lab.switch import Lamp, Switch
from tests.unit.runtime.lrm_process import LrmProcess

AGENT = PACKAGED / "fence" / "fence_demo"


@pytest.fixture
def strip(tmp_path: Path) -> Iterator[Switch]:
    strip = Switch(tmp_path / "strip.sock", {name: Lamp() for name in ("n1", "n2", "n3")})
    strip.start()
    yield strip
    strip.end()


def ask(strip: Switch, action: str, plug: str = "n2") -> subprocess.CompletedProcess[str]:
    said = f"action={action}\nplug={plug}\nstrip={strip.path}\nnodename=x\n"
    return subprocess.run(
        [AGENT], input=said, capture_output=True, text=True, check=False,
        env={"PATH": "/usr/bin:/bin", "HANODE_PYTHON": sys.executable},
    )  # fmt: skip


def state(strip: Switch) -> str:
    return str(strip.obey("status", "n2")["state"])


def test_it_switches_and_says_how_it_is(strip: Switch) -> None:
    assert ask(strip, "status").returncode == 0
    assert ask(strip, "off").returncode == 0
    assert state(strip) == "off"
    assert ask(strip, "status").returncode == 2
    assert ask(strip, "on").returncode == 0
    assert ask(strip, "monitor").returncode == 0
    assert ask(strip, "list").stdout == "n1,n1\nn2,n2\nn3,n3\n"
    assert ask(strip, "validate-all").returncode == 0


def test_its_errors_say_what_is_wrong(strip: Switch) -> None:
    assert "no plug 'n9'" in ask(strip, "off", "n9").stderr
    assert "no action 'explode'" in ask(strip, "explode").stderr
    assert "parameter plug must be given" in ask(strip, "off", "").stderr
    done = subprocess.run([AGENT, "--action=off", "--plug=n1", "--strip", "/nowhere"],
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 1
    assert "/nowhere can't be asked" in done.stderr


def fence(lrm: LrmProcess, strip: Switch, action: str, request: str = "q1") -> FenceResult:
    device = Device("demo", "fence_demo", "n2", {"strip": str(strip.path)})
    lrm.say(FenceOrder(f"1.1.{request}", 1, "n1", 1, request, "n2", 3, action, ((device,),),
                       timeout_ms=2000))  # fmt: skip
    result: FenceResult = lrm.expect(lambda m: isinstance(m, FenceResult) and m.request == request)
    return result


def test_the_lrm_fences_with_it(lrm: LrmProcess, strip: Switch) -> None:
    result = fence(lrm, strip, "off")
    assert (result.ok, result.evidence, result.device) == (True, "power-verified", "demo")
    assert (state(strip), strip.asked) == ("off", ["off n2", "status n2"])


def test_a_strip_that_lies_proves_nothing(lrm: LrmProcess, strip: Switch) -> None:
    strip.manner = "lies"
    result = fence(lrm, strip, "off")
    assert (result.ok, result.evidence) == (False, "")
    assert state(strip) == "on"


def test_the_device_is_monitored_as_a_resource(lrm: LrmProcess, strip: Switch) -> None:
    device = {"agent": "stonith:fence_demo", "parameters": {"strip": str(strip.path)}}
    assert lrm.do("monitor", "f1", **device).rc == 7
    assert lrm.do("start", "f1", **device).rc == 0
    assert lrm.do("monitor", "f1", interval_ms=60_000, **device).rc == 0
    assert lrm.do("stop", "f1", **device).rc == 0
    broken = {"agent": "stonith:fence_demo", "parameters": {"strip": "/nowhere"}}
    failed = lrm.do("start", "f2", **broken)
    assert failed.rc == 1
    assert "can't be asked" in failed.tail
