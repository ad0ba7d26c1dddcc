"""A node's machine: shell, log, output of agents; ssh:// addresses; the user's plugins."""

from __future__ import annotations

import asyncio
import stat
import sys
from pathlib import Path

import pytest
from textual.pilot import Pilot

from hatui.app import Hatui
from hatui.cluster.arrival import Arrival
from hatui.config import Address, BadConfig, Context, address
from hatui.link.live import LiveLink
from hatui.link.thinker import Thinker
from hatui.plugins import load
from hatui.remote import NoCommand, command
from hatui.screens.log import LogScreen
from hatui.screens.main import MainScreen
from hatui.screens.menu import Menu
from hatui.screens.reader import Reader
from tests.console.feed import failed, healthy
from tests.console.pressing import press, run, type_in
from tests.console.stage import text, until
from tests.console.test_link import Node


def test_templates_name_the_node_and_nothing_else() -> None:
    state = healthy().state
    assert command("ssh -t root@{host}", state, "n2") == ["ssh", "-t", "root@127.77.0.2"]
    assert command("ssh {node}", state, "n2") == ["ssh", "n2"]
    for template, node in (("", "n1"), ("ssh {home}", "n1"), ("ssh {host}", "-oProxyCommand=x"),
                           ("ssh {host}", "a b"), ("ssh '", "n1")):  # fmt: skip
        with pytest.raises(NoCommand):
            command(template, state, node)


def test_a_shell_and_its_exit_code(tmp_path: Path) -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await pilot.press("2", "s")
        await until(pilot, lambda: "shell on n1 ended with 3" in text(app))
        assert (tmp_path / "seen").read_text() == "n1\n"
        await type_in(pilot, app, "restart-hanode n2", "restart hanode on n2")
        assert isinstance(app.screen, Menu)
        await press(pilot, "n")
        await type_in(pilot, app, "restart-hanode n2", "restart hanode on n2")
        await press(pilot, "y")
        await until(pilot, lambda: "exit code 0" in text(app))

    shell = f"sh -c 'echo {{node}} > {tmp_path}/seen; exit 3'"
    run(script, healthy(), (120, 30), shell=shell, restart="true {node}")


def test_a_log_is_followed_and_ends_with_the_screen(tmp_path: Path) -> None:
    (tmp_path / "n1.log").write_text("first line\n\x1b[2Jevil\n")

    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await pilot.press("2", "J")
        await until(pilot, lambda: "first line" in text(app))
        assert isinstance(app.screen, LogScreen)
        assert "\x1b" not in text(app)
        with (tmp_path / "n1.log").open("a") as log:
            log.write("another\n")
        await until(pilot, lambda: "another" in text(app))
        await press(pilot, "q")
        assert isinstance(app.screen, MainScreen)
        await pilot.press("j", "j")

    run(script, healthy(), (100, 30), log=f"tail -n 100 -F {tmp_path}/{{node}}.log")


def test_what_agents_said() -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await press(pilot, "j", "j", "O")
        assert isinstance(app.screen, Reader)
        shown = text(app)
        assert "what the agent of web said" in shown
        assert "monitor every 1s on n1" in shown
        assert "no answer on port 8080" in shown
        await press(pilot, "q", "2", "O")
        assert isinstance(app.screen, MainScreen)

    run(script, failed(), (100, 30))


def test_ssh_addresses() -> None:
    assert address("ssh://root@n1") == Address(host="n1", port=0, user="root", sshd=True)
    assert address("ssh://bastion:2222").port == 2222
    assert str(address("ssh://root@n1:22")) == "ssh://root@n1:22"
    assert str(address("ssh://n1")) == "ssh://n1"
    for wrong in ("ssh://-oProxyCommand=x", "ssh://a/b", "ssh://"):
        with pytest.raises(BadConfig):
            address(wrong)


def _ssh(folder: Path, script: str) -> None:
    """An `ssh` that is found first."""
    file = folder / "ssh"
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(file.stat().st_mode | stat.S_IEXEC)


