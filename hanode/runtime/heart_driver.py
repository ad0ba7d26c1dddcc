"""The heartbeat process's loop: a thin driver around hanode.membership.Heart.

    python -m hanode.runtime.heartbeat --config FILE --checked FD --boot N --life N --link-fds A,B

`--link-fds` are the UDP sockets of the configuration's links, in their order, bound by the
supervisor: while this process starts again nobody finds the port closed. It listens on the Unix
socket `heart.sock` in the node's run folder; the crm connects there, then says Roster and
Standing (local_messages.LOCAL in frames). The quorum lease is in the file `lease` beside it; a run
folder in memory (tmpfs) keeps a slow disk from mattering.

One loop without threads, but for the log's, which a stuck disk may hold. Nothing here waits for
anything but the next deadline, and a flood of datagrams can't make it miss that. While nothing is
in the balance (Heart.calm), what the others send waits in the sockets until our own heartbeat is
due: waking up costs more than all that is then to be done.
"""

from __future__ import annotations

import argparse
import os
import pwd
import select
import time
from collections import deque
from collections.abc import Callable
from random import Random
from typing import Any

from hanode.effects import Exit, FeedWatchdog, PublishLease, Say, SendDatagram, TellCrm
from hanode.inputs import DatagramArrived, LocalSaid, PartUp, PortRefused, Wake
from hanode.membership import Heart
from hanode.peer_messages import Roster
from hanode.runtime import checked, signals
from hanode.runtime.aside import JournalAside
from hanode.runtime.config import Config, ConfigError
from hanode.runtime.keys import BadIdentity
from hanode.runtime.keys import load as load_secrets
from hanode.runtime.lease import LeaseWriter
from hanode.runtime.links import LinkSocket
from hanode.runtime.lrm_doors import CrmDoor
from hanode.runtime.realtime import settle

DATAGRAMS_PER_TURN = 256
"""Then the other sockets have their turn, however many more wait on this one: that is a flood. (It
is what 32 members send in eight keepalives, should this process have been that late.)"""
FLOOD_REMEMBERED = 5.0
"""Seconds after a socket had more than that for us: until then they are emptied all the time."""
FLIGHT_RECORD = 64
"""The last inputs, kept for the day when the core is wrong."""


