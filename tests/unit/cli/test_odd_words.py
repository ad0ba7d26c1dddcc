"""Words that nobody should type are refused in a sentence, and never end in a traceback."""

from __future__ import annotations

import os

import pytest

from hanode.cli.lifetime import until
from hanode.mgmt.draft import Draft
from hanode.mgmt.proposal import CannotOrder
from tests.unit.cli.conftest import Capture, Hanode
from tests.unit.cli.node_double import NodeDouble
from tests.unit.mgmt.clusters import founded

ODD = {
    "resource ban web n1 --lifetime 99999999d": "too far off",
    "resource ban web n1 --lifetime 0": "no time at all",
    "resource ban web n1 --until 0001-01-01": "is no time",
    "resource create x ocf:hanode:Dummy op monitor =5": "'=5' is not NAME=VALUE",
    "resource create x ocf:hanode:Dummy op monitor 'a b=c'": "'a b' can't be the name",
    "resource create x ocf:hanode:Dummy op monitor interval=1s interval=2s": "given twice",
    "constraint order web then g symmetrical=maybe": "give one of true, false",
    "constraint order web then g kind=Optional kind=Serialize": "kind is given twice",
    "property set cluster-name=a\x01b": "can't be said in the configuration",
    "node attribute n1 a=\x01": "can't be said in the configuration",
    "node attribute n1 a=" + os.fsdecode(b"\xff"): "is not text in UTF-8",
    "node attribute n1 a=" + os.fsdecode(b"\xff") + " --transient": "is not text in UTF-8",
    "node token --minutes 0": "give 1 to 10080",
    "node token --minutes 99999999999999": "give 1 to 10080",
}


@pytest.mark.parametrize("line", ODD)
def test_it_is_refused(node: NodeDouble, hanode: Hanode, capsys: Capture, line: str) -> None:
    before = node.log.state.position
    assert hanode(line) in (64, 65)
    assert ODD[line] in capsys.readouterr().err
    assert node.log.state.position == before


@pytest.mark.parametrize("limit", ["nan", "-5"])
def test_a_limit_is_a_time(hanode: Hanode, capsys: Capture, limit: str) -> None:
    with pytest.raises(SystemExit) as end:
        hanode(f"resource move web n2 --wait={limit}")
    assert end.value.code == 64
    assert f"invalid seconds value: '{limit}'" in capsys.readouterr().err


def test_a_date_in_the_last_year_is_one() -> None:
    assert until("", "9999-12-31T23:00:00Z", 0.0) == 253_402_297_200.0


def test_what_xml_cannot_say_is_refused_by_the_draft() -> None:
    with pytest.raises(CannotOrder, match="can't be said"):
        Draft(founded().state).put("resources", "<primitive id='a' b=>")


def test_the_last_of_those_since_a_time(node: NodeDouble, hanode: Hanode, capsys: Capture) -> None:
    assert hanode("log --since 2020-01-01") == 0
    whole = capsys.readouterr().out.splitlines()
    assert len(whole) == len(node.log.entries) > 2
    assert hanode("log --since 2020-01-01 -n 2") == 0
    assert capsys.readouterr().out.splitlines() == whole[-2:]
    assert hanode("log --since 2020-01-01 -n 0") == 0
    assert not capsys.readouterr().out
    assert hanode("log --since 0001-01-01") in (0, 64)
