"""The LRM's processes, where the machine can't make one more."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

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
