"""Two of three are to be fenced at once: no more than a minority is, even while it is done."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hanode.effects import TellLrm
from hanode.events import FencingFailed, FencingIntended, Member, NodeReported, Statement
from hanode.inputs import LocalSaid, Wake
from hanode.local_messages import FenceResult, Heard, View
from hanode.node.fence_orders import REPEAT
from hanode.node.shooting import RETRY_MAX
from hanode.peer_messages import FenceOrder
from hanode.state.records import Intent, NodeRecord

from .alone import CIB, Alone

SWITCH = """<primitive id="switch" class="stonith" type="fence_elsewhere">
<instance_attributes id="si"><nvpair id="si-h" name="pcmk_host_list" value="n2 n3"/>
</instance_attributes></primitive></resources>"""


@pytest.fixture
def alone() -> Alone:
    """The DC of three, whose others are not heard."""
    alone = dc()
    for name in ("n2", "n3"):
        alone.node.state_fact(FencingIntended(f"q-{name}", name, 1, "off", "a stop failed there"))
    alone.wait(1.0)
    return alone


def dc() -> Alone:
    alone = Alone(CIB.replace("</resources>", SWITCH))
    for number, name in ((2, "n2"), (3, "n3")):
        alone.node.state.members[name] = Member(name, number, "data", bytes(32))
        alone.node.state.nodes[name] = NodeRecord(name, boot=1, reported=1)
    return alone


def told(alone: Alone) -> list[FenceOrder]:
    """What the LRM was told, since last asked."""
    found = [e.message for e in alone.all(TellLrm) if isinstance(e.message, FenceOrder)]
    alone.said = [e for e in alone.said if not isinstance(e, TellLrm)]
    return found


def answer(alone: Alone, order: FenceOrder, ok: bool) -> None:
    proof, what = "power-verified" if ok else "", (order.id, order.request, order.target, 1)
    alone.tell(LocalSaid(FenceResult(*what, ok, proof, "switch", "", exec_ms=5)))


def test_one_after_the_other(alone: Alone) -> None:
    (first,) = told(alone)
    answer(alone, first, ok=True)
    alone.wait(30.0)
    assert told(alone) == []  # n2 is not back


def test_who_can_t_be_fenced_does_not_protect_the_other(alone: Alone) -> None:
    struck = set()
    for _ in range(60):
        for order in told(alone):
            answer(alone, order, ok=False)
            struck.add(order.target)
        alone.wait(1.0)
    assert struck == {"n2", "n3"}


def struck_for_an_earlier_dc(*strikers: str) -> Alone:
    """n2 is to be fenced, and n3, at whom these say to be."""
    alone = dc()
    for index, name in enumerate(("n2", "n3")):
        intent = Intent(f"q-{name}", name, 1, "off", "a stop failed there", "", 0.0, index)
        alone.node.state.intents[intent.request] = intent
    for name in strikers:
        notice(alone, NodeReported(name, 1, 2, strikes=("q-n3", "of long ago")))
    return alone


def notice(alone: Alone, event: object, cause: str = "") -> None:
    alone.node.coordination.shooting.noticed(Statement("n1", 1, 1, 0.0, cause, b""), event)


def test_who_is_just_being_struck_for_an_earlier_dc_counts() -> None:
    """Simulator, 3 nodes, seed 141056: the LRM was at n3, whose order was slow; the next DC had n2
    fenced, the older need."""
    alone = struck_for_an_earlier_dc("n1")
    alone.wait(REPEAT + 1.0)
    assert {order.target for order in told(alone)} == {"n3"}


@pytest.mark.parametrize(("failed", "struck"), [(("n1",), False), (("n1", "n2"), True)])
def test_until_all_have_told_who_are_at_it(failed: tuple[str, ...], struck: bool) -> None:
    """Simulator, 3 nodes, seed 201127: two DCs before, and then another, had n3 struck by another
    node each. The first gave up, the second one was still at it."""
    alone = struck_for_an_earlier_dc("n1", "n2")
    alone.node.state.nodes["n2"].present = True
    for name in failed:
        earlier = FencingFailed("q-n3", "n3", "switch", "off timed out", name)
        notice(alone, earlier, "order 1.fence.q-n3.0")
    alone.wait(0.5)
    assert ("n2" in {order.target for order in told(alone)}) is struck


@pytest.mark.parametrize("gone", ["fenced", "left", "in another boot", "told otherwise"])
def test_who_is_at_nothing_any_more_is_not_waited_for(gone: str) -> None:
    alone = struck_for_an_earlier_dc("n2")
    orders, striker = alone.node.coordination.shooting.orders, alone.node.state.nodes["n2"]
    striker.present = True
    orders.failed(FencingFailed("q-n3", "n3", "switch", "off timed out", "n1"), "order 1.other")
    assert orders.under_way("q-n3")
    if gone == "fenced":
        striker.fenced = 1
    elif gone == "left":
        striker.present = False
    elif gone == "in another boot":
        striker.boot = 2
    else:
        orders.reported(NodeReported("n2", 1, 2))
    assert not orders.under_way("q-n3")


def test_the_failure_of_an_earlier_order_is_not_ours(alone: Alone) -> None:
    """Of an earlier DC's, or of a former life of the LRM: what we ordered may be under way, so
    nobody else is fenced yet, and it is not ordered by another name."""
    (first,) = told(alone)
    answer(alone, replace(first, id=f"1.fence.{first.request}.0"), ok=False)
    alone.wait(6.0)
    assert {order.id for order in told(alone)} == {first.id}


@pytest.mark.parametrize(("boot", "struck"), [(1, True), (2, False)])
def test_a_later_boot_that_is_heard_is_left_in_peace(alone: Alone, boot: int, struck: bool) -> None:
    """The log does not know of it yet: that is on its way to the disk."""
    (first,) = told(alone)
    heard = Heard(View(2, (("n1", 1), (first.target, boot)), True), (), alone.now + 99)
    alone.said += alone.node.step(LocalSaid(heard), alone.now)
    alone.said += alone.node.step(Wake(), alone.now + REPEAT)
    assert (first in told(alone)) is struck


def test_a_device_that_fails_for_days_ends_nobodys_crm(alone: Alone) -> None:
    """The pause was doubled with each failure, and after a thousand no number could hold it: every
    crm ended as it read that in the log, and again as it began anew."""
    (order,) = told(alone)
    intents = alone.node.state.intents
    intents[order.request] = replace(intents[order.request], failures=2000)
    del intents["q-n3"]
    answer(alone, order, ok=False)
    alone.wait(RETRY_MAX / 2)
    assert not told(alone)
    alone.wait(RETRY_MAX / 2 + 1.0)
    assert {again.request for again in told(alone)} == {order.request}
