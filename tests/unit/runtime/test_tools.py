"""The process that answers the agents' tools: begun by the first that asks, ended with the lrm."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hanode.ra import Site
from hanode.ra.site import PACKAGED
from hanode.runtime.journal import Journal
from hanode.runtime.tools import ToolServer
from tests.unit.runtime.lrm_process import PATIENCE, LrmProcess

NOWHERE = "/nowhere/python3"


@pytest.fixture
def lrm(tmp_path: Path) -> Iterator[LrmProcess]:
    process = LrmProcess(tmp_path)
    process.start()
    yield process
    process.end()


def call(lrm: LrmProcess, *words: str, python: str = sys.executable) -> tuple[int, str, str]:
    """As an agent does it; by itself only where there is a Python."""
    run = lrm.directory / "run"
    environment = {
        **os.environ, "HANODE_NODE": "n1", "HANODE_RUN": str(run), "HANODE_PYTHON": python,
        "HANODE_ATTR_SOCKET": str(run / "attributes.sock"), "HANODE_CONFIG": str(lrm.config),
        "HANODE_CONSOLE": str(run / "console.sock"), "OCF_RESOURCE_INSTANCE": "db:0",
    }  # fmt: skip
    tool = [sys.executable, "-I", "-S", str(PACKAGED / "lib" / "attribute_tool.py"), *words]
    done = subprocess.run(
        tool, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    return done.returncode, done.stdout, done.stderr


def served(lrm: LrmProcess) -> bool:
    return (lrm.directory / "run" / "tools.sock").exists()


def test_the_first_question_begins_it_and_the_next_is_answered_by_it(lrm: LrmProcess) -> None:
    """No crm runs here: both say so, in the same words."""
    question = ("crm_attribute", "-N", "n2", "-n", "x", "-G", "-q")
    alone = call(lrm, *question)
    assert alone[0] == 1
    assert "no node answers here" in alone[2]
    until = time.monotonic() + PATIENCE
    while not served(lrm):
        assert time.monotonic() < until
        time.sleep(0.02)
    assert call(lrm, *question, python=NOWHERE) == alone
    usage = call(lrm, "crm_node", "--no-such-option", python=NOWHERE)
    assert (usage[0], "not known to this stand-in" in usage[2]) == (64, True)
    code, picture, _ = call(lrm, "crm_mon", "-1", "--as-xml", python=NOWHERE)
    assert code == 102
    assert picture.startswith("<pacemaker-result")


def test_what_the_lrm_knows_needs_nobody_else(lrm: LrmProcess) -> None:
    assert call(lrm, "crm_attribute", "-n", "x", "-v", "17", python=NOWHERE)[0] == 0
    assert call(lrm, "crm_attribute", "-n", "x", "-G", "-q", python=NOWHERE)[:2] == (0, "17\n")
    assert call(lrm, "crm_attribute", "-n", "x", "-v", "a b", python=NOWHERE)[0] == 0
    assert call(lrm, "crm_attribute", "-n", "x", "-G", "-q", python=NOWHERE)[:2] == (0, "a b\n")
    assert not served(lrm)


def test_an_event_of_a_descriptor_of_before_holds_no_lrm(tmp_path: Path) -> None:
    """In a batch of events one may be for a descriptor that was closed meanwhile; its number is
    the next one's."""
    program = tmp_path / "python"
    program.write_text("#!/bin/sh\nexec sleep 1000\n")
    program.chmod(0o755)
    with select.epoll() as epoll:
        tools = ToolServer(Site("n1", str(tmp_path), python=str(program)), epoll, Journal("lrm"))
        tools.serve()
        pid = tools._pid
        assert tools.ready(tools._pidfd)
        assert tools._pid == pid, "it lives"
        os.kill(pid, signal.SIGKILL)
        ((descriptor, _),) = epoll.poll(PATIENCE)
        assert tools.ready(descriptor)
        assert tools._pid == 0
