"""`hanode cib check` finds what is wrong with a configuration, and says where."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hanode.cli.verdict import faults
from tests.unit.cli.conftest import Capture, Hanode
from tests.unit.cli.node_double import NodeDouble

BAD = """<cib admin_epoch="0" epoch="1" num_updates="0">
  <configuration>
    <crm_config>
      <cluster_property_set id="o">
        <nvpair id="o-a" name="stonith-enabled" value="flase"/>
        <nvpair id="o-a" name="stonith-enabeld" value="true"/>
        <nvpair id="o-b" name="my-own" value="true"/>
      </cluster_property_set>
    </crm_config>
    <nodes><node id="r" type="remote" uname="r"/></nodes>
    <resources>
      <primitive id="a" class="ocf" provider="hanode" type="Dummy">
        <operations>
          <op id="a-1" name="monitor" interval="10s"/>
          <op id="a-2" name="monitor" interval="10s"/>
        </operations>
      </primitive>
      <primitve id="b" class="ocf" provider="hanode" type="Dummy"/>
      <primitive id="r" class="ocf" provider="pacemaker" type="remote"/>
    </resources>
    <constraints>
      <rsc_location id="l" rsc="nosuch" node="n1" score="5"/>
    </constraints>
  </configuration>
</cib>
"""
FOUND = {
    4: "stonith-enabled",
    6: "did you mean stonith-enabled?",
    14: "configured twice",
    15: "configured twice",
    18: "not a kind of resource",
    22: '"nosuch", which is no resource',
}


@pytest.mark.parametrize("line", FOUND)
def test_each_fault_has_its_line(line: int) -> None:
    assert any(f.line == line and FOUND[line] in f.message for f in faults(BAD.encode()))


def test_an_id_is_said_to_be_taken() -> None:
    told = [str(fault) for fault in faults(BAD.encode())]
    assert 'line 6: the id "o-a" is that of line 5; give it another' in told
    assert not any("my-own" in one or '"r"' in one for one in told)


def test_the_exit_code_says_it(hanode: Hanode, capsys: Capture, tmp_path: Path) -> None:
    file = tmp_path / "c.xml"
    file.write_text(BAD)
    assert hanode(f"cib check {file}") == 1
    assert f"{file}: line 18: <primitve" in capsys.readouterr().out
    assert hanode(f"cib check {file} --json") == 1
    assert {one["line"] for one in json.loads(capsys.readouterr().out)} >= set(FOUND)
    file.write_text("<cib>\n<configuration>")
    assert hanode(f"cib check {file}") == 65
    assert f"{file}: line 2:" in capsys.readouterr().err
    assert hanode("cib check /nowhere") == 66


def test_what_is_in_force_is_checked_too(node: NodeDouble, hanode: Hanode, capsys: Capture) -> None:
    assert hanode("cib check") == 0
    assert "nothing is wrong" in capsys.readouterr().out


def test_nobody_is_left_to_think_that_a_comment_is_kept(
    hanode: Hanode, capsys: Capture, tmp_path: Path
) -> None:
    file = tmp_path / "c.xml"
    assert hanode("cib show") == 0
    shown = capsys.readouterr().out
    file.write_text(shown.replace("<constraints", "<!-- see ticket 17 -->\n<constraints"))
    hanode(f"cib diff {file}")
    line = shown[: shown.index("<constraints")].count("\n") + 1
    assert f"line {line}: comments are not kept" in capsys.readouterr().err
