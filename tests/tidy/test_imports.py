"""What a process of ours loads: measured in processes of their own, since imports are for ever."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("textual", "asyncssh", "lxml", "asyncio", "sqlite3", "hypothesis", "rich")
LEAN: dict[str, tuple[str, ...]] = {
    "hanode.membership": HEAVY,
    "hanode.lrm": HEAVY,
    "hanode.fencing": HEAVY,
    "hanode.peer_messages": HEAVY,
    "hanode.local_messages": HEAVY,
    "hanode.events": HEAVY,
    "hanode.pe": ("textual", "asyncssh", "asyncio", "sqlite3", "rich"),
    "hanode.state": ("textual", "asyncssh", "asyncio", "sqlite3", "rich"),
    "hanode.node": ("textual", "asyncssh", "asyncio", "sqlite3", "rich", "hatui"),
    "hanode.witness": ("textual", "asyncssh", "asyncio", "sqlite3", "rich", "hatui"),
    "hanode.mgmt": ("textual", "asyncssh", "asyncio", "sqlite3", "rich", "hatui"),
}
"""Module -> what its import must not bring in."""


@pytest.mark.parametrize("module", LEAN)
def test_brings_in_no_more_than_it_needs(module: str) -> None:
    code = f"import sys, {module}; print(*sorted(sys.modules), sep='\\n')"
    done = subprocess.run((sys.executable, "-c", code), capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert not loaded & set(LEAN[module])


PROCESSES = ("run", "heart_driver", "lrm", "crm", "remote_driver", "pe_worker")


@pytest.mark.parametrize("module", PROCESSES)
def test_starts_no_other_process(module: str) -> None:
    """asyncssh's own import runs a dozen, the compiler among them."""
    code = (
        "import sys\n"
        "def heard(name, told):\n"
        "    if name == 'subprocess.Popen': print(told[0])\n"
        "sys.addaudithook(heard)\n"
        f"import hanode.runtime.{module}\n"
    )
    done = subprocess.run((sys.executable, "-c", code), capture_output=True, text=True, check=True)
    assert not done.stdout
