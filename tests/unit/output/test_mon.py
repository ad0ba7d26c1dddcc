"""crm_mon's options mean here what they mean there, or are refused by name."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from hanode.events import Alarm
from hanode.mgmt import orders
from hatui import __version__
from hatui.__main__ import main
from hatui.output.choice import GROUPS, BadSection, excluded, included
from tests.unit.cli.node_double import NodeDouble
from tests.unit.mgmt.clusters import CIB, healthy, operation
from tests.unit.output.test_pictures import SCHEMA


@pytest.fixture
def node(tmp_path: Path) -> Iterator[NodeDouble]:
    double = NodeDouble(healthy(), tmp_path)
    yield double
    double.close()


def test_toggles_choose_sections(node: NodeDouble, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mon", "-1", "-rfoAtL", "-c", "-m2", str(node.path)]) == 0
    told = capsys.readouterr().out
    for heading in ("Cluster Summary:", "Node List:", "Full List of Resources:", "Operations:"):
        assert heading in told
    assert main(["mon", "-1", "-D", "--exclude=nodes,failures", str(node.path)]) == 0
    assert capsys.readouterr().out.startswith("Active Resources:")
    assert main(["mon", "-1", "--include=none,nodes", str(node.path)]) == 0
    assert capsys.readouterr().out == "Node List:\n  * Online: [ n1 n2 n3 ]\n"


def test_one_node_or_resource(node: NodeDouble, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mon", "-1", "-r", "--resource=ip", "--node=n2", str(node.path)]) == 0
    told = capsys.readouterr().out
    assert "Online: [ n2 ]" in told
    assert "Resource Group: g:" in told
    assert "web" not in told


def of_form(form: str, node: NodeDouble, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["mon", "-1", f"--output-as={form}", *words, str(node.path)]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "sections"),
    [
        (["--include=none,nodes"], "nodes"),
        (["--include=none,dc,bans"], "summary bans"),
        (["--exclude=all", "--include=failcounts,fencing"], "node_history fence_history"),
        (["--exclude=resources,attributes,summary,options,operations,failcounts"],
         "nodes failures fence_history tickets bans"),
    ],
)  # fmt: skip
def test_sections_of_xml_and_json(
    node: NodeDouble, capsys: pytest.CaptureFixture[str], words: list[str], sections: str
) -> None:
    root = etree.fromstring(of_form("xml", node, capsys, *words).encode())
    assert [part.tag for part in root] == [*sections.split(), "status"]
    assert not SCHEMA.exists() or etree.RelaxNG(etree.parse(SCHEMA)).validate(root)
    told = set(json.loads(of_form("json", node, capsys, *words)))
    assert {"stale", "stale_reason"} < told
    assert ("nodes" in told, "resources" in told) == ("nodes" in sections.split(), False)


def test_one_node_or_resource_in_xml_and_json(
    node: NodeDouble, capsys: pytest.CaptureFixture[str]
) -> None:
    node.log.say(*orders.ban(node.log.state, "g", "n3").events)
    node.log.say(operation("n2", "app", "monitor", interval_ms=1000, rc=7, call_id=9), actor="n2")
    root = etree.fromstring(of_form("xml", node, capsys, "--node=n2").encode())
    assert root.xpath("nodes/node/@name") == ["n2"]
    assert root.xpath("resources/*/@id") == ["g", "everywhere", "db-clone"]
    assert {one.get("name") for one in root.iterfind("resources//resource/node")} == {"n2"}
    assert root.xpath("node_history/node/@name") == ["n2"]
    assert root.xpath("summary/nodes_configured/@number") == ["3"]
    root = etree.fromstring(of_form("xml", node, capsys, "--resource=g").encode())
    assert root.xpath("nodes/node/@name") == ["n1", "n2", "n3"]
    assert root.xpath("resources//resource/@id") == ["ip", "app"]
    assert root.xpath("node_history/node/resource_history/@id") == ["app", "ip"]
    assert root.xpath("failures/failure/@op_key") == ["app_monitor_1000"]
    assert root.xpath("bans/ban/@resource") == ["g"]
    told = json.loads(of_form("json", node, capsys, "--resource=ip", "--node=n2"))
    assert [one["id"] for one in told["resources"]] == ["ip"]
    assert [one["name"] for one in told["nodes"]] == ["n2"]
    assert told["failures"] == told["bans"] == []
    assert told["summary"]["resources_configured"] == 10


def test_forms(node: NodeDouble, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "out.xml"
    assert main(["mon", "--output-as=xml", "--output-to", str(file), str(node.path)]) == 0
    assert "<pacemaker-result" in file.read_text()
    assert main(["mon", "--output-as=none", str(node.path)]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("form", ["text", "html", "xml", "json"])
def test_a_file_never_goes_on_showing_what_was(node: NodeDouble, tmp_path: Path, form: str) -> None:
    file = tmp_path / "status"
    words = ["mon", "-1", f"--output-as={form}", "--output-to", str(file)]
    assert main([*words, str(node.path)]) == 0
    assert "web" in file.read_text()
    file.chmod(0o640)
    with file.open() as reader:
        assert main([*words, str(tmp_path / "no.sock")]) == 102
        assert "web" in reader.read()  # whoever had begun to read reads on
    told = file.read_text()
    assert "not connected" in told.lower()
    assert "no node answers here" in told
    assert "web" not in told
    assert file.stat().st_mode & 0o777 == 0o640
    assert [one.name for one in tmp_path.glob("*status*")] == ["status"]


def test_a_pipe_stays_a_pipe(node: NodeDouble, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    assert main(["mon", "-1", "--output-to", str(pipe), str(node.path)]) == 0
    assert os.read(reader, 1 << 16).startswith(b"Cluster Summary:")
    os.close(reader)
    assert pipe.is_fifo()


def test_a_file_in_place_of_a_cluster(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "cib.xml"
    file.write_text(CIB)
    assert main(["mon", "-1r", "-x", str(file)]) == 0
    assert "Current DC: NONE" in capsys.readouterr().out
    file.write_text("<cib/>")
    assert main(["mon", "-1r", "-x", str(file)]) == 66
    assert "no <configuration> in it" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["-s", "-E", "--nonsense"])
def test_what_is_not_done_is_refused(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["mon", option])
    assert end.value.code == 64
    assert option.partition("=")[0].split(",")[0] in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["-d"], "a daemon has no screen"),
        (["-E", "/nowhere/agent"], "no program that can be run"),
        (["-E", "/bin/true", "-x", "cib.xml"], "a file has none"),
    ],
)
def test_what_makes_no_sense_is_refused(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["mon", *words]) == 64
    assert said in capsys.readouterr().err


def test_old_names_mean_the_new(
    node: NodeDouble, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["mon", "-X", str(node.path)]) == 0
    assert "<pacemaker-result" in capsys.readouterr().out
    assert main(["mon", "-1", "-w", str(node.path)]) == 0
    assert capsys.readouterr().out.startswith("Content-Type: text/html\n\n<!DOCTYPE html>")
    assert main(["mon", "-1", "-h", str(tmp_path / "x.html"), str(node.path)]) == 0
    assert "<html" in (tmp_path / "x.html").read_text()
    assert main(["mon", "-1N", str(node.path)]) == 0
    assert capsys.readouterr().out.startswith("Cluster Summary:")
    assert main(["mon", "--include=list"]) == 0
    assert "fencing-pending" in capsys.readouterr().out.splitlines()


def test_sections_come_and_go() -> None:
    everything, _ = included(frozenset(), "all", "")
    assert "options" not in everything
    assert included(frozenset(), "nodes,bans:cli-", "") == (
        frozenset({"nodes", "bans"}),
        "cli-",
    )
    assert excluded(everything, "all") == frozenset()
    assert excluded(everything, "default") == frozenset(GROUPS["default"])
    with pytest.raises(BadSection, match="no section 'weather'"):
        included(frozenset(), "weather", "")


def test_once_says_who_did_not_answer(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    where = str(tmp_path / "no.sock")
    for form in ("text", "json", "xml"):
        assert main(["--once", "--output", form, where]) == 102
        told = capsys.readouterr()
        assert "not connected to the cluster" in told.err
        if form == "json":
            assert json.loads(told.out)["stale"] is True
    assert main(["check", where]) == 3
    assert capsys.readouterr().out.startswith("CLUSTER UNKNOWN - ")


def test_once_and_check_ask_a_node(node: NodeDouble, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--once", "--output", "json", str(node.path)]) == 0
    assert json.loads(capsys.readouterr().out)["stale"] is False
    assert main(["check", str(node.path)]) == 0
    assert capsys.readouterr().out.startswith("CLUSTER OK - demo: 3 nodes online")
    assert main(["--config", "/dev/null", "check", str(node.path)]) == 0
    assert capsys.readouterr().out.startswith("CLUSTER OK")
    node.quorate = False
    assert main(["--once", "--output", "json", str(node.path)]) == 0
    assert json.loads(capsys.readouterr().out)["stale"] is True
    assert main(["check", str(node.path)]) == 2


def test_who_is_cut_off_is_believed_last(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    doubles = []
    for name in ("n1", "n2", "n3"):
        (tmp_path / name).mkdir()
        doubles.append(NodeDouble(healthy(), tmp_path / name))
    cut_off, behind, well = doubles
    behind.quorate = cut_off.quorate = False
    cut_off.log.say(Alarm("n1", "a later word"))
    config = tmp_path / "hatui.toml"
    where = ", ".join(f'"{one.path}"' for one in (behind, cut_off, well))
    config.write_text(f"default = 'a'\n[contexts.a]\nwhere = [{where}]\n")
    assert main(["check", "--config", str(config)]) == 0
    assert capsys.readouterr().out.startswith("CLUSTER OK")
    well.close()
    assert main(["check", "--config", str(config)]) == 2
    assert "a later word" in capsys.readouterr().out  # of two that may be wrong, the one knows more
    cut_off.close()
    behind.close()


@pytest.mark.parametrize("words", [["--once"], ["check"], ["mon", "-1"]])
def test_one_shot_output_never_imports_textual(node: NodeDouble, words: list[str]) -> None:
    code = (
        "import sys, hatui.__main__ as m; m.main(sys.argv[1:]);"
        "heavy = {'textual', 'asyncio', 'asyncssh'} & set(sys.modules); sys.exit(str(heavy or ''))"
    )
    command = [sys.executable, "-c", code, *words, str(node.path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr.strip() == ""


def test_versions_agree(capsys: pytest.CaptureFixture[str]) -> None:
    from importlib.metadata import version

    import hanode

    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"hatui {__version__}\n"
    assert hanode.__version__ == __version__ == version("hatui")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--once", "--output", "yaml"], "give one of text, json, xml"),
        (["--once", "--output"], "--output needs a value"),
        (["--wonce"], "unknown option '--wonce'"),
        (["--once=yes"], "unknown option '--once=yes'"),
        (["a", "b"], "one WHERE at a time"),
    ],
)
def test_a_command_line_that_means_nothing(
    words: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 64
    assert says in capsys.readouterr().err
    assert main(["check", *words]) == 3
