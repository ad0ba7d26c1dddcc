"""What was not demoted for certain may be promoted still: nothing is promoted beside it."""

from __future__ import annotations

from typing import Any

import pytest

from hanode.events import AttributeSet, CibChanged, Edit, HistoryCleared, OperationFinished
from hanode.pe import schedule
from hanode.state import cib_of
from tests.unit.state.test_fold import Story

CLONE = """<clone id="ms-clone"><meta_attributes id="ms-meta"><nvpair id="ms-pro" name="promotable"
value="true"/></meta_attributes><primitive id="ms" class="ocf" provider="hanode" type="Stateful"/>
</clone>"""
OFF = """<cluster_property_set id="o"><nvpair id="o-f" name="stonith-enabled" value="false"/>
</cluster_property_set>"""
TIMEOUT: dict[str, Any] = {"status": "timeout", "rc": 1}


class Pair(Story):
    """A promotable clone on three nodes without fencing, promoted on n1."""

    def __init__(self) -> None:
        super().__init__()
        for section, xml in (("resources", CLONE), ("crm_config", OFF)):
            self.tell(CibChanged(self.state.version, (Edit("put", section, xml),)))
        self.calls = 0
        for node in ("n1", "n2", "n3"):
            self.done("start", node)
            self.tell(AttributeSet(node, "master-ms", "5"), node)
        self.done("promote")

    def done(self, task: str, node: str = "n1", **how: Any) -> None:
        self.calls += 1
        fields = {"rc": 0, "status": "done", "expected_rc": 0, "call_id": self.calls, **how}
        self.tell(
            OperationFinished(node, "ms", "ocf:hanode:Stateful", task, 0, **fields),
            node,
        )

    def promoted_elsewhere(self) -> list[str]:
        actions = schedule(cib_of(self.state), 2000.0).actions
        return [
            a.node or "" for a in actions if a.operation == "promote" and a.node not in ("n1", None)
        ]


@pytest.fixture
def pair() -> Pair:
    return Pair()


@pytest.mark.parametrize("how", [TIMEOUT, {"status": "error", "rc": 1}])
def test_a_demotion_that_failed_does_not_hide_it_when_the_stop_fails_too(
    pair: Pair, how: dict[str, Any]
) -> None:
    """Simulator, 2w without fencing, seeds 94007 and 134068 (no process could be had)."""
    pair.done("demote", rc=1)
    pair.done("stop", **how)
    assert not pair.promoted_elsewhere()


def test_nor_does_a_promotion_that_may_have_come_about(pair: Pair) -> None:
    pair.done("demote")
    pair.done("promote", **TIMEOUT)
    pair.done("demote", **TIMEOUT)
    pair.done("stop", **TIMEOUT)
    assert not pair.promoted_elsewhere()


def test_what_was_demoted_stands_in_nobodys_way(pair: Pair) -> None:
    pair.done("demote", rc=1)
    pair.done("demote")
    pair.done("stop", **TIMEOUT)
    assert pair.promoted_elsewhere()


def test_nor_what_was_stopped_in_the_end(pair: Pair) -> None:
    pair.done("demote", rc=1)
    pair.done("stop", **TIMEOUT)
    pair.done("stop")
    assert "promoted_0" not in pair.state.nodes["n1"].history["ms"]


def test_nor_what_is_looked_at_anew(pair: Pair) -> None:
    pair.done("demote", rc=1)
    pair.done("stop", **TIMEOUT)
    pair.tell(HistoryCleared("ms", "n1"))
    pair.done("monitor", rc=7, expected_rc=7)
    assert pair.promoted_elsewhere()
