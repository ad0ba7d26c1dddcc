"""The parts of commands that need no node: words, durations, decisions, agents' metadata."""

from __future__ import annotations

from pathlib import Path

import pytest

from hanode.cli import decision
from hanode.cli.agents import agent_of, listed, metadata
from hanode.cli.exits import Failed
from hanode.cli.lifetime import duration, until
from hanode.cli.pairs import pairs_of, sections_of
from hanode.events import FencingIntended, HistoryCleared, NodeLeaving
from hanode.mgmt.proposal import CannotOrder
from hanode.mgmt.resources import Operation
from hanode.mgmt.what_if import what_if
from hanode.ra.site import Site
from hanode.ra.validate import wrong_parameters
from hanode.transition import Action, Blocked, Change, Transition
from tests.unit.mgmt.clusters import founded, healthy


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("30", 30), ("30s", 30), ("5m", 300), ("2h", 7200), ("1d", 86400), ("PT1H30M", 5400),
     ("P1DT1S", 86401), ("p1w", 604800)],
)  # fmt: skip
def test_durations(text: str, seconds: float) -> None:
    assert duration(text) == seconds


@pytest.mark.parametrize("text", ["", "P", "PT", "soon", "-5m", "5 parsecs"])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(CannotOrder):
        duration(text)


def test_an_end_is_in_the_future() -> None:
    assert until("", "", 100.0) == 0.0
    assert until("1m", "", 100.0) == 160.0
    assert until("", "2030-01-01T00:00:00+00:00", 100.0) == 1893456000.0
    for lifetime, time in (("", "1970-01-01T00:00:00+00:00"), ("", "noon"), ("1m", "2030-01-01")):
        with pytest.raises(CannotOrder):
            until(lifetime, time, 100.0)


def test_sections_of_a_create() -> None:
    operations = "op monitor interval=1s timeout=5s start timeout=9s op stop timeout=8s"
    line = f"ip=1 {operations} meta a=b promotable clone-max=2"
    told = sections_of(line.split())
    assert told.parameters == {"ip": "1"}
    assert told.meta == {"a": "b"}
    assert told.operations == [
        Operation("monitor", {"interval": "1s", "timeout": "5s"}),
        Operation("start", {"timeout": "9s"}),
        Operation("stop", {"timeout": "8s"}),
    ]
    assert told.promotable
    assert told.clone == {"clone-max": "2"}
    for words in (["x"], ["=1"], ["a=1", "a=2"], ["op", "interval=1s"]):
        with pytest.raises(CannotOrder):
            sections_of(words)
    assert pairs_of(["a=b=c"]) == {"a": "b=c"}


def test_a_decision_is_told_in_its_order() -> None:
    """Pseudo-actions are seen through, and only the nearest of what comes before is named."""
    transition = Transition(
        actions=(
            Action(1, "rsc", "web_start_0", "start", "n2", "web"),
            Action(2, "pseudo", "all_stopped"),
            Action(3, "rsc", "web_stop_0", "stop", "n1", "web"),
            Action(4, "rsc", "web_monitor_1000", "monitor", "n2", "web", interval_ms=1000),
            Action(5, "fence", "stonith-n3-reboot", "reboot", "n3"),
        ),
        orderings=((3, 2), (2, 1), (1, 4), (3, 4), (5, 3)),
        summary=(Change("Move", "web", ("n1", "n2"), reason="n2 is preferred"),),
        blocked=(Blocked("db", "n1", "start", "no quorum"),),
    )
    assert decision.lines(transition) == [
        "What would happen:",
        "  * Move       web                  ( n1 -> n2 )  n2 is preferred",
        "",
        "In this order:",
        "    1. fence (reboot) on n3",
        "    2. stop web on n1   after 1",
        "    3. start web on n2   after 2",
        "    4. monitor web every 1 s on n2   after 3",
        "",
        "What is in the way:",
        "  * start db on n1: no quorum",
    ]
    told = decision.as_json(transition)
    assert [(a["id"], a["after"]) for a in told["actions"]] == [
        (5, []), (3, [5]), (1, [3]), (4, [1]),
    ]  # fmt: skip


