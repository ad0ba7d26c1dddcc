"""The LRM's processes, where the machine can't make one more."""

from __future__ import annotations

import fcntl
import os
import select
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from hanode.effects import Spawn
from hanode.inputs import SpawnFailed
from hanode.runtime.cgroup import Cgroups
from hanode.runtime.processes import Processes

SCRIPT = """
import os, resource, select, sys
from pathlib import Path
from hanode.effects import Spawn
from hanode.runtime.cgroup import Cgroups
from hanode.runtime.processes import Processes

told = []
cgroups = Cgroups(Path(sys.argv[1]))
assert cgroups.of("web")  # so that a process is forked into it
processes = Processes(select.epoll(), told.append, cgroups)
if os.geteuid() == 0:  # whom no limit stops
    os.setgroups([])
    os.setuid(65534)
resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
before = len(os.listdir("/proc/self/fd"))
for token in range(1, 101):
    processes.spawn(Spawn(token, ("/bin/true",), {}, b"", "web", False))
print(len(os.listdir("/proc/self/fd")) - before, {failed.reason for failed in told})
"""


def test_a_process_that_can_t_be_made_leaves_nothing_open(tmp_path: Path) -> None:
    argv = [sys.executable, "-c", SCRIPT, str(tmp_path)]
    done = subprocess.run(argv, capture_output=True, text=True, check=True)
    reason = "this machine can't start a process: Resource temporarily unavailable"
    assert done.stdout == f"0 { ({reason}) }\n"


@pytest.mark.parametrize("env", [{"a=b": "x"}, {"a": "x\0y"}])
@pytest.mark.parametrize("home", [False, True])
def test_what_no_process_can_be_told_ends_no_lrm(
    tmp_path: Path, env: dict[str, str], home: bool
) -> None:
    told: list[Any] = []
    processes = Processes(select.epoll(), told.append, Cgroups(tmp_path if home else None))
    processes.spawn(Spawn(1, ("/bin/true",), env, b"", "web" if home else ""))
    (failed,) = told
    assert isinstance(failed, SpawnFailed)


def test_parameters_that_a_small_pipe_does_not_take_hold_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whose user has many pipes gets small ones: pipe(7), pipe-user-pages-soft."""
    plain = os.pipe

    def small() -> tuple[int, int]:
        ends = plain()
        fcntl.fcntl(ends[1], fcntl.F_SETPIPE_SZ, 4096)
        return ends

    monkeypatch.setattr(os, "pipe", small)
    told: list[Any] = []
    with select.epoll() as epoll:
        processes = Processes(epoll, told.append, Cgroups(None))
        before = len(os.listdir("/proc/self/fd"))
        for token, size in enumerate((5000, 50_000)):
            processes.spawn(Spawn(token, ("/bin/cat",), {}, b"x" * size))
        assert len(os.listdir("/proc/self/fd")) == before
    assert {type(failed) for failed in told} == {SpawnFailed}
