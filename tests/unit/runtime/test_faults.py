"""Whose fault an exception is decides whether the process may live."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from hanode.runtime import faults
from hanode.runtime.config import parse_address

SCRIPT = """
import asyncio
from hanode.runtime import faults, tasks
from hanode.runtime.journal import Journal

async def main():
    loop = asyncio.get_running_loop()
    faults.watch(loop, Journal("crm"))
    loop.call_exception_handler({{"message": "accept", "exception": OSError("no descriptors")}})
    {fault}
    await asyncio.sleep(0.2)
    print("lives")

asyncio.run(main())
"""


def outcome(fault: str) -> subprocess.CompletedProcess[str]:
    script = SCRIPT.format(fault=fault)
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)


def caught(call: object) -> BaseException:
    try:
        call()  # type: ignore[operator]
    except Exception as error:
        return error
    raise AssertionError("it did not raise")


def test_ours_is_told_from_a_library_s() -> None:
    assert faults.is_ours(caught(lambda: parse_address("", 1)).__traceback__)
    error = caught(lambda: json.loads("{"))
    assert error.__traceback__ is not None
    assert not faults.is_ours(error.__traceback__.tb_next)


def test_a_library_s_fault_is_said_and_survived() -> None:
    done = outcome("loop.call_soon(__import__('json').loads, '{')")
    assert done.stdout == "lives\n"
    assert done.stderr.count("internal error") == 2


def test_our_fault_ends_the_process() -> None:
    done = outcome("tasks.start(asyncio.sleep(0)); loop.call_soon(tasks.start, None)")
    assert done.returncode == os.EX_SOFTWARE
    assert "it can't trust itself" in done.stderr