def test_what_ends_is_not_told_as_what_begins() -> None:
    transition = Transition(
        actions=(
            Action(1, "cancel", "web_monitor_1000", "monitor", "n2", "web", interval_ms=1000),
            Action(2, "cleanup", "web_delete_0", "delete", "n1", "web"),
        )
    )
    assert decision.lines(transition)[-2:] == [
        "    1. cancel monitor web every 1 s on n2",
        "    2. forget web on n1",
    ]
    kinds = [action["kind"] for action in decision.as_json(transition)["actions"]]
    assert kinds == ["cancel", "cleanup"]


def test_nothing_to_do_is_said() -> None:
    assert decision.lines(Transition())[1] == "  * nothing: no resource and no node changes"


def test_what_if_clears_no_namesake() -> None:
    """`my-web` ends like `web`."""
    state = founded().state
    kept = {"fail-count-my-web#start_0": "1", "last-failure-my-web#start_0": "9", "x": "1"}
    gone = {"fail-count-web#start_0": "1", "last-failure-web#start_0": "9"}
    state.nodes["n1"].attributes.update({**kept, **gone})
    then = what_if(state, (HistoryCleared("web", "n1"),))
    assert then.nodes["n1"].attributes == kept


def test_what_if_leaves_the_state_alone() -> None:
    log = healthy()
    before = log.state.digest()
    fenced = what_if(log.state, (FencingIntended("", "n3", 1, "reboot", "by hand"),))
    assert fenced.present == ("n1", "n2")
    assert fenced.nodes["n3"].lost
    assert what_if(log.state, (NodeLeaving("n1", 1),)).nodes["n1"].leaving == 1
    assert log.state.digest() == before


AGENT = """#!/bin/sh
cat <<END
<?xml version="1.0"?>
<!DOCTYPE resource-agent SYSTEM "ra-api-1.dtd">
<resource-agent name="x"><shortdesc lang="en">An  x</shortdesc><parameters>
<parameter name="ip" required="1"><shortdesc>its address</shortdesc><content type="string"/>
</parameter><parameter name="port"><content type="integer" default="80"/></parameter></parameters>
<actions><action name="monitor" interval="10s" timeout="20s"/></actions></resource-agent>
END
"""


@pytest.fixture
def site(tmp_path: Path) -> Site:
    folder = tmp_path / "ocf/resource.d/acme"
    folder.mkdir(parents=True)
    for name, text in (("x", AGENT), ("broken", "#!/bin/sh\necho '<resource-agent'\n")):
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    (folder / "readme").write_text("not an agent")
    return Site("n1", str(tmp_path), ocf_root=str(tmp_path / "ocf"), fence_dir=str(tmp_path),
                lsb_dir=str(tmp_path / "none"))  # fmt: skip


def test_agents_here(site: Site) -> None:
    assert listed(site, "acme") == ["ocf:acme:broken", "ocf:acme:x"]
    assert {"ocf:hanode:Dummy", "ocf:hanode:web", "stonith:fence_demo"} <= set(listed(site))
    assert str(agent_of("x", site)) == "ocf:acme:x"
    with pytest.raises(Failed, match="no agent 'y'"):
        agent_of("y", site)


def test_metadata_checks_parameters(site: Site) -> None:
    known = metadata(agent_of("x", site), site)
    assert known is not None
    assert (known.summary, known.actions[0].interval) == ("An x", 10.0)
    assert wrong_parameters(known, {"ip": "1", "port": "2"}) == []
    assert wrong_parameters(known, {"prot": "2"}) == [
        "x has no parameter prot; did you mean port?",
        "x needs parameter ip (its address)",
    ]
    assert metadata(agent_of("ocf:acme:gone", site), site) is None
    with pytest.raises(Failed, match="can't be asked for its metadata"):
        metadata(agent_of("broken", site), site)