def test_through_sshd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stand-in for OpenSSH's client that does at once what would be done at the far end."""
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    relay = (
        "import socket,sys; from hanode.runtime.attach import relay; "
        "s=socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); relay(s,0,1)"
    )
    _ssh(tmp_path, f'echo "$@" > {tmp_path}/words; '
         f"exec {sys.executable} -c '{relay}' {tmp_path}/n1")  # fmt: skip

    async def play() -> None:
        cluster = healthy()
        node = Node("n1", tmp_path / "n1", cluster)
        await node.start()
        thinker = Thinker(lambda: cluster.now)
        link = LiveLink(Context("test", (address("ssh://ha@n1"),)), thinker)
        arrivals: list[Arrival] = []
        link.start(arrivals.append)
        try:
            while not any(one.moment for one in arrivals):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            assert arrivals[-1].wire.place == "ssh://ha@n1"
        finally:
            await link.close()
            thinker.close()
            await node.stop()

    asyncio.run(play())
    assert "-l ha -- n1 hanode attach" in (tmp_path / "words").read_text()


def test_why_ssh_failed_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    _ssh(tmp_path, "echo 'Host key verification failed.' >&2; exit 255")

    async def play() -> None:
        thinker = Thinker()
        link = LiveLink(Context("test", (address("ssh://n1"),)), thinker)
        arrivals: list[Arrival] = []
        link.start(arrivals.append)
        while not any("Host key" in one.wire.why for one in arrivals):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        await link.close()
        thinker.close()

    asyncio.run(play())


PLUGINS = """
[plugins.show]
key = "f5"
description = "show it"
scopes = ["resource", "node"]
command = "echo"
args = ["$NAME", "on", "$NODE", "at", "$HOST"]
background = true

[plugins.harm]
key = "f6"
scopes = ["node"]
command = "false"
dangerous = true

[plugins.taken]
key = "m"
command = "true"

[plugins.strange]
command = "true"
colour = "red"

[plugins.nokey]
key = "banana"
command = "true"

[plugin.typo]
command = "true"
"""


def _plugins(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(home))
    (home / ".config" / "hatui").mkdir(parents=True)
    (home / ".config" / "hatui" / "plugins.toml").write_text(PLUGINS)


def test_plugins_are_read_and_wrong_ones_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _plugins(tmp_path, monkeypatch)
    found, problem = load(taken=frozenset({"m"}))
    assert [one.name for one in found] == ["show", "harm"]
    assert "the key 'm' is taken" in problem
    assert "unknown setting 'colour'" in problem
    assert "[plugins.nokey] no key is called 'banana'" in problem
    assert "unknown: plugin; write [plugins.NAME]" in problem
    show = found[0]
    values = {"NAME": "web", "NODE": "n1", "HOST": "h"}
    assert show.argv(values) == ["echo", "web", "on", "n1", "at", "h"]
    with pytest.raises(ValueError, match="read as an option"):
        show.argv({**values, "NAME": "-rf"})


def test_plugins_run_for_what_is_selected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _plugins(tmp_path, monkeypatch)

    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await pilot.press("j", "j", "f5")
        await until(pilot, lambda: "show: web on n1 at 127.77.0.1" in text(app))
        await press(pilot, "f6")
        assert "select a node first" in text(app)
        await press(pilot, "2", "f6")
        assert isinstance(app.screen, Menu)
        await press(pilot, "n")
        await type_in(pilot, app, "plugin nothing", "known: show, harm")

    run(script, healthy(), (120, 40))


def test_dangerous_plugins_are_not_for_read_only_contexts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _plugins(tmp_path, monkeypatch)

    async def script(pilot: Pilot[int], app: Hatui) -> None:
        await press(pilot, "2", "f6")
        assert isinstance(app.screen, MainScreen)

    run(script, healthy(), (120, 40), readonly=True)
