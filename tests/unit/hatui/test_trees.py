"""The trees as text: what an operator sees first, in health and in trouble."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hatui.cluster import looks
from hatui.cluster.draw import ASCII, UNICODE, Signs, draw, measure
from hatui.cluster.filter import parse
from hatui.cluster.folding import Folding
from hatui.cluster.items import Item, flatten
from hatui.cluster.node_tree import NODES, node_tree
from hatui.cluster.resource_tree import resource_tree
from hatui.cluster.safe import width
from hatui.cluster.spans import text_of
from hatui.cluster.standing import standing
from tests.console.feed import CIB, Cluster, failed, healthy, outage, pulse_of
from tests.unit.hatui.drawn import look


def picture(
    items: tuple[Item, ...], cells: int = 80, height: int = 30, signs: Signs = UNICODE
) -> list[str]:
    folding = Folding()
    folding.measure(items, height)
    rows = flatten(items, folding.is_open)
    columns = measure(rows, cells)
    drawn = [text_of(draw(row, columns, cells, signs)) for row in rows]
    assert all(width(line) == cells for line in drawn)
    return [line.rstrip() for line in drawn]


def test_healthy_resources() -> None:
    assert picture(resource_tree(look(healthy()))) == [
        "  ▾ front         ● started     n1        group",
        "    ├ front-ip    ● started     n1        ocf:hanode:Dummy",
        "    └ web         ● started     n1        ocf:hanode:web",
        "    backup        ● started     n2        ocf:hanode:Dummy",
        "  ▸ ping-clone    ● started     n1 n2 n3  clone",
        "  ▾ db-clone      ◆ promoted    n2 n1 n3  promotable clone",
        "    ├ db          ◇ unpromoted  n1        ocf:hanode:Stateful",
        "    ├ db          ◆ promoted    n2        ocf:hanode:Stateful",
        "    └ db          ◇ unpromoted  n3        ocf:hanode:Stateful",
        "  ▸ fencing       ● started     n2 n3     3 fence devices",
    ]


def test_in_ascii() -> None:
    drawn = picture(resource_tree(look(healthy())), signs=ASCII)
    assert all(line.isascii() for line in drawn)
    assert drawn[:3] == [
        "  v front         * started     n1        group",
        "    |-front-ip    * started     n1        ocf:hanode:Dummy",
        "    `-web         * started     n1        ocf:hanode:web",
    ]


def test_where_room_is_scarce_what_is_well_is_folded() -> None:
    names = [line.split()[1] for line in picture(resource_tree(look(healthy())), height=6)]
    assert names == ["front", "●", "ping-clone", "db-clone", "fencing"]


def test_a_failure_says_its_reason_at_once() -> None:
    drawn = picture(resource_tree(look(failed())), cells=100)
    assert drawn[0].endswith("web: monitor not running: no answer on port 8080")
    assert drawn[2].endswith("n1        monitor not running: no answer on port 8080")


def test_what_a_lost_node_ran_is_in_doubt() -> None:
    drawn = picture(resource_tree(look(outage())), cells=100, height=3)
    assert "    └ ping        ▲ unclean     n3        n3 lost: may still run there" in drawn
    assert not any("front-ip" in line for line in drawn)


def test_nodes() -> None:
    drawn = picture(node_tree(look(outage())), cells=100, height=3)
    assert drawn[0] == "  ▸ n1            ● online     DC  4 resources"
    assert "  ▾ n3            ▲ fencing        heartbeats are missing" in drawn


def test_a_stopped_resource_that_should_run_is_not_a_disabled_one() -> None:
    cluster = healthy()
    cluster.ran("backup", "stop", "n2")
    (line,) = [line for line in picture(resource_tree(look(cluster))) if "backup" in line]
    assert "○ stopped" in line


def test_a_filter_keeps_the_way_to_what_it_finds() -> None:
    rows = flatten(resource_tree(look(healthy())), lambda item: False, parse("web"))
    assert [(row.item.name, row.found) for row in rows] == [("front", False), ("web", True)]


@pytest.mark.parametrize("cells", [20, 40, 80, 120, 200])
def test_any_width(cells: int) -> None:
    assert picture(resource_tree(look(outage())), cells)


def test_hostile_names_and_reasons_are_tame() -> None:
    cluster = Cluster(cib=CIB.replace('id="backup"', 'id="back&#x202E;up[bold]"'))
    cluster.probed()
    cluster.ran("web", "start", "n1", rc=1, reason="\x1b[2Jboo\x07 [red]x[/red]")
    for line in picture(resource_tree(look(cluster)), 120):
        assert "\x1b" not in line
        assert "\u202e" not in line


def test_what_ran_on_a_node_that_is_not_heard_is_in_doubt_in_every_view() -> None:
    """The header does not count it, no loss is foretold, and what is heard stays as it is."""
    cluster = healthy()
    seen = replace(look(cluster), pulse=pulse_of(cluster, "n1", hears=("n1",)))
    items = {item.name: item for item in resource_tree(seen)}
    assert items["db-clone"].look is looks.UNHEARD
    assert "n2 not heard: ran there last" in text_of(items["db-clone"].note)
    assert items["front"].look is looks.STARTED
    assert standing(seen).running < standing(look(cluster)).running
    whole = resource_tree(replace(seen, pulse=pulse_of(cluster, "n1")))
    assert all(item.look is not looks.UNHEARD for item in whole)


def test_the_tree_of_nodes_that_the_thinker_draws_is_the_one_that_the_screen_shows() -> None:
    cluster = healthy()
    seen = look(cluster)
    drawn = node_tree(seen)
    assert seen.drawn(NODES)
    assert node_tree(replace(seen, pulse=pulse_of(cluster, "n1"))) is drawn
    assert node_tree(replace(seen, pulse=pulse_of(cluster, "n1", hears=("n1",)))) is not drawn
