"""The lrm process dies and is back: what it knows of the life before, what it does of it again."""

from __future__ import annotations

import os
import resource
import signal

from hanode.local_messages import Finished, Telemetry
from hanode.ra import exit_codes
from tests.unit.runtime.lrm_process import LrmProcess, agent, gone, wait_until


def test_killed_and_back_it_knows_all_and_disturbs_nothing(lrm: LrmProcess) -> None:
    lrm.do("start")
    lrm.do("monitor", interval_ms=50)
    before = lrm.services()
    lrm.kill()
    lrm.start()
    taken = lrm.take_term()
    assert [(f.task, f.interval_ms, f.rc) for f in taken.operations] == [
        ("start", 0, 0), ("monitor", 50, 0),
    ]  # fmt: skip
    lrm.expect(lambda m: isinstance(m, Telemetry))
    assert lrm.services() == before
    os.kill(before[0], signal.SIGKILL)
    news = lrm.expect(lambda m: isinstance(m, Finished) and m.fact.rc == exit_codes.NOT_RUNNING)
    assert news.fact.interval_ms == 50


def test_what_was_under_way_when_its_table_was_kept_last_is_not_begun_again(
    lrm: LrmProcess,
) -> None:
    """The disk was full since. What it was starting then had been stopped, and ran elsewhere."""
    done, go = lrm.directory / "done", lrm.directory / "go"
    name = agent(lrm, "Slow", f"#!/bin/sh\necho $1 >> {done}\n"
        f"until [ -e {go} ]; do sleep 0.01; done\nexit 0\n",
    )  # fmt: skip
    start = lrm.order("start", "s1", agent=name)
    wait_until(done.exists)
    (lrm.directory / "run" / "lrm-table.new").mkdir()
    go.touch()
    lrm.expect(lambda m: isinstance(m, Finished) and m.fact.order == start.id)
    assert lrm.do("stop", "s1", agent=name).rc == exit_codes.OK
    lrm.kill()
    lrm.start()
    assert [(f.task, f.status) for f in lrm.take_term().operations] == [
        ("start", "done"), ("stop", "done"),
    ]  # fmt: skip
    assert done.read_text().split() == ["start", "stop"]


def test_nor_is_an_old_table_better_than_none(lrm: LrmProcess) -> None:
    lrm.do("start")
    (table,) = lrm.directory.rglob("lrm-table")
    (lrm.directory / "run" / "lrm-table.new").mkdir()
    assert lrm.process is not None
    resource.prlimit(lrm.process.pid, resource.RLIMIT_FSIZE, (64, 64))
    lrm.order("monitor")
    wait_until(lambda: not table.exists())


def test_what_was_under_way_when_it_was_killed_is_ended_and_done_again(lrm: LrmProcess) -> None:
    name = agent(lrm, "Slow", "#!/bin/sh\n"
        f"echo $$ >> {lrm.directory}/pids\n[ -e {lrm.directory}/go ] || sleep 1000\nexit 0\n",
    )  # fmt: skip
    pids = lrm.directory / "pids"
    order = lrm.order("stop", "s1", agent=name)
    wait_until(lambda: pids.exists() and pids.read_text().endswith("\n"))
    first = int(pids.read_text())
    lrm.kill()
    assert not gone(first)
    (lrm.directory / "go").touch()
    lrm.start()
    result = lrm.result(order)
    assert (result.rc, result.status) == (exit_codes.OK, "done")
    assert gone(first)
    assert len(pids.read_text().split()) == 2
