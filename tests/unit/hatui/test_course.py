"""The course of an order: what it would do is shown, given, heard, and over."""

from __future__ import annotations

from hanode.events import AttributeSet, Event, OperationFinished
from hanode.mgmt import orders
from hanode.mgmt.draft import Draft
from hanode.mgmt.what_if import what_if
from hatui.cluster import errands
from hatui.cluster.course import OVER, READY, RUNNING, THINKING, Course
from hatui.cluster.edges import banner
from hatui.cluster.fork import fork
from hatui.cluster.order import Order, combined
from hatui.cluster.preview import SAME_PLAN, changed, preview
from hatui.cluster.spans import text_of
from hatui.cluster.whatif import forecast
from tests.console.feed import Cluster, healthy


def thought(cluster: Cluster, order: Order, prod: bool = False, now: float = 0.0) -> Course:
    course, state = Course(order, prod), fork(cluster.state)
    course.think_on(state)
    proposal = order.build(state)
    course.thought(proposal, preview(forecast(state, proposal.events, cluster.now)), now)
    return course


def carried_out(cluster: Cluster, course: Course) -> list[Event]:
    """The order is taken and walked to its end; what was said of it."""
    assert course.proposal is not None
    count = len(cluster.entries)
    for event in course.proposal.events:
        cluster.order(event)
    course.taken(len(cluster.entries))
    cluster.settle()
    return [entry.signed.open()[1] for entry in cluster.entries[count:]]


def test_an_order_is_given_only_on_the_state_it_was_thought_on() -> None:
    cluster = healthy()
    course = thought(cluster, errands.move("front", "n2"))
    assert course.phase == READY
    assert not course.overtaken(cluster.state)
    cluster.fail("backup", "n2", "it died")
    assert course.overtaken(cluster.state)
    course.think_on(cluster.state)
    assert course.phase == THINKING
    assert not course.give(1.0)


def test_a_key_that_was_meant_for_the_plan_before_does_not_give_the_new_one() -> None:
    cluster = healthy()
    course = thought(cluster, errands.move("front", "n2"))
    cluster.fail("backup", "n2", "it died")
    think_again(course, cluster, 10.0)
    assert "now also" in course.word
    assert not course.give(10.3)
    assert course.word.startswith("look first: the cluster has moved on: now also")
    assert course.phase == READY
    assert course.give(11.5)


def test_a_key_that_was_held_down_does_not_give_the_first_plan() -> None:
    cluster = healthy()
    failed = OperationFinished(
        "n1", "web", "ocf:heartbeat:apache", "monitor", 10_000, 1, "done", 0, call_id=99
    )
    cluster.say(failed)
    course = thought(cluster, errands.cleanup("web"), now=10.0)
    for tenths in range(20):
        assert not course.give(10.0 + tenths / 10), tenths
    assert course.word == "look first: this is what would happen"
    assert course.give(12.5)


def test_a_plan_that_stays_the_same_needs_no_second_look() -> None:
    cluster = healthy()
    course = thought(cluster, errands.move("front", "n2"))
    cluster.say(AttributeSet("n1", "colour", "red"))
    think_again(course, cluster, 10.0)
    assert course.word == SAME_PLAN
    assert course.give(10.1)


def think_again(course: Course, cluster: Cluster, now: float) -> None:
    state = fork(cluster.state)
    course.think_on(state)
    proposal = course.order.build(state)
    course.thought(proposal, preview(forecast(state, proposal.events, cluster.now)), now)


def test_it_ends_when_every_step_is_settled() -> None:
    cluster = healthy()
    course = thought(cluster, errands.move("front", "n2"))
    assert course.give(10.0)
    course.hear(carried_out(cluster, course))
    assert course.phase == RUNNING
    assert course.settle(cluster.state, 12.5)
    assert course.phase == OVER
    assert course.summary == "move front to n2: done, 4 steps in 2.5 s"


