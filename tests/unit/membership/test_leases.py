"""A lease is over before anybody else could act, and who was deposed gets none."""

from __future__ import annotations

from typing import Any

from hanode.ids import Position
from hanode.local_messages import Standing
from hanode.settings import Timing


def test_the_lease_is_over_before_the_others_agree(cluster_of: Any) -> None:
    cluster = cluster_of(3).formed()
    cluster.cut("n1", "n2 n3")
    took = cluster.until(lambda: cluster["n1"].lease <= cluster.now)
    assert not cluster.agreed("n2", "n3")
    assert took < 0.9 + 0.01


def test_who_was_deposed_and_does_not_know_it_gets_no_lease(cluster_of: Any) -> None:
    """Simulator, 2w, seed 62667: its crm hung, so it took itself for the DC of an earlier term; it
    came into a view with a voter that had elected another."""

    cluster = cluster_of(3).formed()
    cluster.standing["n1"] = Standing(4, "n1", Position(4, 1), True, 1)
    for name in ("n2", "n3"):
        cluster.standing[name] = Standing(5, "n2", Position(5, 1), True, 1)
    cluster.run(2.0)
    assert cluster["n1"].view.quorate
    assert cluster["n1"].lease < cluster.now < cluster["n2"].lease
    cluster.standing["n1"] = Standing(5, "n2", Position(5, 1), True, 1)
    cluster.run(0.5)
    assert cluster["n1"].lease > cluster.now


def test_a_lease_is_no_longer_than_those_who_grant_it_would_wait(cluster_of: Any) -> None:
    """`hanode init --deadtime 5s`, then `hanode join` without: simulated, the services of the one
    with the longer deadtime ran on while the others started them."""
    cluster = cluster_of(3)
    cluster.timings["n1"] = Timing(deadtime=5.0)
    cluster.formed()
    cluster.cut("n1", "n2 n3")
    cluster.until(lambda: cluster.agreed("n2", "n3"))
    assert cluster["n1"].lease < cluster.now
    said = "n1 has a deadtime of 5 s, and n2 one of 1 s"
    assert any(said in text for text in cluster["n2"].said)
    assert any("n3 has a deadtime of 1 s, and n1 one of 5 s" in t for t in cluster["n1"].said)
    pulses = {pulse.name: pulse.deadtime for pulse in cluster["n2"].heard[-1].peers}
    assert pulses == {"n1": 5.0, "n3": 1.0}


def test_of_equal_deadtimes_nobody_speaks(cluster_of: Any) -> None:
    cluster = cluster_of(3).formed()
    assert not [text for m in cluster.machines.values() for text in m.said if "deadtime" in text]
