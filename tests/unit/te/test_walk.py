"""A walk begins what its order allows, and stops when the world has changed."""

from dataclasses import replace

from hanode.te import Walk
from hanode.transition import Action, Transition


def action(ident: int, kind: str = "rsc", node: str = "n1", timeout_ms: int = 1000) -> Action:
    return Action(ident, kind, f"a{ident}_start_0", "start", node, timeout_ms=timeout_ms)  # type: ignore[arg-type]


def walk(*actions: Action, order: tuple[tuple[int, int], ...] = (), batch: int = 0) -> Walk:
    return Walk(1, 10, Transition(actions=actions, orderings=order, concurrency_max=batch))


def begun(one: Walk, now: float = 0.0) -> list[int]:
    return [step.id for step in one.begin(now)]


def test_what_is_not_ordered_begins_at_once() -> None:
    assert begun(walk(action(1), action(2))) == [1, 2]


def test_an_action_waits_for_all_before_it() -> None:
    one = walk(action(1), action(2), action(3), order=((1, 3), (2, 3)))
    assert begun(one) == [1, 2]
    one.finish(1, ok=True)
    assert begun(one) == []
    one.finish(2, ok=True)
    assert begun(one) == [3]
    one.finish(3, ok=True)
    assert one.over
    assert one.left == 0


def test_pseudo_actions_hold_the_order_and_are_done_on_the_way() -> None:
    one = walk(action(1), action(2, "pseudo"), action(3), order=((1, 2), (2, 3)))
    assert begun(one) == [1]
    one.finish(1, ok=True)
    assert begun(one) == [3]


def test_the_batch_limit_bounds_what_is_under_way() -> None:
    one = walk(action(1), action(2), action(3), batch=2)
    assert begun(one) == [1, 2]
    one.finish(1, ok=True)
    assert begun(one) == [3]


def limited(*actions: Action, per_node: int = 0, migrations: int = -1) -> Walk:
    decided = Transition(actions=actions, per_node_max=per_node, migrations_max=migrations)
    return Walk(1, 10, decided)


def test_a_node_does_no_more_at_once_than_it_may_and_holds_up_no_other() -> None:
    one = limited(action(1), action(2), action(3), action(4, node="n2"), per_node=2)
    assert begun(one) == [1, 2, 4]
    one.finish(4, ok=True)
    assert begun(one) == []
    one.finish(1, ok=True)
    assert begun(one) == [3]


def test_fencing_waits_for_no_limit_of_its_target() -> None:
    one = limited(action(1), action(2, "fence"), per_node=1)
    assert begun(one) == [1, 2]


def test_live_migrations_of_one_node_are_bounded_by_themselves() -> None:
    moves = [replace(action(ident), operation="migrate_to") for ident in (1, 2)]
    one = limited(*moves, action(3), migrations=1)
    assert begun(one) == [1, 3]
    one.finish(1, ok=True)
    assert begun(one) == [2]


def test_a_bound_of_no_migration_at_all_still_lets_one_go() -> None:
    """Else the transition would wait for ever."""
    one = limited(replace(action(1), operation="migrate_to"), migrations=0)
    assert begun(one) == [1]


def test_a_failure_begins_nothing_more_and_waits_for_what_is_under_way() -> None:
    one = walk(action(1), action(2), action(3), order=((1, 3),))
    assert begun(one) == [1, 2]
    one.finish(1, ok=False)
    assert begun(one) == []
    assert not one.over
    one.finish(2, ok=True)
    assert one.over
    assert one.given_up == "a1_start_0 on n1 failed"


def test_the_answers_of_a_lost_node_are_not_waited_for() -> None:
    one = walk(action(1, node="n1"), action(2, node="n2"))
    begun(one)
    one.lose("n1")
    assert sorted(one.flying) == [2]


def test_a_walk_that_is_given_up_does_not_wait_for_a_fencing() -> None:
    one = walk(action(1, node="n2"), action(2, "fence", node="n1"))
    begun(one)
    one.give_up("news")
    assert sorted(one.flying) == [1]


