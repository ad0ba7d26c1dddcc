"""Two nodes alone: whose vote counts, and who shoots first."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import pytest

from hanode.cib.score import INFINITY
from hanode.effects import Persist, TellLrm
from hanode.events import (
    DcElected,
    FencingConfirmed,
    Member,
    MemberAdded,
    MemberRemoved,
    OperationFinished,
    VoteRestored,
)
from hanode.identity import verify
from hanode.inputs import Asked, LocalSaid, PartUp
from hanode.local_messages import FenceResult, Heard, View
from hanode.mgmt.protocol import command
from hanode.node import Node, found
from hanode.node.importance import importance
from hanode.node.survivor import FIRST_SHOT
from hanode.peer_messages import ISOLATED, POWERLESS, FenceOrder
from hanode.settings import Timing
from hanode.state import ClusterState
from hanode.state.operations import record
from hanode.state.records import NodeRecord
from tests.unit.node.alone import CIB, IDENTITY, Alone
from tests.unit.node.test_lawful import NEWCOMER
from tests.unit.state.test_fold import Story

TWO = ("n1", "n2")


def two() -> Story:
    """A cluster of just two data nodes, led by n1."""
    log = Story()
    log.tell(MemberRemoved("n3"))
    log.tell(DcElected(2, "n1", TWO))
    return log


def test_a_dc_with_both_votes_withholds_none() -> None:
    assert two().state.withheld == ()


def test_a_dc_elected_by_itself_counts_alone_until_the_other_has_caught_up() -> None:
    log = two()
    log.tell(DcElected(3, "n1", ("n1",)))
    assert log.state.withheld == ("n2",)
    log.tell(DcElected(4, "n1", ("n1",)))
    assert log.state.withheld == ("n2",), "a later election by itself changes nothing"
    log.tell(VoteRestored("n2", 2))
    assert not log.state.withheld


def test_of_three_nodes_no_vote_is_ever_withheld() -> None:
    log = two()
    log.tell(MemberAdded(Member("n3", 3, "data", b"k" * 32)))
    log.tell(DcElected(3, "n1", ("n1",)))
    assert log.state.withheld == ()


def started(node: str, resource: str, task: str = "start") -> OperationFinished:
    agent = "ocf:hanode:Dummy"
    return OperationFinished(node, resource, agent, task, 0, 0, "done", call_id=1)


def test_importance_is_the_priority_of_what_runs() -> None:
    state = ClusterState()
    state.cib = (
        '<cib><configuration><resources><group id="g"><meta_attributes id="gm">'
        '<nvpair id="gp" name="priority" value="7"/></meta_attributes>'
        '<primitive id="a"/></group><primitive id="b"/></resources></configuration></cib>'
    )
    for name, resource, task in (("n1", "a", "start"), ("n2", "b", "promote")):
        node = state.nodes[name] = NodeRecord(name)
        record(node, started(name, resource, task))
    assert (importance(state, "n1"), importance(state, "n2")) == (7, 1)
    record(state.nodes["n1"], started("n1", "a", "stop"))
    assert importance(state, "n1") == 0


@pytest.mark.parametrize("odd", ["²", "+-5", "9" * 5000, "much"])
def test_a_priority_that_is_no_number_ends_nobodys_crm(odd: str) -> None:
    """It looked at priorities just as it had lost the other one, and ended, again and again."""
    state = ClusterState()
    state.cib = (
        '<cib><configuration><resources><primitive id="a"><meta_attributes id="m">'
        f'<nvpair id="p" name="priority" value="{odd}"/></meta_attributes></primitive>'
        "</resources></configuration></cib>"
    )
    record(state.nodes.setdefault("n1", NodeRecord("n1")), started("n1", "a"))
    assert importance(state, "n1") in (0, 5, INFINITY)


POWER = """<primitive id="power" class="stonith" type="fence_elsewhere">
<instance_attributes id="pi"><nvpair id="pi-h" name="pcmk_host_list" value="n1 n2"/>
</instance_attributes></primitive></resources>"""


def led(cib: str = CIB.replace("</resources>", POWER)) -> Alone:
    """n1, which was the DC of two when both votes had committed all that it holds."""
    return joined(Alone(cib))


def joined(alone: Alone) -> Alone:
    """There is an n2."""
    state = alone.node.state
    state.members["n2"] = Member("n2", 2, "data", b"2" * 32)
    state.nodes["n2"] = NodeRecord("n2", boot=1, reported=1)
    alone.wait(1.0)
    return alone


def lose(alone: Alone, dc: str = "n1") -> Alone:
    """n2 falls silent; the DC was this one."""
    alone.node.state.dc = dc
    alone.said.clear()
    alone.hear(quorate=False)
    alone.wait(0.1)
    return alone


def struck(alone: Alone) -> list[FenceOrder]:
    """What its LRM was told."""
    told = [effect.message for effect in alone.all(TellLrm)]
    return [message for message in told if isinstance(message, FenceOrder)]


def answer(alone: Alone, evidence: str = POWERLESS, **other: Any) -> None:
    order = struck(alone)[-1]
    what = (order.id, order.request, order.target, order.target_boot)
    result = FenceResult(*what, bool(evidence), evidence, "power", "", exec_ms=5)
    alone.tell(LocalSaid(replace(result, **other)))


def test_the_intent_is_on_disk_before_the_order() -> None:
    alone = lose(led())
    (write,) = [one for one in alone.all(Persist) if one.intent is not None]
    assert [type(then.message) for then in write.then] == [FenceOrder]
    assert [order.target for order in struck(alone)] == ["n2"]


def test_one_that_has_just_booted_alone_has_no_right() -> None:
    pair = (Member("n1", 1, "data", IDENTITY.public), Member("n2", 2, "data", b"2" * 32))
    cib = CIB.replace("</resources>", POWER)
    saved = found(IDENTITY, "n1", b"c" * 16, "shop", pair, cib=cib)
    alone = led()
    alone.node = Node("n1", 1, Timing(), IDENTITY, verify, Random(1), saved, alone.now)
    alone.tell(PartUp("lrm"))
    lose(alone).wait(60.0)
    assert not struck(alone)


def test_what_was_committed_with_one_vote_gives_no_right() -> None:
    alone = Alone(CIB.replace("</resources>", POWER))
    alone.node.state.withheld = ("n2",)
    lose(joined(alone)).wait(60.0)
    assert not struck(alone)


def test_of_two_equals_the_one_that_was_not_the_dc_waits() -> None:
    alone = lose(led(), dc="n2")
    alone.wait(FIRST_SHOT - 1.0)
    assert not struck(alone)
    alone.wait(1.0)
    assert struck(alone)


def test_where_nothing_switches_it_off_nobody_goes_on() -> None:
    alone = lose(led(CIB))
    alone.wait(60.0)
    assert not struck(alone)
    assert not alone.node.survivor.claimed


@pytest.mark.parametrize("other", [{}, {"request": "of the dc"}])
def test_proof_of_its_end_is_the_right_to_go_on(other: dict[str, Any]) -> None:
    alone = lose(led())
    answer(alone, **other)
    assert alone.node.survivor.claimed == "n2"


@pytest.mark.parametrize(
    "other",
    [
        {"ok": False, "evidence": ""},
        {"evidence": ISOLATED},
        {"target_boot": 0},
        {"target": "n1"},
    ],
)
def test_all_else_is_not(other: dict[str, Any]) -> None:
    alone = lose(led())
    answer(alone, **other)
    assert not alone.node.survivor.claimed


def test_amid_a_change_of_members_nobody_goes_on_alone() -> None:
    """A third one would count that has nothing, and the other might have heard of it."""
    alone = led()
    join = command(1, MemberAdded(NEWCOMER), why="hanode join")
    alone.node.state.members.pop("n2")
    alone.node.step(Asked("c1", "ann", "admin", join), alone.now)  # on its way to the disk
    alone.node.state.members["n2"] = Member("n2", 2, "data", b"2" * 32)
    lose(alone)
    answer(alone)
    assert not alone.node.survivor.claimed


def test_an_operators_word_counts_of_who_is_not_heard() -> None:
    alone = lose(led())
    word = FencingConfirmed("1", "n2", 1, "operator")
    alone.tell(LocalSaid(Heard(View(3, (("n1", 1), ("n2", 1)), False), (), alone.now)))
    assert not alone.node.survivor.accepts(word)
    alone.hear(quorate=False)
    assert not alone.node.survivor.accepts(replace(word, target="n3"))
    assert alone.node.survivor.accepts(word)
    assert alone.node.survivor.claimed == "n2"
