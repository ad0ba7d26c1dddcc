"""The processes of a node: the product's own core classes, each behind a driver in virtual time.

A driver does what an effect says, on the simulated machine, and hands back what comes of it. Each
life of a process is a value of its own, so that wake-ups, writes and answers of an earlier life
never reach a later one.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from hanode import effects, inputs
from hanode.membership import Heart
from hanode.messages import LOCAL, PEER, Order

if TYPE_CHECKING:
    from tests.sim.machines import Machine

LOCAL_DELAY = 0.0003
"""Between two processes of a node."""
INBOX_LIMIT = 100_000
"""What the kernel's buffers hold for a stopped process before the sender would block."""


class Core(Protocol):
    def step(self, given: Any, now: float, /) -> list[Any]: ...
    def deadline(self) -> float | None: ...


class Part:
    """One life of one process."""

    kind: ClassVar[str]
    peers: ClassVar[tuple[str, ...]] = ()
    """The kinds of process that it is connected with."""

    def __init__(self, machine: Machine, core: Core) -> None:
        self.machine = machine
        self.world = machine.world
        self.core = core
        self.running = True
        self.paused = False
        self.began_at = self.world.agenda.now
        self.paused_at = self.resumed_at = 0.0
        """Its latest sleep, if it had one."""
        self.inbox: deque[Any] = deque()
        self.who = f"{machine.name}.{self.kind}"
        self._wake_at = float("inf")
        self._do: dict[type, Any] = {
            effects.Say: self.do_say,
            effects.Exit: self.do_exit,
        }

    @property
    def name(self) -> str:
        return self.machine.name

    # ------------------------------------------------------------------------------------- its life

    def start(self) -> None:
        """The first step, and a handshake with the node's other processes."""
        self.give(inputs.Wake())
        for kind in self.peers:
            other = self.machine.parts.get(kind)
            if other is not None:
                self._later(self, self.up(kind))
                self._later(other, other.up(self.kind))

    def up(self, kind: str) -> Any:
        return inputs.PartUp(kind)

    def end(self, *, silently: bool) -> None:
        """It is gone; silently, if the whole machine is."""
        self.running = False
        self.inbox.clear()
        if not silently:
            for kind in self.peers:
                other = self.machine.parts.get(kind)
                if other is not None and other.kind != "lrm":  # an lrm need not know
                    self._later(other, inputs.PartDown(self.kind))

    def pause(self) -> None:
        self.paused, self.paused_at = True, self.world.agenda.now

    def resume(self) -> None:
        """What waited arrives at once, in order."""
        if not self.paused:
            return
        self.paused, self.resumed_at = False, self.world.agenda.now
        while self.inbox and self.running and not self.paused:
            self._step(self.inbox.popleft())
        if self.running:
            self._step(inputs.Wake())

    # ---------------------------------------------------------------------------------------- steps

    def give(self, given: Any) -> None:
        if not self.running:
            return
        if self.paused:
            if len(self.inbox) < INBOX_LIMIT:
                self.inbox.append(given)
            return
        self._step(given)

    def _step(self, given: Any) -> None:
        world = self.world
        wanted = self.core.step(given, self.machine.now)
        world.trace.step(world.agenda.now, self.who, type(given).__name__, len(wanted))
        self._execute(wanted)
        if self.running:
            self._arm()
            world.invariants.stepped(self)

    def _execute(self, wanted: Any) -> None:
        for effect in wanted:
            if not self.running:
                return
            self._do[type(effect)](effect)

    def _arm(self) -> None:
        """Plan the next wake-up, unless an earlier one is planned already."""
        deadline = self.core.deadline()
        if deadline is None:
            return
        at = self.machine.clock.virtual(deadline)
        if at < self._wake_at:
            self._wake_at = max(at, self.world.agenda.now)
            self.world.agenda.at(at, self._ring, self._wake_at)

    def _ring(self, planned: float) -> None:
        """A timer rings late rather than never, and never early."""
        if not self.running or planned != self._wake_at:
            return
        self._wake_at = float("inf")
        deadline = self.core.deadline()
        if deadline is None:
            return
        if self.machine.clock.virtual(deadline) > self.world.agenda.now:
            self._arm()
            return
        self.machine.clock.reached(deadline)
        if self.paused:
            return  # it will be woken when it goes on
        self._step(inputs.Wake())

    # --------------------------------------------------------------------------- what all can want

    def do_say(self, effect: effects.Say) -> None:
        self.world.heed(self.who, effect)
        if effect.level in ("warning", "error"):
            self.world.note(self.who, effect.level, effect.text)
        elif self.world.wordy:
            self.world.note(self.who, "says", effect.text)

    def do_exit(self, effect: effects.Exit) -> None:
        self.world.note(self.who, "exits", effect.reason)
        disk = self.machine.disk
        disk.boot = max(disk.boot, effect.boot_after)
        if effect.anew:
            self.machine.kill_hanode()
        else:
            self.machine.part_exited(self, effect.left)

    def tell(self, kind: str, message: Any) -> None:
        """To another process of the node; lost if that life of it ends before."""
        other = self.machine.parts.get(kind)
        if other is not None:
            if self.world.options.real_keys:
                message = LOCAL.unpack(LOCAL.pack(message))
            self._later(other, inputs.LocalSaid(message))

    def _later(self, other: Part, given: Any) -> None:
        self.world.agenda.after(LOCAL_DELAY, other.give, given)


