"""A machine that has no thread to spare ends no process of a node."""

from __future__ import annotations

import signal
import subprocess
import sys

SCRIPT = """
import asyncio
import threading
import time
from hanode.runtime import faults, loop_threads
from hanode.runtime.aside import JournalAside

threading.stack_size(1 << 47)  # more than any machine can give

async def main():
    loop = asyncio.get_running_loop()
    loop_threads.spare(loop)
    try:
        await asyncio.to_thread(print, "by a thread")
    except OSError as error:
        print(error)
    child = await asyncio.create_subprocess_exec("/bin/true")
    print("child:", await child.wait())

asyncio.new_event_loop().run_until_complete(main())  # whose end would take a thread
journal = JournalAside("crm", 1)
journal.info("said at once")
journal.finish()
faults.end_within(0.01, 3)
time.sleep(30)
"""


def test_work_in_threads_fails_as_work_in_processes_does_and_the_rest_goes_on() -> None:
    done = subprocess.run([sys.executable, "-u", "-c", SCRIPT], capture_output=True, text=True)
    assert done.stderr == ""
    failed, child, said = done.stdout.splitlines()
    assert "can't start new thread" in failed
    assert child == "child: 0"
    assert said.endswith("said at once")
    assert done.returncode == -signal.SIGALRM
