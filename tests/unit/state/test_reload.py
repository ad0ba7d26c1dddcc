"""A reload from end to end, without the agents: what the log remembers, what the PE decides."""

from __future__ import annotations

from typing import Any

import pytest

from hanode.cib.digest import digest, digested, without
from hanode.events import (
    CibChanged,
    Edit,
    HistoryCleared,
    NodeReported,
    OperationFinished,
    ViewAgreed,
)
from hanode.pe import schedule
from hanode.state import cib_of
from hanode.transition import Action
from tests.unit.state.test_fold import Story

RELOADABLE = ("text",)


class Site(Story):
    """One resource, which runs on n2 with what was configured."""

    def __init__(self, on_fail: str = "") -> None:
        super().__init__()
        self.calls = 0
        self.boot = 1
        self.on_fail = on_fail
        self.configure(text="hello", port="80")
        off = '<nvpair id="o-f" name="stonith-enabled" value="false"/>'
        options = f'<cluster_property_set id="o">{off}</cluster_property_set>'
        self.edit(Edit("put", "crm_config", options))
        for step in range(4):
            assert step < 3, "it doesn't come to rest"
            if not self.obey():
                break

    def edit(self, edit: Edit) -> None:
        self.tell(CibChanged(self.state.version, (edit,)))

    def configure(self, **parameters: str) -> None:
        pairs = "".join(
            f'<nvpair id="d-{k}" name="{k}" value="{v}"/>' for k, v in parameters.items()
        )
        fail = f'<op id="d-r" name="reload-agent" interval="0" on-fail="{self.on_fail}"/>'
        self.edit(
            Edit("put", "resources", f"""<primitive id="d" class="ocf" provider="hanode" type="D">
            <instance_attributes id="d-p">{pairs}</instance_attributes><operations>
            <op id="d-m" name="monitor" interval="10s" timeout="5s"/>{fail if self.on_fail else ""}
            </operations></primitive>""")
        )  # fmt: skip

    def place(self) -> str:
        return next(n for n, record in self.state.nodes.items() if "monitor_10000" in
                    record.history["d"])  # fmt: skip

    def finished(self, node: str, task: str, **more: Any) -> None:
        """A result that the PE didn't ask for just now."""
        self.calls += 1
        done = OperationFinished(
            node, "d", "ocf:hanode:D", task, 0, 0, "done", call_id=self.calls, **more
        )
        self.tell(done, node)

    def wanted(self) -> list[Action]:
        decided = schedule(cib_of(self.state), 2000.0)
        return [a for a in decided.actions if a.kind in ("rsc", "cancel")]

    def obey(self, **how: Any) -> list[str]:
        """Do what the PE wants; `how` each task ends, if not well."""
        actions = self.wanted()
        for action in actions:
            self.carry_out(action, how.get(action.operation.replace("-", "_"), {}))
        return [action.operation for action in actions]

    def carry_out(self, action: Action, how: dict[str, Any]) -> None:
        probe = action.operation == "monitor" and not action.interval_ms
        self.calls += 1
        node, fixed = action.node or "", without(digested(action.parameters), RELOADABLE)
        fields: dict[str, Any] = {
            "rc": 7 if probe else 0, "status": "done", "expected_rc": action.target_rc,
            "call_id": self.calls, "digest": action.digest, "reloadable": RELOADABLE,
            "restart_digest": digest(fixed), **how,
        }  # fmt: skip
        if action.interval_ms:
            fields |= {"reloadable": (), "restart_digest": ""}
        if action.kind == "cancel":
            fields["status"] = "cancelled"
        done = OperationFinished(
            node, "d", "ocf:hanode:D", action.operation, action.interval_ms, **fields
        )
        self.tell(done, node, self.boot)


@pytest.fixture
def site() -> Site:
    return Site()


def test_a_reloadable_parameter_reloads_once_and_its_monitor_goes_on(site: Site) -> None:
    site.configure(text="bye", port="80")
    assert set(site.obey()) == {"reload-agent", "monitor"}
    assert site.obey() == []
    site.configure(text="hello again", port="80")
    assert "reload-agent" in site.obey()
    assert site.obey() == []


def test_any_other_parameter_restarts_also_after_a_reload(site: Site) -> None:
    site.configure(text="bye", port="80")
    site.obey()
    site.configure(text="bye", port="81")
    assert site.obey() == ["stop", "start", "monitor"]
    site.configure(text="hello", port="80")
    assert site.obey()[:2] == ["stop", "start"]
    assert site.obey() == []


def test_one_that_nobody_declared_restarts(site: Site) -> None:
    site.configure(text="hello", port="80", more="1")
    assert site.obey()[:2] == ["stop", "start"]


