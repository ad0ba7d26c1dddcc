"""The configuration in an editor."""

from __future__ import annotations

import pytest

from hanode.mgmt.proposal import CannotOrder
from hatui.cluster import errands
from hatui.cluster.editing import closed, noted, opened, without_notes
from hatui.cluster.fork import fork
from tests.console.feed import healthy


def test_an_edited_configuration_is_for_the_version_it_was_taken_at() -> None:
    cluster = healthy()
    before = fork(cluster.state)
    text = opened(before)
    assert closed(before, text).order is None
    assert closed(before, text).problem == ""
    broken = closed(before, text.replace("</configuration>", ""))
    assert broken.problem
    again = noted(text, f"{broken.problem} --> <!--")
    assert without_notes(again) == text
    assert without_notes(noted(again, "another")) == text
    changed = closed(before, text.replace('id="backup" ', 'id="backup" description="x" '))
    assert changed.order is not None
    assert any("description" in line for line in changed.order.details)
    cluster.order(errands.standby("n3", True).build(cluster.state).events[0])
    with pytest.raises(CannotOrder, match="what you wrote is kept"):
        changed.order.build(cluster.state)
