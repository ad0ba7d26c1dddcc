"""Which changed parameters agents take up without a restart: as they say, in either standard."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from hanode.ra.reload import NO_RELOAD, Reload, read_reload
from hanode.ra.site import PACKAGED

OCF = Path("/usr/lib/ocf/resource.d")


def said(path: Path) -> Reload:
    if not path.exists():
        pytest.skip(f"{path} is not installed")
    env = {"OCF_ROOT": "/usr/lib/ocf", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
    done = subprocess.run([path, "meta-data"], capture_output=True, env=env, timeout=20, check=True)
    return read_reload(done.stdout)


def agent(version: str, parameters: str, actions: str) -> bytes:
    named = "".join(f'<action name="{name}" timeout="5s"/>' for name in actions.split())
    return (
        f'<?xml version="1.0"?><resource-agent name="x"><version>{version}</version>'
        f"<parameters>{parameters}</parameters><actions>{named}</actions></resource-agent>"
    ).encode()


MIXED = (
    '<parameter name="a" reloadable="1" unique="1"><content type="string"/></parameter>'
    '<parameter name="b" unique="0"><content type="string"/></parameter>'
    '<parameter name="c"><content type="string"/></parameter>'
)


def test_ocf_1_1_marks_what_is_reloadable() -> None:
    told = agent("1.1", MIXED, "start stop reload reload-agent")
    assert read_reload(told) == Reload("reload-agent", ("a",))


def test_ocf_1_0_meant_what_is_not_unique_and_said_so() -> None:
    assert read_reload(agent("1.0", MIXED, "start stop reload")) == Reload("reload", ("b",))


def test_a_reload_of_ocf_1_1_is_the_services_own() -> None:
    assert read_reload(agent("1.1", MIXED, "start stop reload")) == NO_RELOAD


@pytest.mark.parametrize("output", [b"", b"usage: x", b"<a><b></a>", b"\xff\xfe", b"<list/>"])
def test_what_makes_no_sense_promises_nothing(output: bytes) -> None:
    assert read_reload(output) == NO_RELOAD


def test_debians_agents() -> None:
    assert said(OCF / "heartbeat/Dummy") == Reload("reload", ("fake",))
    modern = said(OCF / "pacemaker/Dummy")
    assert modern.action == "reload-agent"
    assert {"fake", "op_sleep"} <= set(modern.parameters)
    assert "state" not in modern.parameters
    assert said(OCF / "heartbeat/IPaddr2") == NO_RELOAD


def test_ours() -> None:
    assert said(PACKAGED / "ocf/Dummy") == Reload("reload-agent", ("fake", "op_sleep", "fail_on"))
