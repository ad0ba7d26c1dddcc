"""The lrm process, real: its agents, its clumsy agents, its own death."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import resource
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from hanode.local_messages import AttributeWanted, Finished, Refused, SelfRule, Telemetry
from hanode.peer_messages import Order
from hanode.ra import exit_codes
from hanode.runtime.cgroup import make_root
from tests.unit.runtime.lrm_process import PATIENCE, LrmProcess, agent, gone, wait_until


def test_a_resource_lives_and_ends(lrm: LrmProcess) -> None:
    assert lrm.do("monitor", expected_rc=7).rc == exit_codes.NOT_RUNNING
    assert lrm.do("start").rc == exit_codes.OK
    assert lrm.do("monitor").rc == exit_codes.OK
    assert len(lrm.services()) == 1
    stopped = lrm.do("stop")
    assert (stopped.rc, stopped.status) == (exit_codes.OK, "done")
    assert lrm.do("monitor").rc == exit_codes.NOT_RUNNING
    assert lrm.services() == []


def test_a_recurring_monitor_tells_the_first_answer_and_each_change(lrm: LrmProcess) -> None:
    lrm.do("start")
    assert lrm.do("monitor", interval_ms=50).rc == exit_codes.OK
    for _ in range(3):
        lrm.expect(lambda m: isinstance(m, Telemetry) and m.subject == "d1.monitor_50")
    assert not [m for m in lrm.heard if isinstance(m, Finished)]
    os.kill(lrm.services()[0], signal.SIGKILL)
    news = lrm.expect(lambda m: isinstance(m, Finished)).fact
    assert (news.task, news.interval_ms, news.rc) == ("monitor", 50, exit_codes.NOT_RUNNING)
    cancel = lrm.do("cancel", operation="monitor", interval_ms=50)
    assert cancel.status == "cancelled"


def test_a_reload_replaces_the_page_of_a_server_that_stays(lrm: LrmProcess) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    given = {"ip": "127.0.0.1", "port": str(port)}
    web: dict[str, Any] = {"resource": "w1", "agent": "ocf:hanode:web", "digest": "d"}
    started = lrm.do("start", parameters=given, **web)
    assert (started.rc, started.reloadable) == (exit_codes.OK, ("text",))
    assert page(port) == "n1"
    servers = lrm.services()
    given["text"] = "hello"
    assert lrm.do("monitor", parameters=given, **web).rc == exit_codes.GENERIC
    reloaded = lrm.do("reload-agent", parameters=given, **web)
    assert (reloaded.rc, reloaded.restart_digest) == (exit_codes.OK, started.restart_digest)
    assert page(port) == "n1 hello"
    assert lrm.do("monitor", parameters=given, **web).rc == exit_codes.OK
    assert lrm.services() == servers
    assert lrm.do("stop", parameters=given, **web).rc == exit_codes.OK
    assert lrm.do("reload-agent", parameters=given, **web).rc == exit_codes.NOT_RUNNING


def page(port: int) -> str:
    with urlopen(f"http://127.0.0.1:{port}/", timeout=PATIENCE) as answer:
        return str(answer.read().decode())


def test_a_timeout_ends_the_whole_group(lrm: LrmProcess) -> None:
    name = agent(lrm, "Hang", "#!/bin/sh\n"
        f"(trap '' TERM; echo $$ > {lrm.directory}/child; while :; do sleep 1; done) &\n"
        "trap '' TERM\necho waiting\nwhile :; do sleep 1; done\n")  # fmt: skip
    result = lrm.do("start", "h1", agent=name, timeout_ms=300)
    assert (result.status, result.rc) == ("timeout", exit_codes.GENERIC)
    assert "0.3 s" in result.reason
    assert result.tail == "waiting"
    wait_until(lambda: not lrm.services())


def test_a_flood_is_drained_and_bounded(lrm: LrmProcess) -> None:
    name = agent(
        lrm, "Flood", "#!/bin/sh\nhead -c 30000000 /dev/zero | tr '\\0' x\necho; echo end\n"
    )
    result = lrm.do("start", "f1", agent=name)
    assert result.rc == exit_codes.OK
    assert result.tail.endswith("x\nend")
    assert len(result.tail) <= 2048


def test_output_that_is_no_text_is_made_readable(lrm: LrmProcess) -> None:
    name = agent(lrm, "Garble", "#!/bin/sh\nprintf 'a\\377b\\033[31mred\\033[0m\\007\\n'\n"
        "echo 'ocf-exit-reason:first' >&2\nprintf 'ocf-exit-reason:d\\303\\251j\\340 vu\\n' >&2\n"
        "exit 6\n")  # fmt: skip
    result = lrm.do("start", "g1", agent=name)
    assert (result.rc, result.reason) == (exit_codes.NOT_CONFIGURED, "déj\ufffd vu")
    assert result.tail.startswith("a\ufffdbred\n")


def test_a_service_that_keeps_the_pipes_open_holds_nobody_up(lrm: LrmProcess) -> None:
    name = agent(lrm, "Keep", "#!/bin/sh\nsleep 1000 &\nexit 0\n")
    assert lrm.do("start", "k1", agent=name).rc == exit_codes.OK
    assert len(lrm.services()) == 1


def test_an_agent_that_closes_its_output_early_does_no_harm_to_others(lrm: LrmProcess) -> None:
    """The numbers of its descriptors are then those of other agents' processes."""
    closes = agent(lrm, "Closes", "#!/bin/sh\nexec >&- 2>&-\n"
        f"while [ ! -e {lrm.directory}/go ]; do sleep 0.01; done\n")  # fmt: skip
    slow = agent(lrm, "Slow", "#!/bin/sh\necho begun\n"
        f"while [ ! -e {lrm.directory}/on ]; do sleep 0.01; done\necho over\n")  # fmt: skip
    first = [lrm.order("start", f"c{n}", agent=closes) for n in range(4)]
    assert lrm.do("monitor", "d9").rc == exit_codes.NOT_RUNNING  # by then their pipes are closed
    second = [lrm.order("start", f"s{n}", agent=slow) for n in range(8)]
    assert lrm.do("monitor", "d9").rc == exit_codes.NOT_RUNNING
    (lrm.directory / "go").touch()
    assert {lrm.result(order).rc for order in reversed(first)} == {0}
    (lrm.directory / "on").touch()
    results = [lrm.result(order) for order in second]
    assert {(result.rc, result.tail) for result in results} == {(0, "begun\nover")}


