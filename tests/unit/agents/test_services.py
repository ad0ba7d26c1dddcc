"""Classes for services of the machine, with real processes: systemd (against a named stand-in of
systemctl), service, lsb, heartbeat."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from hanode.ra import Command, Job, Site, Unrunnable, command, exit_codes, outcome, parse_agent
from hanode.ra.output import exit_reason
from hanode.ra.systemd import KILL

STAND_IN = Path(__file__).with_name("systemctl_stand_in")
INIT_SCRIPT = """#!/bin/sh
# Short-Description: a test's service
case $1 in
    start) : > {there}; exit 0 ;;
    stop) rm -f {there}; exit 0 ;;
    status) [ -e {there} ] && exit 0; exit 3 ;;
    reload) exit 3 ;;
esac
"""
VERSION_1 = """#!/bin/sh
case $3 in
    start) echo "$1 $2" > {there} ;;
    stop) rm -f {there} ;;
    status) [ -e {there} ] && echo "$1 is running" || echo "$1 is not running"; exit 0 ;;
esac
"""


def gone(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return True
    return state in "ZX"


class Machine:
    """A folder that plays a machine's /etc and /run."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.units = root / "units"
        for name in ("bin", "units", "init.d", "resource.d", "systemd"):
            (root / name).mkdir()
        self.site = Site(
            "n1", str(root), lsb_dir=f"{root}/init.d", heartbeat_dir=f"{root}/resource.d"
        )

    def unit(self, name: str) -> Path:
        folder = self.units / f"{name}.service"
        folder.mkdir()
        program = folder / "program"
        program.write_text("#!/bin/sh\nexec sleep 1000\n")
        program.chmod(0o755)
        return folder

    def script(self, folder: str, name: str, text: str) -> Path:
        there = self.root / f"{name}.there"
        path = self.root / folder / name
        path.write_text(text.format(there=there))
        path.chmod(0o755)
        return there

    def run_by_systemd(self) -> None:
        shutil.copy(STAND_IN, self.root / "bin" / "systemctl")

    def do(self, agent: str, task: str, **more: dict[str, str]) -> tuple[int, str]:
        """The OCF exit code, and the reason given for it."""
        given = {"parameters": {}, "meta": {}, **more}
        job = Job(parse_agent(agent), "r1", task, 0, 20_000, **given)
        made = command(job, self.site)
        if isinstance(made, Unrunnable):
            return made.rc, made.reason
        assert isinstance(made, Command)
        env = made.env | {
            "PATH": f"{self.root}/bin:/usr/bin:/bin",
            "STAND_IN_UNITS": str(self.units),
            "HANODE_SYSTEMD_RUN": f"{self.root}/systemd",
        }
        done = subprocess.run(made.argv, env=env, capture_output=True, timeout=30, check=False)
        code = outcome(job.agent.class_, task, done.returncode, done.stdout)
        return code, exit_reason(done.stderr)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.mark.parametrize("agent", ["systemd:web", "service:web"])
def test_a_unit_lives_and_ends(machine: Machine, agent: str) -> None:
    machine.run_by_systemd()
    unit = machine.unit("web")
    assert machine.do(agent, "monitor")[0] == exit_codes.NOT_RUNNING
    assert machine.do(agent, "start") == (exit_codes.OK, "")
    ours = machine.root / "systemd" / "web.service.d" / "50-hanode.conf"
    assert "Restart=no" in ours.read_text()
    assert "Before=hanode.service" in ours.read_text()
    assert machine.do(agent, "monitor")[0] == exit_codes.OK
    assert machine.do(agent, "reload")[0] == exit_codes.OK
    assert (unit / "reloaded").exists()
    pid = int((unit / "pid").read_text())
    assert machine.do(agent, "stop")[0] == exit_codes.OK
    assert not ours.exists()
    assert machine.do(agent, "monitor")[0] == exit_codes.NOT_RUNNING
    assert gone(pid)


def test_a_unit_that_fails_says_so(machine: Machine) -> None:
    machine.run_by_systemd()
    unit = machine.unit("web")
    machine.do("systemd:web", "start")
    pid = int((unit / "pid").read_text())
    os.kill(pid, 9)
    while not gone(pid):
        time.sleep(0.01)
    rc, reason = machine.do("systemd:web", "monitor")
    assert rc == exit_codes.NOT_RUNNING
    assert "has failed (signal)" in reason
    (unit / "program").chmod(0o644)
    rc, reason = machine.do("systemd:web", "start")
    assert rc == exit_codes.GENERIC
    assert "journalctl -u web.service" in reason


