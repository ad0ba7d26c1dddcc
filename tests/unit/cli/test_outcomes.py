"""What was ordered is held against what came of it: restart, and --wait."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hanode.cli.aim import missed
from hanode.events import CibChanged, Edit, Event
from hanode.mgmt import orders
from hanode.mgmt.proposal import Aim
from hanode.mgmt.what_if import what_if
from tests.unit.cli.conftest import Capture, Hanode
from tests.unit.cli.node_double import NodeDouble
from tests.unit.mgmt.clusters import Log, founded, healthy, operation

CIB = (
    '<cib admin_epoch="0" epoch="4" num_updates="0"><configuration><crm_config>'
    '<cluster_property_set id="o"><nvpair id="o-s" name="stonith-enabled" value="false"/>'
    "</cluster_property_set></crm_config><nodes/><resources>"
    '<primitive id="web" class="ocf" provider="hanode" type="web"/></resources><constraints/>'
    "</configuration><status/></cib>"
)


def web(task: str, call_id: int, node: str = "n1", rc: int = 0) -> Event:
    given = {"expected_rc": 7} if task == "monitor" else {}
    return operation(node, "web", task, agent="ocf:hanode:web", call_id=call_id, rc=rc, **given)


def at_rest() -> Log:
    """Everywhere probed; web runs on n1."""
    log = founded(CIB)
    for name in log.state.nodes:
        log.say(web("monitor", 1, name, rc=7), actor=name)
    log.say(web("start", 2))
    return log


@pytest.fixture
def node(tmp_path: Path) -> Iterator[NodeDouble]:
    double = NodeDouble(at_rest(), tmp_path)
    yield double
    double.close()


def test_a_restart_is_a_stop_and_a_start(node: NodeDouble, hanode: Hanode, capsys: Capture) -> None:
    node.after_commits = [[web("stop", 20)], [web("start", 21)]]
    assert hanode("resource restart web --limit 0.01") == 0
    assert "was restarted" in capsys.readouterr().out
    assert "target-role" not in node.log.state.cib


@pytest.mark.parametrize("how", ["unmanage web", "maintenance web"])
def test_what_nobody_may_stop_was_not_restarted(
    node: NodeDouble, hanode: Hanode, capsys: Capture, how: str
) -> None:
    assert hanode(f"resource {how}") == 0
    before = node.log.state.cib
    assert hanode("resource restart web --limit 0.01") == 1
    assert "was not restarted" in capsys.readouterr().err
    assert _without_epoch(node.log.state.cib) == _without_epoch(before)


def _without_epoch(cib: str) -> str:
    return cib[cib.index("<configuration>") :]


def test_a_restart_gives_the_old_role_back() -> None:
    log = healthy()
    log.say(*orders.target_role(log.state, "db", "Unpromoted").events)
    before = what_if(log.state, ())
    log.say(*orders.target_role(log.state, "db", "Stopped").events)
    log.say(*orders.put_back(log.state, "db", before).events)
    assert 'value="Unpromoted"' in log.state.cib
    with pytest.raises(orders.NothingToDo):
        orders.put_back(log.state, "db", before)


def test_a_restart_that_somebody_interferes_with_leaves_nothing_stopped(
    node: NodeDouble, hanode: Hanode
) -> None:
    node.lost_after = 1
    assert hanode("resource restart web --limit 0.01") != 0
    assert "target-role" not in node.log.state.cib


def test_what_is_not_active_is_not_restarted(
    node: NodeDouble, hanode: Hanode, capsys: Capture
) -> None:
    assert hanode("resource create idle ocf:hanode:Dummy --force") == 0
    assert hanode("resource restart idle") == 1
    assert "hanode resource start idle" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("order", "says"),
    [
        ("resource move web n2", "web is active on n1"),
        ("resource stop web", "web is active on n1"),
        ("resource ban web n1", "web is active on n1"),
        ("node standby n1", "n1 still runs"),
    ],
)
def test_rest_is_not_yet_what_was_ordered(
    node: NodeDouble, hanode: Hanode, capsys: Capture, order: str, says: str
) -> None:
    node.log.say(*orders.maintenance(node.log.state, True).events)
    assert hanode(f"{order} --wait 0.01") == 1
    told = capsys.readouterr().err
    assert f"at rest, but {says}" in told
    assert "maintenance mode" in told


def test_a_promoted_role_has_its_places() -> None:
    state = healthy().state
    assert missed(Aim(("db-clone",), "Promoted", node="n1"), state) == ""
    assert "promoted on n1" in missed(Aim(("db-clone",), "Promoted", node="n2"), state)
    assert "promoted on n1" in missed(Aim(("db-clone",), "Unpromoted"), state)
    assert missed(Aim(("g",), "Started", off="n1"), state) == ""


def test_who_leaves_itself_may_hang_up(node: NodeDouble, hanode: Hanode) -> None:
    node.lost_after = 1
    assert hanode("node leave n1 --yes --wait 0.01") == 0


def test_who_orders_anothers_leave_hears_of_a_lost_line(node: NodeDouble, hanode: Hanode) -> None:
    node.lost_after = 1
    assert hanode("node leave n2 --yes --wait 0.01") == 69


def test_an_edit_that_came_too_late_is_kept(
    node: NodeDouble, hanode: Hanode, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    node.before_commit = list(orders.standby(node.log.state, "n3", True).events)
    monkeypatch.setenv("EDITOR", 'sed -i \'s/id="web"/id="www"/\'')
    assert hanode("cib edit --yes") == 75
    told = capsys.readouterr().err
    kept = Path(told.partition("kept in ")[2].split()[0])
    assert 'id="www"' in kept.read_text()
    kept.unlink()
    kept.parent.rmdir()
    assert "somebody changed it since" in told


def test_what_is_to_be_stopped_is_not_restarted(
    node: NodeDouble, hanode: Hanode, capsys: Capture
) -> None:
    assert hanode("resource stop web") == 0
    assert hanode("resource restart web") == 1
    assert "start it with: hanode resource start web" in capsys.readouterr().err


def test_what_was_ordered_before_can_be_waited_for(
    node: NodeDouble, hanode: Hanode, capsys: Capture
) -> None:
    assert hanode("resource stop web") == 0
    assert hanode("resource stop web --wait=0.3") == 75
    assert "not at rest" in capsys.readouterr().err
    node.log.say(web("stop", 3))
    assert hanode("resource stop web --wait=0.3") == 0
    assert "at rest again" in capsys.readouterr().out


def test_what_is_said_is_what_was_ordered_in_the_end(
    node: NodeDouble, hanode: Hanode, capsys: Capture
) -> None:
    """It runs elsewhere by the time that the order comes through."""
    other = CibChanged(node.log.state.version, (Edit("set", "web", name="description", value="x"),))
    node.before_commit = [other, web("stop", 3), web("start", 4, "n2")]
    assert hanode("resource ban web") == 0
    assert "Keep web off n2." in capsys.readouterr().out
    assert 'id="cli-ban-web-on-n2"' in node.log.state.cib


def test_a_line_lost_in_the_waiting_takes_nothing_back(
    node: NodeDouble, hanode: Hanode, capsys: Capture
) -> None:
    node.lost_after = 1
    assert hanode("resource stop web --wait=5") == 69
    said = capsys.readouterr().err
    assert "this is ordered, but" in said
    assert "don't order it again" in said


@pytest.mark.parametrize("line", ["node attribute n1 'a b=1' --transient", "node leave n9"])
def test_a_dry_run_is_refused_as_the_order_would_be(
    hanode: Hanode, capsys: Capture, line: str
) -> None:
    assert hanode(f"{line} --dry-run") == 65
    said = capsys.readouterr().err
    assert hanode(line) == 65
    assert capsys.readouterr().err == said


@pytest.mark.parametrize("editor", ["no-such-editor", "vi 'x", "false"])
def test_an_editor_that_does_not_open_leaves_nothing_behind(
    hanode: Hanode, capsys: Capture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, editor: str
) -> None:
    monkeypatch.setenv("VISUAL", editor)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    before = set(tmp_path.iterdir())
    assert hanode("cib edit") in (1, 66)
    assert editor in capsys.readouterr().err
    assert set(tmp_path.iterdir()) == before
