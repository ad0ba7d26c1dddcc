"""The commands that agents call, as they call them: programs on their PATH."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hanode.ra import Site
from tests.unit.cli.node_double import NodeDouble

Agent = Callable[..., tuple[int, str]]


@pytest.fixture
def call(node: NodeDouble, tmp_path: Path) -> Agent:
    """A command of an agent on n1; exit code and what it printed."""
    return caller(node, Site("n1", str(tmp_path), python=sys.executable, config=str(node.config)))


@pytest.fixture
def call_far(node: NodeDouble, tmp_path: Path) -> Agent:
    """The same, as if n2 were a remote node."""
    site = Site("n2", str(tmp_path), python=sys.executable, config=str(node.config))
    return caller(node, site, HANODE_REMOTE="n2")


def caller(node: NodeDouble, site: Site, **more: str) -> Agent:
    def run(*argv: str) -> tuple[int, str]:
        done = subprocess.run(
            [f"{site.tools}/{argv[0]}", *argv[1:]],
            env={**site.environment(), "OCF_RESOURCE_INSTANCE": "web:0", **more},
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        return done.returncode, (done.stdout + done.stderr).strip()

    return run


def test_attributes_of_other_nodes(node: NodeDouble, call: Agent) -> None:
    assert call("crm_attribute", "-l", "reboot", "-N", "n2", "-n", "x-status", "-v", "PRI")[0] == 0
    assert node.log.state.nodes["n2"].attributes["x-status"] == "PRI"
    query = ("crm_attribute", "-l", "reboot", "-N", "n2", "-n", "x-status", "-G", "-q")
    assert call(*query) == (0, "PRI")
    assert call("attrd_updater", "-N", "n2", "-n", "x-status", "-Q") == (
        0, 'name="x-status" host="n2" value="PRI"',
    )  # fmt: skip
    assert call("crm_attribute", "-N", "n2", "-n", "x-status", "-D")[0] == 0
    code, said = call(*query)
    assert code == 105
    assert "n2 has no attribute x-status" in said


def test_attributes_that_last(node: NodeDouble, call: Agent) -> None:
    lasting = ("crm_attribute", "-l", "forever", "-N", "n1", "-n", "pgsql-data-status")
    assert call(*lasting, "-v", "LATEST")[0] == 0
    assert 'name="pgsql-data-status" value="LATEST"' in node.log.state.cib
    assert call(*lasting, "-v", "LATEST")[0] == 0  # no news is no error
    assert call(*lasting, "-G", "-q") == (0, "LATEST")


def test_options_are_read_with_a_default_and_never_set(node: NodeDouble, call: Agent) -> None:
    words = ("crm_attribute", "--type=crm_config", "--name=no-quorum-policy", "--query", "--quiet")
    assert call(*words, "--default=stop") == (0, "stop")
    code, said = call("crm_attribute", "--type=crm_config", "--name=x", "-v", "1")
    assert code == 1
    assert "may read cluster options" in said


def test_who_is_here(call: Agent) -> None:
    assert call("crm_node", "-n") == (0, "n1")
    assert call("crm_node", "-p") == (0, "n1 n2 n3")
    assert call("crm_node", "-l")[1].splitlines()[0] == "1 n1 member"
    assert call("crm_node", "-q") == (0, "1")


def test_a_resource_of_ones_own(node: NodeDouble, call: Agent) -> None:
    assert call("crm_resource", "-W", "-r", "web", "-Q") == (0, "n1")
    assert call("crm_resource", "-B", "-r", "web:0", "-N", "n1", "-Q")[0] == 0
    assert "cli-ban-web-on-n1" in node.log.state.cib
    code, said = call("crm_resource", "--cleanup")
    assert code == 64
    assert "not known to this stand-in" in said


def test_a_resource_in_a_clone(call: Agent) -> None:
    """An agent of an anonymous clone knows its resource by that name alone."""
    assert call("crm_resource", "-W", "-r", "agent", "-Q") == (0, "n1\nn2\nn3")
    assert call("crm_resource", "-r", "db", "-m", "-g", "promotable") == (0, "true")
    code, said = call("crm_resource", "-W", "-r", "nosuch")
    assert code == 1
    assert "unknown resource 'nosuch'" in said


def test_what_is_not_known_here_is_not_taken_for_something_else(
    node: NodeDouble, call: Agent
) -> None:
    before = node.log.state.position
    assert call("crm_attribute", "-t", "op_defaults", "-n", "timeout", "-v", "30")[0] == 64
    assert call("crm_attribute", "-N", "n2", "-n", "x", "-l", "tonight", "-v", "1")[0] == 64
    assert node.log.state.position == before


@pytest.mark.parametrize(
    "words",
    [
        ("crm_attribute", "-N", "n1", "-n", "standby", "-v", "on", "-l", "forever"),
        ("crm_attribute", "-N", "n1", "-n", "x", "-v", "1"),
        ("crm_attribute", "-N", "n1", "-n", "x", "-D"),
        ("crm_attribute", "-N", "n1", "-n", "terminate", "-v", "true"),
        ("crm_attribute", "-N", "n2", "-n", "standby", "-v", "on", "-l", "forever"),
        ("crm_attribute", "-N", "n2", "-n", "maintenance", "-v", "on", "-t", "nodes"),
        ("crm_attribute", "-N", "n2", "-n", "terminate", "-v", "true", "-l", "forever"),
        ("crm_resource", "-B", "-r", "web", "-N", "n1"),
        ("crm_resource", "-U", "-r", "web", "-N", "n1"),
    ],
)
def test_a_remote_node_changes_nothing_but_itself(
    node: NodeDouble, call_far: Agent, words: tuple[str, ...]
) -> None:
    before = node.log.state.digest()
    code, said = call_far(*words)
    assert code == 1
    assert "remote node" in said
    assert node.log.state.digest() == before


def test_a_remote_node_changes_itself(node: NodeDouble, call: Agent, call_far: Agent) -> None:
    lasting = ("crm_attribute", "-l", "forever", "-N", "n2", "-n", "pgsql-data-status")
    assert call_far(*lasting, "-v", "LATEST")[0] == 0
    assert 'value="LATEST"' in node.log.state.cib
    assert call("crm_resource", "-B", "-r", "web", "-N", "n3")[0] == 0
    assert call_far("crm_resource", "-B", "-r", "web")[0] == 0
    assert "cli-ban-web-on-n2" in node.log.state.cib
    assert call_far("crm_resource", "-U", "-r", "web")[0] == 0
    assert "cli-ban-web-on-n2" not in node.log.state.cib
    assert "cli-ban-web-on-n3" in node.log.state.cib


def test_a_picture_of_the_cluster(call: Agent) -> None:
    code, said = call("crm_mon", "-1", "--output-as=xml")
    assert code == 0
    assert '<node name="n2"' in said
