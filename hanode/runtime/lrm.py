"""The lrm process: a thin driver around hanode.lrm.Lrm, which runs agents and fence agents.

It needs no network, no event loop and no thread. It ends on SIGTERM, or with its supervisor, and
leaves everything as it is: what the agents started belongs to nobody here.
"""

from __future__ import annotations

import argparse
import os
import resource
import select
import signal
import sys
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hanode import effects, inputs
from hanode.fencing import Fencer
from hanode.lrm import Lrm
from hanode.ra import Site
from hanode.runtime import checked, signals
from hanode.runtime.aside import JournalAside
from hanode.runtime.cgroup import Cgroups, make_root
from hanode.runtime.children import Children
from hanode.runtime.config import Config, ConfigError
from hanode.runtime.dead_man import DeadMan
from hanode.runtime.flight import FlightRecorder
from hanode.runtime.journal import Journal
from hanode.runtime.kept_table import KeptTable
from hanode.runtime.killers import Killers
from hanode.runtime.lease import LeaseReader
from hanode.runtime.lrm_doors import AttributeDoor, CrmDoor
from hanode.runtime.processes import Processes
from hanode.runtime.term_file import TermFile
from hanode.runtime.tools import ToolServer
from hanode.runtime.vault import BadSecret, Vault

CLOCK_EVERY = 5.0
"""Seconds between two looks at the wall clock, at the machine's pressure, and at what is left of
resources that ran here."""
HANGS = 20.0
"""Seconds after which a turn of the loop counts as one that will never end: before the node falls
silent for its LRM's sake."""
HANDED_ON = ("HOME", "LANG", "LOGNAME", "TZ", "USER")
"""Of our own environment, what agents get too."""
DESCRIPTORS = 16_384
"""Three for each agent at work, and all that runs here may have to stop at once. The usual limit is
enough for three hundred; a stop that can't be begun is a node that is fenced."""
AGENTS_MASK = 0o022
"""As agents expect it."""
WELL_KNOWN_RUN = Path("/run/hanode")


class Driver:
    def __init__(self, config: Config, boot: int, life: int, journal: Journal) -> None:
        self._journal = journal
        self.recorder = FlightRecorder(config.state, "lrm")
        self._epoll = select.epoll()
        self._waiting: deque[Any] = deque()
        self._clock_due = 0.0
        self._ended = False
        self._table = KeptTable(config.run / "lrm-table", journal)
        self._lease = LeaseReader(config.run / "lease")
        self._term = TermFile(config.state / "lrm-term")
        if self._term.trouble:
            journal.error("the term can't be kept", why=self._term.trouble)
        self._site = site(config)
        self._cgroups = Cgroups(make_root(str(config.run)))
        self._vault = Vault(config.path.parent / "secrets", config.identity)
        self._tools = ToolServer(self._site, self._epoll, journal)
        self._processes = Processes(self._epoll, self._feed, self._cgroups)
        self._children = Children(self._epoll)
        self._killers = Killers(self._children, self._site.run_dir)
        self._core = Lrm(
            self._site, boot, life, Fencer(self._site, seed=int.from_bytes(os.urandom(8), "big")),
            term=self._term.term, table=self._table.read(),
        )  # fmt: skip
        self._crm = CrmDoor(
            config.lrm_socket, self._epoll, _users(config),
            lambda: self._feed(inputs.CrmConnected()),
            lambda message: self._feed(inputs.LocalSaid(message)),
            lambda text: journal.warning(text),
        )  # fmt: skip
        self._attributes = AttributeDoor(
            Path(self._site.attribute_socket), self._epoll, self._set_attribute,
            lambda name: self._core.attributes.get(name), self._tools.serve,
        )  # fmt: skip
        self._do: dict[type, Callable[[Any], None]] = {
            effects.TellCrm: lambda effect: self._crm.tell(effect.message),
            effects.Spawn: self._spawn,
            effects.Kill: self._kill,
            effects.KillLeftover: self._kill_leftover,
            effects.KillResource: self._kill_resource,
            effects.WriteTerm: self._write_term,
            effects.SaveTable: lambda effect: self._table.write(effect.data),
            effects.LookAtLease: lambda _: self._feed(inputs.LeaseSeen(self._lease.until())),
            effects.Say: lambda effect: journal.say(effect.level, effect.text, effect.details),
        }

    def run(self) -> None:
        """Until SIGTERM."""
        ended = signals.ending()
        self._epoll.register(ended, select.EPOLLIN)
        dead_man = DeadMan(HANGS)
        while not self._ended:
            dead_man.press()
            for descriptor, mask in self._epoll.poll(self._patience()):
                if descriptor == ended:
                    self._ended = True
                else:  # of a descriptor that was just closed, an event may still be in the batch
                    _ = (
                        self._processes.ready(descriptor)
                        or self._crm.ready(descriptor, mask)
                        or self._attributes.ready(descriptor)
                        or self._tools.ready(descriptor)
                        or self._children.ready(descriptor)
                    )
            self._think()
        self._cgroups.end()

    # ------------------------------------------------------------------------------ the core's turn

    def _feed(self, news: Any) -> None:
        self._waiting.append(news)

    def _think(self) -> None:
        """Tell the core everything that happened, and do what it wants."""
        now = time.monotonic()
        if now >= self._clock_due:
            self._clock_due = now + CLOCK_EVERY
            self._waiting.appendleft(inputs.WallClock(time.time()))
            self._waiting.append(pressure())
            self._cgroups.tidy()
        while self._waiting:
            self._step(self._waiting.popleft())
        deadline = self._core.deadline()
        if deadline is not None and deadline <= time.monotonic():
            self._waiting.append(inputs.Wake())
            self._think()

    def _step(self, news: Any) -> None:
        for effect in self.recorder.step(self._core, news, time.monotonic()):
            self._do[type(effect)](effect)

    def _patience(self) -> float:
        deadline = self._core.deadline()
        until = self._clock_due if deadline is None else min(deadline, self._clock_due)
        return max(0.0, until - time.monotonic())

    def _set_attribute(self, name: str, value: str | None, delay: float) -> None:
        """At once, as the tool waits to be told what came of it."""
        self._step(inputs.AttributeSaid(name, value, delay))

    # -------------------------------------------------------------------------------------- effects

    def _spawn(self, effect: effects.Spawn) -> None:
        if self._killers.hold(effect):
            return
        if effect.lease_checked and self._lease.until() <= time.monotonic():
            reason = "this node's quorum lease is over: it starts, promotes and migrates nothing"
            self._feed(inputs.SpawnFailed(effect.token, False, reason, no_lease=True))
            return
        try:
            opened, hidden = self._vault.open(effect)
        except BadSecret as bad:
            self._feed(inputs.SpawnFailed(effect.token, True, str(bad)))
            return
        self._processes.spawn(opened, hidden)

    def _kill(self, effect: effects.Kill) -> None:
        if self._killers.drop(effect.token):
            self._feed(_killed(effect.token))
        else:
            self._processes.kill(effect.token, effect.hard)

    def _kill_leftover(self, effect: effects.KillLeftover) -> None:
        def over(ended: int) -> None:
            if ended:
                self._journal.warning("ended what a former life left at work", processes=ended)
            self._feed(_killed(effect.token))

        self._killers.kill_operation(effect.mark, effect.pid, over)

    def _kill_resource(self, effect: effects.KillResource) -> None:
        def over(ended: int, waited: list[effects.Spawn]) -> None:
            self._journal.warning("killed", resource=effect.resource, processes=ended)
            for one in waited:
                self._spawn(one)

        self._cgroups.kill(effect.resource)
        self._killers.kill_resource(effect.resource, over)

    def _write_term(self, effect: effects.WriteTerm) -> None:
        def over(code: int) -> None:
            self._feed(inputs.TermWritten(effect.term, ok=code == 0))

        try:
            self._children.watch(self._term.write(effect.term, effect.boot), over)
        except OSError as error:
            self._journal.error("no process to write the term with", why=error.strerror)
            over(1)


