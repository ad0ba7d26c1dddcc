"""What each event does to the state."""

from __future__ import annotations

import pytest

from hanode.cib.edits import EMPTY
from hanode.events import (
    NO_HASH,
    STATEMENTS,
    VOCABULARY,
    AttributeSet,
    CibChanged,
    ClusterFounded,
    DcElected,
    Edit,
    Entry,
    Event,
    FencingConfirmed,
    FencingFailed,
    FencingIntended,
    HistoryCleared,
    Member,
    MemberAdded,
    MemberRemoved,
    NodeLeft,
    NodeReported,
    OperationFinished,
    Planned,
    Signed,
    Statement,
    TransitionEnded,
    TransitionStarted,
    ViewAgreed,
)
from hanode.pe import schedule
from hanode.state import ClusterState, cib_of, open_and_apply, status_of

DUMMY = '<primitive id="d" class="ocf" provider="hanode" type="Dummy"/>'


class Story:
    """A log in the making."""

    def __init__(self) -> None:
        self.state = ClusterState()
        self.entries: list[Entry] = []
        members = tuple(Member(f"n{i}", i, "data", bytes([i]) * 32) for i in (1, 2, 3))
        self.tell(ClusterFounded(b"c" * 16, "shop", members))
        self.tell(DcElected(2, "n1"))
        self.tell(ViewAgreed((("n1", 1), ("n2", 1), ("n3", 1))))
        for name in ("n1", "n2", "n3"):
            self.tell(NodeReported(name, 1, 2), name)

    def tell(self, event: Event, actor: str = "n1", boot: int = 1) -> None:
        index = len(self.entries) + 1
        previous = self.entries[-1].hash() if self.entries else NO_HASH
        said = Statement(actor, boot, index, 1000.0 + index, "", VOCABULARY.pack(event))
        entry = Entry(2, index, previous, Signed(STATEMENTS.pack(said), b""))
        self.entries.append(entry)
        open_and_apply(self.state, entry)

    def op(self, task: str, rc: int, call: int, **more: object) -> None:
        fields: dict[str, object] = {"interval_ms": 0, "expected_rc": 0, "status": "done", **more}
        self.tell(
            OperationFinished("n2", "d", "ocf:hanode:Dummy", task, rc=rc, call_id=call, **fields),  # type: ignore[arg-type]
            "n2",
        )


@pytest.fixture
def story() -> Story:
    return Story()


def test_a_founding_cib_that_is_no_xml_leaves_the_empty_one() -> None:
    state = ClusterState()
    founding = VOCABULARY.pack(ClusterFounded(b"c" * 16, "shop", (), cib="<cib><oops"))
    payload = STATEMENTS.pack(Statement("n1", 0, 1, 0.0, "", founding))
    open_and_apply(state, Entry(1, 1, NO_HASH, Signed(payload, b"")))
    assert state.cib == ClusterState().cib


def test_replaying_the_log_gives_the_same_state(story: Story) -> None:
    story.op("start", 0, 1)
    again = ClusterState()
    for entry in story.entries:
        open_and_apply(again, entry)
    assert again == story.state
    assert again.digest() == story.state.digest()


def test_a_packed_state_comes_back_equal(story: Story) -> None:
    story.op("start", 1, 1)
    story.tell(FencingIntended("r1", "n3", 1, "reboot", "lost"))
    story.tell(TransitionStarted(1, 8, (Planned(1, "d_start_0", "n2"),), ("Start d",)))
    assert ClusterState.unpack(story.state.pack()) == story.state


def test_members_become_nodes_of_the_cib(story: Story) -> None:
    assert [node.uname for node in cib_of(story.state).configuration.nodes] == ["n1", "n2", "n3"]


def test_a_node_that_the_founding_cib_knows_by_another_id_is_not_added_twice() -> None:
    cib = EMPTY.replace("<nodes/>", '<nodes><node id="1" uname="n1"/></nodes>')
    state = ClusterState()
    members = tuple(Member(f"n{i}", i, "data", bytes([i]) * 32) for i in (1, 2))
    founded = VOCABULARY.pack(ClusterFounded(b"c" * 16, "shop", members, (), cib))
    said = Statement("n1", 0, 1, 0.0, "", founded)
    open_and_apply(state, Entry(1, 1, NO_HASH, Signed(STATEMENTS.pack(said), b"")))
    nodes = cib_of(state).configuration.nodes
    assert [(node.id, node.uname) for node in nodes] == [("1", "n1"), ("n2", "n2")]


def test_a_change_based_on_an_older_cib_changes_nothing(story: Story) -> None:
    base = story.state.version
    story.tell(CibChanged(base, (Edit("put", "resources", DUMMY),)))
    after, basis = story.state.cib, story.state.basis
    assert 'id="d"' in after
    story.tell(CibChanged(base, (Edit("remove", "d"),)))
    assert story.state.cib == after
    assert story.state.basis == basis


def test_a_node_that_reported_and_is_gone_is_lost(story: Story) -> None:
    story.tell(ViewAgreed((("n1", 1), ("n3", 1))))
    assert story.state.nodes["n2"].lost
    n2 = status_of(story.state).nodes[1]
    assert (n2.in_ccm, n2.expected) == (False, "member")


