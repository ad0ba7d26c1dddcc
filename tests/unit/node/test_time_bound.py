"""Who, cut off and with fencing disabled, is taken to have stopped by itself."""

from __future__ import annotations

import pytest

from hanode.events import Alarm, CibChanged, Edit, Member, NodeReported
from hanode.ids import ORIGIN
from hanode.inputs import LocalSaid
from hanode.local_messages import Heard, PeerPulse, View
from hanode.node.time_bound import isolated_after, parted
from hanode.settings import ISOLATION_STOP_LIMIT, Timing
from hanode.state import ClusterState
from hanode.state.left_alone import may_not_know, stays
from hanode.state.records import NodeRecord
from hanode.state.walks import lrm_of
from tests.unit.node.alone import CIB as ONE
from tests.unit.node.alone import Alone
from tests.unit.state.test_fold import Story

CIB = (
    '<cib><configuration><crm_config/><nodes><node id="n1" uname="n1">'
    '<instance_attributes id="i">{node}</instance_attributes></node>'
    '<node id="n2" uname="n2"/></nodes><resources><primitive id="web">'
    '<meta_attributes id="m">{meta}</meta_attributes></primitive></resources></configuration></cib>'
)


def pair(name: str, value: str) -> str:
    return f'<nvpair id="x" name="{name}" value="{value}"/>'


def state(node: str = "", meta: str = "", **options: str) -> ClusterState:
    made = ClusterState()
    made.cib = CIB.format(node=node, meta=meta)
    made.options = {name.replace("_", "-"): value for name, value in options.items()}
    return made


def test_an_ordinary_node_stops() -> None:
    assert stays(state(), "n1") == ""
    assert stays(state(meta=pair("is-managed", "true")), "n1") == ""


@pytest.mark.parametrize("policy", ["freeze", "ignore", "demote"])
def test_a_policy_that_does_not_stop_lets_it_run(policy: str) -> None:
    assert policy in stays(state(no_quorum_policy=policy), "n1")


def test_maintenance_lets_it_run_cluster_wide_or_on_its_node() -> None:
    assert stays(state(maintenance_mode="true"), "n1")
    assert stays(state(node=pair("maintenance", "on")), "n1")
    assert stays(state(node=pair("maintenance", "on")), "n2") == ""


@pytest.mark.parametrize("meta", [pair("is-managed", "false"), pair("maintenance", "true")])
def test_what_is_not_managed_runs_on(meta: str) -> None:
    assert stays(state(meta=meta), "n1")


def test_who_was_cut_off_in_maintenance_is_not_held_for_stopped_once_that_is_over() -> None:
    """Simulator, 3 nodes without fencing, fault hands-off, seed 3: the others were told that
    maintenance was over, and the lost node went on as it was."""
    story = Story()
    story.tell(option("stonith-enabled", "false", story))
    story.tell(option("maintenance-mode", "true", story))
    story.tell(NodeReported("n2", 1, 2, known=len(story.entries)), "n2")
    story.tell(option("maintenance-mode", "false", story))
    assert stays(story.state, "n2") == ""
    assert may_not_know(story.state, "n2")
    story.tell(NodeReported("n2", 1, 2, known=len(story.entries)), "n2")
    assert may_not_know(story.state, "n2") == ""


def test_without_maintenance_nobody_has_anything_to_know() -> None:
    story = Story()
    story.tell(option("stonith-enabled", "false", story))
    story.tell(option("no-quorum-policy", "stop", story))
    assert may_not_know(story.state, "n2") == ""


def option(name: str, value: str, story: Story) -> CibChanged:
    xml = f'<nvpair id="opt-{name}" name="{name}" value="{value}"/>'
    options = "crm_config"
    block = f'<cluster_property_set id="set-{name}">{xml}</cluster_property_set>'
    return CibChanged(story.state.version, (Edit("put", options, block),))


def test_it_takes_lease_and_limit_with_a_margin() -> None:
    assert isolated_after(Timing().deadtime) > Timing().lease + ISOLATION_STOP_LIMIT


RING = ("n1", "n2", "n3", "n4", "n5")


