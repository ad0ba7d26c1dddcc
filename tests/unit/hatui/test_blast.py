"""What the loss of a node would do: by the engine that would decide in earnest."""

from __future__ import annotations

import asyncio
import json

from hanode.events import FencingIntended
from hanode.mgmt import orders
from hatui.cluster import errands
from hatui.cluster.blast import Blast, blast
from hatui.cluster.blast_words import in_full, in_header, on_row
from hatui.cluster.preview import preview
from hatui.cluster.spans import text_of
from hatui.cluster.whatif import forecast
from hatui.link.aside import losses_aside
from tests.console.feed import CIB, Cluster, healthy, outage


def test_any_node_of_three_may_fail() -> None:
    cluster = healthy()
    found = blast(cluster.state, cluster.now)
    assert found.basis == cluster.state.basis
    assert found.points == ()
    assert found.losses["n1"].moves == ("front-ip", "web")
    assert found.losses["n2"].moves == ("backup", "db")
    assert found.losses["n3"].moves == ()
    said = in_header(found)
    assert said is not None
    assert said.text == "any node may fail"


def test_with_one_gone_there_is_none_to_spare() -> None:
    cluster = outage()
    found = blast(cluster.state, cluster.now)
    assert not any(loss.quorum for loss in found.losses.values())
    assert "web" in found.losses["n1"].stops
    assert "backup" in found.losses["n1"].stops
    said = in_header(found)
    assert said is not None
    assert said.text == "no node to spare"


def five() -> Cluster:
    """Two nodes more than the others have."""
    cluster = Cluster(("n1", "n2", "n3", "n4", "n5"))
    cluster.probed()
    cluster.settle()
    return cluster


def test_of_three_no_two_may_fail_and_of_five_any_two() -> None:
    three, wide = healthy(), five()
    found = blast(three.state, three.now)
    assert found.pairs is not None
    assert [one.nodes for one in found.pairs] == [("n1", "n2"), ("n1", "n3"), ("n2", "n3")]
    assert not any(one.quorum for one in found.pairs)
    told = [text_of(line) for line in in_full(found, "", 80)]
    assert "the others have no quorum, whichever two" in told
    found = blast(wide.state, wide.now)
    assert found.pairs is not None
    assert len(found.pairs) == 10
    assert found.any_two
    said = in_header(found)
    assert said is not None
    assert said.text == "any two nodes may fail"
    assert "every service goes on, whichever two" in [text_of(s) for s in in_full(found, "", 80)]


def test_two_that_are_each_others_only_refuge_must_not_fail_at_once() -> None:
    cluster = five()
    for node in ("n1", "n4", "n5"):
        for event in orders.ban(cluster.state, "backup", node).events:
            cluster.order(event)
    cluster.settle()
    found = blast(cluster.state, cluster.now)
    assert found.points == ()
    assert found.pairs is not None
    assert [one.nodes for one in found.pairs if not one.harmless] == [("n2", "n3")]
    said = in_header(found)
    assert said is not None
    assert said.text == "any node may fail"
    assert "n2 and n3: stop: backup" in [text_of(line) for line in in_full(found, "n3", 80)]
    assert Blast.from_wire(json.loads(json.dumps(found.to_wire()))) == found


def bound() -> Cluster:
    """backup may run on n2 alone."""
    cluster = healthy()
    for node in ("n1", "n3"):
        for event in orders.ban(cluster.state, "backup", node).events:
            cluster.order(event)
    cluster.settle()
    return cluster


def test_what_may_run_on_one_node_alone_makes_that_node_a_single_point_of_failure() -> None:
    cluster = bound()
    found = blast(cluster.state, cluster.now)
    assert [loss.name for loss in found.points] == ["n2"]
    assert found.losses["n2"].stops == ("backup",)
    said = in_header(found)
    assert said is not None
    assert said.text == "n2 must not fail"
    assert text_of(on_row(found.losses["n2"])) == "  if lost: backup stops, db moves"
    told = [text_of(line) for line in in_full(found, "backup", 60)]
    assert "stops if n2 is lost" in told


def test_the_state_itself_is_left_alone() -> None:
    cluster = healthy()
    before = cluster.state.digest()
    blast(cluster.state, cluster.now)
    assert cluster.state.digest() == before


def test_another_process_gives_the_same_answer() -> None:
    cluster = healthy()
    here = blast(cluster.state, cluster.now)
    assert asyncio.run(losses_aside(cluster.state, cluster.now)) == here
    assert Blast.from_wire(json.loads(json.dumps(here.to_wire()))) == here


def two_nodes(fencing: bool = True) -> Cluster:
    cib = CIB if fencing else CIB.replace('name="stonith-enabled" value="true"',
                                          'name="stonith-enabled" value="false"')  # fmt: skip
    cluster = Cluster(("n1", "n2"), cib)
    cluster.probed()
    cluster.settle()
    return cluster


def test_of_two_nodes_alone_one_goes_on_once_the_other_is_fenced() -> None:
    cluster = two_nodes()
    losses = blast(cluster.state, cluster.now).losses
    assert [loss.quorum for loss in losses.values()] == [True, True]
    assert "front-ip" in losses["n1"].moves
    told = errands.fence("n2").build(cluster.state)
    seen = preview(forecast(cluster.state, told.events, cluster.now))
    assert not any("QUORUM IS LOST" in span.text for span in seen.remains)
    seen = preview(forecast(cluster.state, errands.lose("n2").build(cluster.state).events,
                            cluster.now))  # fmt: skip
    assert not any("QUORUM IS LOST" in span.text for span in seen.remains)


def test_of_two_nodes_alone_none_goes_on_where_nothing_is_fenced() -> None:
    cluster = two_nodes(fencing=False)
    losses = blast(cluster.state, cluster.now).losses
    assert [loss.quorum for loss in losses.values()] == [False, False]


def test_a_fencing_of_two_that_is_intended_is_no_quorum_lost() -> None:
    cluster = two_nodes()
    cluster.say(FencingIntended("f1", "n2", 1, "reboot", "why"))
    assert blast(cluster.state, cluster.now).losses["n2"].quorum
