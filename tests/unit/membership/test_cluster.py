"""Hearts among themselves: what they agree on when things go wrong."""

from __future__ import annotations

from typing import Any

import pytest

from hanode.settings import Timing


def formed(cluster: Any) -> Any:
    cluster.start()
    cluster.until(lambda: cluster.agreed(*cluster.machines))
    cluster.run(2.0)
    return cluster


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
    cluster = formed(cluster_of(3))
    cluster.kill("n2")
    assert 0.85 < cluster.until(lambda: cluster.agreed("n1", "n3")) < 1.15
    assert cluster["n1"].view == cluster["n3"].view
    assert cluster["n1"].view.quorate


def test_refused_ports_shorten_suspicion(cluster_of: Any) -> None:
    cluster = formed(cluster_of(3))
    cluster.refuses = True
    cluster.kill("n2")
    assert 0.2 < cluster.until(lambda: cluster.agreed("n1", "n3")) < 0.45


def test_a_refused_port_of_a_node_that_is_heard_means_nothing(cluster_of: Any) -> None:
    from hanode.inputs import PortRefused

    cluster = formed(cluster_of(3))
    views = len({h.view for h in cluster["n1"].heard})
    for _ in range(50):
        cluster.run(0.05)
        cluster.give("n1", PortRefused(0, "n2"))
        cluster.give("n1", PortRefused(7, "nobody"))
    assert len({h.view for h in cluster["n1"].heard}) == views


def test_a_partition_leaves_one_quorate_side(cluster_of: Any) -> None:
    cluster = formed(cluster_of(5))
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


def test_the_lease_is_over_before_the_others_agree(cluster_of: Any) -> None:
    cluster = formed(cluster_of(3))
    cluster.cut("n1", "n2 n3")
    took = cluster.until(lambda: cluster["n1"].lease <= cluster.now)
    assert not cluster.agreed("n2", "n3")
    assert took < 0.9 + 0.01


def test_a_one_way_link_ends_in_one_stable_decision(cluster_of: Any) -> None:
    cluster = formed(cluster_of(3))
    cluster.passes = lambda a, b, link: (a, b) != ("n1", "n3")
    cluster.run(4.0)
    assert cluster["n1"].names == "n1 n2"
    assert cluster["n2"].names == "n1 n2"
    assert cluster["n3"].names == "n3"
    numbers = [m.view.number for m in cluster.machines.values()]
    cluster.run(20.0)
    assert [m.view.number for m in cluster.machines.values()] == numbers


def test_one_deaf_node_costs_the_majority_nothing(cluster_of: Any) -> None:
    cluster = formed(cluster_of(5))
    cluster.passes = lambda a, b, link: b != "n4"
    cluster.run(3.0)
    assert cluster.agreed("n1", "n2", "n3", "n5")
    assert cluster["n1"].view.quorate


def test_a_tie_goes_to_the_side_of_the_dc(cluster_of: Any) -> None:
    cluster = formed(cluster_of(3))
    from hanode.ids import Position
    from hanode.messages import Standing

    for name in cluster.machines:
        cluster.standing[name] = Standing(4, "n3", Position(4, 1), True, 1)
    cluster.run(1.0)
    cluster.passes = lambda a, b, link: {a, b} != {"n1", "n3"}
    cluster.run(4.0)
    assert cluster.agreed("n2", "n3")
    assert cluster["n1"].names == "n1"


def test_who_was_deposed_and_does_not_know_it_gets_no_lease(cluster_of: Any) -> None:
    """Simulator, 2w, seed 62667: its crm hung, so it took itself for the DC of an earlier term; it
    came into a view with a voter that had elected another."""
    from hanode.ids import Position
    from hanode.messages import Standing

    cluster = formed(cluster_of(3))
    cluster.standing["n1"] = Standing(4, "n1", Position(4, 1), True, 1)
    for name in ("n2", "n3"):
        cluster.standing[name] = Standing(5, "n2", Position(5, 1), True, 1)
    cluster.run(2.0)
    assert cluster["n1"].view.quorate
    assert cluster["n1"].lease < cluster.now < cluster["n2"].lease
    cluster.standing["n1"] = Standing(5, "n2", Position(5, 1), True, 1)
    cluster.run(0.5)
    assert cluster["n1"].lease > cluster.now