def test_a_view_of_the_dc_alone_takes_no_lease_from_whom_it_lacks() -> None:
    """Simulator, 5 nodes without fencing, dense, seed 52019."""
    before = dict.fromkeys(("n1", "n4"), RING)
    assert not parted("n2", {**before, "n5": ("n1", "n4", "n5")}, RING)
    agreed = dict.fromkeys(("n1", "n4", "n5"), ("n1", "n4", "n5"))
    assert parted("n2", agreed, RING)


DISABLED = (
    '<crm_config><cluster_property_set id="o"><nvpair id="o-1" name="stonith-enabled" '
    'value="false"/></cluster_property_set></crm_config>'
)


@pytest.fixture
def dc() -> Alone:
    """Of three without fencing; n3 is heard, n2 was lost just now."""
    alone = Alone(ONE.replace("<crm_config/>", DISABLED))
    for number, name in ((2, "n2"), (3, "n3")):
        alone.node.state.members[name] = Member(name, number, "data", bytes(32))
        alone.node.state.nodes[name] = NodeRecord(
            name, boot=1, present=True, expected=True, known=100
        )
    alone.node.seat.members(("n1", "n2", "n3"), (), withheld=("n2", "n3"))
    hear(alone, "n1", "n3")
    return alone


def hear(alone: Alone, *names: str, ago: float = 0.0) -> None:
    """What the heartbeat process said then."""
    at = alone.now - ago
    view = View(len(names), tuple((name, 1) for name in names), True)
    peers = tuple(
        PeerPulse(name, 1, at, at, 1, "n1", ORIGIN, 1.0, 0.0, (True,), view=names, deadtime=1.0)
        for name in names[1:]
    )
    alone.tell(LocalSaid(Heard(view, peers, at + 1.0)))


def declared_over(alone: Alone) -> bool:
    return alone.node.state.nodes["n2"].fenced == 1


def test_who_is_not_heard_of_until_its_time_is_over_has_stopped(dc: Alone) -> None:
    for _ in range(4):
        assert not declared_over(dc)
        dc.wait(1.0)
        hear(dc, "n1", "n3")
    assert declared_over(dc)


def test_a_dc_that_was_asleep_knows_nothing_of_that_time(dc: Alone) -> None:
    """The lost node may have come back meanwhile, with a lease again, and be running on."""
    dc.wait(0.5)
    dc.now += 3.0
    hear(dc, "n1", "n3", ago=3.0)
    assert not declared_over(dc)
    hear(dc, "n1", "n2", "n3", ago=1.0)
    hear(dc, "n1", "n2", "n3")
    dc.wait(1.0)
    assert not declared_over(dc)


def test_whose_lrm_hung_has_stopped_nothing(dc: Alone) -> None:
    """Simulator, 3 nodes without fencing, seed 9930028: what ran there was started elsewhere."""
    dc.node.state_fact(Alarm(lrm_of("n2"), "its LRM hangs"))
    for _ in range(8):
        dc.wait(1.0)
        hear(dc, "n1", "n3")
    assert not declared_over(dc)
    assert "its LRM hung" in next(a.message for a in dc.node.state.alarms if "n2" in a.message)
    dc.node.state_fact(Alarm(lrm_of("n2"), ""))
    for _ in range(4):
        assert not declared_over(dc), "it has its time to stop from when it woke up"
        dc.wait(1.0)
        hear(dc, "n1", "n3")
    assert declared_over(dc)


def test_why_it_may_have_run_on_is_no_reason_the_next_time(dc: Alone) -> None:
    """It had come back and said that it knew better by now: it was believed to be told to leave
    alone what ran there until the configuration changed, so that it never was held for stopped."""
    n2 = dc.node.state.nodes["n2"]
    hear(dc, "n1", "n2", "n3")
    dc.node.coordination.shooting.took_office()  # nothing is known of how it was before
    dc.node.state.left_alone = 200
    for n2.known in (100, 300):
        hear(dc, "n1", "n3")
        for _ in range(4):
            dc.wait(1.0)
            hear(dc, "n1", "n3")
        assert declared_over(dc) is (n2.known == 300)
        hear(dc, "n1", "n2", "n3")
