"""Parts of crm_mon's picture that need a CIB of their own: brief lists, bundles, unseen nodes."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest

from hanode.cib.document import parse
from hatui.__main__ import main
from hatui.output import as_html
from hatui.output.choice import Choice
from hatui.output.picture import Picture, of_cib
from hatui.output.text import render
from hatui.output.words import interval

CIB = """
<cib admin_epoch="0" epoch="1" num_updates="0" validate-with="pacemaker-3.9" have-quorum="1">
  <configuration>
    <crm_config/>
    <nodes><node id="1" uname="n1"/><node id="2" uname="n2"/><node id="3" uname="n3"/></nodes>
    <resources>
      <primitive id="a" class="ocf" provider="pacemaker" type="Dummy"/>
      <primitive id="b" class="ocf" provider="pacemaker" type="Dummy"/>
      <primitive id="c" class="ocf" provider="heartbeat" type="IPaddr2"/>
      <bundle id="web">
        <podman image="registry/web:1" replicas="2"/>
        <network ip-range-start="10.0.0.7" control-port="3121"/>
        <primitive id="httpd" class="ocf" provider="heartbeat" type="apache"/>
      </bundle>
    </resources>
    <constraints/>
  </configuration>
  <status>{nodes}</status>
</cib>
"""
NODE = """<node_state id="{0}" uname="n{0}" in_ccm="true" crmd="online" join="member"
 expected="member"><lrm id="{0}"><lrm_resources>{1}</lrm_resources></lrm></node_state>"""
RAN = """<lrm_resource id="{0}" class="ocf" provider="{1}" type="{2}"><lrm_rsc_op
 id="{0}_last_0" operation_key="{0}_start_0" operation="start" call-id="5" rc-code="0"
 op-status="0" interval="0" last-rc-change="1" exec-time="1" queue-time="0"
 transition-key="1:1:0:x" transition-magic="0:0;1:1:0:x"/></lrm_resource>"""


@pytest.fixture
def cib() -> str:
    dummies = RAN.format("a", "pacemaker", "Dummy") + RAN.format("b", "pacemaker", "Dummy")
    return CIB.format(nodes=NODE.format(1, dummies) + NODE.format(2, ""))


@pytest.fixture
def picture(cib: str) -> Picture:
    return of_cib(parse(cib.encode()), 0.0)


def test_brief_counts_by_agent_and_node(picture: Picture) -> None:
    told = render(picture, Choice(brief=True, inactive=True))
    assert "  * 0/1\t(ocf:heartbeat:IPaddr2):\tActive\n" in told
    assert "  * 2/2\t(ocf:pacemaker:Dummy):\tActive n1\n" in told
    assert "  * 2\t(ocf:pacemaker:Dummy):\tActive n1\n" in render(picture, Choice(brief=True))
    by_node = render(picture, Choice(brief=True, by_node=True))
    assert "      * 2\t(ocf:pacemaker:Dummy):\tActive \n" in by_node
    assert "Node n2" not in by_node


def test_under_a_node_resources_stand_as_the_node_remembers_them() -> None:
    ran = "".join(RAN.format(name, "pacemaker", "Dummy") for name in ("b", "a"))
    picture = of_cib(parse(CIB.format(nodes=NODE.format(1, ran)).encode()), 0.0)
    told = render(picture, Choice(by_node=True))
    assert told.index("* b\t(ocf") < told.index("* a\t(ocf")


def test_a_replica_is_one_line(picture: Picture) -> None:
    told = render(picture, Choice(inactive=True))
    assert "  * Container bundle set: web [registry/web:1]:\n" in told
    assert "    * web-0 (10.0.0.7)\t(ocf:heartbeat:apache):\t Stopped\n" in told
    assert "    * web-1 (10.0.0.8)\t(ocf:heartbeat:apache):\t Stopped\n" in told


def test_in_detail_a_replica_shows_its_parts(picture: Picture) -> None:
    told = render(picture, Choice(inactive=True, detail=True))
    assert "    * Replica[0]\n      * web-ip-10.0.0.7\t(ocf:heartbeat:IPaddr2)" in told
    assert "      * web-podman-1\t(ocf:heartbeat:podman):\t Stopped\n" in told


def test_a_node_that_was_never_seen_is_unclean(picture: Picture) -> None:
    assert "  * Node n3: UNCLEAN (offline)\n  * Online: [ n1 n2 ]" in render(picture, Choice())


@pytest.mark.parametrize(
    ("ms", "told"),
    [(500, "500ms"), (59_000, "59s"), (60_000, "60s"), (90_000, "1m30s"), (120_000, "2m"),
     (3_600_000, "60m"), (5_400_000, "1h30m"), (86_400_000, "24h")],
)  # fmt: skip
def test_intervals_as_crm_mon_writes_them(ms: int, told: str) -> None:
    assert interval(ms) == told


class Page(HTMLParser):
    """What is open, and what was said."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.said: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in ("ul", "h2", "html", "body", "head"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("ul", "h2", "html", "body", "head"):
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.said.append(data)


def test_html_is_the_same_as_nested_lists(picture: Picture) -> None:
    page, told = Page(), render(picture, Choice())
    page.feed(as_html.render(told, title="<b>", refresh=5))
    assert page.open == []
    assert "Node List" in page.said
    assert "Online: [ n1 n2 ]\n" in [said.lstrip() for said in page.said]
    assert '<meta http-equiv="refresh" content="5"/>' in as_html.render(told, refresh=5)
    assert "<title>&lt;b&gt;</title>" in as_html.render(told, title="<b>")


def test_the_command(cib: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "cib.xml"
    file.write_text(cib)
    assert main(["mon", "-1", "-b", "-x", str(file)]) == 0
    assert "Active n1" in capsys.readouterr().out
    page = tmp_path / "page.html"
    words = ["mon", "-1", "-x", str(file), "--output-as=html", f"--output-to={page}"]
    assert main(words) == 0
    assert page.read_text().startswith("<!DOCTYPE html>")
