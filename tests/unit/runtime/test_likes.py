"""The example clusters: each is a valid configuration that places what it says, where it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from hanode.__main__ import main
from hanode.cib.configuration import Configuration
from hanode.cib.document import Cib, parse_configuration
from hanode.cib.edits import EMPTY, apply_edits
from hanode.cib.status import NodeState, Status
from hanode.events import Edit
from hanode.pe import schedule
from hanode.runtime.layout import BadWish
from hanode.runtime.likes import KINDS, LEAST, like

NODES = ("n1", "n2", "n3")


def configuration(kind: str, nodes: tuple[str, ...] = NODES) -> Configuration:
    """As a founded cluster has it, with a member entry for each node."""
    xml = apply_edits(EMPTY, (Edit("replace", xml=like(kind, nodes, 1, "192.0.2.10")),))
    entries = tuple(Edit("put", "nodes", f'<node id="{n}" uname="{n}"/>') for n in nodes)
    off = Edit("set", "options-stonith-enabled", name="value", value="false")
    return parse_configuration(apply_edits(xml, (*entries, off)).encode())


def starts(kind: str, here: tuple[str, ...] = NODES) -> dict[str, list[str]]:
    """By node: what the policy engine starts there while only these are here."""
    nodes = tuple(
        NodeState(n, n, n in here, n in here, "member" if n in here else "down",
                  "member" if n in here else "down")
        for n in NODES
    )  # fmt: skip
    transition = schedule(Cib(configuration(kind), Status(nodes)), 0.0)
    found: dict[str, list[str]] = {n: [] for n in here}
    for action in transition.actions:
        if action.kind == "rsc" and action.operation == "start":
            found[action.node or ""].append((action.resource or "").partition(":")[0])
    return {node: sorted(names) for node, names in found.items()}


def test_active_passive() -> None:
    assert starts("active-passive") == {"n1": ["www-address", "www-server"], "n2": [], "n3": []}
    moved = starts("active-passive", ("n2", "n3"))
    assert sorted(moved.values()) == [[], ["www-address", "www-server"]]


def test_active_active() -> None:
    assert starts("active-active") == {n: [f"address-{n[1]}", "www-server"] for n in NODES}
    moved = starts("active-active", ("n1", "n2"))
    assert sorted(moved["n1"] + moved["n2"]) == [
        "address-1", "address-2", "address-3", "www-server", "www-server",
    ]  # fmt: skip


def test_n_plus_m() -> None:
    assert starts("n-plus-m") == {
        "n1": ["address-1", "server-1"], "n2": ["address-2", "server-2"], "n3": [],
    }  # fmt: skip
    assert starts("n-plus-m", ("n2", "n3")) == {
        "n2": ["address-2", "server-2"], "n3": ["address-1", "server-1"],
    }  # fmt: skip


def test_n_to_n() -> None:
    assert starts("n-to-n") == {n: [f"address-{n[1]}", f"server-{n[1]}"] for n in NODES}
    moved = starts("n-to-n", ("n1", "n2"))
    assert len(moved["n1"]) + len(moved["n2"]) == 6


@pytest.mark.parametrize("kind", KINDS)
def test_each_explains_itself_and_begins_a_cluster(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--dir", str(tmp_path / "n1"), "--node", "n1", "--nodes", "n1,n2,n3",
               "--link", "127.0.0.1:7694", "--like", kind]  # fmt: skip
    assert main(["init", *options]) == 0
    written = tmp_path / "n1" / f"{kind}.xml"
    assert str(written) in capsys.readouterr().out
    text = written.read_text()
    assert text.count("<!--") >= 2
    assert "hanode fence create bmc-n3 fence_ipmilan" in text
    assert "password=secret://bmc" in text


@pytest.mark.parametrize(
    ("kind", "nodes", "spares", "address"),
    [("solo", NODES, 1, "192.0.2.1"), ("n-plus-m", NODES, 3, "192.0.2.1"),
     ("n-to-n", ("n1",), 1, "192.0.2.1"), ("n-to-n", NODES, 1, "nowhere")],
)  # fmt: skip
def test_wishes_that_make_no_cluster(
    kind: str, nodes: tuple[str, ...], spares: int, address: str
) -> None:
    with pytest.raises(BadWish):
        like(kind, nodes, spares, address)
    assert set(LEAST) == set(KINDS)