def test_what_fails_is_said_and_stops_the_second_half() -> None:
    cluster = healthy()
    course = thought(cluster, errands.restart("web"))
    assert course.give(10.0)
    course.taken(cluster.state.position.index)
    failed = OperationFinished("n1", "web", "ocf:hanode:web", "stop", 0, 1, "done")
    course.hear([failed])
    course.settle(cluster.state, 11.0, patience_over=True)
    assert not course.second_half()
    assert "the second was not given" in course.word
    assert "stop web on n1 failed" in course.summary


def test_a_restart_is_no_nothing() -> None:
    cluster = healthy()
    state, order = fork(cluster.state), errands.restart("web")
    proposal = order.build(state)
    assert order.then is not None
    second = order.then(state, what_if(state, proposal.events))
    ahead = forecast(state, proposal.events, cluster.now, second.events)
    seen = preview(ahead)
    assert seen.remains[0].text == "1 resource restarts"
    marked = [(item.mark, item.name) for item in changed(seen.resources)]
    assert marked == [("~", "web")]


def test_a_restart_gives_back_the_role_that_it_took() -> None:
    cluster = healthy()
    for event in orders.target_role(cluster.state, "db-clone", "Unpromoted").events:
        cluster.order(event)
    course = thought(cluster, errands.restart("db-clone"))
    assert course.give(10.0)
    for event in course.order.build(cluster.state).events:
        cluster.order(event)
    for event in course.second(fork(cluster.state)).events:
        cluster.order(event)
    assert 'name="target-role" value="Unpromoted"' in cluster.state.cib


def test_of_several_restarts_what_was_stopped_before_stays_so() -> None:
    cluster = healthy()
    for event in orders.target_role(cluster.state, "backup", "Stopped").events:
        cluster.order(event)
    course = thought(cluster, combined([errands.restart("web"), errands.restart("backup")]))
    assert course.give(10.0)
    for event in course.order.build(cluster.state).events:
        cluster.order(event)
    for event in course.second(fork(cluster.state)).events:
        cluster.order(event)
    told = {n: Draft(cluster.state).pair(n, "meta_attributes", "target-role")
            for n in ("web", "backup")}  # fmt: skip
    assert told == {"web": None, "backup": "Stopped"}


def test_the_ladder() -> None:
    cluster = healthy()
    assert thought(cluster, errands.move("front", "n2")).level == 2
    assert thought(cluster, errands.move("front", "n2"), prod=True).level == 3
    assert thought(cluster, errands.fence("n3")).level == 3
    assert thought(cluster, errands.lose("n3")).level == 0
    assert not thought(cluster, errands.lose("n3")).give(1.0)


def test_a_stale_order_is_thought_anew_and_a_refused_one_is_over() -> None:
    cluster = healthy()
    course = thought(cluster, errands.move("front", "n2"))
    course.give(1.0)
    course.refused("stale", "moved on")
    assert (course.phase, course.given) == (THINKING, False)
    course = thought(cluster, errands.move("front", "n2"))
    course.give(1.0)
    course.refused("forbidden", "you may not")
    assert (course.phase, course.word) == (OVER, "refused: you may not")


def test_an_order_without_an_answer_is_not_called_refused() -> None:
    """The line broke, or the DC did not say in time: it may be carried out yet."""
    cluster = healthy()
    course = thought(cluster, errands.fence("n3"))
    assert course.give(1.0)
    course.refused("unavailable", "not committed yet; it may still be")
    assert course.phase == OVER
    assert course.summary == "fence n3: not committed yet; it may still be"
    assert not course.ended_well
    assert text_of(banner(course, 2.0, 80)).strip() == "NOT KNOWN   fence n3"
    course = thought(cluster, errands.fence("n3"))
    assert course.give(1.0)
    course.refused("offline", "not attached to any node")
    assert course.word == "refused: not attached to any node"


def test_several_orders_are_built_on_each_other() -> None:
    cluster = healthy()
    both = combined([errands.restart("web"), errands.restart("backup")])
    assert both.then is not None
    proposal = both.build(cluster.state)
    assert len(proposal.events) == 2
    assert proposal.command == "hanode resource restart web; hanode resource restart backup"