def test_a_unit_that_must_die(machine: Machine) -> None:
    machine.run_by_systemd()
    unit = machine.unit("web")
    machine.do("systemd:web", "start")
    rc, _ = machine.do("systemd:web", "monitor", meta={KILL: "true"})
    assert rc == exit_codes.NOT_RUNNING
    calls = (machine.units / "calls").read_text()
    assert "kill --kill-whom=all --signal=KILL -- web.service" in calls
    assert gone(int((unit / "pid").read_text()))


def test_units_that_are_not_to_be_had(machine: Machine) -> None:
    machine.run_by_systemd()
    rc, reason = machine.do("systemd:web", "start")
    assert rc == exit_codes.NOT_INSTALLED
    assert "no unit web.service" in reason
    assert machine.do("systemd:web", "stop")[0] == exit_codes.OK
    (machine.unit("db") / "masked").touch()
    rc, reason = machine.do("systemd:db", "monitor")
    assert rc == exit_codes.NOT_INSTALLED
    assert "systemctl unmask db.service" in reason
    assert machine.do("systemd:web", "promote")[0] == exit_codes.UNIMPLEMENTED


def test_where_systemd_does_not_run_a_unit_is_refused_in_words(machine: Machine) -> None:
    machine.run_by_systemd()
    machine.unit("web")
    shutil.rmtree(machine.root / "systemd")
    rc, reason = machine.do("systemd:web", "start")
    assert rc == exit_codes.NOT_INSTALLED
    assert "systemd doesn't run this machine" in reason


def test_a_service_is_an_init_script_where_there_is_one(machine: Machine) -> None:
    machine.run_by_systemd()
    machine.unit("web")
    there = machine.script("init.d", "web", INIT_SCRIPT)
    assert machine.do("service:web", "monitor")[0] == exit_codes.NOT_RUNNING
    assert machine.do("service:web", "start")[0] == exit_codes.OK
    assert there.exists()
    assert machine.do("service:web", "monitor")[0] == exit_codes.OK
    assert machine.do("service:web", "stop")[0] == exit_codes.OK
    assert not (machine.units / "calls").exists()


def test_an_init_script(machine: Machine) -> None:
    machine.script("init.d", "web", INIT_SCRIPT)
    codes = [machine.do("lsb:web", t)[0] for t in ("monitor", "start", "monitor", "reload", "stop")]
    assert codes == [7, 0, 0, exit_codes.UNIMPLEMENTED, 0]


def test_a_script_of_version_1_gets_its_arguments_in_order(machine: Machine) -> None:
    there = machine.script("resource.d", "Mount", VERSION_1)
    given = {"parameters": {"2": "/mnt/a b", "1": "/dev/x"}}
    assert machine.do("heartbeat:Mount", "monitor", **given)[0] == exit_codes.NOT_RUNNING
    assert machine.do("heartbeat:Mount", "start", **given)[0] == exit_codes.OK
    assert there.read_text() == "/dev/x /mnt/a b\n"
    assert machine.do("heartbeat:Mount", "monitor", **given)[0] == exit_codes.OK
    assert machine.do("heartbeat:Mount", "stop", **given)[0] == exit_codes.OK
    assert machine.do("heartbeat:Mount", "promote", **given)[0] == exit_codes.UNIMPLEMENTED


@pytest.mark.parametrize("names", [("2",), ("1", "3"), ("ip",)])
def test_a_script_of_version_1_takes_positions_only(machine: Machine, names: tuple[str]) -> None:
    rc, reason = machine.do("heartbeat:Mount", "start", parameters=dict.fromkeys(names, "x"))
    assert rc == exit_codes.NOT_CONFIGURED
    assert "1, 2, 3" in reason


@pytest.mark.parametrize(
    ("said", "rc", "code"),
    [(b"OK\n", 1, 0), (b"running", 0, 0), (b"stopped", 0, 7), (b"", 0, 7), (b"NOT running", 0, 7),
     (b"eth0 is down", 0, 7), (b"running", -9, 1)],
)  # fmt: skip
def test_what_a_script_of_version_1_prints_counts(said: bytes, rc: int, code: int) -> None:
    assert outcome("heartbeat", "monitor", rc, said) == code
