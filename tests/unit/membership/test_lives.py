"""A process that begins anew, a crm that falls silent, a boot, a sleep: what they cost the view."""

from __future__ import annotations

from typing import Any


def test_a_restarted_heartbeat_process_is_no_loss(cluster_of: Any) -> None:
    cluster = cluster_of(3).formed()
    seen = {name: len({h.view for h in m.heard}) for name, m in cluster.machines.items()}
    view = cluster["n1"].view
    cluster.kill("n2")
    cluster.run(0.3)
    heard = len(cluster["n2"].heard)
    cluster.start("n2")
    cluster.run(3.0)
    assert cluster["n2"].view == view
    assert cluster["n2"].heard[heard].view.number == 0
    for name in ("n1", "n3"):
        assert len({h.view for h in cluster[name].heard}) == seen[name]
    assert cluster["n2"].lease > cluster.now


def test_a_crm_that_speaks_again_has_its_node_back_in_the_view(cluster_of: Any) -> None:
    """Before the others have missed it: what they say is no news then."""
    cluster = cluster_of(3)
    cluster.start()
    cluster.run(2.0)
    cluster.mute.add("n1")
    cluster.until(lambda: cluster["n1"].lease == 0.0)
    cluster.mute.discard("n1")
    cluster.run(3.0)
    assert cluster.agreed("n1", "n2", "n3")
    assert all(machine.lease > cluster.now for machine in cluster.machines.values())


def test_a_reboot_makes_a_new_member(cluster_of: Any) -> None:
    cluster = cluster_of(3).formed()
    cluster.kill("n2")
    cluster.run(0.4)
    cluster.reboot("n2")
    cluster.run(2.0)
    assert cluster.agreed("n1", "n2", "n3")
    assert dict(cluster["n1"].view.members)["n2"] == 2
    boots = [dict(h.view.members).get("n2") for h in cluster["n1"].heard]
    assert boots.index(None, boots.index(1)) < boots.index(2)


def test_a_node_that_was_asleep_blames_itself(cluster_of: Any) -> None:
    cluster = cluster_of(3).formed()
    cluster.stop("n2")
    cluster.run(5.0)
    assert cluster.agreed("n1", "n3")
    lease = cluster["n2"].lease
    assert lease < cluster.now
    cluster.resume("n2")
    cluster.run(0.05)
    assert "asleep" in " ".join(cluster["n2"].said)
    assert cluster["n2"].lease < cluster.now
    assert cluster.until(lambda: cluster.agreed("n1", "n2", "n3")) < 3.0


def test_a_short_sleep_costs_no_view(cluster_of: Any) -> None:
    cluster = cluster_of(3).formed()
    views = [len({h.view for h in m.heard}) for m in cluster.machines.values()]
    cluster.stop("n2")
    cluster.run(0.7)
    cluster.resume("n2")
    cluster.run(3.0)
    assert [len({h.view for h in m.heard}) for m in cluster.machines.values()] == views


def test_a_new_life_may_have_echoed_everybody_until_it_began(cluster_of: Any) -> None:
    cluster = cluster_of(3).formed()
    cluster.kill("n2")
    cluster.run(0.3)
    heard = len(cluster["n2"].heard)
    cluster.start("n2")
    assert [pulse.echoed_at for pulse in cluster["n2"].heard[heard].peers] == [cluster.now] * 2