def test_a_tie_goes_to_the_witness_next(cluster_of: Any) -> None:
    cluster = formed(cluster_of(3, witness=3))
    cluster.cut("n1", "n2 n3")
    cluster.run(3.0)
    cluster.passes = lambda a, b, link: {a, b} != {"n1", "n3"}
    cluster.run(10.0)
    assert cluster.agreed("n2", "n3")


def test_a_restarted_heartbeat_process_is_no_loss(cluster_of: Any) -> None:
    cluster = formed(cluster_of(3))
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
    cluster = formed(cluster_of(3))
    cluster.kill("n2")
    cluster.run(0.4)
    cluster.reboot("n2")
    cluster.run(2.0)
    assert cluster.agreed("n1", "n2", "n3")
    assert dict(cluster["n1"].view.members)["n2"] == 2
    boots = [dict(h.view.members).get("n2") for h in cluster["n1"].heard]
    assert boots.index(None, boots.index(1)) < boots.index(2)


def test_a_node_that_was_asleep_blames_itself(cluster_of: Any) -> None:
    cluster = formed(cluster_of(3))
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
    cluster = formed(cluster_of(3))
    views = [len({h.view for h in m.heard}) for m in cluster.machines.values()]
    cluster.stop("n2")
    cluster.run(0.7)
    cluster.resume("n2")
    cluster.run(3.0)
    assert [len({h.view for h in m.heard}) for m in cluster.machines.values()] == views


def test_heavy_loss_on_two_links_costs_no_view(cluster_of: Any) -> None:
    cluster = formed(cluster_of(3, links=2))
    views = [len({h.view for h in m.heard}) for m in cluster.machines.values()]
    cluster.loss = 0.2
    cluster.run(300.0)
    assert [len({h.view for h in m.heard}) for m in cluster.machines.values()] == views
    (pulse, _) = cluster["n1"].heard[-1].peers
    assert 0.05 < pulse.loss < 0.35


def test_one_link_of_two_may_fail(cluster_of: Any) -> None:
    cluster = formed(cluster_of(3, links=2))
    views = [len({h.view for h in m.heard}) for m in cluster.machines.values()]
    cluster.passes = lambda a, b, link: link == 1
    cluster.run(5.0)
    assert [len({h.view for h in m.heard}) for m in cluster.machines.values()] == views
    assert cluster["n1"].heard[-1].peers[0].links == (False, True)


def test_two_halves_of_a_link_are_no_link(cluster_of: Any) -> None:
    cluster = formed(cluster_of(2, links=2))
    cluster.passes = lambda a, b, link: link == (a < b)
    cluster.run(5.0)
    assert cluster["n1"].names == "n1"
    assert cluster["n2"].names == "n2"


def test_a_flapping_link_is_damped(cluster_of: Any) -> None:
    cluster = formed(cluster_of(3))
    for _ in range(30):
        cluster.passes = lambda a, b, link: {a, b} != {"n1", "n3"}
        cluster.run(1.2)
        cluster.heal()
        cluster.run(0.8)
    views = len({h.view for h in cluster["n2"].heard})
    assert views < 20


def test_the_peers_pulse_is_true(cluster_of: Any) -> None:
    cluster = formed(cluster_of(3))
    cluster.run(30.0)
    heard = cluster["n1"].heard[-1]
    assert [pulse.name for pulse in heard.peers] == ["n2", "n3"]
    for pulse in heard.peers:
        assert 0.1 < pulse.rtt_ms < 1.2
        assert pulse.loss < 0.05
        assert pulse.links == (True,)
        assert cluster.now - 0.7 < pulse.heard_at <= cluster.now
        assert cluster.now - 0.8 < pulse.echoed_at <= cluster.now
        assert pulse.lrm_alive


