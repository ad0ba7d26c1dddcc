"""Rows of a tree without any screen: order, filter, folding, columns."""

from __future__ import annotations

from dataclasses import replace

from hatui.cluster.draw import UNICODE
from hatui.cluster.filter import parse
from hatui.cluster.node_tree import node_tree
from hatui.cluster.outline import Outline
from hatui.cluster.resource_tree import resource_tree
from hatui.cluster.view import heading
from hatui.cluster.whatif import look_at
from tests.console.feed import Cluster, failed, healthy


def outline_of(cluster: Cluster, width: int = 80, height: int = 24) -> Outline:
    outline = Outline()
    outline.give(resource_tree(look_at(cluster.state, cluster.now)), heading("resource", "state"))
    outline.lay_out(width, height, 0)
    return outline


def keys(outline: Outline) -> list[str]:
    return [row.item.key for row in outline.rows]


def test_where_there_is_room_branches_are_open_and_where_not_what_is_well_is_closed() -> None:
    assert "web" in keys(outline_of(healthy(), height=40))
    assert "web" not in keys(outline_of(healthy(), height=4))
    assert "web" not in keys(outline_of(failed(), height=4))  # it runs again: no fault now


def test_a_choice_outlives_news() -> None:
    cluster = healthy()
    outline = outline_of(cluster)
    outline.folding.choose("front", False)
    outline.lay_out(80, 24, 0)
    assert "web" not in keys(outline)
    outline.give(resource_tree(look_at(cluster.state, cluster.now)), None)
    outline.lay_out(80, 24, 0)
    assert "web" not in keys(outline)


def test_a_preview_keeps_its_changes_open() -> None:
    outline = outline_of(healthy(), height=4)
    outline.forced = lambda item: item.key == "front"
    outline.lay_out(80, 4, 0)
    assert "web" in keys(outline)


def test_filter_and_faults_only_together() -> None:
    outline = outline_of(failed())
    outline.filter = parse("web")
    outline.lay_out(80, 24, 0)
    assert keys(outline) == ["front", "web"]
    outline.faults_only = True
    outline.filter = parse("backup")
    outline.lay_out(80, 24, 0)
    assert keys(outline) == []
    assert outline.all_rows() == []


def test_columns_grow_with_what_comes_and_shrink_only_with_the_screen() -> None:
    cluster = healthy()
    outline = outline_of(cluster)
    first = outline.columns
    items = resource_tree(look_at(cluster.state, cluster.now))
    long = replace(items[1], name="a-resource-with-quite-a-long-name")
    outline.give((long, *items), None)
    outline.lay_out(80, 24, 0)
    assert outline.columns.name > first.name
    grown = outline.columns
    outline.give(items, None)
    outline.lay_out(80, 24, 0)
    assert outline.columns == grown
    outline.lay_out(81, 24, 0)
    assert outline.columns.name < grown.name


def test_as_text_every_row_is_there_under_the_heading() -> None:
    outline = outline_of(healthy(), height=4)
    lines = outline.text(79, UNICODE)
    assert lines[0].split() == ["resource", "state"]
    assert len(lines) == len(outline.all_rows()) + 1 > len(outline.rows) + 1


def test_faults_only_leaves_out_what_is_well_beside_a_fault() -> None:
    cluster = healthy()
    cluster.fail("web", "n1", "it died")
    moment = look_at(cluster.state, cluster.now)
    outline = Outline()
    outline.faults_only = True
    outline.give(node_tree(moment), None)
    outline.lay_out(100, 30, 0)
    assert [row.item.name for row in outline.rows] == ["n1", "web"]
    outline.filter = parse("n1")
    outline.lay_out(100, 30, 0)
    assert "n1" in [row.item.name for row in outline.rows]
