"""The crm's driver: whatever comes in goes to the node's core, what that wants is done.

One thread steps the core, one writes the log. Inputs are taken one by one, in the order in which
they came; the effects of one are done before the next.
"""

from __future__ import annotations

import asyncio
import gc
import os
import random
import signal
import socket
import time
from collections import deque
from typing import Any

from hanode import effects, inputs
from hanode.events import VOCABULARY, NodeLeaving
from hanode.identity import verify
from hanode.local_messages import Heard
from hanode.mgmt.protocol import Command, Denied, Done, Token
from hanode.node import Node
from hanode.runtime import keys, signals, trusted
from hanode.runtime.boot import skip_boots
from hanode.runtime.config import Config
from hanode.runtime.consoles import Consoles, bind_local, listen_local
from hanode.runtime.deciding import Worker
from hanode.runtime.faults import end_within, end_wrong
from hanode.runtime.flight import FlightRecorder
from hanode.runtime.gate import Gate, Visitor
from hanode.runtime.journal import Journal
from hanode.runtime.log_disk import LogDisk
from hanode.runtime.mirror import Mirror
from hanode.runtime.parts import PartLine
from hanode.runtime.peers import Peers
from hanode.runtime.server import Door
from hanode.runtime.ssh import LineSession
from hanode.runtime.supervisor import ANEW
from hanode.runtime.token import JoinToken, pin_of
from hanode.runtime.writer import Writer
from hanode.witness import Witness

WALL_CLOCK_EVERY = 1.0
"""The node is told the wall clock before an input when it was told longer ago than this."""
END_LIMIT = 5.0
"""Seconds in which all is put away at the end; a disk that hangs keeps no node from ending."""
LEAVE_AGAIN = 1.0
"""Leaving that was refused (no quorum just now) is asked for again after this."""
HUBS_BESIDE_DC = 2
"""So many of the view's first hold a stream to everybody: one of them is the next DC."""
SUPERVISOR = "supervisor"
"""The client name under which the supervisor's wish to leave is asked."""


