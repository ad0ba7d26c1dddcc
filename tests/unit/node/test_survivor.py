"""Two nodes alone: whose vote counts, and who shoots first."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from random import Random
from typing import Any

import pytest

from hanode.cib.score import INFINITY
from hanode.effects import Persist, TellLrm
from hanode.events import (
    DcElected,
    FencingConfirmed,
    FencingIntended,
    Member,
    MemberAdded,
    MemberRemoved,
    OperationFinished,
    VoteRestored,
)
from hanode.identity import verify
from hanode.inputs import Asked, LocalSaid, PartUp
from hanode.local_messages import CallOff, FenceResult, Heard, View
from hanode.mgmt.protocol import command
from hanode.node import Node, found
from hanode.node.importance import importance
from hanode.node.survivor import AGAIN_FIRST, AGAIN_MAX, FIRST_SHOT
from hanode.peer_messages import ISOLATED, POWERLESS, FenceOrder
from hanode.settings import FENCINGS_PER_WINDOW, Timing
from hanode.state import ClusterState
from hanode.state.operations import record
from hanode.state.records import NodeRecord
from tests.unit.node.alone import CIB, IDENTITY, Alone, joined, led, powered
from tests.unit.node.objections import NEWCOMER
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
    cib = powered(CIB)
    saved = found(IDENTITY, "n1", b"c" * 16, "shop", pair, cib=cib)
    alone = led()
    alone.node = Node("n1", 1, Timing(), IDENTITY, verify, Random(1), saved, alone.now)
    alone.tell(PartUp("lrm"))
    lose(alone).wait(60.0)
    assert not struck(alone)


def test_what_was_committed_with_one_vote_gives_no_right() -> None:
    alone = Alone(powered(CIB))
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


@pytest.mark.parametrize(
    ("ahead", "later", "right"),
    [(0, 0, True), (1, 0, False), (0, 1, False)],
    ids=["all that is committed", "less than that", "that of an earlier term"],
)
def test_who_has_booted_has_the_right_by_what_it_holds(ahead: int, later: int, right: bool) -> None:
    """The other may have acknowledged what it lacks."""
    pair = (Member("n1", 1, "data", IDENTITY.public), Member("n2", 2, "data", b"2" * 32))
    cib = powered(CIB)
    saved = found(IDENTITY, "n1", b"c" * 16, "shop", pair, cib=cib)
    alone = led()
    node = alone.node = Node("n1", 1, Timing(), IDENTITY, verify, Random(1), saved, alone.now)
    alone.tell(PartUp("lrm"))
    node.state.nodes["n2"] = NodeRecord("n2", boot=1, reported=1)
    node.seat.term = node.seat.log.term_at(node.seat.log.durable) + later
    node.seat.told_commit = node.seat.log.durable + ahead
    lose(alone).wait(60.0)
    assert bool(struck(alone)) is right


def together(alone: Alone) -> None:
    """They hear each other again."""
    alone.tell(LocalSaid(Heard(View(3, (("n1", 1), ("n2", 1)), False), (), alone.now)))


def called_off(alone: Alone) -> list[str]:
    told = [effect.message for effect in alone.all(TellLrm)]
    return [message.request for message in told if isinstance(message, CallOff)]


def test_who_is_heard_again_is_struck_no_more() -> None:
    """Behind the write, too, that the order may still be waiting for."""
    alone = lose(led())
    (order,) = struck(alone)
    alone.said.clear()
    together(alone)
    assert called_off(alone)[0] == order.request
    writes = [one.then for one in alone.all(Persist) if one.then]
    assert [then.message for (then,) in writes] == [CallOff(order.request)]
    alone.wait(60.0)
    assert not struck(alone)


def test_of_what_was_not_begun_nothing_is_called_off() -> None:
    alone = lose(led(), dc="n2")
    together(alone)
    alone.wait(60.0)
    assert not struck(alone)
    assert not called_off(alone)


def test_what_came_of_it_after_all_gives_no_right_and_is_told() -> None:
    """Its success is a fact, with the need that it was for."""
    alone = lose(led())
    together(alone)
    answer(alone)
    assert not alone.node.survivor.claimed
    stated = [waiting.event for waiting in alone.node.facts.waiting.values()]
    assert [e.target for e in stated if isinstance(e, FencingIntended)] == ["n2"]


@pytest.mark.parametrize("other", [{"ok": False, "evidence": ""}, {"request": "q", "evidence": ""}])
def test_without_success_no_need_of_it_comes_into_the_log(other: dict[str, Any]) -> None:
    """The log's needs are pursued, whoever hears whom."""
    alone = lose(led())
    answer(alone, **other)
    stated = [waiting.event for waiting in alone.node.facts.waiting.values()]
    assert not [event for event in stated if isinstance(event, FencingIntended)]


def test_a_failure_is_no_evidence_whatever_comes_with_it() -> None:
    alone = lose(led())
    answer(alone, ok=False)
    assert not alone.node.survivor.claimed


def test_what_fails_is_tried_again_and_less_and_less_often() -> None:
    alone = lose(led())
    begun = []
    for _ in range(4):
        begun.append(alone.now)
        answer(alone, ok=False, evidence="")
        before = len(struck(alone))
        while len(struck(alone)) == before:
            alone.wait(0.5)
    pauses = [then - at for at, then in pairwise(begun)]
    assert pauses == sorted(pauses)
    assert AGAIN_FIRST <= pauses[0] < pauses[-1] <= AGAIN_MAX


def test_the_failure_of_another_order_is_not_that_of_ours() -> None:
    """Ours may be under way: given again so soon, it was one more stroke."""
    alone = lose(led())
    answer(alone, ok=False, evidence="", request="of the dc")
    alone.wait(AGAIN_MAX)
    assert len(struck(alone)) == 1


def test_who_was_fenced_too_often_is_struck_no_more() -> None:
    alone = led()
    for number in range(FENCINGS_PER_WINDOW):
        alone.node.coordination.shooting.limits.fenced("n2", f"r{number}")
    lose(alone).wait(60.0)
    assert not struck(alone)


def test_who_runs_what_counts_more_shoots_first_though_it_was_not_the_dc() -> None:
    counts = """type="Dummy"><meta_attributes id="m"><nvpair id="p" name="priority" value="5"/>
        </meta_attributes></primitive>"""
    alone = led(powered(CIB.replace('type="Dummy"/>', counts)))
    record(alone.node.state.nodes["n1"], started("n1", "web"))
    assert struck(lose(alone, dc="n2"))


def test_how_long_the_other_waits_may_be_configured() -> None:
    alone = led()
    alone.node.state.options["priority-fencing-delay"] = "20s"
    lose(alone, dc="n2").wait(19.0)
    assert not struck(alone)
    alone.wait(1.0)
    assert struck(alone)