def test_a_reload_that_fails_is_a_failure_like_any_other(site: Site) -> None:
    site.configure(text="bye", port="80")
    assert "reload-agent" in site.obey(reload_agent={"rc": 1})
    assert site.obey()[:2] == ["stop", "start"]
    assert site.obey() == []


def test_a_node_that_can_run_nothing_leaves_nothing_reloaded(site: Site) -> None:
    site.configure(text="bye", port="80")
    site.obey(reload_agent={"rc": 1, "status": "error"})
    assert site.obey()[:2] == ["stop", "start"]
    assert site.obey() == []


def test_a_failure_that_is_to_be_ignored_is_not_tried_again_and_again() -> None:
    site = Site(on_fail="ignore")
    site.configure(text="bye", port="80")
    assert "reload-agent" in site.obey(reload_agent={"rc": 1})
    assert site.obey() == []


def test_a_change_of_role_hides_no_changed_parameter(site: Site) -> None:
    """A restart that begins with a demotion may be interrupted there."""
    site.configure(text="hello", port="81")
    where = site.wanted()[0].node or ""
    for task in ("demote", "promote"):
        site.finished(where, task, digest="of port 81")
        assert {"stop", "start"} <= {a.operation for a in site.wanted()}
    site.obey()
    assert site.wanted() == []


def test_a_reload_counts_after_a_change_of_role_too(site: Site) -> None:
    where = site.place()
    site.finished(where, "demote", digest="whatever it was demoted with")
    site.configure(text="bye", port="80")
    assert "reload-agent" in site.obey()
    assert site.wanted() == []
    site.configure(text="bye", port="81")
    assert site.obey()[0] == "stop"


def test_a_report_that_tells_the_start_again_forgets_no_reload(site: Site) -> None:
    told: list[OperationFinished] = []
    site.configure(text="bye", port="80")
    reload = next(a for a in site.wanted() if a.operation == "reload-agent")
    where = reload.node or ""
    told += site.state.nodes[where].history["d"].values()
    site.obey()
    fixed = digest({"port": "80"})
    told.append(
        OperationFinished(
            where, "d", "ocf:hanode:D", "reload-agent", 0, 0, "done", call_id=site.calls,
            digest=reload.digest, reloadable=RELOADABLE, restart_digest=fixed,
        )
    )  # fmt: skip
    told += [r for r in site.state.nodes[where].history["d"].values() if r.interval_ms]
    site.tell(NodeReported(where, 1, 2, tuple(sorted(told, key=lambda o: o.call_id))), where)
    assert site.wanted() == []


def test_one_under_way_at_a_report_is_no_result(site: Site) -> None:
    site.configure(text="bye", port="80")
    where = site.wanted()[0].node or ""
    told = sorted(site.state.nodes[where].history["d"].values(), key=lambda o: o.call_id)
    pending = OperationFinished(
        where, "d", "ocf:hanode:D", "reload-agent", 0, 193, "pending", call_id=site.calls + 1
    )
    site.tell(NodeReported(where, 1, 2, (*told, pending)), where)
    assert "reload-agent" in [a.operation for a in site.wanted()]


def test_a_cleanup_hides_no_changed_parameter(site: Site) -> None:
    """Simulator, 3 nodes, seed 107: changed, and cleaned up before the restart had begun; the
    probe, called with the new parameter, was taken for the start."""
    where = site.place()
    site.configure(text="hello", port="81")
    site.tell(HistoryCleared("d"))
    for action in site.wanted():
        if action.operation == "monitor" and not action.interval_ms:
            site.carry_out(action, {"rc": 0} if action.node == where else {})
    assert site.obey()[:2] == ["stop", "start"]
    for _ in range(2):
        site.tell(HistoryCleared("d"))
        for action in site.wanted():
            if action.operation == "monitor" and not action.interval_ms:
                site.carry_out(action, {"rc": 0} if action.node == where else {})
        assert {a.operation for a in site.wanted()} <= {"monitor"}


def test_what_stopped_meanwhile_is_started_with_what_is_configured(site: Site) -> None:
    site.configure(text="hello", port="81")
    site.tell(HistoryCleared("d"))
    assert "stop" not in site.obey()
    assert site.obey() == []


def test_a_new_boot_hides_no_changed_parameter(site: Site) -> None:
    """Simulator, 3 nodes, seed 107: changed while its node's hanode was down, which it outlived."""
    where = site.place()
    site.configure(text="hello", port="81")
    boots = tuple((name, 2 if name == where else 1) for name in ("n1", "n2", "n3"))
    site.tell(ViewAgreed(boots))
    site.tell(NodeReported(where, 2, 2), where, 2)
    site.calls = 0
    (probe,) = [a for a in site.wanted() if a.operation == "monitor" and not a.interval_ms]
    site.boot = 2
    site.carry_out(probe, {"rc": 0})
    assert site.obey()[:2] == ["stop", "start"]
