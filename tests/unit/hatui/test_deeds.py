"""What may be done to a thing, and why not: by what is so."""

from __future__ import annotations

from hanode.mgmt import orders
from hanode.mgmt.whole import replacement
from hatui.cluster import looks
from hatui.cluster.constraints import constraints
from hatui.cluster.resource_tree import resource_tree
from hatui.cluster.scene import Scene
from hatui.cluster.whatif import look_at
from hatui.deeds import fitting
from tests.console.feed import after, healthy
from tests.unit.hatui.drawn import look


def test_a_role_is_a_role_in_any_case_of_letters() -> None:
    cluster = after(lambda state: orders.target_role(state, "web", "Stopped"))
    lower = after(lambda state: replacement(
        state, cluster.state.cib.replace('value="Stopped"', 'value="stopped"'), [], force=True
    ))  # fmt: skip
    assert 'value="stopped"' in lower.state.cib
    items = {item.name: item for top in resource_tree(look(lower)) for item in top.children}
    assert items["web"].look is looks.DISABLED
    assert "disabled" in items["web"].facts["is"]
    (start,) = (why for one, why in fitting(look(lower), items["web"]) if one.id == "start")
    assert start == ""


def test_a_constraint_can_be_asked_about_where_it_stands() -> None:
    cluster = healthy()
    cluster.order(orders.ban(cluster.state, "backup", "n1").events[0])
    moment = look_at(cluster.state, cluster.now)
    (section,) = (one for one in constraints(Scene(moment)) if one.key == "@moves and bans")
    assert "whatif-without" in [one.id for one, _ in fitting(moment, section.children[0])]
