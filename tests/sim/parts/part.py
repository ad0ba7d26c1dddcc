"""What all drivers have in common: a life, an inbox, a wake-up, and words to other processes."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from hanode import effects, inputs
from hanode.local_messages import LOCAL

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
