"""What a console that has heard all of a cluster in memory makes of it."""

from __future__ import annotations

from typing import Any

from hatui.cluster.draw import UNICODE, Signs, draw, measure
from hatui.cluster.folding import Folding
from hatui.cluster.items import Row, flatten
from hatui.cluster.ledger import Ledger
from hatui.cluster.moment import Moment
from hatui.cluster.news import Narrator, News
from hatui.cluster.safe import width
from hatui.cluster.scene import Scene
from hatui.cluster.spans import text_of
from hatui.cluster.whatif import look_at
from hatui.views import view_of
from tests.console.feed import Cluster


def ledger_of(cluster: Cluster) -> Ledger:
    ledger = Ledger()
    for entry in cluster.entries:
        said, event = entry.signed.open()
        ledger.tell(said, event, entry.term)
    return ledger


def scene(cluster: Cluster, cells: int = 80, signs: Signs = UNICODE, **more: Any) -> Scene:
    moment = look_at(cluster.state, cluster.now)
    return Scene(moment, cells=cells, signs=signs, ledger=ledger_of(cluster), now=cluster.now,
                 **more)  # fmt: skip


def picture(name: str, seen: Scene, height: int = 40) -> list[str]:
    """The heading and the rows, as they are drawn."""
    view = view_of(name)
    items = view.items(seen)
    folding = Folding()
    folding.measure(items, height)
    rows = [Row(view.heading(seen)), *flatten(items, folding.is_open)]
    columns = measure(rows, seen.cells)
    drawn = [text_of(draw(row, columns, seen.cells, seen.signs)) for row in rows]
    assert all(width(line) == seen.cells for line in drawn)
    return [line.rstrip() for line in drawn]


def news_of(cluster: Cluster) -> list[News]:
    narrator, found = Narrator(), list[News]()
    for entry in cluster.entries:
        found += narrator.tell(entry.index, *entry.signed.open())
    return found


def look(cluster: Cluster) -> Moment:
    return look_at(cluster.state, cluster.now)