def test_the_watchdog_is_fed_only_for_a_sound_node(cluster_of: Any) -> None:
    from dataclasses import replace

    cluster = formed(cluster_of(3))

    def fed(seconds: float) -> int:
        before = cluster["n1"].fed
        cluster.run(seconds)
        return int(cluster["n1"].fed - before)

    assert fed(1.0) >= 9
    cluster.standing["n1"] = replace(cluster.standing["n1"], lrm_alive=False)
    cluster.run(1.0)
    assert fed(1.0) == 0
    cluster.standing["n1"] = replace(cluster.standing["n1"], lrm_alive=True, running=1)
    cluster.run(1.0)
    assert fed(1.0) >= 9
    cluster.cut("n1", "n2 n3")
    cluster.run(2.0)
    assert fed(1.0) == 0
    cluster.standing["n1"] = replace(cluster.standing["n1"], running=0)
    cluster.run(1.0)
    assert fed(1.0) >= 9


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


def test_a_new_life_may_have_echoed_everybody_until_it_began(cluster_of: Any) -> None:
    cluster = formed(cluster_of(3))
    cluster.kill("n2")
    cluster.run(0.3)
    heard = len(cluster["n2"].heard)
    cluster.start("n2")
    assert [pulse.echoed_at for pulse in cluster["n2"].heard[heard].peers] == [cluster.now] * 2


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("refuses", [True, False])
def test_whoever_notices_a_death_first_does_not_go_alone(
    cluster_of: Any, seed: int, refuses: bool
) -> None:
    cluster = formed(cluster_of(3, seed=seed, links=2))
    cluster.refuses = refuses
    cluster.run(seed * 0.013)
    before = {name: len(cluster[name].heard) for name in ("n1", "n3")}
    cluster.kill("n2")
    cluster.run(4)
    for name, told in before.items():
        assert all(heard.view.quorate for heard in cluster[name].heard[told:])
        assert cluster[name].names == "n1 n3"


def test_what_lay_in_the_socket_is_no_round_trip_and_no_later_word(cluster_of: Any) -> None:
    cluster = cluster_of(3)
    cluster.left_waiting = 0.15
    formed(cluster)
    peers = cluster["n1"].heard[-1].peers
    assert all(0.1 < pulse.rtt_ms < 1.2 for pulse in peers)
    cluster.left_waiting = 0.0
    cluster.kill("n2")
    assert 0.85 < cluster.until(lambda: cluster.agreed("n1", "n3")) < 1.15


def test_a_lease_is_no_longer_than_those_who_grant_it_would_wait(cluster_of: Any) -> None:
    """`hanode init --deadtime 5s`, then `hanode join` without: simulated, the services of the one
    with the longer deadtime ran on while the others started them."""
    cluster = cluster_of(3)
    cluster.timings["n1"] = Timing(deadtime=5.0)
    formed(cluster)
    cluster.cut("n1", "n2 n3")
    cluster.until(lambda: cluster.agreed("n2", "n3"))
    assert cluster["n1"].lease < cluster.now
    said = "n1 has a deadtime of 5 s, and n2 one of 1 s"
    assert any(said in text for text in cluster["n2"].said)
    assert any("n3 has a deadtime of 1 s, and n1 one of 5 s" in t for t in cluster["n1"].said)
    pulses = {pulse.name: pulse.deadtime for pulse in cluster["n2"].heard[-1].peers}
    assert pulses == {"n1": 5.0, "n3": 1.0}


def test_of_equal_deadtimes_nobody_speaks(cluster_of: Any) -> None:
    cluster = formed(cluster_of(3))
    assert not [text for m in cluster.machines.values() for text in m.said if "deadtime" in text]