class HeartPart(Part):
    kind = "heart"
    peers = ("crm",)

    def __init__(self, machine: Machine, core: Core) -> None:
        super().__init__(machine, core)
        self.taken: set[bytes] = set()
        """Datagrams that this life has accepted."""
        machine.lease_until = 0.0  # as runtime.lease begins: what an earlier life gave is void
        self._do |= {
            effects.SendDatagram: self._send,
            effects.PublishLease: self._lease,
            effects.FeedWatchdog: lambda effect: None,
            effects.TellCrm: lambda effect: self.tell("crm", effect.message),
        }

    def take(self, arrived: inputs.DatagramArrived) -> None:
        """What a link brings."""
        before = self._accepted()
        self.give(arrived)
        if self._accepted() > before:
            self.world.invariants.heartbeat_taken(self, arrived.data)

    def _accepted(self) -> int:
        core = self.core
        assert isinstance(core, Heart)
        return core.counters["accepted"]

    def _send(self, effect: effects.SendDatagram) -> None:
        network, name = self.world.network, self.name
        self.world.invariants.heartbeat_sent(self, effect.data)
        if effect.peer:
            network.datagram(effect.link, name, effect.peer, effect.data)
            return
        for other in network.names:
            if other != name:
                network.datagram(effect.link, name, other, effect.data)

    def _lease(self, effect: effects.PublishLease) -> None:
        self.machine.lease_until = effect.until
        self.machine.lease_at = self.world.agenda.now