def test_an_answer_counts_once_and_only_if_it_was_asked_for() -> None:
    one = walk(action(1), action(2), order=((1, 2),))
    one.finish(2, ok=True)
    assert begun(one) == [1]
    one.finish(1, ok=True)
    one.finish(1, ok=True)
    assert begun(one) == [2]
    assert one.done == 1


def test_an_answer_that_never_comes_is_overdue_after_its_time_and_grace() -> None:
    one = walk(action(1, timeout_ms=2000))
    one.begin(100.0)
    assert one.overdue(111.9) == []
    assert [step.action.id for step in one.overdue(112.0)] == [1]
    assert one.next_deadline() == 112.0


def test_a_repeated_ordering_counts_once() -> None:
    one = walk(action(1), action(2), order=((1, 2), (1, 2)))
    assert begun(one) == [1]
    one.finish(1, ok=True)
    assert begun(one) == [2]


def test_a_node_leaves_only_after_it_was_looked_at() -> None:
    """Simulator, 3 nodes, seed 143: it left while a probe found what an earlier boot had left."""
    probe = Action(1, "rsc", "a1_monitor_0", "monitor", "n1", timeout_ms=1000)
    leave = Action(2, "shutdown", "do_shutdown-n1", "do_shutdown", "n1", timeout_ms=1000)
    other = Action(3, "shutdown", "do_shutdown-n2", "do_shutdown", "n2", timeout_ms=1000)
    one = walk(probe, leave, other)
    assert begun(one) == [1, 3]
    one.give_up("a1 was found on n1")
    one.finish(1, ok=True)
    assert begun(one) == []


def test_who_gives_the_orders_leaves_last_but_waits_for_no_fencing() -> None:
    """Lab, upgrade of three nodes: the DC left once all had stopped on it, and its services waited
    for the next DC's election before they started elsewhere."""
    leave, start, monitor = action(2, "shutdown", "n1"), action(3, node="n2"), action(4, node="n2")
    fence, after = action(5, "fence", node="n3"), action(6, node="n2")
    actions = (action(1, node="n1"), leave, start, monitor, fence, after)
    order = ((1, 2), (1, 3), (3, 4), (5, 6))
    one = Walk(1, 10, Transition(actions=actions, orderings=order), "n1")
    assert begun(one) == [1, 5]
    one.finish(1, ok=True)
    assert begun(one) == [3]
    one.finish(3, ok=True)
    assert begun(one) == [4]
    one.finish(4, ok=True)
    assert begun(one) == [2]
    of_another = Walk(1, 10, Transition(actions=actions, orderings=order), "n2")
    begun(of_another)
    of_another.finish(1, ok=True)
    assert begun(of_another) == [2, 3]


def test_nothing_is_promoted_before_all_were_looked_at() -> None:
    """Simulator, 2 nodes, seed 41666: after a clean-up the promoted one was on the standby node."""
    probe = Action(1, "rsc", "ms_monitor_0", "monitor", "n1", "ms:1", timeout_ms=1000)
    promote = Action(2, "rsc", "ms_promote_0", "promote", "n2", "ms:0", timeout_ms=1000)
    one = walk(promote, probe)
    assert begun(one) == [1]
    one.finish(1, ok=True)
    assert begun(one) == [2]


def test_a_look_that_waits_for_a_promotion_is_not_waited_for() -> None:
    probe = Action(1, "rsc", "ms_monitor_0", "monitor", "remote", "ms", timeout_ms=1000)
    connect = Action(3, "rsc", "remote_start_0", "start", "n2", "remote", timeout_ms=1000)
    promote = Action(2, "rsc", "ms_promote_0", "promote", "n2", "ms", timeout_ms=1000)
    assert begun(walk(probe, promote, connect, order=((2, 3), (3, 1)))) == [2]
