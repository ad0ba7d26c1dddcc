"""The line of views: the one in sight is whole, and what wants a look is marked."""

from __future__ import annotations

import pytest

from hatui.cluster.spans import text_of, width_of
from hatui.cluster.tabs import tabs
from hatui.views import VIEWS
from tests.console.feed import outage
from tests.unit.hatui.drawn import scene


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
@pytest.mark.parametrize("cells", [60, 80, 120, 200])
def test_the_view_in_sight_is_named_in_full(view: object, cells: int) -> None:
    seen = scene(outage(), cells)
    assert isinstance(view, type(VIEWS[0]))
    line = tabs(VIEWS, view.name, seen, (), cells)
    assert width_of(line) <= cells
    assert f" {view.key} {view.title}" in text_of(line)


def test_what_wants_a_look_is_marked_where_there_is_no_room_for_its_name() -> None:
    cluster = outage()
    cluster.fail("web", "n1", "it died")
    seen = scene(cluster, 40)
    line = text_of(tabs(VIEWS, "resources", seen, (), 40))
    marked = [view for view in VIEWS if view.count(seen)]
    assert len(marked) >= 2
    for view in marked:
        assert f"{view.key}!" in line or f"{view.key} {view.title} " in line
    wide = text_of(tabs(VIEWS, "resources", seen, (), 200))
    assert "!" not in wide
