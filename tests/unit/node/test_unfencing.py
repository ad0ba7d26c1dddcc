"""An operator has a node let in again: who is told to, how often, and what came of it."""

from __future__ import annotations

import pytest

from hanode.effects import TellLrm
from hanode.events import Member, UnfencingOrdered
from hanode.inputs import LocalSaid
from hanode.local_messages import FenceResult
from hanode.mgmt.protocol import Denied, Done, command
from hanode.node.fence_orders import REPEAT
from hanode.peer_messages import FenceOrder
from hanode.state.proofs import UNFENCED
from hanode.state.records import NodeRecord

from .alone import CIB, Alone

SWITCH = """<primitive id="switch" class="stonith" type="fence_elsewhere">
<meta_attributes id="sm"><nvpair id="sm-p" name="provides" value="isolation"/></meta_attributes>
<instance_attributes id="si"><nvpair id="si-h" name="pcmk_host_list" value="n1 n2"/>
</instance_attributes></primitive></resources>"""
OFF = '<nvpair id="o-1" name="stonith-enabled" value="false"/>'
OPTIONS = f'<crm_config><cluster_property_set id="o">{OFF}</cluster_property_set></crm_config>'


@pytest.fixture
def alone() -> Alone:
    """The PE is asked for nothing here: what is done, the operator wanted."""
    cib = CIB.replace("</resources>", SWITCH).replace("<crm_config/>", OPTIONS)
    return joined_by_another(Alone(cib))


def joined_by_another(alone: Alone) -> Alone:
    """A member n2 that was here, and is not heard any more."""
    state = alone.node.state
    state.members["n2"] = Member("n2", 2, "data", bytes(32))
    state.nodes["n2"] = NodeRecord("n2", boot=1, reported=1, fenced=1)
    return alone


def order(alone: Alone, target: str = "n2") -> list[object]:
    return alone.ask(command(1, UnfencingOrdered(target), why="hanode fence unfence"))


def told(alone: Alone) -> list[FenceOrder]:
    """What the LRM was told, since last asked."""
    found = [e.message for e in alone.all(TellLrm) if isinstance(e.message, FenceOrder)]
    alone.said = [e for e in alone.said if not isinstance(e, TellLrm)]
    return found


def answer(alone: Alone, told: FenceOrder, ok: bool, reason: str = "", boot: int = 1) -> None:
    result = FenceResult(
        told.id, told.request, told.target, boot, ok, "", "switch", reason, exec_ms=5
    )
    alone.tell(LocalSaid(result))


def test_its_devices_are_told_until_they_have_answered(alone: Alone) -> None:
    assert isinstance(order(alone)[-1], Done)
    (first,) = told(alone)
    assert (first.action, first.target, first.levels[0][0].id) == ("on", "n2", "switch")
    alone.wait(REPEAT + 0.1)
    (again,) = told(alone)
    assert again.id == first.id
    answer(alone, again, ok=True)
    state = alone.node.state
    assert state.nodes["n2"].attributes[UNFENCED] != "0"
    assert not state.unfencings
    assert (state.fencings[0].action, state.fencings[0].status) == ("on", "success")
    alone.wait(3 * REPEAT)
    assert told(alone) == []


def test_what_they_cannot_do_is_said_and_over(alone: Alone) -> None:
    order(alone)
    (once,) = told(alone)
    answer(alone, once, ok=False, reason="the port stays down")
    (record,) = alone.node.state.fencings
    assert (record.status, record.reason) == ("failed", "the port stays down")
    alone.wait(3 * REPEAT)
    assert told(alone) == []


def test_a_boot_that_is_over_was_not_let_in(alone: Alone) -> None:
    order(alone)
    (once,) = told(alone)
    answer(alone, once, ok=True, boot=0)
    assert UNFENCED not in alone.node.state.nodes["n2"].attributes
    assert alone.node.state.fencings[0].status == "failed"


def test_without_a_device_in_charge_it_is_over_at_once() -> None:
    alone = joined_by_another(Alone())
    order(alone)
    assert alone.node.state.fencings[0].status == "failed"
    assert "no device that provides unfencing" in alone.node.state.fencings[0].reason


def test_only_a_fencer_may(alone: Alone) -> None:
    wanted = command(1, UnfencingOrdered("n2"))
    (denied,) = alone.ask(wanted, role="operator")
    assert isinstance(denied, Denied)
    assert "may not let a node in again; it takes 'fencer'" in denied.message
    assert isinstance(alone.ask(wanted, role="fencer")[-1], Done)


def test_nobody_is_let_in_who_is_unknown(alone: Alone) -> None:
    (denied,) = order(alone, "n9")
    assert isinstance(denied, Denied)


def test_of_a_node_that_is_heard_the_engine_is_asked(alone: Alone) -> None:
    """What it runs may have moved away from it; only the PE knows what must stop there first."""
    basis = alone.node.state.basis
    order(alone, "n1")
    assert told(alone) == []
    assert alone.node.state.basis > basis
    assert alone.node.state.unfencings
