"""`hanode init`, `join`, `run`: real nodes on loopback, made by the commands that operators use."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

HANODE = [sys.executable, "-P", "-m", "hanode"]
PATIENCE = 40.0


class OneNode:
    """A node below a folder of its own, and the addresses that it got."""

    def __init__(self, folder: Path, number: int) -> None:
        self.folder = folder / f"n{number}"
        self.host = f"127.88.{os.getpid() % 200 + 20}.{number}"
        self.link = f"{self.host}:{free_port(self.host, socket.SOCK_DGRAM)}"
        self.stream = f"{self.host}:{free_port(self.host, socket.SOCK_STREAM)}"
        self.name = f"n{number}"
        self.process: subprocess.Popen[str] | None = None

    @property
    def where(self) -> list[str]:
        return ["--node", self.name, "--link", self.link, "--stream", self.stream,
                "--dir", str(self.folder)]  # fmt: skip

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        config = str(self.folder / "hanode.toml")
        return hanode("--config", config, *words)

    def run(self) -> None:
        config = str(self.folder / "hanode.toml")
        self.process = subprocess.Popen(
            [*HANODE, "--config", config, "run"], start_new_session=True, text=True
        )

    def log(self) -> str:
        path = self.folder / "hanode.log"
        return path.read_text() if path.exists() else ""

    def until(self, pattern: str) -> re.Match[str]:
        """Wait for a line of its log."""
        limit = time.monotonic() + PATIENCE
        while True:
            found = re.search(pattern, self.log())
            if found:
                return found
            assert time.monotonic() < limit, f"no {pattern} in\n{self.log()}"
            time.sleep(0.02)

    def token(self) -> str:
        """A token, as soon as the node answers."""
        self.until(r"connected part=heart")
        told = self.command("node", "token")
        assert told.returncode == 0, told.stderr
        return told.stdout.strip()

    def end(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(PATIENCE)


def hanode(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*HANODE, *words], capture_output=True, text=True, timeout=PATIENCE)


def free_port(host: str, kind: socket.SocketKind) -> int:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def nodes(tmp_path: Path) -> Iterator[list[OneNode]]:
    # Unix sockets need short paths, and pytest's folders are long.
    made = [OneNode(tmp_path, number) for number in (1, 2)]
    yield made
    for node in made:
        node.end()


def test_two_nodes_by_commands_then_one_leaves(nodes: list[OneNode]) -> None:
    one, two = nodes
    made = hanode("init", "--name", "pair", *one.where)
    assert made.returncode == 0, made.stderr
    one.run()
    joined = hanode("join", one.token(), *two.where)
    assert joined.returncode == 0, joined.stderr
    two.run()
    one.until(r"n1 is the DC .*n2")
    two.until(r"stream open peer=n1")
    crm = int(two.until(r"started part=crm life=1 pid=(\d+)")[1])
    os.kill(crm, signal.SIGKILL)
    two.until(r"started part=crm life=2")
    two.until(r"(?s)life=2.*stream open peer=n1")
    assert two.log().count("started part=lrm") == 1
    assert two.log().count("started part=heartbeat") == 1
    two.until(r"(?s)life=2.*connected part=lrm")
    assert two.process is not None
    two.process.send_signal(signal.SIGTERM)
    assert two.process.wait(PATIENCE) == 0
    assert "left the cluster as ordered" in two.log()


def test_a_token_works_once_and_for_its_cluster_alone(nodes: list[OneNode]) -> None:
    one, two = nodes
    hanode("init", *one.where)
    one.run()
    token = one.token()
    wrong = token.replace(token[:8], "0" * 8)
    refused = hanode("join", wrong, *two.where)
    assert refused.returncode == 77
    assert "unknown, used or too old" in refused.stderr
    assert not (two.folder / "hanode.toml").exists()
    secret, tail = token.split(".", 1)
    forged = f"{secret}.{'A' if tail[0] != 'A' else 'B'}{tail[1:]}"
    refused = hanode("join", forged, *two.where)
    assert refused.returncode == 69
    assert "Host key is not trusted" in refused.stderr
    assert hanode("join", token, *two.where).returncode == 0


def test_a_join_that_can_t_be_written_down_spends_no_token(nodes: list[OneNode]) -> None:
    one, two = nodes
    hanode("init", *one.where)
    one.run()
    two.folder.mkdir()
    (two.folder / "trusted").write_text("in the way")
    token = one.token()
    failed = hanode("join", token, *two.where)
    assert failed.returncode == 78
    assert "trusted" in failed.stderr
    (two.folder / "trusted").unlink()
    again = hanode("join", token, *two.where)
    assert again.returncode == 0, again.stderr


def test_a_second_hanode_on_the_same_folder_is_refused(nodes: list[OneNode]) -> None:
    one, _ = nodes
    hanode("init", *one.where)
    one.run()
    one.until("started part=crm")
    again = one.command("run")
    assert again.returncode == 69
    assert "runs already" in again.stderr


def test_ports_in_use_are_said(nodes: list[OneNode]) -> None:
    one, _ = nodes
    hanode("init", *one.where)
    for address, kind, words in (
        (one.link, socket.SOCK_DGRAM, "heartbeat link 1: UDP"),
        (one.stream, socket.SOCK_STREAM, "stream: TCP"),
    ):
        with socket.socket(socket.AF_INET, kind) as taken:
            taken.bind((one.host, int(address.split(":")[1])))
            refused = one.command("run")
            assert refused.returncode == 69
            assert f"{words} {address}: Address already in use" in refused.stderr
    assert one.command("run", "--check").returncode == 0


def test_keys_that_others_can_read_are_refused(nodes: list[OneNode]) -> None:
    one, _ = nodes
    hanode("init", *one.where)
    (one.folder / "identity").chmod(0o644)
    refused = one.command("run")
    assert refused.returncode == 78
    assert "chmod 600" in refused.stderr


def test_a_damaged_log_ends_the_node_with_its_entry(nodes: list[OneNode]) -> None:
    one, _ = nodes
    hanode("init", *one.where)
    database = one.folder / "state" / "log.sqlite"
    data = database.read_bytes()
    at = data.index(b"ClusterFounded")
    database.write_bytes(data[:at] + b"X" + data[at + 1 :])
    one.run()
    assert one.process is not None
    assert one.process.wait(PATIENCE) == 65
    assert "log entry 1: it is not what was written" in one.log()


def test_a_node_is_made_once(nodes: list[OneNode]) -> None:
    one, _ = nodes
    assert hanode("init", *one.where).returncode == 0
    again = hanode("init", *one.where)
    assert again.returncode == 64
    assert "is there already" in again.stderr


def test_an_earlier_log_is_not_taken_over(nodes: list[OneNode]) -> None:
    one, _ = nodes
    hanode("init", *one.where)
    (one.folder / "hanode.toml").unlink()
    (one.folder / "identity").unlink()
    again = hanode("init", *one.where)
    assert again.returncode == 64
    assert "the log of an earlier life is here" in again.stderr
    assert not (one.folder / "hanode.toml").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["init", "--link", "pigeon,1.2.3.4"], "--link pigeon,1.2.3.4"),
        (["init", "--node", "a b"], "can't be a node's name"),
        (["init", "--operator", "/nowhere.pub"], "--operator /nowhere.pub"),
        (["join", "secret"], "not a whole token"),
        (["--config", "/nowhere.toml", "run"], "there is no such file; run `hanode init`"),
        (["--config", "/nowhere.toml", "attach"], "there is no such file"),
    ],
)
def test_wishes_that_can_t_be(words: list[str], said: str, tmp_path: Path) -> None:
    more = ["--dir", str(tmp_path / "n")] if words[0] in ("init", "join") else []
    refused = hanode(*words, *more)
    assert refused.returncode in (64, 78)
    assert said in refused.stderr


def test_ctrl_c_at_any_instant_is_one_orderly_leave(nodes: list[OneNode]) -> None:
    """A terminal sends it to the whole group: here while the crm still imports, then once more."""
    one, _ = nodes
    hanode("init", *one.where)
    one.run()
    one.until("started part=crm")
    assert one.process is not None
    for said in ("leaves the cluster", "is leaving already"):
        os.killpg(one.process.pid, signal.SIGINT)
        one.until(said)
    assert one.process.wait(PATIENCE) == 0
    assert "left the cluster as ordered" in one.log()
    assert "died" not in one.log()


def test_a_node_that_works_is_not_ended_by_what_becomes_of_its_files(nodes: list[OneNode]) -> None:
    one, _ = nodes
    hanode("init", *one.where)
    one.run()
    one.until("n1 is the DC")
    (one.folder / "hanode.toml").write_text("a slip")
    (one.folder / "trusted" / "ann.pub").write_text("half a ke")
    for part in ("heartbeat", "crm"):
        os.kill(int(one.until(rf"started part={part} life=1 pid=(\d+)")[1]), signal.SIGKILL)
        one.until(f"started part={part} life=2")
    one.until(r"(?s)part=crm life=2.*ann.pub: not an OpenSSH")
    one.until(r"(?s)part=crm life=2.*n1 is the DC")
    assert "exit 78" not in one.log()


def test_what_a_node_keeps_is_nobody_else_s(nodes: list[OneNode]) -> None:
    """Who can lock its files can keep it from starting, or end its crm."""
    one, _ = nodes
    before = os.umask(0o022)
    hanode("init", *one.where)
    state = one.folder / "state"
    assert state.stat().st_mode & 0o077 == 0
    state.chmod(0o755)  # of an older release
    one.run()
    os.umask(before)
    one.until("n1 is the DC")
    assert state.stat().st_mode & 0o077 == 0
    kept = [*state.iterdir(), one.folder / "run" / "lrm-table"]
    new = [path for path in kept if not path.name.startswith("log.sqlite")]
    assert {path.name: path.stat().st_mode & 0o077 for path in new} == dict.fromkeys(
        (path.name for path in new), 0
    )
    assert (one.folder / "run" / "rsctmp").stat().st_mode & 0o777 == 0o755
    assert (one.folder / "run").stat().st_mode & 0o055 == 0o055


def test_an_operator_who_is_removed_is_shut_out_at_once(nodes: list[OneNode]) -> None:
    one, _ = nodes
    for name in ("ann", "bob"):
        key = one.folder.parent / name
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    ann, bob = (one.folder.parent / f"{name}.pub" for name in ("ann", "bob"))
    made = hanode("init", *one.where, "--operator", f"ann={ann}", "--operator", f"bob={bob}")
    assert made.returncode == 0, made.stderr
    (one.folder / "trusted" / "ann.pub").write_text(ann.read_text())
    one.run()
    one.until("n1 is the DC")
    host, _, port = one.stream.rpartition(":")
    known = one.folder.parent / "known"
    seen = subprocess.run(
        ["ssh-keyscan", "-t", "ed25519", "-p", port, host], capture_output=True, text=True
    )
    known.write_text(seen.stdout)
    ssh = [
        "ssh", "-F", "none", "-i", str(ann.with_suffix("")), "-o", f"UserKnownHostsFile={known}",
        "-o", "BatchMode=yes", "-p", port, "-s", f"ann@{host}", "hanode-console",
    ]  # fmt: skip
    with subprocess.Popen(ssh, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as session:
        one.until("console attached .*who=ann")
        removed = one.command("operator", "remove", "ann", "--yes")
        assert removed.returncode == 0, removed.stderr
        assert b"not let in any more" in session.communicate(timeout=PATIENCE)[0]
    assert subprocess.run(ssh, stdin=subprocess.DEVNULL, capture_output=True).returncode == 255


def test_what_can_t_be_used_in_a_later_life_is_tried_again(nodes: list[OneNode]) -> None:
    one, _ = nodes
    hanode("init", *one.where)
    one.run()
    one.until("n1 is the DC")
    one.folder.joinpath("identity").chmod(0o644)
    os.kill(int(one.until(r"started part=crm life=1 pid=(\d+)")[1]), signal.SIGKILL)
    one.until(r'died part=crm how="exit 78"')
    one.folder.joinpath("identity").chmod(0o600)
    one.until(r"(?s)exit 78.*n1 is the DC")
