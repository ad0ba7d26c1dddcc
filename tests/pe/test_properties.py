"""What holds for every cluster, not only for those that somebody thought of."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, note, settings

from hanode.cib.document import Cib
from hanode.pe import apply, overview, schedule
from hanode.pe.model.score import INFINITY
from hanode.transition import Transition

sys.path.insert(0, str(Path(__file__).parent))

from generate import clusters

NOW = 1_700_000_000
SOME = settings(
    max_examples=100,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking takes minutes here
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@SOME
@given(clusters())
def test_the_same_question_has_the_same_answer(cib: Cib) -> None:
    first = json.dumps(schedule(cib, NOW).to_wire())
    assert json.dumps(schedule(cib, NOW).to_wire()) == first


@SOME
@given(clusters())
def test_a_transition_survives_the_wire(cib: Cib) -> None:
    transition = schedule(cib, NOW)
    assert Transition.from_wire(json.loads(json.dumps(transition.to_wire()))) == transition


@SOME
@given(clusters())
def test_nothing_starts_on_an_unclean_node(cib: Cib) -> None:
    unclean = {node.name for node in overview(cib, NOW).nodes if node.unclean}
    for action in schedule(cib, NOW).actions:
        if action.kind == "rsc" and not action.pseudo:
            assert action.node not in unclean, action


@SOME
@given(clusters())
def test_scores_stay_within_infinity(cib: Cib) -> None:
    for nodes in schedule(cib, NOW).totals.values():
        assert all(-INFINITY <= score <= INFINITY for score in nodes.values())


@SOME
@given(clusters())
def test_the_cluster_gets_where_it_wants_to_be(cib: Cib) -> None:
    """Some decisions need to see the results of others, but it must come to an end."""
    for _ in range(8):
        transition = schedule(cib, NOW)
        real = [action for action in transition.actions if not action.pseudo]
        if not real:
            return
        cib = apply(cib, transition, NOW)
    note(str([(action.task, action.node) for action in real]))
    raise AssertionError("it never comes to rest")


@SOME
@given(clusters())
def test_orderings_have_no_loop(cib: Cib) -> None:
    from hanode.pe.simulate import in_order

    transition = schedule(cib, NOW)
    assert len(in_order(transition)) == len(transition.actions)


@SOME
@given(clusters())
def test_every_change_has_its_reason(cib: Cib) -> None:
    for change in schedule(cib, NOW).summary:
        assert change.reason, change
