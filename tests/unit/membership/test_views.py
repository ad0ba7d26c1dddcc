"""The view that Hearts agree on: how soon, and which, when nodes die and networks are cut."""

from __future__ import annotations

from typing import Any

import pytest

from hanode.ids import Position
from hanode.inputs import PortRefused
from hanode.local_messages import Standing
from hanode.settings import Timing


@pytest.mark.parametrize("size", [1, 2, 3, 5, 16])
def test_a_fresh_cluster_forms_within_a_second(cluster_of: Any, size: int) -> None:
    cluster = cluster_of(size)
    cluster.start()
    names = tuple(sorted(cluster.machines))
    assert cluster.until(lambda: cluster.agreed(*names)) < 1.0
    views = {machine.view for machine in cluster.machines.values()}
    assert len(views) == 1
    assert views.pop().quorate
    cluster.run(1.0)
    assert all(m.lease > cluster.now + 0.5 for m in cluster.machines.values())


def test_a_majority_goes_ahead_after_twice_deadtime(cluster_of: Any) -> None:
    cluster = cluster_of(3)
    cluster.start("n1", "n2")
    took = cluster.until(lambda: cluster.agreed("n1", "n2"))
    assert 2.0 <= took < 3.0
    assert cluster["n1"].view.quorate


def test_a_minority_waits_for_initdead_and_has_no_quorum(cluster_of: Any) -> None:
    cluster = cluster_of(3)
    cluster.start("n1")
    took = cluster.until(lambda: cluster.agreed("n1"))
    assert took == pytest.approx(10.0, abs=0.2)
    assert not cluster["n1"].view.quorate
    cluster.run(1.0)
    assert cluster["n1"].lease == 0.0


def test_a_killed_node_leaves_the_view_after_deadtime(cluster_of: Any) -> None:
    cluster = cluster_of(3).formed()
    cluster.kill("n2")
    assert 0.85 < cluster.until(lambda: cluster.agreed("n1", "n3")) < 1.15
    assert cluster["n1"].view == cluster["n3"].view
    assert cluster["n1"].view.quorate


def test_refused_ports_shorten_suspicion(cluster_of: Any) -> None:
    cluster = cluster_of(3).formed()
    cluster.refuses = True
    cluster.kill("n2")
    assert 0.2 < cluster.until(lambda: cluster.agreed("n1", "n3")) < 0.45


def test_a_refused_port_of_a_node_that_is_heard_means_nothing(cluster_of: Any) -> None:
    cluster = cluster_of(3).formed()
    views = len({h.view for h in cluster["n1"].heard})
    for _ in range(50):
        cluster.run(0.05)
        cluster.give("n1", PortRefused(0, "n2"))
        cluster.give("n1", PortRefused(7, "nobody"))
    assert len({h.view for h in cluster["n1"].heard}) == views


def test_a_partition_leaves_one_quorate_side(cluster_of: Any) -> None:
    cluster = cluster_of(5).formed()
    cluster.cut("n1 n2", "n3 n4 n5")
    cluster.run(3.0)
    assert cluster.agreed("n1", "n2")
    assert cluster.agreed("n3", "n4", "n5")
    assert not cluster["n1"].view.quorate
    assert cluster["n1"].lease == 0.0
    assert cluster["n3"].view.quorate
    assert cluster["n3"].lease > cluster.now
    cluster.heal()
    assert cluster.until(lambda: cluster.agreed(*cluster.machines)) < 2.0


def test_a_one_way_link_ends_in_one_stable_decision(cluster_of: Any) -> None:
    cluster = cluster_of(3).formed()
    cluster.passes = lambda a, b, link: (a, b) != ("n1", "n3")
    cluster.run(4.0)
    assert cluster["n1"].names == "n1 n2"
    assert cluster["n2"].names == "n1 n2"
    assert cluster["n3"].names == "n3"
    numbers = [m.view.number for m in cluster.machines.values()]
    cluster.run(20.0)
    assert [m.view.number for m in cluster.machines.values()] == numbers


def test_one_deaf_node_costs_the_majority_nothing(cluster_of: Any) -> None:
    cluster = cluster_of(5).formed()
    cluster.passes = lambda a, b, link: b != "n4"
    cluster.run(3.0)
    assert cluster.agreed("n1", "n2", "n3", "n5")
    assert cluster["n1"].view.quorate


def test_a_tie_goes_to_the_side_of_the_dc(cluster_of: Any) -> None:
    cluster = cluster_of(3).formed()

    for name in cluster.machines:
        cluster.standing[name] = Standing(4, "n3", Position(4, 1), True, 1)
    cluster.run(1.0)
    cluster.passes = lambda a, b, link: {a, b} != {"n1", "n3"}
    cluster.run(4.0)
    assert cluster.agreed("n2", "n3")
    assert cluster["n1"].names == "n1"


def test_a_tie_goes_to_the_witness_next(cluster_of: Any) -> None:
    cluster = cluster_of(3, witness=3).formed()
    cluster.cut("n1", "n2 n3")
    cluster.run(3.0)
    cluster.passes = lambda a, b, link: {a, b} != {"n1", "n3"}
    cluster.run(10.0)
    assert cluster.agreed("n2", "n3")


def test_slow_heartbeats_scale(cluster_of: Any) -> None:
    cluster = cluster_of(3, timing=Timing(1.0, 5.0, 10.0, 60.0))
    cluster.start()
    assert cluster.until(lambda: cluster.agreed("n1", "n2", "n3")) < 10.0
    cluster.run(20.0)
    cluster.kill("n1")
    assert cluster.until(lambda: cluster.agreed("n2", "n3")) < 11.5


def test_same_seed_same_story(cluster_of: Any) -> None:
    def story() -> list[Any]:
        cluster = cluster_of(5, links=2, seed=7)
        cluster.loss = 0.3
        cluster.start()
        cluster.run(20.0)
        return [(m.said, m.sent) for m in cluster.machines.values()]

    assert story() == story()


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("refuses", [True, False])
def test_whoever_notices_a_death_first_does_not_go_alone(
    cluster_of: Any, seed: int, refuses: bool
) -> None:
    cluster = cluster_of(3, seed=seed, links=2).formed()
    cluster.refuses = refuses
    cluster.run(seed * 0.013)
    before = {name: len(cluster[name].heard) for name in ("n1", "n3")}
    cluster.kill("n2")
    cluster.run(4)
    for name, told in before.items():
        assert all(heard.view.quorate for heard in cluster[name].heard[told:])
        assert cluster[name].names == "n1 n3"
