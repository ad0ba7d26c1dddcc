"""Fence devices: agents with the FenceAgentAPI, and legacy plugins of cluster-glue."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from hanode.ra import Command, Job, Site, Unrunnable, command, outcome, parse_agent
from hanode.ra.exit_codes import NOT_CONFIGURED, UNIMPLEMENTED
from hanode.ra.metadata import read_metadata
from hanode.ra.plugin import describe
from hanode.ra.stonith import fence

SITE = Site("n1", "/run/n1")
SECRET = {"password": "secret", "pcmk_host_list": "n1"}
installed = pytest.mark.skipif(
    not Path(SITE.stonith).exists(), reason="Debian's cluster-glue isn't installed"
)


def device(agent: str, task: str, parameters: dict[str, str]) -> Command | Unrunnable:
    return command(Job(parse_agent(agent), "power", task, 0, 20_000, parameters, {}), SITE)


def said(agent: str, action: str, parameters: dict[str, str], plug: str = "n2") -> list[str]:
    made = fence(agent, action, parameters, SITE, plug)
    assert isinstance(made, Command)
    return made.stdin.decode().splitlines()


@pytest.mark.parametrize("task", ["start", "monitor"])
def test_a_device_is_asked_whether_it_answers_with_its_parameters_on_stdin(task: str) -> None:
    made = device("stonith:fence_x", task, SECRET)
    assert isinstance(made, Command)
    assert made.argv == ("/usr/sbin/fence_x",)
    assert made.stdin == b"action=monitor\npassword=secret\n"
    assert "secret" not in str(made.env)


def test_a_device_runs_nowhere_and_knows_no_other_task() -> None:
    assert device("stonith:fence_x", "stop", {}) == Unrunnable(0, "")
    refused = device("stonith:fence_x", "promote", {})
    assert isinstance(refused, Unrunnable)
    assert refused.rc == UNIMPLEMENTED
    assert [outcome("stonith", "monitor", rc) for rc in (0, 1, 2, 7, -9)] == [0, 1, 1, 1, 1]


def test_a_plug_is_named_to_those_actions_that_have_one() -> None:
    assert said("fence_x", "off", {}) == ["action=off", "plug=n2"]
    assert said("fence_x", "poweroff", {}) == ["action=poweroff", "plug=n2"]
    assert said("fence_x", "list", {}) == ["action=list"]
    assert said("fence_x", "off", {"pcmk_host_argument": "port"}) == ["action=off", "port=n2"]
    assert said("fence_x", "off", {"pcmk_host_argument": "none"}) == ["action=off"]


def test_no_parameter_takes_the_place_of_the_clusters_word() -> None:
    evil = {"action": "on", "plug": "n9", "login": "me"}
    assert said("fence_x", "off", evil) == ["action=off", "plug=n2", "login=me"]


@pytest.mark.parametrize(
    ("parameters", "plug"),
    [({"password": "x\naction=on"}, "n2"), ({"a\0b": "1"}, "n2"), ({}, "n2\naction=on")],
)
@pytest.mark.parametrize("agent", ["fence_x", "external/ipmi"])
def test_what_would_say_something_else_is_refused(
    agent: str, parameters: dict[str, str], plug: str
) -> None:
    made = fence(agent, "off", parameters, SITE, plug)
    assert isinstance(made, Unrunnable)
    assert made.rc == NOT_CONFIGURED
    assert "line break" in made.reason


def test_a_plugin_of_cluster_glue_reads_its_parameters_from_the_environment() -> None:
    made = device("stonith:external/ipmi", "monitor", {**SECRET, "PATH": "/evil", "LD_X": "1"})
    assert isinstance(made, Command)
    assert made.argv == ("/usr/sbin/stonith", "-s", "-t", "external/ipmi", "-E", "-S")
    assert made.env["password"] == "secret"
    assert made.env["PATH"] != "/evil"
    assert "LD_X" not in made.env
    assert "pcmk_host_list" not in made.env


@pytest.mark.parametrize(
    ("action", "words"),
    [
        ("off", ("-T", "off", "n2")),
        ("on", ("-T", "on", "n2")),
        ("reboot", ("-T", "reset", "n2")),
        ("list", ("-l",)),
        ("status", ("-S",)),
    ],
)
def test_a_plugin_has_words_of_its_own(action: str, words: tuple[str, ...]) -> None:
    made = fence("external/ipmi", action, {}, SITE, "n2")
    assert isinstance(made, Command)
    assert made.argv[made.argv.index("-E") + 1 :] == words


def test_a_plug_that_reads_as_an_option_is_refused() -> None:
    assert isinstance(fence("external/ipmi", "off", {}, SITE, "-h"), Unrunnable)


def run(action: str, parameters: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """cluster-glue's own `null` device, which switches nothing, asked for real."""
    made = fence("null", action, parameters, SITE, "n1")
    assert isinstance(made, Command)
    return subprocess.run(
        made.argv, env={**os.environ, **made.env}, capture_output=True, text=True, check=False
    )


@installed
def test_cluster_glue_understands_us() -> None:
    hosts = {"hostlist": "n1 n2"}
    assert run("list", hosts).stdout.split() == ["n1", "n2"]
    assert [run(action, hosts).returncode for action in ("status", "off", "on", "reboot")] == [
        0
    ] * 4
    unconfigured = run("status", {}).returncode
    assert unconfigured > 0
    assert outcome("stonith", "monitor", unconfigured) == 1


@installed
def test_a_plugin_describes_itself() -> None:
    asked = subprocess.run(describe("null", SITE), capture_output=True, check=True)
    assert [p.name for p in read_metadata(asked.stdout).parameters] == ["hostlist"]