def test_a_missing_agent_is_not_installed(lrm: LrmProcess) -> None:
    result = lrm.do("start", "m1", agent="ocf:test:Nowhere")
    assert (result.rc, result.status) == (exit_codes.NOT_INSTALLED, "not-installed")
    assert "test/Nowhere" in result.reason
    result = lrm.do("start", "m2", agent="ocf:test:../../bin/sh")
    assert (result.rc, result.status) == (exit_codes.NOT_INSTALLED, "not-installed")


def test_without_a_lease_nothing_is_started_but_stops_go_on(lrm: LrmProcess) -> None:
    lrm.do("start")
    lrm.lease.publish(0.0)
    order = lrm.order("start", "d2")
    refused = lrm.expect(lambda m: isinstance(m, Refused) and m.order == order.id)
    assert "lease" in refused.reason
    assert lrm.do("stop").rc == exit_codes.OK


def test_a_stateful_resource_sets_its_promotion_score(lrm: LrmProcess) -> None:
    def score(m: object) -> bool:
        return isinstance(m, AttributeWanted) and m.name == "master-s1"

    lrm.order("start", "s1", agent="ocf:hanode:Stateful")
    assert lrm.expect(score).value == "5"
    lrm.order("promote", "s1", agent="ocf:hanode:Stateful")
    assert lrm.expect(score).value == "10"
    assert lrm.do("monitor", "s1", agent="ocf:hanode:Stateful").rc == exit_codes.PROMOTED
    assert lrm.take_term(2).attributes == {"master-s1": "10"}