def test_a_node_on_its_way_in_is_pending_and_no_reason_to_fence(story: Story) -> None:
    story.tell(FencingIntended("r1", "n2", 1, "reboot", "lost"))
    story.tell(FencingConfirmed("r1", "n2", 1, "power-verified", "strip", "n1"))
    story.tell(ViewAgreed((("n1", 1), ("n2", 2), ("n3", 1))))
    n2 = status_of(story.state).nodes[1]
    assert (n2.in_ccm, n2.crmd, n2.join) == (True, True, "pending")
    assert not any(action.kind == "fence" for action in schedule(cib_of(story.state), 0).actions)
    story.tell(NodeReported("n2", 2, 2), "n2")
    assert status_of(story.state).nodes[1].join == "member"


def test_a_node_counted_out_for_a_while_must_report_again_and_keeps_its_failures(
    story: Story,
) -> None:
    story.op("monitor", 7, 5, interval_ms=1000)
    story.tell(ViewAgreed((("n1", 1), ("n3", 1))))
    story.tell(ViewAgreed((("n1", 1), ("n2", 1), ("n3", 1))))
    node = story.state.nodes["n2"]
    assert not node.online
    story.tell(NodeReported("n2", 1, 2), "n2")
    assert node.online
    assert node.attributes["fail-count-d#monitor_1000"] == "1"


def test_a_node_that_left_is_not_lost(story: Story) -> None:
    story.tell(NodeLeft("n2", 1), "n2")
    story.tell(ViewAgreed((("n1", 1), ("n3", 1))))
    assert not story.state.nodes["n2"].lost


def test_a_start_that_fails_counts_as_infinity(story: Story) -> None:
    story.op("start", 1, 1)
    attributes = story.state.nodes["n2"].attributes
    assert attributes["fail-count-d#start_0"] == "INFINITY"


def test_the_same_failure_told_twice_counts_once(story: Story) -> None:
    story.op("monitor", 7, 5, interval_ms=1000)
    story.op("monitor", 7, 5, interval_ms=1000)
    assert story.state.nodes["n2"].attributes["fail-count-d#monitor_1000"] == "1"
    story.op("monitor", 7, 6, interval_ms=1000)
    assert story.state.nodes["n2"].attributes["fail-count-d#monitor_1000"] == "2"


@pytest.mark.parametrize(
    ("written", "then"), [("abc", "1"), ("-5", "1"), ("9" * 5000, "INFINITY"), ("2", "3")]
)
def test_a_count_that_a_person_wrote_is_counted_on_from(
    story: Story, written: str, then: str
) -> None:
    name = "fail-count-d#monitor_1000"
    story.tell(AttributeSet("n2", name, written))
    story.op("monitor", 7, 6, interval_ms=1000)
    assert story.state.nodes["n2"].attributes[name] == then


def test_a_probe_that_finds_nothing_is_no_failure(story: Story) -> None:
    story.op("monitor", 7, 1, expected_rc=7)
    story.op("monitor", 0, 2, expected_rc=7)
    assert not story.state.nodes["n2"].attributes


def test_a_monitor_that_could_not_fork_is_not_the_resources_failure(story: Story) -> None:
    story.op("monitor", 0, 1, interval_ms=1000, status="error")
    assert not story.state.nodes["n2"].attributes


def test_what_a_node_that_cannot_write_answers_outlives_the_stop_that_follows(story: Story) -> None:
    """Simulator, 2w, seed 52681: the stop passed for a cure, and it was started there again, fifty
    times a second."""
    story.op("start", 4, 5, status="error")
    story.op("stop", 0, 6)
    node = story.state.nodes["n2"]
    assert node.history["d"]["last_failure_0"].rc == 4
    assert not node.attributes, "nothing is counted: it is the node's trouble"


def test_a_probe_that_could_not_fork_leaves_nothing_so_that_it_is_done_anew(story: Story) -> None:
    story.op("monitor", 1, 1, expected_rc=7, status="error")
    assert "d" not in story.state.nodes["n2"].history


def test_a_stop_ends_the_monitors(story: Story) -> None:
    story.op("start", 0, 1)
    story.op("monitor", 0, 2, interval_ms=1000)
    story.op("stop", 0, 3)
    assert sorted(story.state.nodes["n2"].history["d"]) == ["last_0"]


def test_an_older_result_does_not_replace_a_newer_one(story: Story) -> None:
    story.op("stop", 0, 3)
    story.op("start", 0, 1)
    assert story.state.nodes["n2"].history["d"]["last_0"].task == "stop"


def test_a_refused_order_leaves_no_result_and_gives_nothing_to_decide(story: Story) -> None:
    before = story.state.basis
    story.op("start", 0, 1, status="refused")
    assert not story.state.nodes["n2"].history
    assert story.state.basis == before


def test_cleanup_forgets_failures_and_history_but_never_an_intent(story: Story) -> None:
    story.op("start", 1, 1)
    story.tell(FencingIntended("r1", "n2", 1, "reboot", "stop failed"))
    story.tell(HistoryCleared("d"))
    node = story.state.nodes["n2"]
    assert (node.attributes, node.history) == ({}, {})
    assert list(story.state.intents) == ["r1"]
    assert status_of(story.state).nodes[1].attributes["terminate"] == "true"