class NodeDriver:
    """The driver of one node."""

    def __init__(self, config: Config, boot: int, secrets: keys.Secrets, journal: Journal) -> None:
        self._config = config
        self._boot = boot
        self._secrets = secrets
        self._journal = journal
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[Any] = deque()
        self._stepping = False
        self._wall_told = float("-inf")
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at: float | None = None
        self._seen: frozenset[str] = frozenset()
        self._leaving = 0
        self._cant_leave = ""
        self._ended = asyncio.Event()
        self._exit_code = 0
        self._recorder = FlightRecorder(config.state, "crm")
        self._mirror = Mirror(config.state, journal)
        disk = LogDisk(config.log_database, config.run)
        self._node = self._make_core(disk.saved)
        self._writer = Writer(
            disk, self._durable,
            lambda why: self.feed(inputs.DiskFailed(why)), lambda: self.feed(inputs.DiskWorks()),
        )  # fmt: skip
        self._gate = Gate(config.name)
        self._local_operators = trusted.usable_operators(config.trusted, journal.error)
        self._peers = Peers(
            config.name, secrets.host_seed, self.feed, journal, random.SystemRandom()
        )
        self._consoles = Consoles(self.feed, journal)
        self._worker = Worker(self.feed, journal)
        self._heart = PartLine("heart", config.heart_socket, self.feed, journal)
        self._lrm = PartLine("lrm", config.lrm_socket, self.feed, journal)
        self._remote = PartLine("remote", config.remote_socket, self.feed, journal)

    def _make_core(self, saved: effects.Saved) -> Node | Witness:
        """The node as its disk remembers it."""
        config, chance, now = self._config, random.SystemRandom(), self._loop.time()
        signer = self._secrets.identity
        core = Node if config.role == "data" else Witness
        return core(
            config.name, self._boot, config.timing, signer, verify, chance, saved, now,
            trusted.load_members(config.trusted), trusted.load_cluster(config.trusted),
        )  # fmt: skip

    async def run(self, listener: socket.socket) -> int:
        """Until the node has left, or must end."""
        self._set_peers(trusted.load_members(self._config.trusted), ())
        door = Door(self._gate, self._admit, self._journal)
        server = await door.listen(listener, self._secrets.host_seed)
        local = await listen_local(
            bind_local(self._config.console_socket), self._consoles, self._journal
        )
        self._loop.add_signal_handler(signal.SIGTERM, self.leave)
        signals.heed()
        tasks = [self._heart.start(), self._lrm.start()]
        if self._config.role == "data":
            tasks.append(self._remote.start())
        self.feed(inputs.Wake())
        gc.collect()
        gc.freeze()  # modules and classes stay: later collections need not look at them
        await self._ended.wait()
        end_within(END_LIMIT, self._exit_code)
        for task in tasks:
            task.cancel()
        local.close()
        server.close()
        self._consoles.close()
        self._peers.close()
        self._worker.stop()
        self._writer.close()
        return self._exit_code

    # ------------------------------------------------------------------------------- inputs

    def feed(self, given: Any) -> None:
        """One input; what it brings about is done before the next."""
        self._waiting.append(given)
        if self._stepping:
            return
        self._stepping = True
        try:
            while self._waiting and not self._ended.is_set():
                self._step(self._waiting.popleft())
        except Exception as error:
            # The core never raises: we are wrong, and no caller may swallow that.
            end_wrong(self._journal, error, self._recorder)
        self._stepping = False
        self._arm()
        if isinstance(self._node, Node):
            self._mirror.show(self._node.state.version, self._node.state.cib)

    def _step(self, given: Any) -> None:
        now = self._loop.time()
        if now - self._wall_told >= WALL_CLOCK_EVERY:
            self._wall_told = now
            self._think(inputs.WallClock(time.time()), now)
        if isinstance(given, inputs.LocalSaid) and isinstance(given.message, Heard):
            self._watch_view(given.message)
        self._think(given, now)

    def _think(self, given: Any, now: float) -> None:
        for effect in self._recorder.step(self._node, given, now):
            self._do(effect)

    def _watch_view(self, heard: Heard) -> None:
        """Whom the heartbeat hears (again) is worth dialling at once."""
        names = frozenset(pulse.name for pulse in heard.peers if pulse.heard_at > 0)
        for name in sorted(names - self._seen):
            self._peers.hurry(name)
        self._seen = frozenset(heard.view.names)
        leader = self._node.seat.leader
        first = [name for name in heard.view.names if name != leader][:HUBS_BESIDE_DC]
        self._peers.set_hubs({leader, *first} - {""})

    def _arm(self) -> None:
        at = self._node.deadline()
        if at == self._timer_at and self._timer is not None:
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer_at = at
        self._timer = None if at is None else self._loop.call_at(at, self._ring)

    def _ring(self) -> None:
        self._timer = self._timer_at = None
        self.feed(inputs.Wake())

    # ------------------------------------------------------------------------------ effects

    def _do(self, effect: Any) -> None:
        match effect:
            case effects.TellHeart(message):
                self._heart.send(message)
            case effects.TellLrm(message):
                self._lrm.send(message)
            case effects.TellRemote(message):
                self._remote.send(message)
            case effects.Send(peer, message):
                self._peers.send(peer, message)
            case effects.Persist() | effects.TryDisk():
                self._writer.put(effect)
            case effects.Answer(client, message):
                self._answer(client, message)
            case effects.CloseClient(client, reason):
                self._consoles.close_client(client, reason)
            case effects.AskPe():
                self._worker.ask(effect)
            case effects.StartPe():
                self._worker.start()
            case effects.StopPe():
                self._worker.stop()
            case effects.SetPeers(members, operators):
                self._set_peers(members, operators)
            case effects.Say(level, text, details):
                self._journal.say(level, text, details)
            case effects.Exit():
                self._exit(effect)
            case _:
                raise AssertionError(f"no crm can do {effect!r:.200}")

    def _durable(self, persist: effects.Persist) -> None:
        """It is on disk: now what was to follow."""
        for effect in persist.then:
            if isinstance(effect, effects.Wrote):
                self.feed(effect)
            else:
                self._do(effect)
        self._arm()

    def _set_peers(self, members: tuple[Any, ...], operators: tuple[Any, ...]) -> None:
        """The log's members and operators; before it names any, those of this node's trusted/."""
        self._gate.set(members, operators, self._local_operators)
        self._consoles.look_again(self._gate)
        self._peers.set_members(members)
        if isinstance(self._node, Witness):
            self._keep_members(members)

    def _keep_members(self, members: tuple[Any, ...]) -> None:
        """A witness has no log to know them from. Where its disk takes no writes, the DC's next
        word finds it as it was."""
        try:
            trusted.keep_members(self._config.trusted, members)
        except (OSError, trusted.BadTrust) as error:
            self._journal.error("the members can't be kept", why=error)

    def _admit(self, visitor: Visitor, session: LineSession) -> None:
        if visitor.kind == "peer":
            self._peers.admit(visitor.name, session)
        else:
            self._consoles.admit_session(visitor, session)

    # ------------------------------------------------------------------------------ leaving

    def leave(self) -> None:
        """Have the cluster stop what runs here; NodeLeft ends the process."""
        if isinstance(self._node, Witness):
            self._exit(effects.Exit("a witness ends when it is told to", left=True))
            return
        self._leaving += 1
        order = VOCABULARY.pack(NodeLeaving(self._config.name, self._boot))
        request = Command(self._leaving, order, None, f"hanode on {self._config.name} is stopped")
        self.feed(inputs.Asked(SUPERVISOR, self._config.name, "admin", request))

    def _answer(self, client: str, message: Any) -> None:
        if client != SUPERVISOR:
            whole = self._whole_token(message) if isinstance(message, Token) else message
            self._consoles.answer(client, whole)
        elif isinstance(message, Denied):
            if message.message != self._cant_leave:
                self._cant_leave = message.message
                self._journal.warning("can't leave yet", why=message.message)
            self._loop.call_later(LEAVE_AGAIN, self.leave)
        elif isinstance(message, Done):
            self._journal.info("is leaving; what runs here is stopped first")
            self._loop.call_later(LEAVE_AGAIN, self._leave_unless_known)

    def _leave_unless_known(self) -> None:
        """Ask again if the wish was lost: it came before this boot had first reported."""
        assert isinstance(self._node, Node), "a witness ends at once"
        own = self._node.state.nodes.get(self._config.name)
        if own is None or own.leaving != self._boot:
            self.leave()

    def _whole_token(self, told: Token) -> Token:
        """The core's secret, with what a newcomer must know of this node to ask in."""
        assert isinstance(self._node, Node), "a witness has no desk"
        pin = pin_of(self._secrets.host_public)
        token = JoinToken(told.token, pin, self._node.state.cluster, self._config.stream)
        return Token(told.number, str(token))

    def _exit(self, wanted: effects.Exit) -> None:
        level = "info" if wanted.left else "warning" if wanted.anew else "error"
        self._journal.say(level, "ends", {"why": wanted.reason})
        if wanted.boot_after:
            skip_boots(self._config.state, wanted.boot_after)
        self._exit_code = 0 if wanted.left else ANEW if wanted.anew else os.EX_SOFTWARE
        self._ended.set()
