"""A fence device's secret in a running cluster: it is used, and nobody ever sees it.

The secret is where the power switch is to be found, so that the agent can't do without it; one
device has it sealed and wrong, and its agent complains of it by name.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab.cluster import members, online, running
from tests.lab.hosts import Host, Lab, wait

CANARY = "canary-" + uuid.uuid4().hex
WRONG = "wrong-" + uuid.uuid4().hex
WEB = 80


class Argv(threading.Thread):
    """Reads the arguments of all processes of all hosts, on and on."""

    def __init__(self, lab: Lab) -> None:
        super().__init__(name="lab-argv", daemon=True)
        self._lab = lab
        self._over = threading.Event()
        self.seen: set[str] = set()
        self.looks = self.agents = 0

    def run(self) -> None:
        while not self._over.wait(0.002):
            self.looks += 1
            for host in self._lab.hosts:
                self._look(host)

    def _look(self, host: Host) -> None:
        for pid in host.processes():
            try:
                said = Path(f"/proc/{pid}/cmdline").read_bytes().decode("utf-8", "replace")
            except OSError:
                continue
            self.agents += "fence_demo" in said
            self.seen |= {said for word in (CANARY, WRONG) if word in said}

    def end(self) -> None:
        self._over.set()
        self.join(5)


@pytest.fixture(scope="module")
def lab() -> Iterator[tuple[Lab, Argv]]:
    with Lab(3) as lab:
        members(lab.hosts)
        first = lab.hosts[0]
        secret = lab.folder / CANARY
        secret.symlink_to(lab.strip)
        argv = Argv(lab)
        argv.start()
        for host in lab.hosts:
            told(host, str(secret), "hanode secret set strip")
        sealed = told(first, f"/{WRONG}/strip.sock", "hanode secret seal 2> /dev/null").strip()
        for name, where in (("broken", sealed), ("works", "secret://strip")):
            first(
                *("hanode", "fence", "create", name, "fence_demo", f"strip={where}"),
                *("pcmk_host_list=n1 n2 n3", "meta", f"priority={10 * (name == 'broken')}"),
            )
        first(
            *("hanode", "resource", "create", "web", "ocf:hanode:web", "ip=0.0.0.0", f"port={WEB}"),
            "--wait",
        )
        yield lab, argv
        argv.end()


def told(host: Host, secret: str, command: str) -> str:
    """A command that reads the secret from its stdin, as an operator gives it from a file."""
    host.root("/run/told").write_text(secret)
    said = host("sh", "-c", f"{command} < /run/told")
    host.root("/run/told").unlink()
    return said


QUESTIONS = (
    ("hanode", "cib", "show"), ("hanode", "log", "-n", "500"),
    ("hanode", "log", "-n", "500", "--json"), ("hanode", "fence", "list", "--json"),
    ("hanode", "fence", "history", "--json"), ("hanode", "resource", "--json"),
    ("hanode", "status"), ("hatui", "--once", "--output", "json"),
    ("hatui", "--once", "--output", "xml"), ("hatui", "--once"), ("hatui", "mon", "-1", "-rfnAN"),
)  # fmt: skip
"""What an operator may ask."""


def test_the_node_is_fenced_with_a_secret_that_nobody_sees(lab: tuple[Lab, Argv]) -> None:
    hosts, argv = lab[0], lab[1]
    (name,) = running(hosts)
    victim = hosts.host(name)
    watcher = next(host for host in hosts.hosts if host is not victim)
    victim.crash()
    wait(lambda: running(hosts) not in ([], [name]), 90, 0.2)
    wait(lambda: online(watcher) == {"n1", "n2", "n3"}, 120, 0.3)
    assert "success" in watcher("hanode", "fence", "history")
    assert "(secret)" in logs(watcher) + logs(hosts.hosts[0])  # the wrong one, struck out
    for host in hosts.hosts:
        for question in QUESTIONS:
            clean(host(*question), " ".join(question))
        clean(logs(host), f"logs of {host.name}")
        for path in kept(host):
            clean(path.read_bytes().decode("latin-1"), str(path))
    assert argv.looks > 0
    assert argv.agents > 0
    assert argv.seen == set()


def clean(said: str, where: str) -> None:
    assert CANARY not in said, where
    assert WRONG not in said, where


def logs(host: Host) -> str:
    return "".join(path.read_text("utf-8", "replace") for path in host.folder.glob("var/log/*.log"))


def kept(host: Host) -> list[Path]:
    """All files of hanode, but the secrets' own."""
    folders = (host.folder / "var/lib/hanode", host.folder / "etc/hanode", host.root("/run/hanode"))
    found = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return [path for path in found if path.parent.name != "secrets"]