def test_cleanup_does_not_forget_what_ran_where_nobody_can_look(story: Story) -> None:
    """Simulator, 2w, seed 62662: an LRM hung, its node was in view and had not reported; all was
    cleaned up, and what ran there was promoted elsewhere."""
    story.op("start", 0, 5)
    story.tell(ViewAgreed((("n1", 1), ("n3", 1))))
    story.tell(ViewAgreed((("n1", 1), ("n2", 1), ("n3", 1))))
    story.tell(HistoryCleared(""))
    assert "d" in story.state.nodes["n2"].history
    story.tell(NodeReported("n2", 1, 2), "n2")
    assert "d" not in story.state.nodes["n2"].history


def test_who_is_lost_stays_lost_to_the_engine_until_its_fencing_is_confirmed(story: Story) -> None:
    """Simulator, 2 nodes with witness, seed 568: a cleanup had left no history of the lost node,
    and the intent made it look like one that was terminated already: its services started twice."""
    story.tell(ViewAgreed((("n1", 1),), True))
    story.tell(FencingIntended("r1", "n2", 1, "reboot", "lost"))
    lost = status_of(story.state).nodes[1]
    assert (lost.in_ccm, lost.expected) == (False, "member")
    assert "terminate" not in lost.attributes


def test_who_leaves_in_maintenance_leaves_its_services_and_is_not_forgotten(story: Story) -> None:
    """Simulator, 3 nodes, seed 603: nothing may start elsewhere what it left running."""
    story.op("start", 0, 1)
    story.state.options["maintenance-mode"] = "true"
    story.tell(NodeLeft("n2", 1))
    node = story.state.nodes["n2"]
    assert node.lost
    assert node.history


def test_who_leaves_with_nothing_running_is_over(story: Story) -> None:
    story.op("stop", 0, 1)
    story.state.options["maintenance-mode"] = "true"
    story.tell(NodeLeft("n2", 1))
    assert not story.state.nodes["n2"].lost


def test_a_confirmed_fencing_ends_the_boot_and_all_that_ran_in_it(story: Story) -> None:
    story.op("start", 0, 1)
    story.tell(FencingIntended("r1", "n2", 1, "reboot", "lost"))
    story.tell(FencingConfirmed("r1", "n2", 1, "power-verified", "strip", "n1"))
    node = story.state.nodes["n2"]
    assert not node.lost
    assert not node.present
    assert node.history == {}
    assert not story.state.intents
    assert story.state.fencings[0].status == "success"
    story.tell(ViewAgreed((("n1", 1), ("n2", 1), ("n3", 1))))
    assert not node.present, "the old boot is over, whoever claims to hear it"
    story.tell(ViewAgreed((("n1", 1), ("n2", 2), ("n3", 1))))
    assert node.present
    assert not node.online, "its LRM has not reported in this boot"


def test_evidence_is_void_once_a_later_boot_was_heard(story: Story) -> None:
    story.tell(FencingIntended("r1", "n2", 1, "reboot", "lost"))
    story.tell(ViewAgreed((("n1", 1), ("n2", 2), ("n3", 1))))
    story.tell(NodeReported("n2", 2, 2), "n2", 2)
    story.tell(FencingConfirmed("r1", "n2", 1, "power-verified"))
    assert story.state.nodes["n2"].online


def test_a_failed_fencing_leaves_the_intent(story: Story) -> None:
    story.tell(FencingIntended("r1", "n2", 1, "reboot", "lost"))
    story.tell(FencingFailed("r1", "n2", "ipmi", "timed out"))
    assert story.state.intents["r1"].failures == 1
    assert story.state.fencings[0].status == "failed"


def test_a_result_of_an_earlier_boot_is_history(story: Story) -> None:
    story.tell(ViewAgreed((("n1", 1), ("n2", 2), ("n3", 1))))
    story.tell(NodeReported("n2", 2, 2), "n2", 2)
    story.op("start", 0, 9)
    assert not story.state.nodes["n2"].history


def test_only_what_the_decision_depends_on_moves_the_basis(story: Story) -> None:
    before = story.state.basis
    story.tell(TransitionStarted(1, before, ()))
    story.tell(TransitionEnded(1, "complete"))
    assert story.state.basis == before
    assert story.state.transitions[0].outcome == "complete"
    story.tell(AttributeSet("n2", "master-d", "10"), "n2")
    assert story.state.basis == story.state.position.index


def test_a_member_that_is_added_is_no_former_one_of_its_name(story: Story) -> None:
    """What was done to that one, told late, says nothing of this one."""
    assert story.state.nodes["n3"].enrolled_at == 0
    story.tell(MemberRemoved("n3"))
    story.tell(MemberAdded(Member("n3", 4, "data", b"4" * 32)))
    here = story.state.position.index
    assert (story.state.nodes["n3"].enrolled_at, story.state.nodes["n3"].cut_at) == (here, here)
