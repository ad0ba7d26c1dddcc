"""A command that names what there is not, or has no effect, does not end as if it were done."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hanode.cib.xml import read_xml
from hanode.cli.desk import Desk
from hanode.cli.machines import sent_away
from hanode.events import CibChanged, Edit, NodeLeft, TicketSet, ViewAgreed
from tests.unit.cli.conftest import Capture, Hanode
from tests.unit.cli.node_double import NodeDouble

NOT_THERE = {
    "resource clear web n9": "unknown node 'n9'",
    "resource failures wbe": "unknown resource 'wbe'; did you mean 'web'?",
    "resource why wbe": "unknown resource 'wbe'; did you mean 'web'?",
    "resource move wbe": "unknown resource 'wbe'; did you mean 'web'?",
    "resource ban wbe": "unknown resource 'wbe'; did you mean 'web'?",
    "resource move web n2 --promoted": "web is not promotable",
    "resource ban web n2 --promoted": "web is not promotable",
    "resource promote web n2": "web is not promotable",
    "ticket revoke site": "unknown ticket 'site'; no ticket is configured yet",
    "ticket standby site": "unknown ticket 'site'",
    "ticket grant 'a b'": "letters, digits",
    "fence level remove 1 n1": "n1 has no fencing level 1",
    "fence level add 1 n1 ,": "name the devices",
    "fence level add 1 n1 strip,strip": "strip is named twice",
    "resource group add x web web": "web is named twice",
    "fence update web x=y": "web is no fence device",
    "secret remove ../x": "letters, digits",
    "secret remove a/b": "letters, digits",
    "secret remove ''": "letters, digits",
}


LOOKS = ("resource failures", "resource why", "secret remove")
"""These have no dry run."""


@pytest.mark.parametrize(
    "line", [*NOT_THERE, *(f"{line} --dry-run" for line in NOT_THERE if not line.startswith(LOOKS))]
)
def test_it_is_said(hanode: Hanode, capsys: Capture, line: str) -> None:
    assert hanode(line) in (64, 65)
    assert NOT_THERE[line.removesuffix(" --dry-run")] in capsys.readouterr().err


def test_a_promotable_may_be_promoted_somewhere(hanode: Hanode) -> None:
    assert hanode("resource promote db n2") == 0
    assert hanode("resource move db-clone n1 --promoted") == 0


def test_a_ticket_that_something_depends_on_may_be_revoked(
    node: NodeDouble, hanode: Hanode, capsys: Capture
) -> None:
    xml = '<rsc_ticket id="t" rsc="web" ticket="site"/>'
    node.log.say(CibChanged(node.log.state.version, (Edit("put", "constraints", xml),)))
    assert hanode("ticket revoke site") == 0
    node.log.say(TicketSet("other", True))
    assert hanode("ticket standby other") == 0
    assert hanode("ticket revoke sites") == 65
    assert "did you mean 'site'?" in capsys.readouterr().err


def test_a_level_is_known_by_what_it_says(node: NodeDouble, hanode: Hanode) -> None:
    """Others give it other ids."""
    xml = '<fencing-level id="mine" target="n1" index="1" devices="other"/>'
    node.log.say(CibChanged(node.log.state.version, (Edit("put", "fencing-topology", xml),)))
    assert hanode("fence level add 1 n1 strip") == 0
    (level,) = read_xml(node.log.state.cib.encode()).iter("fencing-level")
    assert {str(k): str(v) for k, v in level.attrib.items()} == {
        "id": "mine",
        "target": "n1",
        "index": "1",
        "devices": "strip",
    }
    assert hanode("fence level add 2 n1 strip") == 0
    assert hanode("fence level remove 1 n1") == 0
    (level,) = read_xml(node.log.state.cib.encode()).iter("fencing-level")
    assert level.get("id") == "fl-n1-2"


def test_who_is_away_need_not_be_sent_away(node: NodeDouble) -> None:
    """A node that is down is upgraded and started all the same."""
    from argparse import Namespace

    desk = Desk(str(node.config), ["node", "restart"], Namespace())
    before = node.log.state.position
    node.log.say(NodeLeft("n3", node.log.state.nodes["n3"].boot))
    node.log.say(ViewAgreed((("n1", 1), ("n2", 1)), True))
    assert not node.log.state.nodes["n3"].present
    before = node.log.state.position
    assert not sent_away(desk, "n3")
    assert node.log.state.position == before
    assert sent_away(desk, "n2")
    assert node.log.state.position != before
    desk.close()


def test_who_is_away_forgets_what_is_transient(
    node: NodeDouble, hanode: Hanode, capsys: Capture
) -> None:
    node.log.say(NodeLeft("n3", node.log.state.nodes["n3"].boot))
    node.log.say(ViewAgreed((("n1", 1), ("n2", 1)), True))
    assert hanode("node attribute n3 x=1 --transient") == 64
    assert "without --transient" in capsys.readouterr().err
    assert hanode("node attribute n3 x=1") == 0
    assert hanode("node attribute n2 x=1 --transient") == 0


def test_a_configuration_without_a_version_overwrites_what_others_did(
    node: NodeDouble, hanode: Hanode, capsys: Capture, tmp_path: Path
) -> None:
    file = tmp_path / "c.xml"
    assert hanode("cib show") == 0
    shown = capsys.readouterr().out
    start, end = shown.index("<configuration>"), shown.index("</configuration>")
    file.write_text(shown[start:end].replace("<constraints/>", "") + "</configuration>")
    assert hanode(f"cib push {file}") == 0
    assert "it has no version" in capsys.readouterr().err


def test_a_script_gets_json_where_nothing_is_to_be_done(hanode: Hanode, capsys: Capture) -> None:
    assert hanode("resource start web --json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["entry"] is None
    assert "nothing to change" in told["sentence"]
