"""What operators get wrong is said at once, and changes nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hanode.events import OperationFinished
from tests.unit.cli.conftest import Capture, Hanode
from tests.unit.cli.node_double import NodeDouble

MISTAKES = {
    "resource create r ocf:hanode:Dummy op monitr interval=1s": "did you mean monitor?",
    "resource create r ocf:hanode:Dummy op monitor interval=abc": "interval='abc': give a duration",
    "resource create r ocf:hanode:Dummy op monitor interval=-5s": "interval='-5s': give a duration",
    "resource create r ocf:hanode:Dummy op start on-fail=maybe": "on-fail='maybe': give one of",
    "resource create r ocf:hanode:Dummy op monitor tiemout=5s": "did you mean timeout?",
    "resource create r ocf:hanode:Dummy meta migraton-threshold=3": "mean migration-threshold?",
    "resource create r ocf:hanode:Dummy meta is-managed=maybe": "give one of true, false",
    "resource create r ocf:hanode:Dummy fakse=1": "did you mean fake?",
    "resource create r ocf:hanode:Dummy clone interleave=2": "give one of true, false",
    "resource update web port=eighty": "port is 'eighty', and must be a whole number",
    "resource update web prot=80": "did you mean port?",
    "resource update web op monitor timeout=soon": "timeout='soon': give a duration",
    "resource update web op montor timeout=5s": "did you mean monitor?",
    "resource update web meta target-role=up": "target-role='up': give one of started",
    "resource meta web is-managed=perhaps": "give one of true, false",
    "fence update strip strp=/x": "did you mean strip?",
}


@pytest.mark.parametrize("line", MISTAKES)
def test_a_mistake_is_said_and_may_be_insisted_upon(
    node: NodeDouble, hanode: Hanode, capsys: Capture, line: str
) -> None:
    before = node.log.state.version
    assert hanode(line) in (64, 65)
    said = capsys.readouterr().err
    assert MISTAKES[line] in said
    assert "--force" in said
    assert node.log.state.version == before
    assert hanode(f"{line} --force") == 0
    assert node.log.state.version != before


def test_what_xml_cannot_say_is_not_insisted_upon(hanode: Hanode, capsys: Capture) -> None:
    for force in ("", "--force"):
        assert hanode(f"resource create r ocf:hanode:Dummy fake=a\x1b[31mb {force}") == 64
        said = capsys.readouterr().err
        assert "control character" in said
        assert "\x1b" not in said


def test_a_required_parameter_is_not_taken_away(
    node: NodeDouble, hanode: Hanode, capsys: Capture, tmp_path: Path
) -> None:
    agent = tmp_path / "ocf/resource.d/test/Strict"
    agent.parent.mkdir(parents=True)
    agent.write_text(
        "#!/bin/sh\ncat <<END\n<resource-agent name='Strict'><parameters>"
        "<parameter name='ip' required='1'><content type='string'/></parameter></parameters>"
        "<actions><action name='start' timeout='5s'/></actions></resource-agent>\nEND\n"
    )
    agent.chmod(0o755)
    with node.config.open("a") as config:
        config.seek(0)
    text = node.config.read_text()
    node.config.write_text(f'ocf_root = "{tmp_path}/ocf"\n{text}')
    assert hanode("resource create r ocf:test:Strict ip=") == 65
    assert "Strict needs parameter ip" in capsys.readouterr().err
    assert hanode("resource create r ocf:test:Strict ip=1") == 0
    assert hanode("resource update r ip=") == 65
    assert hanode("resource update r ip=2") == 0


def test_metadata_that_is_no_xml_stops_no_update(
    node: NodeDouble, hanode: Hanode, capsys: Capture, tmp_path: Path
) -> None:
    agent = tmp_path / "ocf/resource.d/test/Babble"
    agent.parent.mkdir(parents=True)
    agent.write_text("#!/bin/sh\necho '<resource-agent><a></resource-agent>'\n")
    agent.chmod(0o755)
    text = node.config.read_text()
    node.config.write_text(f'ocf_root = "{tmp_path}/ocf"\n{text}')
    assert hanode("resource create r ocf:test:Babble x=1") == 65
    assert "can't be asked for its metadata" in capsys.readouterr().err
    assert hanode("resource create r ocf:test:Babble x=1 --force") == 0
    assert "can't be asked for its metadata" in capsys.readouterr().err
    assert hanode("resource update r x=2") == 0
    assert "can't be asked for its metadata" in capsys.readouterr().err


def test_old_mistakes_forbid_no_change_of_something_else(hanode: Hanode, capsys: Capture) -> None:
    assert hanode("resource update web port=eighty --force") == 0
    assert hanode("resource update web ip=127.0.0.3") == 0
    assert hanode("resource update web port=") == 0
    assert capsys.readouterr().err == ""


def test_an_agents_own_check_level_is_told_to_the_agent(node: NodeDouble, hanode: Hanode) -> None:
    assert (
        hanode("resource create r ocf:hanode:Dummy op monitor interval=9s OCF_CHECK_LEVEL=10") == 0
    )
    cib = node.log.state.cib
    assert '<nvpair id="r-monitor-interval-9s-instance_attributes-OCF_CHECK_LEVEL"' in cib
    assert 'OCF_CHECK_LEVEL="10"' not in cib


def missing(node: str) -> OperationFinished:
    return OperationFinished(
        node, "r", "ocf:test:None", "monitor", 0, 0, "not-installed", call_id=9,
        reason="no such file", expected_rc=7,
    )  # fmt: skip


def test_where_it_is_not_installed_is_told_per_node(
    node: NodeDouble, hanode: Hanode, capsys: Capture
) -> None:
    node.log.say(missing("n2"), actor="n2")
    assert hanode("resource create r ocf:test:None") == 0
    capsys.readouterr()
    assert hanode("resource list") == 0
    (row,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("r ")]
    assert "not-installed:n2" in row


@pytest.mark.parametrize("name", ["passwd", "password", "community", "snmp_priv_passwd"])
def test_a_password_in_plain_words_stands_in_no_command_that_is_remembered(
    node: NodeDouble, hanode: Hanode, capsys: Capture, name: str
) -> None:
    lines = (
        f"fence create bmc fence_elsewhere ip=1 {name}=hunter2",
        f"fence update bmc {name}=hunter22",
        f"fence update bmc {name}=secret://bmc",
    )
    for line in lines:
        assert hanode(line) == 0
    assert capsys.readouterr().err.count("keep it apart: hanode secret set NAME") == 2
    said = [entry.signed.open()[1].why for entry in node.log.entries[-3:]]
    assert said == [
        f"hanode fence create bmc fence_elsewhere ip=1 '{name}=(secret)'",
        f"hanode fence update bmc '{name}=(secret)'",
        f"hanode fence update bmc {name}=secret://bmc",
    ]
    assert hanode("log -n 3") == 0
    assert "hunter" not in capsys.readouterr().out
    assert "hunter" not in node.log.state.cib


def test_who_has_read_enough_may_hang_up() -> None:
    """`hanode --help | head`."""
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-u", "-m", "hanode", "--help"]
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, b"")
