"""The screen in colour is as it was when somebody last looked at it."""

from __future__ import annotations

import pytest

from tests.console.snapshots import SNAPSHOTS, Snapshot, draw


@pytest.mark.parametrize("snapshot", SNAPSHOTS, ids=lambda one: one.file.stem)
def test_colours(snapshot: Snapshot) -> None:
    drawn = draw(snapshot)
    if drawn != snapshot.file.read_text():
        snapshot.file.with_suffix(".new.svg").write_text(drawn)
        pytest.fail(f"{snapshot.file.name} is drawn otherwise now: look at its .new.svg beside it; "
                    "if that is better, python -m tests.console.snapshots")  # fmt: skip
