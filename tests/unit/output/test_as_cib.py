"""A moment written down as a CIB says the same to the policy engine when it is read again."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hanode.cib.document import Cib, parse
from hanode.cib.status import NodeState
from hanode.pe import overview, schedule
from hatui.cluster.fork import fork
from hatui.cluster.whatif import look_at
from hatui.output.as_cib import render
from tests.console.feed import Cluster, failed, healthy, outage


def bare(cib: Cib) -> Cib:
    """Without what says the same in other words: empty attributes, keys of transitions."""

    def node(one: NodeState) -> NodeState:
        history = tuple(
            each._replace(operations=tuple(
                op._replace(transition_key="", expected_rc=-1)
                for op in each.operations
            ))
            for each in one.history
        )  # fmt: skip
        return one._replace(history=history, attributes=dict(one.attributes), utilization={})

    status = cib.status._replace(nodes=tuple(node(one) for one in cib.status.nodes))
    return Cib(cib.configuration._replace(resources=(), constraints=()), status)


@pytest.mark.parametrize("make", [healthy, failed, outage])
def test_it_is_read_as_it_was_written(make: Callable[[], Cluster]) -> None:
    cluster = make()
    moment = look_at(fork(cluster.state), cluster.now)
    read = parse(render(moment))
    assert bare(read).status == bare(moment.cib).status
    assert read.written_at == int(cluster.state.at)


@pytest.mark.parametrize("make", [healthy, failed, outage])
def test_the_policy_engine_decides_the_same(make: Callable[[], Cluster]) -> None:
    cluster = make()
    moment = look_at(fork(cluster.state), cluster.now)
    read, then = parse(render(moment)), cluster.now
    assert overview(read, then).resources == moment.overview.resources
    assert overview(read, then).failures == moment.overview.failures
    here, there = schedule(moment.cib, then), schedule(read, then)
    assert there.summary == here.summary
    assert there.totals == here.totals
