"""The supervisor: starts a node's processes, starts each again alone when it dies, ends them.

It waits for signals and does nothing else; no handler, no event loop, no thread but those that may
wait for a disk: the log's, and the one that keeps it small. Its children die with it (parent-death
signal) and are of its process group, so that one signal ends a node's hanode; what the node runs
has sessions of its own and stays.
"""

from __future__ import annotations

import os
import pwd
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from hanode.runtime import signals, threads
from hanode.runtime.journal import Journal
from hanode.runtime.lifeline import die_with_parent

SIGNALS = frozenset((signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT))
WISHES = SIGNALS - {signal.SIGCHLD}
BACK_OFF_FIRST = 0.1
BACK_OFF_MAX = 2.0
WELL_AFTER = 3.0
"""A process that lived so long is restarted at once when it dies."""
HOUSEKEEPING = 5.0
"""Between two looks at the log file's size."""
END_LIMIT = 3.0
"""A process that is told to end gets this long; then it is killed."""
ANEW = 75
"""Exit code of a part that asks for a new boot: all parts end, and the caller starts over."""
HOPELESS = {
    65: "its data is damaged",
    78: "its configuration can't be used",
}
"""Exit codes of a first life after which starting again can't help. What has worked may work again:
it is tried again, and meanwhile the others do what a node without it has to."""


@dataclass
class Part:
    """One process of the node, in its present life."""

    name: str
    argv: Callable[[int], list[str]]
    """Its command, given the number of its life."""
    descriptors: tuple[int, ...] = ()
    user: str = ""
    """Whom it runs as, when the supervisor is root; empty: as the supervisor."""
    life: int = 0
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    due: float | None = 0.0
    """When to start it; None while it lives."""
    back_off: float = field(default=0.0)


