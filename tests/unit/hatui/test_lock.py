"""A console that is read-only is opened for a while."""

from __future__ import annotations

from hatui.cluster.lock import RECORDING, STARTED_SO, Lock


def test_the_lock() -> None:
    lock = Lock(readonly=True)
    assert lock.locked(0.0)
    assert "not 'soon'" in lock.unlock("soon", 0.0)
    assert lock.unlock("2m", 0.0) == ""
    assert not lock.locked(119.0)
    assert lock.left(60.0) == 60.0
    assert lock.locked(120.0)
    lock.unlock("", 200.0)
    lock.lock()
    assert lock.locked(201.0)
    assert "without" in Lock(True, STARTED_SO).unlock("1h", 0.0)
    assert Lock(False, RECORDING).locked(0.0)
    assert "recording" in Lock(False, RECORDING).word
    assert "not read-only" in Lock(False).unlock("1h", 0.0)