class Driver:
    """One life of the heartbeat process."""

    def __init__(
        self, config: Config, boot: int, life: int, links: list[int], journal: JournalAside
    ) -> None:
        self._config = config
        self._journal = journal
        self._ended = False
        self._inputs: deque[tuple[float, Any]] = deque(maxlen=FLIGHT_RECORD)
        self._lease = LeaseWriter(config.run / "lease")
        self._lease.publish(0.0)
        secret = load_secrets(config.identity).kex
        random = Random(int.from_bytes(os.urandom(8), "big"))
        self._heart = Heart(config.name, boot, life, config.timing, secret, random)
        self._epoll = select.epoll()
        self._links = {
            descriptor: LinkSocket(number, link, descriptor)
            for number, (link, descriptor) in enumerate(zip(config.links, links, strict=True))
        }
        self._by_number = list(self._links.values())
        for descriptor in self._links:
            self._epoll.register(descriptor, select.EPOLLIN)
        self._listening = True
        """Whether datagrams wake us up; refusals always do."""
        self._read_at = float("inf")
        """When to look into the sockets though no datagram wakes us up."""
        self._flooded_at = float("-inf")
        self._crm = CrmDoor(
            config.heart_socket, self._epoll, _crm_users(config),
            lambda: self._step(PartUp("crm")), self._hear_crm,
            lambda text: journal.say("warning", text, {}),
        )  # fmt: skip
        self._do: dict[type, Callable[[Any], None]] = {
            SendDatagram: self._send,
            TellCrm: lambda effect: self._crm.tell(effect.message),
            PublishLease: lambda effect: self._lease.publish(effect.until),
            FeedWatchdog: lambda _: self._feed_watchdog(),
            Say: lambda effect: journal.say(effect.level, effect.text, effect.details),
            Exit: self._exit,
        }
        self._watchdog: int | None = None
        # Last: who opens it, arms it, and a machine must not be reset for what can't begin here.
        # But it feeds it, too: in a later life it is armed already, and opened when it may be fed,
        # so that whoever dies again and again doesn't keep it quiet.
        if config.watchdog and life == 1:
            self._open_watchdog()

    def run(self) -> None:
        """Until SIGTERM."""
        ended = signals.ending()
        self._epoll.register(ended, select.EPOLLIN)
        while not self._ended:
            self._listen(time.monotonic())
            for descriptor, mask in self._epoll.poll(self._patience()):
                if descriptor == ended:
                    self._ended = True
                elif descriptor in self._links:
                    self._link_ready(self._links[descriptor], mask)
                else:
                    self._crm.ready(descriptor, mask)
            self._on_time(time.monotonic())
        self._end()

    def _on_time(self, now: float) -> None:
        """What a deadline brings; before that, what waits in the sockets until then."""
        deadline = self._heart.deadline()
        due = deadline is not None and deadline <= now
        if due or self._read_at <= now:
            if not self._listening:
                for link in self._by_number:
                    self._take_in(link)
            self._read_at = float("inf")
        if due:
            self._step(Wake())

    def flight_record(self) -> list[str]:
        """What was told last, oldest first."""
        return [f"{at:.6f} {given!r:.600}" for at, given in self._inputs]

    # ------------------------------------------------------------------------------- inputs

    def _step(self, given: Any) -> None:
        """Every step sends the heartbeat if it is due, whatever it was that came."""
        now = time.monotonic()
        self._inputs.append((now, given))
        for effect in self._heart.step(given, now):
            self._do[type(effect)](effect)

    def _link_ready(self, link: LinkSocket, mask: int) -> None:
        if mask & select.EPOLLERR:
            for name in link.refusals():
                self._step(PortRefused(link.number, name))
        self._take_in(link)

    def _take_in(self, link: LinkSocket) -> None:
        for _ in range(DATAGRAMS_PER_TURN):
            received = link.receive()
            if received is None:
                return
            data, stamp = received
            self._step(DatagramArrived(link.number, data, self._waited(stamp)))
        self._flooded_at = time.monotonic()

    def _waited(self, stamp: float) -> float:
        """How long a datagram lay in its socket. By the wall clock, which may jump: more than the
        beat that it was left for is not believed."""
        return min(max(0.0, time.time() - stamp), self._config.timing.keepalive) if stamp else 0.0

    def _listen(self, now: float) -> None:
        """Be woken by datagrams, or not."""
        calm, lull = self._heart.calm(now), self._heart.lull
        if calm:
            self._read_at = float("inf")
        elif lull:
            self._read_at = min(self._read_at, now + lull)
        listening = now < self._flooded_at + FLOOD_REMEMBERED or not (calm or lull)
        if listening != self._listening:
            self._listening = listening
            for descriptor in self._links:
                self._epoll.modify(descriptor, select.EPOLLIN if listening else 0)

    def _hear_crm(self, message: Any) -> None:
        if isinstance(message, Roster):
            self._follow(message)
        self._step(LocalSaid(message))

    def _follow(self, roster: Roster) -> None:
        own = self._config.name
        complaints = [text for link in self._by_number for text in link.follow(own, roster.members)]
        for member in roster.members:
            if len(member.links) != len(self._by_number):
                complaints.append(
                    f"{member.name} was enrolled with {len(member.links)} links, {own} has "
                    f"{len(self._by_number)}: the links must be the same on all nodes"
                )
        for complaint in complaints:
            self._journal.say("error", complaint, {})

    def _patience(self) -> float | None:
        deadline = self._heart.deadline()
        wake = self._read_at if deadline is None else min(deadline, self._read_at)
        return None if wake == float("inf") else max(0.0, wake - time.monotonic())

    # ------------------------------------------------------------------------------ effects

    def _send(self, effect: SendDatagram) -> None:
        if effect.link < len(self._by_number):
            self._by_number[effect.link].send(effect.data, effect.peer)

    def _feed_watchdog(self) -> None:
        if self._config.watchdog:
            os.write(self._open_watchdog(), b"\0")

    def _open_watchdog(self) -> int:
        if self._watchdog is None:
            self._watchdog = os.open(self._config.watchdog, os.O_WRONLY)
        return self._watchdog

    def _exit(self, effect: Exit) -> None:
        self._journal.say("error", effect.reason, {})
        self._ended = True

    def _end(self) -> None:
        """On purpose: nothing may start here any more, and the watchdog is to know."""
        self._lease.publish(0.0)
        if self._config.watchdog:
            os.write(self._open_watchdog(), b"V")  # The kernel's "magic close": disarm.
            os.close(self._open_watchdog())
        self._config.heart_socket.unlink(missing_ok=True)


def main(arguments: list[str], refused: str) -> int:
    """The process; `refused` is what the machine did not allow so far."""
    parser = argparse.ArgumentParser(prog="hanode.runtime.heartbeat", description=__doc__)
    checked.add_options(parser)
    parser.add_argument("--link-fds", required=True, help="descriptors of the links' sockets")
    said = parser.parse_args(arguments)
    journal = JournalAside("heartbeat")
    try:
        links = [int(text) for text in said.link_fds.split(",")]
        driver = Driver(checked.configuration(said), said.boot, said.life, links, journal)
    except (ConfigError, BadIdentity, KeyError, ValueError) as error:
        journal.say("error", str(error), {})
        journal.finish()
        return os.EX_CONFIG
    except OSError as error:
        journal.say("error", "can't begin", {"why": error})
        journal.finish()
        return 1
    for hindrance in filter(None, (refused, settle())):
        journal.say("info", hindrance, {})
    journal.say("info", "ready", {"boot": said.boot, "life": said.life})
    code = _run(driver, journal)
    journal.finish()
    return code


def _run(driver: Driver, journal: JournalAside) -> int:
    """An exception here means that we are wrong: say what was known, then end at once, so that
    the watchdog isn't fed by a process that can't be believed."""
    try:
        driver.run()
    except Exception as error:
        place = error.__traceback__
        while place is not None and place.tb_next is not None:
            place = place.tb_next
        where = f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place else ""
        for line in driver.flight_record():
            journal.say("debug", line, {})
        journal.say("error", f"a step failed: {error!r}", {"where": where})
        return os.EX_SOFTWARE
    return 0


def _crm_users(config: Config) -> frozenset[int]:
    users = {0, os.geteuid()}
    if config.user:
        users.add(pwd.getpwnam(config.user).pw_uid)
    return frozenset(users)
