"""The LRM ends what can't die just now (it waits for a disk, say), and goes on meanwhile."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hanode.effects import Kill, KillLeftover, KillResource, Spawn
from hanode.inputs import ProcessEnded, Spawned
from hanode.runtime import marked
from hanode.runtime.config import load
from hanode.runtime.journal import Journal
from hanode.runtime.lrm import Driver

PATIENCE = 20.0
MANY = 30
"""To wait two seconds for each, one after the other, is three times what a turn may take: each life
of the process ended like the one before."""


class Hanging:
    """An LRM's driver; what it kills dies when `let_die` says so."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._dies = folder / "dies"
        monkeypatch.setattr(marked, "kill_resource", self._kill)
        monkeypatch.setattr(marked, "kill_operation", self._kill)
        self.run = folder / "run"
        for name in ("run", "state"):
            (folder / name).mkdir()
        (folder / "hanode.toml").write_text(
            'name = "n1"\nstream = "127.0.0.1:1"\nrun = "run"\nstate = "state"\n'
            '[[link]]\naddress = "127.0.0.1:2"\n'
        )
        self.driver = Driver(load(folder / "hanode.toml"), 1, 1, Journal("lrm"))
        self.told = self.driver._waiting

    def _kill(self, *_: Any) -> int:
        while not self._dies.exists():
            time.sleep(0.01)
        return 1

    def let_die(self) -> None:
        self._dies.touch()

    def do(self, effect: Any) -> None:
        self.driver._do[type(effect)](effect)

    def agent(self, token: int, resource: str) -> Spawn:
        mark = {"HANODE_RESOURCE": f"{self.run}:{resource}"}
        return Spawn(token, ("/bin/true",), mark)

    def await_told(self, wanted: list[Any]) -> None:
        driver, limit = self.driver, time.monotonic() + PATIENCE
        while not all(any(one == each for each in self.kinds()) for one in wanted):
            assert time.monotonic() < limit, self.told
            for descriptor, _ in driver._epoll.poll(0.05):
                _ = driver._children.ready(descriptor) or driver._processes.ready(descriptor)

    def kinds(self) -> list[Any]:
        return [(type(one), one.token) for one in self.told if hasattr(one, "token")]


@pytest.fixture
def lrm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hanging]:
    one = Hanging(tmp_path, monkeypatch)
    yield one
    driver = one.driver
    driver._cgroups.end()
    for opened in (driver._crm._listener, driver._attributes._socket, driver._epoll):
        opened.close()
    os.close(driver._term._descriptor)


def test_leftovers_that_hang_are_ended_together(lrm: Hanging) -> None:
    for token in range(MANY):
        lrm.do(KillLeftover(token, f"m{token}"))
    assert not lrm.told
    lrm.let_die()
    limit = time.monotonic() + PATIENCE
    while len(lrm.told) < MANY:
        assert time.monotonic() < limit, lrm.told
        for descriptor, _ in lrm.driver._epoll.poll(0.05):
            assert lrm.driver._children.ready(descriptor)
    assert {(type(one), one.token) for one in lrm.told} == {(ProcessEnded, n) for n in range(MANY)}


def test_who_hangs_holds_up_its_own_agents_alone(lrm: Hanging) -> None:
    lrm.do(KillResource("stuck"))
    lrm.do(lrm.agent(1, "stuck"))
    lrm.do(lrm.agent(2, "stuck"))
    lrm.do(lrm.agent(3, "well"))
    lrm.await_told([(Spawned, 3), (ProcessEnded, 3)])
    lrm.do(Kill(2, hard=False))  # it had no more time
    assert (ProcessEnded, 2) in lrm.kinds()
    assert not {1, 2} & {one.token for one in lrm.told if isinstance(one, Spawned)}
    lrm.let_die()
    lrm.await_told([(Spawned, 1), (ProcessEnded, 1)])
    assert (Spawned, 2) not in lrm.kinds()
