"""Links that lose, fail and flap, and what is measured of them."""

from __future__ import annotations

from typing import Any


def test_heavy_loss_on_two_links_costs_no_view(cluster_of: Any) -> None:
    cluster = cluster_of(3, links=2).formed()
    views = [len({h.view for h in m.heard}) for m in cluster.machines.values()]
    cluster.loss = 0.2
    cluster.run(300.0)
    assert [len({h.view for h in m.heard}) for m in cluster.machines.values()] == views
    (pulse, _) = cluster["n1"].heard[-1].peers
    assert 0.05 < pulse.loss < 0.35


def test_one_link_of_two_may_fail(cluster_of: Any) -> None:
    cluster = cluster_of(3, links=2).formed()
    views = [len({h.view for h in m.heard}) for m in cluster.machines.values()]
    cluster.passes = lambda a, b, link: link == 1
    cluster.run(5.0)
    assert [len({h.view for h in m.heard}) for m in cluster.machines.values()] == views
    assert cluster["n1"].heard[-1].peers[0].links == (False, True)


def test_two_halves_of_a_link_are_no_link(cluster_of: Any) -> None:
    cluster = cluster_of(2, links=2).formed()
    cluster.passes = lambda a, b, link: link == (a < b)
    cluster.run(5.0)
    assert cluster["n1"].names == "n1"
    assert cluster["n2"].names == "n2"


def test_a_flapping_link_is_damped(cluster_of: Any) -> None:
    cluster = cluster_of(3).formed()
    for _ in range(30):
        cluster.passes = lambda a, b, link: {a, b} != {"n1", "n3"}
        cluster.run(1.2)
        cluster.heal()
        cluster.run(0.8)
    views = len({h.view for h in cluster["n2"].heard})
    assert views < 20


def test_the_peers_pulse_is_true(cluster_of: Any) -> None:
    cluster = cluster_of(3).formed()
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


def test_what_lay_in_the_socket_is_no_round_trip_and_no_later_word(cluster_of: Any) -> None:
    cluster = cluster_of(3)
    cluster.left_waiting = 0.15
    cluster.formed()
    peers = cluster["n1"].heard[-1].peers
    assert all(0.1 < pulse.rtt_ms < 1.2 for pulse in peers)
    cluster.left_waiting = 0.0
    cluster.kill("n2")
    assert 0.85 < cluster.until(lambda: cluster.agreed("n1", "n3")) < 1.15
