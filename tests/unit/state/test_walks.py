"""What is kept of a transition that is over: what failed or changed something, not each probe."""

from __future__ import annotations

from hanode.codec import LIMIT
from hanode.events import OperationFinished, Planned, TransitionEnded, TransitionStarted
from hanode.state import ClusterState
from hanode.state.cluster import KEEP_ACTIONS, KEEP_TRANSITIONS
from tests.unit.state.test_fold import Story


def probe(ident: int, resource: str = "") -> Planned:
    name = resource or f"resource-{ident:05}"
    return Planned(ident, "rsc", "n2", name, "monitor", f"{name} has not been looked at on n2 yet")


def start(ident: int, *after: int) -> Planned:
    return Planned(ident, "rsc", "n2", f"r{ident}", "start", "it is to run", after)


def walked(story: Story, number: int, *actions: Planned) -> None:
    story.tell(TransitionStarted(number, 1, actions, tuple(f"Start r{a.id}" for a in actions)))
    story.tell(TransitionEnded(number, "complete", len(actions)))


def told(order: str, rc: int) -> OperationFinished:
    return OperationFinished("n2", "d", "ocf:hanode:Dummy", "monitor", 0, rc, "done", 7, order, 1)


def test_probes_of_all_resources_everywhere_do_not_fill_the_state() -> None:
    story = Story()
    probes = tuple(probe(n) for n in range(16_000))
    for number in range(1, KEEP_TRANSITIONS + 1):
        walked(story, number, *probes)
    packed = story.state.pack()
    assert len(packed) < LIMIT / 100
    assert ClusterState.unpack(packed) == story.state


def test_one_under_way_is_kept_whole() -> None:
    story = Story()
    story.tell(TransitionStarted(1, 1, (probe(1), start(2, 1))))
    assert story.state.transition is not None
    assert len(story.state.transition.actions) == 2


def test_what_failed_and_what_changed_something_is_kept() -> None:
    story = Story()
    story.tell(TransitionStarted(1, 1, (probe(1), probe(2, "d"), start(3, 1, 2))))
    story.tell(told("2.1.2", 1), "n2")
    story.tell(TransitionEnded(1, "complete", 3))
    kept = story.state.transitions[0]
    assert [(action.id, action.after) for action in kept.actions] == [(2, ()), (3, (2,))]
    assert kept.left_out == 0


def test_no_more_than_a_page_of_changes_is_kept() -> None:
    story = Story()
    many = KEEP_ACTIONS + 50
    walked(story, 1, *(start(n) for n in range(many)))
    kept = story.state.transitions[0]
    assert (len(kept.actions), len(kept.summary), kept.left_out) == (KEEP_ACTIONS, KEEP_ACTIONS, 50)