def _killed(token: int) -> inputs.ProcessEnded:
    return inputs.ProcessEnded(token, -signal.SIGKILL, b"", b"", 0)


def site(config: Config) -> Site:
    """What agents are told of this node."""
    well_known = config.run == WELL_KNOWN_RUN
    rsctmp = Path("/run/resource-agents") if well_known else config.run / "rsctmp"
    rsctmp.mkdir(mode=0o755, parents=True, exist_ok=True)
    return Site(
        node=config.name,
        run_dir=str(config.run),
        rsctmp=str(rsctmp),
        ocf_root=config.ocf_root or "/usr/lib/ocf",
        fence_dir=config.fence_agents or "/usr/sbin",
        python=sys.executable,
        config=str(config.path),
        extra=tuple((name, os.environ[name]) for name in HANDED_ON if name in os.environ),
    )


def pressure() -> inputs.Pressure:
    """The machine's, as far as this kernel tells."""
    return inputs.Pressure(_share("cpu", "some"), _share("memory", "full"), _share("io", "full"))


def _share(resource: str, kind: str) -> float:
    """`some avg10=1.23 avg60=...` of one of /proc/pressure's files."""
    try:
        lines = Path(f"/proc/pressure/{resource}").read_text().splitlines()
    except OSError:
        return 0.0
    words = next((line.split() for line in lines if line.startswith(kind)), [])
    return next((float(w[6:]) for w in words if w.startswith("avg10=")), 0.0)


def _users(config: Config) -> frozenset[int]:
    """Whom the crm may run as."""
    users = {0, os.geteuid()}
    if config.user:
        import pwd

        users.add(pwd.getpwnam(config.user).pw_uid)
    return frozenset(users)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="hanode.runtime.lrm", description=__doc__)
    checked.add_options(parser)
    said = parser.parse_args(arguments)
    os.umask(AGENTS_MASK)
    _make_room()
    journal = JournalAside("lrm")
    code = _live(said, journal)
    journal.finish()
    return code


def _make_room() -> None:
    """As many descriptors as we may have, and can need."""
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = DESCRIPTORS if most == resource.RLIM_INFINITY else min(DESCRIPTORS, most)
    if now != resource.RLIM_INFINITY and now < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


def _live(said: argparse.Namespace, journal: Journal) -> int:
    """One life of the process."""
    try:
        driver = Driver(checked.configuration(said), said.boot, said.life, journal)
    except (ConfigError, KeyError) as error:
        journal.error(str(error))
        return os.EX_CONFIG
    except OSError as error:
        journal.error("can't begin", why=error)
        return 1
    journal.info("ready", boot=said.boot, life=said.life)
    try:
        driver.run()
    except Exception as error:  # we are wrong: say what was known, and begin anew
        record = driver.recorder.write(error)
        journal.error("a step failed", error=repr(error), flight_record=record)
        return os.EX_SOFTWARE
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
