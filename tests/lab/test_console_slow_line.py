"""An incident from alarm to root cause to undo, over SSH on a line of 100 ms each way that loses
two frames of a hundred, in a small pane of tmux."""

from __future__ import annotations

from tests.lab.cluster import found, running
from tests.lab.commands import wait
from tests.lab.hosts import Host, Lab
from tests.lab.pane import Pane
from tests.lab.slow_line import SlowLine

HOME = "/var/lib/anna"


def test_an_incident_is_handled_over_a_slow_line() -> None:
    with Lab(4) as lab:
        found(lab, 3)
        desk = lab.host("n4")
        _let_in(desk, lab.hosts[:3])
        (victim,) = running(lab)
        with SlowLine(lab.wiring, desk), _console(lab, desk) as pane:
            try:
                _handle(lab, pane, victim)
            finally:
                print("", *pane.transcript, sep="\n")


def _handle(lab: Lab, pane: Pane, victim: str) -> None:
    pane.press(until="all well")
    lab.host(victim).crash()
    pane.press(until="quorum 2/3")  # the alarm, in the header
    (survivor,) = _where_web_runs(lab, victim)
    pane.press(until="all well")
    pane.press("7", "e", until="from cause to recovery")
    pane.press("G", until="where the time went")
    assert f"web answers on {survivor}" in pane.screen() or "first look" in pane.screen()
    other = next(name for name in ("n1", "n2", "n3") if name not in (victim, survivor))
    pane.press("q", "1", *f":move web {other}", "Enter", until=f"PREVIEW   move web to {other}")
    pane.press(until="hanode resource move web")
    pane.read()
    pane.press("y", until=f"web started on {other}")
    wait(lambda: running(lab) == [other], 30)
    pane.press("u", until="UNDO")
    pane.press("Enter", until="hanode resource clear web")
    pane.read()
    pane.press("Enter", until="anna: resource clear web")
    pane.press(until="1 Resources")  # the preview has seen it done, and closed
    pane.press("8", until="nothing binds any resource")
    pane.press(*":at -20s", "Enter", until=" PAST ")
    pane.press("L", until="via n")
    pane.press("Q", until="")
    wait(lambda: pane.ended, 10)


def _where_web_runs(lab: Lab, victim: str) -> list[str]:
    wait(lambda: len(running(lab)) == 1 and running(lab) != [victim], 60)
    return running(lab)


def _let_in(desk: Host, nodes: list[Host]) -> None:
    """anna's key, on the cluster's list; the nodes' host keys, on hers."""
    desk("mkdir", "-p", f"{HOME}/.ssh")
    desk("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", f"{HOME}/.ssh/id_ed25519")
    public = desk("cat", f"{HOME}/.ssh/id_ed25519.pub")
    (nodes[0].folder / "var/lib/anna.pub").write_text(public)
    nodes[0]("hanode", "operator", "add", "anna", "/var/lib/anna.pub", "--role", "admin", "--yes")
    known = "".join(desk("ssh-keyscan", "-p", "5566", "-t", "ed25519", n.address) for n in nodes)
    (desk.folder / "var/lib/anna/.ssh/known_hosts").write_text(known)
    where = ", ".join(f'"anna@{node.address}:5566"' for node in nodes)
    text = f'default = "lab"\n[contexts.lab]\nwhere = [{where}]\n'
    (desk.folder / "var/lib/anna/config.toml").write_text(text)


def _console(lab: Lab, desk: Host) -> Pane:
    env = ("env", f"HOME={HOME}", "LC_ALL=C.UTF-8", "SSH_AUTH_SOCK=")
    argv = desk.interactive(*env, "hatui", "--config", f"{HOME}/config.toml")
    return Pane(f"{lab.tag}-anna", argv)