class CrmPart(Part):
    kind = "crm"
    peers = ("heart", "lrm")

    def __init__(self, machine: Machine, core: Core) -> None:
        super().__init__(machine, core)
        self._wanted: frozenset[str] = frozenset()
        self._pe = machine.world.policy
        self._question = ""
        self._disk_failed = bool(machine.disk.manner.trouble)
        """In this life nothing more is written."""
        self.applied = 0
        """The last index of the log that this life has been seen to apply."""
        self._do |= {
            effects.TellHeart: lambda effect: self.tell("heart", effect.message),
            effects.TellLrm: self._tell_lrm,
            effects.Send: self._send,
            effects.Persist: self._persist,
            effects.TryDisk: self._try_disk,
            effects.AskPe: self._ask,
            effects.StartPe: lambda effect: None,
            effects.StopPe: self._stop_pe,
            effects.Answer: lambda effect: self.world.workload.answered(self, effect),
            effects.CloseClient: lambda effect: self.world.workload.closed(self, effect),
            effects.SetPeers: self._set_peers,
            effects.Wrote: self.give,
        }

    def start(self) -> None:
        super().start()
        self.world.invariants.crm_began(self)

    def end(self, *, silently: bool) -> None:
        super().end(silently=silently)
        if self.machine.disk.lose():
            self.world.sometimes("a write was lost in a crash")
        self.world.streams.ended(self, silently=silently)

    # ----------------------------------------------------------------------- streams.End, for peers

    def wants(self, peer: str) -> bool:
        return peer in self._wanted

    def stream_opened(self, peer: str) -> None:
        self.give(inputs.StreamOpened(peer))

    def stream_closed(self, peer: str) -> None:
        self.give(inputs.StreamClosed(peer))

    def peer_said(self, peer: str, message: Any) -> None:
        self.give(inputs.PeerSaid(peer, message))

    # -------------------------------------------------------------------------------- its effects

    def _send(self, effect: effects.Send) -> None:
        message = effect.message
        if self.world.options.real_keys:
            message = PEER.unpack(PEER.pack(message))
        self.world.invariants.sent(self, effect.peer, message)
        self.world.streams.send(self, effect.peer, message)

    def _tell_lrm(self, effect: effects.TellLrm) -> None:
        if isinstance(effect.message, Order):
            self.world.invariants.order_passed_on(self, effect.message)
        self.tell("lrm", effect.message)

    def _persist(self, effect: effects.Persist) -> None:
        if not self._disk_failed:
            self.machine.disk.write(effect, lambda ok: self._landed(effect, ok))

    def _landed(self, effect: effects.Persist, ok: bool) -> None:
        """The fsync returned. Effects wait with a stopped process as inputs do."""
        if not self.running:
            return
        if not ok:
            self._disk_failed = True
            self.give(inputs.DiskFailed(self.machine.disk.manner.trouble or "disk trouble"))
        elif self.paused:
            self.inbox.append(_Then(effect.then))
        else:
            self._execute(effect.then)

    def _try_disk(self, effect: effects.TryDisk) -> None:
        self.world.agenda.after(self.machine.disk.latency(), self._disk_tried)

    def _disk_tried(self) -> None:
        manner = self.machine.disk.manner
        if not (manner.trouble or manner.stalled) and self.running:
            self.world.sometimes("a disk took writes again")
            self.give(inputs.DiskWorks())

    def _step(self, given: Any) -> None:
        if isinstance(given, _Then):
            self._execute(given.then)
        else:
            super()._step(given)

    def _ask(self, effect: effects.AskPe) -> None:
        self._question = effect.question
        self.world.agenda.after(self._pe.delay(), self._decide, effect)

    def _decide(self, effect: effects.AskPe) -> None:
        if self.running and self._question == effect.question:
            decision = self._pe.decide(effect)
            self.give(inputs.Decided(effect.question, decision))

    def _stop_pe(self, effect: effects.StopPe) -> None:
        self._question = ""

    def _set_peers(self, effect: effects.SetPeers) -> None:
        self._wanted = frozenset(member.name for member in effect.members)


class _Then:
    """What follows a write, waiting for a stopped process to go on."""

    def __init__(self, then: tuple[Any, ...]) -> None:
        self.then = then


class LrmPart(Part):
    kind = "lrm"
    peers = ("crm",)

    def __init__(self, machine: Machine, core: Core) -> None:
        super().__init__(machine, core)
        agents = machine.agents
        self._do |= {
            effects.TellCrm: lambda effect: self.tell("crm", effect.message),
            effects.Spawn: lambda effect: agents.spawn(effect, self.report),
            effects.Kill: lambda effect: agents.kill(effect.token, self.report, effect.hard),
            effects.KillLeftover: lambda effect: agents.kill_leftover(effect, self.report),
            effects.KillResource: lambda effect: agents.kill_resource(effect.resource),
            effects.WriteTerm: self._write_term,
            effects.SaveTable: self._save,
            effects.LookAtLease: lambda _: self.report(inputs.LeaseSeen(machine.lease_until)),
        }

    def up(self, kind: str) -> Any:
        return inputs.CrmConnected()

    def report(self, given: Any) -> None:
        """News of an agent; never within the step that asked for it."""
        self._later(self, given)

    def _write_term(self, effect: effects.WriteTerm) -> None:
        disk = self.machine.disk
        self.world.agenda.after(disk.latency(), self._term_written, effect)

    def _term_written(self, effect: effects.WriteTerm) -> None:
        disk = self.machine.disk
        if not self.running:
            return
        if disk.manner.stalled:
            self.world.agenda.after(0.1, self._term_written, effect)
            return
        ok = not disk.manner.read_only
        if ok:
            disk.lrm_term = max(disk.lrm_term, effect.term)
        self.give(inputs.TermWritten(effect.term, ok))

    def _save(self, effect: effects.SaveTable) -> None:
        self.machine.disk.table = effect.data
