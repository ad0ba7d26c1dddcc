"""A demo's folder: complete, private, of one cluster, and readable by those whom it is for."""

from __future__ import annotations

import stat
from pathlib import Path

import asyncssh
import pytest

from hanode.cib.document import parse
from hanode.demo import plan as planning
from hanode.demo.operator_key import OperatorKey
from hanode.demo.plan import Plan
from hanode.demo.prepare import prepare
from hanode.logd import LogStore
from hanode.runtime import config, keys, trusted
from hanode.state import ClusterState, open_and_apply
from hatui import config as console

PORT = 18181


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    plan = planning.make(tmp_path, 3, PORT)
    prepare(plan)
    return plan


def test_all_nodes_are_born_with_the_same_log(plan: Plan) -> None:
    digests = set()
    for node in plan.nodes:
        store = LogStore.open(node.folder / "state" / "log.sqlite")
        saved = store.load()
        store.close()
        state = ClusterState()
        for entry in saved.entries:
            open_and_apply(state, entry)
        digests.add(state.digest())
        assert list(state.members) == ["n1", "n2", "n3"]
        assert list(state.operators) == ["operator"]
    assert len(digests) == 1


def test_each_node_knows_all_members_and_holds_its_own_keys(plan: Plan) -> None:
    for node in plan.nodes:
        told = config.load(node.config)
        assert told.name == node.name
        assert [str(link.address) for link in told.links] == list(node.links)
        members = trusted.load_members(told.trusted)
        assert [one.name for one in members] == ["n1", "n2", "n3"]
        held = keys.load(told.identity)
        mine = members[node.number - 1]
        assert (mine.public, mine.kex) == (held.identity.public, held.kex.public)


def test_secrets_are_for_their_owner_alone(plan: Plan) -> None:
    for secret in (plan.folder / "operator", *(n.folder / "identity" for n in plan.nodes)):
        assert stat.S_IMODE(secret.stat().st_mode) == 0o600


def test_the_console_finds_every_node(plan: Plan) -> None:
    told = console.load(str(plan.console_config))
    here = console.find(told)
    assert [one.socket for one in here.where] == [str(n.console_socket) for n in plan.nodes]
    ssh = console.find(told, "ssh")
    assert [(one.host, one.port) for one in ssh.where] == [
        (n.addresses[0], 5566) for n in plan.nodes
    ]
    assert len(ssh.host_keys) == 3


def test_the_configuration_is_a_cib_of_one_of_each_kind(plan: Plan) -> None:
    store = LogStore.open(plan.nodes[0].folder / "state" / "log.sqlite")
    state = ClusterState()
    open_and_apply(state, store.load().entries[0])
    store.close()
    cib = parse(state.cib.encode())
    assert cib.configuration.resources
    assert 'type="fence_demo"' in state.cib
    assert str(plan.strip_socket) in state.cib


def test_an_earlier_demo_is_replaced_and_strangers_files_stay(plan: Plan) -> None:
    (plan.folder / "notes.txt").write_text("mine")
    before = (plan.nodes[0].folder / "identity").read_bytes()
    prepare(plan)
    assert (plan.nodes[0].folder / "identity").read_bytes() != before
    assert (plan.folder / "notes.txt").read_text() == "mine"


def test_ssh_reads_the_operators_key(tmp_path: Path) -> None:
    key = OperatorKey.make()
    key.write(tmp_path / "key", "somebody")
    read = asyncssh.read_private_key(tmp_path / "key").export_public_key().decode()
    assert trusted.parse_public_key(read) == key.public