class Supervisor:
    """Runs a boot's parts, one boot after the other; `leaver` is asked to leave before all end."""

    def __init__(
        self,
        leaver: str,
        journal: Journal,
        log: int,
        housekeeping: Callable[[], None] = lambda: None,
    ) -> None:
        self._parts: list[Part] = []
        self._leaver = leaver
        self._journal = journal
        self._log = log
        self._housekeeping = housekeeping
        self._in_order = True
        """Whether the last housekeeping succeeded: a full disk is told of once."""
        self._house: threading.Thread | None = None
        self._leaving = False
        """Told to: a new boot changes nothing about it."""
        self._boots = 0
        self._outcome: int | None = None

    def run(self, parts: list[Part]) -> int:
        """Until all is over; the exit code. The caller has blocked SIGNALS."""
        self._parts, self._outcome = parts, None
        self._boots += 1
        housekeeping_at = time.monotonic() + HOUSEKEEPING
        while self._outcome is None:
            self._start_due(time.monotonic())
            given = signal.sigtimedwait(SIGNALS, self._patience(time.monotonic()))
            # A wait that a stop and continue interrupted ends with signal number 0.
            if given is not None and given.si_signo in WISHES:
                self._told(signal.Signals(given.si_signo))
            self._reap(time.monotonic())
            if time.monotonic() >= housekeeping_at:
                self._begin_housekeeping()
                housekeeping_at = time.monotonic() + HOUSEKEEPING
        self._end_all(hard=self._outcome != 0 and self._outcome not in HOPELESS)
        return self._outcome

    def _begin_housekeeping(self) -> None:
        if self._house is not None and self._house.is_alive():
            return
        try:
            self._house = threads.begin(self._keep_house)
        except OSError as error:
            self._neglected(error)

    def _keep_house(self) -> None:
        try:
            self._housekeeping()
        except OSError as error:
            self._neglected(error)
        else:
            self._in_order = True

    def _neglected(self, error: OSError) -> None:
        if self._in_order:
            self._journal.error("the log can't be moved aside", why=error.strerror)
        self._in_order = False

    # ---------------------------------------------------------------------------- starting

    def _start_due(self, now: float) -> None:
        for part in self._parts:
            if part.due is not None and part.due <= now:
                self._start(part, now)

    def _start(self, part: Part, now: float) -> None:
        part.life += 1
        supervisor = os.getpid()
        try:
            part.process = subprocess.Popen(
                part.argv(part.life),
                stdin=subprocess.DEVNULL,
                stdout=self._log,
                stderr=self._log,
                pass_fds=part.descriptors,
                env=_environment(),
                preexec_fn=lambda: _become_part(part.user, supervisor),
            )
        except (OSError, subprocess.SubprocessError) as error:
            self._journal.error("can't start", part=part.name, error=error)
            self._plan(part, now, lived=0.0)
            return
        part.started, part.due = now, None
        self._journal.info("started", part=part.name, life=part.life, pid=part.process.pid)
        if self._leaving and part.name == self._leaver:
            part.process.send_signal(signal.SIGTERM)

    # ------------------------------------------------------------------------------ dying

    def _reap(self, now: float) -> None:
        for part in self._parts:
            if part.process is not None and part.process.poll() is not None:
                code = part.process.returncode
                part.process = None
                self._ended(part, code, now)

    def _ended(self, part: Part, code: int, now: float) -> None:
        if part.name == self._leaver and code == 0:
            self._leaving = True
            self._journal.info("has left the cluster", part=part.name)
            self._outcome = 0
            return
        if code == ANEW:
            self._journal.warning("asks for a new boot of this node", part=part.name)
            self._outcome = ANEW
            return
        lived = now - part.started
        how = f"signal {-code}" if code < 0 else f"exit {code}"
        self._journal.warning("died", part=part.name, how=how, lived=f"{lived:.1f}s")
        if code in HOPELESS and self._boots == part.life == 1:
            self._journal.error(
                "starting it again can't help, hanode ends here; what runs stays as it is",
                part=part.name,
                why=HOPELESS[code],
            )
            self._outcome = code
            return
        self._plan(part, now, lived)

    def _plan(self, part: Part, now: float, lived: float) -> None:
        if lived >= WELL_AFTER:
            part.back_off = 0.0
        part.due = now + part.back_off
        part.back_off = min(max(part.back_off * 2, BACK_OFF_FIRST), BACK_OFF_MAX)

    def _patience(self, now: float) -> float:
        soonest = min((part.due for part in self._parts if part.due is not None), default=None)
        return HOUSEKEEPING if soonest is None else max(0.0, min(soonest - now, HOUSEKEEPING))

    # ------------------------------------------------------------------------------ ending

    def _told(self, what: signal.Signals) -> None:
        if what is signal.SIGHUP:
            self._journal.info("SIGHUP has no meaning here; nothing is read again")
        elif what is signal.SIGQUIT:
            text = "ends at once; what runs stays as it is, unless a watchdog resets the machine"
            self._journal.warning(text, told=what.name)
            self._outcome = 128 + what
        elif self._leaving:
            self._leaves("is leaving already; SIGQUIT (Ctrl-\\) would end it at once", what)
        else:
            self._leaving = True
            self._leaves("leaves the cluster: stops what runs here first", what)
            for part in self._living():
                if part.name == self._leaver and part.process is not None:
                    part.process.send_signal(signal.SIGTERM)

    def _leaves(self, text: str, told: signal.Signals) -> None:
        """That goes into the log; whoever pressed Ctrl-C waits at a terminal, and sees it there."""
        self._journal.info(text, told=told.name)
        if told is signal.SIGINT:
            Journal("hanode").info(text)

    def _end_all(self, hard: bool) -> None:
        """Unless hard, the heartbeat disarms its watchdog. The leaver isn't asked to leave now."""
        for part in self._living():
            assert part.process is not None
            kill = hard or part.name == self._leaver
            part.process.send_signal(signal.SIGKILL if kill else signal.SIGTERM)
        limit = time.monotonic() + END_LIMIT
        for part in self._living():
            assert part.process is not None
            try:
                part.process.wait(max(0.0, limit - time.monotonic()))
            except subprocess.TimeoutExpired:
                self._journal.warning("does not end, is killed", part=part.name)
                part.process.kill()
                part.process.wait()

    def _living(self) -> Iterator[Part]:
        return (part for part in self._parts if part.process is not None)


def _environment() -> dict[str, str]:
    """Byte code is kept, whatever our own caller thinks of it: to compile all sources anew would
    cost each process more than the rest of its start, and a heartbeat that was killed has less
    than a deadtime to be back."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _become_part(user: str, supervisor: int) -> None:
    """In the child, before exec: the right user, tied to the supervisor."""
    if user:
        entry = pwd.getpwnam(user)
        os.initgroups(user, entry.pw_gid)
        os.setgid(entry.pw_gid)
        os.setuid(entry.pw_uid)
    die_with_parent(supervisor)  # last: a change of user undoes it
    signals.wait_to_be_heeded()


def block_signals() -> None:
    """From here on, signals wait for the supervisor to ask for them."""
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)


def lead_process_group() -> None:
    """Be the leader of a process group, so that one signal reaches the whole node."""
    if os.getpgrp() != os.getpid():
        os.setpgid(0, 0)
