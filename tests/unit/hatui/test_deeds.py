"""What may be done to a thing, and why not: by what is so."""

from __future__ import annotations

from hanode.mgmt import orders
from hanode.mgmt.whole import replacement
from hatui.cluster import looks
from hatui.cluster.constraints import constraints
from hatui.cluster.items import Item, find
from hatui.cluster.moment import Moment
from hatui.cluster.resource_tree import resource_tree
from hatui.cluster.scene import Scene
from hatui.cluster.whatif import look_at
from hatui.deeds import OFF, ON, deed, fitting
from tests.console.feed import after, healthy
from tests.unit.hatui.drawn import look


def why_not(moment: Moment, item: Item | None, ident: str) -> str:
    assert item is not None
    (why,) = (why for one, why in fitting(moment, item) if one.id == ident)
    return why


def test_a_role_is_a_role_in_any_case_of_letters() -> None:
    cluster = after(lambda state: orders.target_role(state, "web", "Stopped"))
    lower = after(lambda state: replacement(
        state, cluster.state.cib.replace('value="Stopped"', 'value="stopped"'), [], force=True
    ))  # fmt: skip
    assert 'value="stopped"' in lower.state.cib
    items = {item.name: item for top in resource_tree(look(lower)) for item in top.children}
    assert items["web"].look is looks.DISABLED
    assert "disabled" in items["web"].facts["is"]
    assert why_not(look(lower), items["web"], "start") == ""


def test_a_constraint_can_be_asked_about_where_it_stands() -> None:
    cluster = healthy()
    cluster.order(orders.ban(cluster.state, "backup", "n1").events[0])
    moment = look_at(cluster.state, cluster.now)
    (section,) = (one for one in constraints(Scene(moment)) if one.key == "@moves and bans")
    assert "whatif-without" in [one.id for one, _ in fitting(moment, section.children[0])]


def test_a_clone_is_not_moved_unless_one_of_it_is_promoted() -> None:
    moment = look(healthy())
    clone, promotable = (find(resource_tree(moment), name) for name in ("ping-clone", "db-clone"))
    assert "ban it from one instead" in why_not(moment, clone, "move")
    assert why_not(moment, promotable, "move") == ""


def test_what_is_done_to_a_node_is_done_to_all_of_it() -> None:
    moment, node = look(healthy()), Item("n1", "n1", "node", node="n1")
    assert deed("cleanup").order(moment, node, "").label == "clean up on n1"
    for way in (ON, OFF):
        maintenance = deed("maintenance").order(moment, node, way)
        assert maintenance.label == f"maintenance of n1 {way}"