def test_a_probe_that_finds_it_promoted_brings_its_score_back(lrm: LrmProcess) -> None:
    """Else what runs on after hanode was begun anew would be demoted, and promoted nowhere."""
    lrm.do("start", "s1", agent="ocf:hanode:Stateful")
    lrm.do("promote", "s1", agent="ocf:hanode:Stateful")
    lrm.kill()
    (table,) = lrm.directory.rglob("lrm-table")
    table.unlink()
    lrm.start()
    assert lrm.take_term().attributes == {}
    lrm.heard.clear()
    assert lrm.do("monitor", "s1", agent="ocf:hanode:Stateful").rc == exit_codes.PROMOTED
    said = lrm.expect(lambda m: isinstance(m, AttributeWanted) and m.name == "master-s1")
    assert said.value == "10"


def test_it_ends_on_sigterm_and_leaves_what_runs(lrm: LrmProcess) -> None:
    lrm.do("start")
    assert lrm.kill(signal.SIGTERM) == 0
    assert len(lrm.services()) == 1


def test_unnoted_facts_are_said_again_to_a_new_crm(lrm: LrmProcess) -> None:
    lrm.do("start")
    lrm.connect()
    again = lrm.expect(lambda m: isinstance(m, Finished))
    assert again.fact.task == "start"


def test_a_stop_of_its_own_that_hangs_ends_in_a_kill_and_a_probe(lrm: LrmProcess) -> None:
    name = agent(lrm, "Stuck", "#!/bin/sh\ncase $1 in\n"
        f"start) setsid sleep 1000 >/dev/null 2>&1 & echo $! > {lrm.directory}/pid;;\n"
        "stop) sleep 1000;;\n"
        f"monitor) grep -q '^State:.[SR]' /proc/$(cat {lrm.directory}/pid)/status || exit 7;;\n"
        "esac\n")  # fmt: skip
    started = lrm.order("start", "s1", agent=name)
    assert lrm.result(started).rc == exit_codes.OK
    pid = int((lrm.directory / "pid").read_text())
    order = lrm.order("monitor", "s1", agent=name)
    lrm.result(order)
    stop = started.__class__(
        id="own.1", term=0, node="n1", boot=1, resource="s1", agent=name, task="stop"
    )
    lrm.say(SelfRule(stop, 200))
    result = lrm.result(stop)
    assert (result.rc, result.status) == (exit_codes.OK, "done")
    assert "killed" in result.reason
    assert gone(pid)


def test_a_web_server_answers_with_the_name_of_its_node(lrm: LrmProcess) -> None:
    with socket.socket() as probe:
        probe.bind(("127.94.0.1", 0))
        port = probe.getsockname()[1]
    parameters = {"ip": "127.94.0.1", "port": str(port)}
    started = lrm.do("start", "w1", agent="ocf:hanode:web", parameters=parameters)
    assert started.rc == exit_codes.OK, started
    with socket.create_connection(("127.94.0.1", port), 5) as wire:
        wire.sendall(b"GET / HTTP/1.0\r\n\r\n")
        assert wire.makefile("rb").read().endswith(b"\r\n\r\nn1")
    second = lrm.do("start", "w2", agent="ocf:hanode:web", parameters=parameters)
    assert second.rc == exit_codes.GENERIC
    assert "active elsewhere" in second.reason
    assert lrm.do("monitor", "w1", agent="ocf:hanode:web", parameters=parameters).rc == 0
    assert lrm.do("stop", "w1", agent="ocf:hanode:web", parameters=parameters).rc == 0
    assert lrm.services() == []


def test_a_disk_that_takes_no_term_leaves_stops(tmp_path: Path) -> None:
    lrm = LrmProcess(tmp_path)
    (tmp_path / "state" / "lrm-term").mkdir()
    lrm.start()
    try:
        started = lrm.do("start")
        assert started.status == "error"
        assert "can't be written to disk" in started.reason
        assert lrm.do("stop").rc == exit_codes.OK
    finally:
        lrm.end()


