"""Machines that are to become nodes, and can't be managed: why, and what to do."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from hanode.runtime import machine
from hanode.runtime.machine import CantManage, Machine, Reach
from hanode.runtime.ssh import private_key, public_key
from tests.unit.runtime.far_end import HOST, FarEnd

SEED, OTHER = bytes(range(32)), bytes(range(1, 33))
needs_sshd = pytest.mark.skipif(
    os.geteuid() != 0 or shutil.which("sshd") is None,
    reason="a far end is made by root, with sshd (apt-get install openssh-server)",
)


@pytest.fixture(scope="module")
def far(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FarEnd]:
    far = FarEnd(tmp_path_factory.mktemp("far"), SEED)
    yield far
    far.end()


def refusal(host: str, port: int, known: Path | str, seed: bytes = SEED) -> str:
    with pytest.raises(CantManage) as said:
        Machine(Reach(host, port, "root", (private_key(seed),), known)).logs(1)
    return str(said.value)


def test_nobody_is_there(tmp_path: Path) -> None:
    with socket.socket() as wire:
        wire.bind(("127.0.0.1", 0))
        port = wire.getsockname()[1]
        said = refusal("127.0.0.1", port, tmp_path / "known")
    assert said == f"127.0.0.1 port {port}: Connection refused"


def test_somebody_is_there_and_says_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "CONNECT_LIMIT", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        said = refusal("127.0.0.1", silent.getsockname()[1], tmp_path / "known")
    assert "says nothing" in said
    assert "is an sshd there?" in said


@needs_sshd
@pytest.mark.parametrize("there", [True, False])
def test_a_key_that_nobody_vouched_for(far: FarEnd, tmp_path: Path, there: bool) -> None:
    known = tmp_path / "known"
    if there:
        known.write_text("")
    assert "its host key is not known; name it: --host-key" in refusal(HOST, far.port, known)


@needs_sshd
def test_another_key_than_was_named(far: FarEnd) -> None:
    other = public_key(OTHER).export_public_key("openssh").decode().strip()
    assert "shows another host key than was named" in refusal(HOST, far.port, other)


@needs_sshd
def test_a_machine_that_refuses_us(far: FarEnd) -> None:
    said = refusal(HOST, far.port, far.host_key, OTHER)
    assert "refuses our keys; put the lines of `hanode node keys`" in said


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd")
def test_systemd_understands_our_unit(tmp_path: Path) -> None:
    unit = tmp_path / "hanode.service"
    unit.write_text(machine.UNIT.replace(f"{machine.HOME}/current/bin/hanode", "/bin/true"))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(unit)], capture_output=True, text=True
    )
    assert str(unit) not in done.stderr
    assert done.returncode == 0, done.stderr
