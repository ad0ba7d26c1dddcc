"""Orders that were lost on their way to an LRM, and what is done about it later."""

from __future__ import annotations

from typing import Any

import pytest

from hanode.effects import Send, TellLrm
from hanode.events import Member, NodeReported, Statement
from hanode.inputs import LocalSaid, PartDown, PartUp, StreamOpened
from hanode.local_messages import Heard, Recall, Refused, View
from hanode.node.walking import Walking
from hanode.peer_messages import Order
from hanode.state.records import NodeRecord
from hanode.transition import Action, Agent, Transition

from .alone import CIB, Alone

AGENT = Agent("ocf", "hanode", "Dummy")


@pytest.fixture
def alone() -> Alone:
    return Alone()


def walk(alone: Alone, node: str = "n1") -> Walking:
    walking = alone.node.coordination.walking
    start = Action(1, "rsc", "web_start_0", "start", node, "web", timeout_ms=5000, agent=AGENT)
    walking.start(alone.node.state.basis, Transition((start,)))
    alone.wait(0.5)
    return walking


def told(alone: Alone) -> list[Any]:
    """What the LRM was told of orders, since last asked."""
    found = [e.message for e in alone.all(TellLrm) if isinstance(e.message, (Order, Recall))]
    alone.said.clear()
    return found


def again(alone: Alone, after: float) -> Order | Recall:
    """Its LRM ended as it was given an order; another begins so much later."""
    walk(alone)
    (order,) = told(alone)
    alone.tell(PartDown("lrm"))
    alone.wait(after)
    alone.tell(PartUp("lrm"))
    (word,) = told(alone)
    assert isinstance(word, (Order, Recall))
    assert (word.id if isinstance(word, Order) else word.order) == order.id
    return word


def test_an_lrm_that_begins_anew_at_once_is_told_once_more(alone: Alone) -> None:
    assert isinstance(again(alone, 1.0), Order)


def test_what_the_dc_may_wait_for_no_longer_is_not_begun(alone: Alone) -> None:
    """With fencing disabled it may have been started elsewhere since."""
    word = again(alone, 8.0)
    assert isinstance(word, Recall)
    alone.tell(LocalSaid(Refused(word.order, "it was lost")))
    alone.wait(0.5)
    walking = alone.node.coordination.walking
    assert walking.walk is None


def test_nor_what_was_ordered_before_maintenance_when_that_is_over(alone: Alone) -> None:
    walk(alone)
    told(alone)
    alone.tell(PartDown("lrm"))
    alone.node.state.options["maintenance-mode"] = "true"
    alone.tell(PartUp("lrm"))
    (word,) = told(alone)
    assert isinstance(word, Recall)
    alone.tell(LocalSaid(Refused(word.order, "it was lost")))
    alone.node.state.options["maintenance-mode"] = "false"
    alone.tell(PartDown("lrm"))
    alone.tell(PartUp("lrm"))
    assert told(alone) == []


def joined_by_another(alone: Alone) -> None:
    alone.node.state.members["n2"] = Member("n2", 2, "data", bytes(32))
    alone.node.state.nodes["n2"] = NodeRecord("n2", boot=1, reported=1)


def test_who_is_asked_again_has_its_time_anew(alone: Alone) -> None:
    """It may have lost the order, and begin only now."""
    joined_by_another(alone)
    walking = walk(alone, "n2")
    alone.wait(13.0)
    alone.tell(StreamOpened("n2"))
    alone.wait(13.0)
    assert walking.walk is not None
    alone.wait(4.0)
    assert alone.node.state.intents, "it never answered"


def test_who_was_not_asked_again_in_maintenance_is_not_fenced_for_its_silence(
    alone: Alone,
) -> None:
    joined_by_another(alone)
    state = alone.node.state
    walking = walk(alone, "n2")
    state.options["maintenance-mode"] = "true"
    alone.tell(StreamOpened("n2"))
    alone.wait(20.0)
    assert walking.walk is None
    assert not state.intents


UNMANAGED = (
    '<meta_attributes id="m"><nvpair id="m-1" name="is-managed" value="false"/></meta_attributes>'
)


