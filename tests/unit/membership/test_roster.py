"""Whom a Heart hears follows its crm's roster, whatever that says."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import pytest

from hanode.effects import SendDatagram
from hanode.inputs import DatagramArrived, LocalSaid, PartUp, PortRefused, Wake
from hanode.local_messages import Alive
from hanode.membership import Heart
from hanode.messaging import X25519Secret
from hanode.peer_messages import Roster
from hanode.settings import Timing

CLUSTER = b"a cluster of 16b"


def tell_roster(cluster: Any, members: Any, as_of: int) -> None:
    for name in cluster.machines:
        cluster.give(name, LocalSaid(Roster(CLUSTER, tuple(members), as_of)))


def test_it_is_silent_before_the_roster() -> None:
    heart = Heart("n1", 1, 1, Timing(), X25519Secret(bytes(31) + b"1"), Random(1))
    assert heart.deadline() is None
    for given in (Wake(), PartUp("crm"), PortRefused(0, "n2"), DatagramArrived(0, b"HAN1" * 30)):
        assert heart.step(given, 1.0) == []


def test_a_cluster_of_32_forms(cluster_of: Any) -> None:
    cluster = cluster_of(32)
    cluster.start()
    names = tuple(sorted(cluster.machines))
    assert cluster.until(lambda: cluster.agreed(*names)) < 1.5
    assert max(len(data) for _, data in cluster["n1"].sent) <= 1200


def test_more_than_32_are_refused_the_old_roster_stays(cluster_of: Any) -> None:
    cluster = cluster_of(3)
    cluster.start()
    cluster.run(2.0)
    many = [replace(cluster.members[0], name=f"n{n}", number=n) for n in range(1, 34)]
    tell_roster(cluster, many, 1)
    assert "33 members, more than 32" in " ".join(cluster["n1"].said)
    tell_roster(cluster, [replace(member, number=7) for member in cluster.members], 2)
    assert "not distinct" in " ".join(cluster["n1"].said)
    cluster.run(3.0)
    assert cluster.agreed("n1", "n2", "n3")
    assert cluster["n1"].lease > cluster.now


def test_a_new_member_joins_a_removed_one_is_out(cluster_of: Any) -> None:
    cluster = cluster_of(4)
    three = cluster.members[:3]
    everybody, cluster.members = cluster.members, three
    cluster.start("n1", "n2", "n3")
    cluster.run(2.0)
    assert cluster.agreed("n1", "n2", "n3")
    cluster.members = everybody
    cluster.start("n4")
    tell_roster(cluster, everybody, 1)
    assert cluster["n1"].view.names == ("n1", "n2", "n3")
    assert cluster.until(lambda: cluster.agreed("n1", "n2", "n3", "n4")) < 1.0
    tell_roster(cluster, three, 2)
    assert cluster.until(lambda: cluster.agreed("n1", "n2", "n3")) < 1.0
    assert cluster["n4"].lease == 0.0
    assert cluster["n4"].view.names == ()
    assert "no member of this cluster" in " ".join(cluster["n4"].said)


def test_votes_follow_the_roster(cluster_of: Any) -> None:
    cluster = cluster_of(2)
    both, cluster.members = cluster.members, cluster.members[:1]
    cluster.start("n1")
    cluster.run(0.5)
    assert cluster["n1"].view.quorate
    cluster.give("n1", LocalSaid(Roster(CLUSTER, both)))
    cluster.run(0.5)
    assert not cluster["n1"].view.quorate
    assert cluster["n1"].lease == 0.0


def test_an_older_roster_forgets_nobody(cluster_of: Any) -> None:
    """Simulator, 5 nodes, seed 200: a crm that can't write its log starts again and again, each
    time with the members of its snapshot; its heartbeat kept dropping who had joined since."""
    cluster = cluster_of(3)
    cluster.start()
    cluster.run(1.5)
    everybody = cluster["n1"].view
    assert everybody.names == ("n1", "n2", "n3")
    cluster.give("n1", LocalSaid(Roster(CLUSTER, cluster.members, as_of=9)))
    cluster.give("n1", LocalSaid(Roster(CLUSTER, cluster.members[:2], as_of=4)))
    cluster.run(1.5)
    assert cluster["n1"].view == everybody
    cluster.give("n1", LocalSaid(Roster(CLUSTER, cluster.members[:2], as_of=9)))
    cluster.run(1.5)
    assert cluster["n1"].view == everybody
    cluster.give("n1", LocalSaid(Roster(CLUSTER, cluster.members[:2], as_of=10)))
    cluster.run(0.5)
    assert cluster["n1"].view.names == ("n1", "n2")


def test_an_older_roster_brings_nobody_back(cluster_of: Any) -> None:
    """Simulator, 5 nodes, seed 61138: a crm was started again from before a removal; who had been
    removed was heard on, though its next roster had it right."""
    cluster = cluster_of(3)
    cluster.start()
    cluster.run(1.5)
    cluster.give("n1", LocalSaid(Roster(CLUSTER, cluster.members[:2], as_of=9)))
    for as_of, members in ((4, cluster.members), (9, cluster.members[:2])):
        cluster.give("n1", LocalSaid(Roster(CLUSTER, members, as_of=as_of)))
        assert [member.name for member in cluster["n1"].heart._company.members] == ["n1", "n2"]


def test_an_unusable_key_costs_one_peer_only() -> None:
    from hanode.events import Member

    secret = X25519Secret(bytes(31) + b"1")
    heart = Heart("n1", 1, 1, Timing(), secret, Random(1))
    members = (
        Member("n1", 1, "data", b"", kex=secret.public),
        Member("n2", 2, "data", b"", kex=bytes(32)),
        Member("n3", 3, "data", b"", kex=X25519Secret(bytes(31) + b"3").public),
    )
    effects = heart.step(LocalSaid(Roster(CLUSTER, members)), 1.0)
    assert any("n2 can't be heard" in getattr(effect, "text", "") for effect in effects)
    assert any(isinstance(effect, SendDatagram) for effect in effects)


def test_what_is_not_for_it_is_said_and_dropped() -> None:
    heart = Heart("n1", 1, 1, Timing(), X25519Secret(bytes(31) + b"1"), Random(1))
    (said,) = heart.step(LocalSaid(Alive(3)), 1.0)
    assert "Alive" in said.text


@pytest.mark.parametrize("change", [{"name": "other"}, {"kex": b"another key"}])
def test_a_number_never_stands_for_two(cluster_of: Any, change: dict[str, Any]) -> None:
    """Another node under a number that was given: nothing of the first one counts for it."""
    cluster = cluster_of(2)
    cluster.start()
    cluster.run(1.0)
    cluster.kill("n2")
    one, two = cluster.members
    cluster.give("n1", LocalSaid(Roster(CLUSTER, (one, replace(two, **change)), as_of=1)))
    cluster.run(0.1)
    assert cluster["n1"].heard[-1].peers[0].boot == 0


def test_names_are_those_of_the_roster_of_now(cluster_of: Any) -> None:
    cluster = cluster_of(3)
    cluster.start()
    cluster.run(3.0)
    company = cluster["n1"].heart._company
    assert company.names_of(((3, 1), (2, 1), (9, 1))) == ("n2", "n3")
    cluster.give("n1", LocalSaid(Roster(CLUSTER, cluster.members[:2], as_of=5)))
    assert company.names_of(((3, 1), (2, 1), (9, 1))) == ("n2",)
    assert company.name_of(3) == ""
