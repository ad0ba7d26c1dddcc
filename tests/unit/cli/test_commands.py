"""Commands as operators type them, against a node's socket."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hanode.__main__ import main
from hanode.events import AttributeSet, CibChanged, Edit, HistoryCleared, OperationFinished
from hanode.mgmt import orders
from hanode.runtime.trusted import public_key_line
from tests.unit.cli.conftest import Capture, Hanode
from tests.unit.cli.node_double import NodeDouble
from tests.unit.mgmt.clusters import operation


def test_a_move_is_committed_and_said(node: NodeDouble, hanode: Hanode, capsys: Capture) -> None:
    assert hanode("resource move web n2") == 0
    assert "cli-prefer-web" in node.log.state.cib
    assert capsys.readouterr().out.startswith("Move web to n2.")


def test_a_script_reads_the_entry(node: NodeDouble, hanode: Hanode, capsys: Capture) -> None:
    assert hanode("resource move web n2 --lifetime 1h --json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["entry"] == node.log.state.position.index
    assert told["command"].startswith("hanode resource move web n2 --until 20")


def test_a_dry_run_changes_nothing(node: NodeDouble, hanode: Hanode, capsys: Capture) -> None:
    before = node.log.state.digest()
    assert hanode("node standby n1 --dry-run") == 0
    assert "What would happen:" in capsys.readouterr().out
    assert hanode("fence node n1 --dry-run --json") == 0
    assert set(json.loads(capsys.readouterr().out)) == {
        "sentence", "command", "changes", "actions", "blocked", "warnings",
    }  # fmt: skip
    assert node.log.state.digest() == before


def test_a_change_that_came_too_late_is_made_anew(node: NodeDouble, hanode: Hanode) -> None:
    node.before_commit = list(orders.standby(node.log.state, "n3", True).events)
    assert hanode("resource ban web n2") == 0
    assert "cli-ban-web-on-n2" in node.log.state.cib
    assert "nodes-n3-standby" in node.log.state.cib


def test_a_password_in_the_configuration_is_worth_a_word(hanode: Hanode, capsys: Capture) -> None:
    assert hanode("fence create bmc fence_elsewhere ip=1 passwd=hunter2") == 0
    assert "passwd=secret://NAME" in capsys.readouterr().err
    assert hanode("fence create bmc2 fence_elsewhere ip=1 passwd=secret://bmc") == 0
    assert "can read" not in capsys.readouterr().err


def test_create_with_pcs_words(node: NodeDouble, hanode: Hanode, capsys: Capture) -> None:
    words = "resource create www ocf:elsewhere:web ip=127.0.0.9 port=80 op monitor interval=1s"
    assert hanode(f"{words} meta migration-threshold=3 --group g2") == 0
    assert "not on this machine, so its parameters can't be checked" in capsys.readouterr().err
    cib = node.log.state.cib
    assert '<group id="g2"><primitive id="www" class="ocf" provider="elsewhere"' in cib
    assert '<op id="www-monitor-interval-1s" name="monitor" interval="1s"/>' in cib


def test_constraints_with_pcs_words(node: NodeDouble, hanode: Hanode, capsys: Capture) -> None:
    assert hanode("constraint location web prefers n1=100") == 0
    assert hanode("constraint location web avoids n2") == 0
    assert hanode("constraint colocation add web with Promoted db-clone 50") == 0
    assert hanode("constraint order promote db-clone then start web kind=Optional") == 0
    capsys.readouterr()
    assert hanode("constraint list --json") == 0
    told = {row["id"]: row["says"] for row in json.loads(capsys.readouterr().out)}
    assert told == {
        "location-web-n1-100": "web on n1: 100",
        "location-web-n2--INFINITY": "web on n2: -INFINITY",
        "colocation-web-db-clone-50": "web with db-clone (Promoted): 50",
        "order-db-clone-web-Optional": "promote db-clone then start web: Optional",
    }
    assert hanode(f"constraint remove {' '.join(told)}") == 0
    assert "<constraints/>" in node.log.state.cib


def test_constraints_with_rules_and_sets_are_told(
    node: NodeDouble, hanode: Hanode, capsys: Capture
) -> None:
    assert hanode("resource ban web n2 --until 2126-05-28T21:26:40Z") == 0
    sets = (
        '<rsc_order id="o" kind="Optional"><resource_set id="o-1"><resource_ref id="ip"/>'
        '<resource_ref id="app"/></resource_set><resource_set id="o-2" action="promote">'
        '<resource_ref id="db-clone"/></resource_set></rsc_order>'
    )
    node.log.say(CibChanged(node.log.state.version, (Edit("put", "constraints", sets),)))
    capsys.readouterr()
    assert hanode("constraint list --json") == 0
    told = [row["says"] for row in json.loads(capsys.readouterr().out)]
    assert told == [
        "web on n2 and until 2126-05-28 21:26:40Z: -INFINITY",
        "{ip app} then promote {db-clone}: Optional",
    ]


def test_a_score_below_all_is_no_option(node: NodeDouble, hanode: Hanode) -> None:
    assert hanode("constraint location web n1 -INFINITY") == 0
    assert hanode("constraint colocation add web with g -inf") == 0
    assert node.log.state.cib.count('score="-INFINITY"') == 2


def test_the_last_of_a_kind_may_be_long_ago(
    node: NodeDouble, hanode: Hanode, capsys: Capture
) -> None:
    assert hanode("log --kind DcElected -n 1") == 0
    assert "n1 is DC in term 1" in capsys.readouterr().out
    assert hanode("log --kind DcElectd") == 65
    assert "did you mean 'DcElected'" in capsys.readouterr().err


def test_what_is_read_without_quorum_may_be_old(
    node: NodeDouble, hanode: Hanode, capsys: Capture
) -> None:
    node.quorate = False
    assert hanode("resource list") == 0
    assert capsys.readouterr().err.count("n1 is without quorum") == 1


def test_defaults_are_checked_as_other_words(node: NodeDouble, hanode: Hanode) -> None:
    assert hanode("property defaults resource-stickines=100") == 64
    assert hanode("property op-defaults timeot=20s") == 64
    assert hanode("property defaults resource-stickines=100 --force") == 0
    assert hanode("property op-defaults timeout=20s") == 0


def test_switches(node: NodeDouble, hanode: Hanode, capsys: Capture) -> None:
    for words in (
        "resource stop web", "resource start web", "resource unmanage g", "resource manage g",
        "resource demote db", "node maintenance n1", "node unmaintenance n1", "node standby n2",
        "node online n2", "property set maintenance-mode=true", "property unset maintenance-mode",
        "node attribute n1 rack=7", "ticket grant t1", "resource clone web", "resource unclone web",
        "resource group add both ip app", "resource ungroup both", "node leave n3",
        "fence level add 1 n1 strip", "fence level remove 1 n1", "resource delete web --yes",
    ):  # fmt: skip
        assert hanode(words) == 0, capsys.readouterr().err
    assert node.log.state.nodes["n3"].leaving == 1


def test_cleanup_and_transient_attributes(node: NodeDouble, hanode: Hanode) -> None:
    assert hanode("resource refresh web --node n1") == 0
    assert hanode("node attribute n1 ping=100 --transient") == 0
    events = [entry.signed.open()[1] for entry in node.log.entries[-2:]]
    assert events == [HistoryCleared("web", "n1"), AttributeSet("n1", "ping", "100")]


def test_lists(hanode: Hanode, capsys: Capture) -> None:
    for words in ("node list", "resource list", "constraint list", "property list", "fence list",
                  "fence history", "ticket list", "operator list"):  # fmt: skip
        assert hanode(f"{words} --json") == 0
        json.loads(capsys.readouterr().out)
        assert hanode(words) == 0
        assert capsys.readouterr().out
    assert hanode("property") == 0
    assert hanode("node --json") == 0


def test_remote_nodes_are_listed(hanode: Hanode, capsys: Capture) -> None:
    assert hanode("resource create far ocf:pacemaker:remote --force") == 0
    assert hanode("node standby far") == 0
    capsys.readouterr()
    assert hanode("node list --json") == 0
    assert json.loads(capsys.readouterr().out)[-1] == {
        "name": "far", "state": "remote, offline", "dc": False, "resources_running": 0,
        "boot": None, "stream": "",
    }  # fmt: skip


def test_the_log_tells_what_happened(node: NodeDouble, hanode: Hanode, capsys: Capture) -> None:
    node.log.say(
        OperationFinished(
            "n1", "web", "ocf:hanode:web", "monitor", 1000, 7, "done", reason="nobody listens"
        )
    )
    assert hanode("log -n 1") == 0
    assert (
        capsys.readouterr()
        .out.rstrip()
        .endswith("n1       monitor of web on n1 (every 1 s): not running: nobody listens")
    )
    node.first = 4
    assert hanode("log --since 2020-01-01 --json") == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["index"] for line in lines] == list(range(4, len(node.log.entries) + 1))


def test_the_cib_is_shown_compared_and_pushed(
    node: NodeDouble, hanode: Hanode, capsys: Capture, tmp_path: Path
) -> None:
    assert hanode("cib show") == 0
    file = tmp_path / "cib.xml"
    text = capsys.readouterr().out
    file.write_text(text)
    assert hanode(f"cib diff {file}") == 0
    assert hanode(f"cib push {file} --yes") == 0
    assert "like this already" in capsys.readouterr().out
    file.write_text(text.replace('type="web"', 'type="Dummy"'))
    assert hanode(f"cib diff {file}") == 1
    assert '+    <primitive id="web" class="ocf" provider="hanode" type="Dummy">' in (
        capsys.readouterr().out
    )
    assert hanode("node standby n1") == 0
    assert hanode(f"cib push {file} --yes") == 75
    assert "somebody changed it since" in capsys.readouterr().err
    assert hanode(f"cib push {file} --yes --force") == 0
    assert 'type="web"' not in node.log.state.cib
    file.write_text("<cib><configuration></cib>")
    assert hanode(f"cib push {file}") == 65
    assert "line 1" in capsys.readouterr().err


def test_operators_come_with_their_public_key(
    node: NodeDouble, hanode: Hanode, capsys: Capture, tmp_path: Path
) -> None:
    key = tmp_path / "id.pub"
    key.write_text(
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ2CdYDJ6DLnJCNpBWCHWkaUg4GiT8Ww4Yk3yHWaXJ2Y me\n"
    )
    assert hanode(f"operator add me {key} --role viewer") == 0
    assert node.log.state.operators["me"].role == "viewer"
    key.write_text("ssh-rsa AAAA me")
    assert hanode(f"operator add me {key}") == 65
    assert hanode(f"operator add me {tmp_path}/none") == 66


def test_who_is_let_in_instead_is_said(
    node: NodeDouble, hanode: Hanode, capsys: Capture, tmp_path: Path
) -> None:
    for name in ("old", "new"):
        key = public_key_line(name.encode().ljust(32, b"."))
        (tmp_path / name).write_text(f"{key}\n")
    assert hanode(f"operator add ann {tmp_path}/old") == 0
    capsys.readouterr()
    assert hanode(f"operator add ann {tmp_path}/new --role viewer") == 0
    assert ", as viewer, instead of " in capsys.readouterr().out
    assert hanode(f"operator add bob {tmp_path}/new") == 65
    assert "this key is ann's already (viewer)" in capsys.readouterr().err
    assert hanode("operator remove ann") == 0
    assert "That was the last" in capsys.readouterr().out


def test_waiting_ends_at_rest_or_at_the_limit(
    node: NodeDouble, hanode: Hanode, capsys: Capture
) -> None:
    assert hanode("resource move web n2 --wait 0.01 --json") == 75
    told = json.loads(capsys.readouterr().out)
    assert told["at_rest"] is False
    assert "Move web on n1 -> n2" in told["unrest"]
    node.after_commit = [
        operation("n1", "web", "stop", agent="ocf:hanode:web", call_id=20),
        operation("n2", "web", agent="ocf:hanode:web", call_id=21, rc=1, reason="no such address"),
    ]
    assert hanode("resource ban web n3 --wait 0.01") == 75
    assert "failed: start of web on n2: error: no such address" in capsys.readouterr().err


def test_scores_are_explained(hanode: Hanode, capsys: Capture) -> None:
    assert hanode("constraint location web prefers n2=7") == 0
    assert hanode("resource why web") == 0
    assert "location location-web-n2-7 gives 7 to n2" in capsys.readouterr().out
    assert hanode("resource why g") == 0
    told = capsys.readouterr().out
    assert "app (" in told
    assert "Why not n" in told
    assert "The smallest single change that would move it:" in told
    assert hanode("resource why nosuch") != 0
    assert "unknown resource 'nosuch'" in capsys.readouterr().err


def test_words_from_elsewhere_do_nothing_to_a_terminal(
    node: NodeDouble, hanode: Hanode, capsys: Capture
) -> None:
    node.log.say(AttributeSet("n1", "x", "\x1b[2Jwiped\n\u202eaway"))
    assert hanode("log -n 1") == 0
    assert capsys.readouterr().out.endswith("attribute x of n1 is wiped away\n")


def test_a_token(hanode: Hanode, capsys: Capture) -> None:
    assert hanode("node token --minutes 5") == 0
    assert capsys.readouterr().out == "token-for-5-minutes\n"


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        ("resource move wbe n2", 65, "unknown resource 'wbe'; did you mean 'web'?"),
        ("resource move web n9", 65, "unknown node 'n9'; known: n1, n2, n3"),
        ("resource fly web", 64, "unknown verb 'fly'"),
        ("resource move", 64, "the following arguments are required: resource"),
        ("resource move web n2 --lifetime soon", 64, "'soon' is no duration"),
        ("resource create x nowhere", 65, "no agent 'nowhere' on this machine"),
        ("resource create x ocf:hanode", 65, "write it as ocf:PROVIDER:TYPE"),
        ("resource create web ocf:a:b", 65, "the id 'web' is taken by a primitive"),
        ("resource create x ocf:a:b op interval=1s", 64, "name the operation first"),
        ("constraint order web after g", 64, "say: order FIRST then THEN"),
        ("property set stonith-enabled=flase", 64, "give one of true, false"),
        ("property unset batch-limit", 64, "batch-limit is not set"),
        ("fence confirm n2", 64, "--yes"),
        ("fence confirm n2 --yes", 64, "n2 is online, so it is not down"),
        ("node remove n2", 64, "shut it down first"),
        ("log --since yesterdayish", 64, "--since 'yesterdayish'"),
        ("fly", 64, "unknown verb 'fly'"),
        ("resuorce", 64, "did you mean 'resource'?"),
    ],
)
def test_errors_say_what_and_what_to_do(
    hanode: Hanode, capsys: Capture, words: str, code: int, says: str
) -> None:
    try:
        ended = hanode(words)
    except SystemExit as end:  # argparse ends by itself
        ended = int(end.code or 0)
    assert (ended, says in capsys.readouterr().err) == (code, True)


def test_no_node_and_no_configuration(
    tmp_path: Path, node: NodeDouble, hanode: Hanode, capsys: Capture
) -> None:
    assert main(["--config", str(tmp_path / "none.toml"), "node", "list"]) == 78
    assert "hanode init" in capsys.readouterr().err
    node.path.unlink()
    assert hanode("node list") == 69
    assert "no node answers here" in capsys.readouterr().err


def test_a_viewer_is_told_what_it_takes(node: NodeDouble, hanode: Hanode, capsys: Capture) -> None:
    node.role = "viewer"
    assert hanode("resource stop web") == 77
    assert "role 'viewer' may not change the configuration in this way; it takes 'operator'" in (
        capsys.readouterr().err
    )