def test_it_follows_a_config_that_it_cant_use_with_a_word(tmp_path: Path) -> None:
    lrm = LrmProcess(tmp_path)
    lrm.config.write_text("name = 7\n")
    with pytest.raises(AssertionError, match=r"hanode\.toml"):
        lrm.start()
    assert lrm.process is not None
    assert lrm.process.wait(PATIENCE) == 78


def test_strangers_on_its_socket_are_cut_off(lrm: LrmProcess) -> None:
    assert lrm.wire is not None
    lrm.wire.sendall(b"\xff\xff\xff\xff not a frame")
    assert lrm.wire.recv(65536) is not None
    lrm.connect()
    assert lrm.do("start").rc == exit_codes.OK


def test_a_crm_that_dies_before_it_has_read_all_takes_nobody_along(lrm: LrmProcess) -> None:
    """So many orders that are refused: the refusals are more than a socket holds."""
    foreign = Order(
        id="1.1.1", term=1, node="n2", boot=1, resource="d1", agent="ocf:hanode:Dummy", task="start"
    )
    for number in range(10_000):
        lrm.say(dataclasses.replace(foreign, id=f"1.2.{number}"))
    last = lrm.order("start")
    wait_until(lrm.services)
    lrm.disconnect()
    lrm.connect()
    assert lrm.result(last).rc == exit_codes.OK


def test_a_log_that_hangs_keeps_nothing_from_being_stopped(tmp_path: Path) -> None:
    lrm = LrmProcess(tmp_path)
    reader, log = os.pipe()
    os.set_blocking(log, False)
    with contextlib.suppress(BlockingIOError):
        while True:
            os.write(log, b"x" * 4096)
    os.set_blocking(log, True)  # from here on, whoever writes waits for ever
    try:
        lrm.start(log)
        lrm.take_term()
        assert lrm.do("start").rc == exit_codes.OK
        assert lrm.do("stop").rc == exit_codes.OK
        assert lrm.kill(signal.SIGTERM) == 0
    finally:
        lrm.end()
        os.close(log)
        os.close(reader)


WRONG = """
import sys
from hanode.runtime import lrm
from hanode.runtime.lrm import Driver

class Wrong(Driver):  # as if it told its core what is no input
    def run(self):
        self._feed("nonsense")
        super().run()

lrm.Driver = Wrong
sys.exit(lrm.main(sys.argv[1:]))
"""


def test_when_its_core_is_wrong_it_ends_with_a_flight_record(tmp_path: Path) -> None:
    config = LrmProcess(tmp_path).config
    argv = [sys.executable, "-c", WRONG, "--config", str(config), "--boot", "1"]
    done = subprocess.run(argv, capture_output=True, text=True)
    assert done.returncode == os.EX_SOFTWARE
    assert "a step failed" in done.stderr
    record = (tmp_path / "state" / "flight-lrm.txt").read_text()
    assert "<- 'nonsense'\n    -> '(it did not end)'" in record


def test_a_resource_that_runs_no_more_leaves_no_cgroup(lrm: LrmProcess) -> None:
    root = make_root(str(lrm.directory / "run"))
    if root is None:
        pytest.skip("needs root and cgroups, version 2")
    lrm.do("start")
    assert (root / "d1" / "cgroup.procs").read_text().split()
    lrm.do("stop")
    wait_until(lambda: not (root / "d1").exists())


def test_all_that_runs_here_is_stopped_at_once(tmp_path: Path) -> None:
    """However few descriptors a process is usually given."""
    lrm = LrmProcess(tmp_path)
    usual, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (48, most))
    try:
        lrm.start()
        lrm.take_term()
        resource.setrlimit(resource.RLIMIT_NOFILE, (usual, most))
        orders = [lrm.order("stop", f"d{n}", timeout_ms=60_000) for n in range(40)]
        assert {lrm.result(order).rc for order in orders} == {0}
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (usual, most))
        lrm.end()
