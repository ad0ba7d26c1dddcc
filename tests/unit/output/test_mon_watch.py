"""`hatui mon` as a daemon, on a node in name only that says a lot."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from hanode.events import FencingConfirmed, FencingFailed, OperationFinished
from hatui.cluster.notify import environment
from tests.bench.console import source

AGENT = """#!/bin/sh
echo "$CRM_notify_recipient|$CRM_notify_node|$CRM_notify_rsc|$CRM_notify_task|\
$CRM_notify_desc|$CRM_notify_rc|$CRM_notify_target_rc|$CRM_notify_status" >>{file}
"""


def test_a_daemon_has_its_agent_told_and_writes_its_file(tmp_path: Path) -> None:
    agent, told = tmp_path / "agent", tmp_path / "told"
    page, pid_file = tmp_path / "status.html", tmp_path / "pid"
    agent.write_text(AGENT.format(file=told))
    agent.chmod(0o755)
    with source(12, 20.0) as socket:
        words = ["mon", "-d", "-p", str(pid_file), "-E", str(agent), "-e", "ops", "-i", "1",
                 "--output-as=html", "--output-to", str(page), socket]  # fmt: skip
        begun = subprocess.run([sys.executable, "-m", "hatui", *words], check=False)
        assert begun.returncode == 0
        while not (told.exists() and page.exists()):
            time.sleep(0.05)
        pid = int(pid_file.read_text())
        os.kill(pid, signal.SIGTERM)
        while Path(f"/proc/{pid}").exists() and "zombie" not in _state(pid):
            time.sleep(0.05)
    line = told.read_text().splitlines()[0]
    recipient, node, resource, task, rest = line.split("|", 4)
    assert (recipient, node[0], resource[0]) == ("ops", "n", "r")
    assert task in ("start", "stop")
    assert rest == "ok|0|0|0"
    assert "Node List" in page.read_text()


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return "zombie"


def test_what_an_agent_is_told() -> None:
    failed = OperationFinished(
        "n1", "web", "ocf:hanode:web", "monitor", 1000, 7, "done", reason="gone"
    )
    told = environment(failed, False, "ops")
    assert told is not None
    assert (told["CRM_notify_desc"], told["CRM_notify_rc"]) == ("not running", "7")
    late = OperationFinished("n1", "web", "ocf:hanode:web", "start", 0, 0, "timeout")
    told = environment(late, False)
    assert told is not None
    assert (told["CRM_notify_desc"], told["CRM_notify_status"]) == ("timeout", "2")


def test_of_fencing_only_who_watches_it_hears() -> None:
    done = FencingConfirmed("r1", "n3", 1, "power-verified", "pdu", "n1", 620)
    vain = FencingFailed("r1", "n3", "pdu", "no answer", "n1")
    assert environment(done, False) is None
    told, failed = environment(done, True), environment(vain, True)
    assert told is not None
    assert failed is not None
    assert (told["CRM_notify_node"], told["CRM_notify_rc"]) == ("n3", "0")
    assert failed["CRM_notify_rc"] == "1"
    assert "no answer" in failed["CRM_notify_desc"]