def theirs(alone: Alone, of_node: bool) -> None:
    """A person has a hand in it by now: the node is in maintenance, or the resource unmanaged."""
    state = alone.node.state
    if of_node:
        for node in state.nodes.values():
            node.attributes["maintenance"] = "true"
    else:
        state.cib = CIB.replace('type="Dummy"/>', f'type="Dummy">{UNMANAGED}</primitive>')


@pytest.mark.parametrize("of_node", [True, False], ids=["a node", "a resource"])
def test_nor_was_who_was_not_asked_again_since_people_have_it(alone: Alone, of_node: bool) -> None:
    """A break of the stream brought it once more, into the hands of whoever was at it."""
    joined_by_another(alone)
    walking = walk(alone, "n2")
    alone.said.clear()
    theirs(alone, of_node)
    alone.tell(StreamOpened("n2"))
    alone.node.state.cib = CIB
    alone.node.state.nodes["n2"].attributes.clear()
    alone.tell(StreamOpened("n2"))
    assert not [sent for sent in alone.all(Send) if isinstance(sent.message, Order)]
    alone.wait(20.0)
    assert walking.walk is None
    assert not alone.node.state.intents


@pytest.mark.parametrize("of_node", [True, False], ids=["a node", "a resource"])
def test_nor_is_an_lrm_that_begins_anew_told_once_more(alone: Alone, of_node: bool) -> None:
    walk(alone)
    told(alone)
    alone.tell(PartDown("lrm"))
    theirs(alone, of_node)
    alone.tell(PartUp("lrm"))
    (word,) = told(alone)
    assert isinstance(word, Recall)


OFF = '<nvpair id="o-1" name="stonith-enabled" value="false"/>'
OPTIONS = f'<crm_config><cluster_property_set id="o">{OFF}</cluster_property_set></crm_config>'


def pending(alone: Alone) -> list[str]:
    history = alone.node.state.nodes["n1"].history
    return [name for name, kept in history.items() if kept["last_0"].status == "pending"]


def test_without_fencing_what_was_never_answered_may_be_under_way() -> None:
    """Its LRM hangs; the DC gives it up, and the node is put on standby: what the LRM was told to
    start ran here as it woke up, and elsewhere."""
    alone = Alone(CIB.replace("<crm_config/>", OPTIONS))
    walking = walk(alone)
    (order,) = told(alone)
    alone.wait(9.0)
    assert pending(alone) == []
    alone.wait(8.0)
    assert walking.walk is None
    assert pending(alone) == ["web"]
    alone.tell(LocalSaid(Refused(order.id, "too late")))
    alone.wait(1.0)
    assert pending(alone) == [], "it reports anew what runs"


def test_with_fencing_its_node_is_fenced_for_that(alone: Alone) -> None:
    walk(alone)
    alone.wait(17.0)
    assert pending(alone) == []
    assert [intent.target for intent in alone.node.state.intents.values()] == ["n1"]


def heard_of(alone: Alone, boot: int) -> None:
    """n2 is in the view, in this boot."""
    view = View(boot + 1, (("n1", 1), ("n2", boot)), quorate=True)
    alone.tell(LocalSaid(Heard(view, (), alone.now + 1000.0)))
    alone.wait(0.5)


@pytest.mark.parametrize(("boot", "awaited"), [(1, True), (2, False)])
def test_who_began_anew_is_not_waited_for(alone: Alone, boot: int, awaited: bool) -> None:
    """What its boot before was told it can't answer. Nothing was decided before that was overdue;
    then it was fenced for its silence, though it had reported long since."""
    joined_by_another(alone)
    heard_of(alone, 1)
    walking = walk(alone, "n2")
    heard_of(alone, boot)
    assert (walking.walk is not None) is awaited


def test_nor_where_its_report_is_there_before_the_view(alone: Alone) -> None:
    joined_by_another(alone)
    heard_of(alone, 1)
    walking = walk(alone, "n2")
    alone.node.state.nodes["n2"].boot = 2
    walking.noticed(Statement("n2", 2, 1, 0.0, "", b""), NodeReported("n2", 2, 2))
    assert walking.walk is not None
    assert not walking.walk.flying
