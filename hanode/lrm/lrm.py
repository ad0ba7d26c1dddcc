"""The LRM: takes orders of one term, has agents carry them out, reports what came of it.

`step` is told everything and does nothing: each effect is done by a driver (hanode.runtime.lrm,
or the simulator). Fencing is a part of its own, given at birth, since it knows fence devices and
nothing of resources; its processes have negative tokens.
"""

from __future__ import annotations

from typing import Any

from hanode import inputs
from hanode.effects import LookAtLease, SaveTable, Say, TellCrm
from hanode.events import OperationFinished
from hanode.ids import OWN_ORDER
from hanode.local_messages import (
    Alive,
    AloneRule,
    AttributeGone,
    CallOff,
    Finished,
    Forget,
    Noted,
    Recall,
    Refused,
    SelfRule,
    TakeTerm,
    TermTaken,
)
from hanode.lrm import saved
from hanode.lrm.alone import Alone
from hanode.lrm.attributes import Attributes
from hanode.lrm.birth import Birth
from hanode.lrm.fences import FenceDesk, Fencing
from hanode.lrm.history import History
from hanode.lrm.ledger import Ledger
from hanode.lrm.limits import Limits
from hanode.lrm.orders import Orders
from hanode.lrm.outbox import Outbox
from hanode.lrm.recovery import Recovery
from hanode.lrm.starving import starving
from hanode.lrm.taken import Taken
from hanode.lrm.term import Term
from hanode.lrm.term_writing import TermWriting
from hanode.lrm.work import Work
from hanode.peer_messages import FenceOrder, Order
from hanode.ra import Site
from hanode.timers import Timers

ASLEEP = 1.5
"""Seconds without a step after which an LRM was asleep; it has something to say each second."""


class Lrm:
    def __init__(
        self,
        site: Site,
        boot: int,
        life: int,
        fencing: Fencing,
        *,
        term: int = 0,
        table: bytes = b"",
        limits: Limits | None = None,
    ) -> None:
        """`term` is what the term file holds, `table` what SaveTable wrote last."""
        self.node = site.node
        self.boot = boot
        self._limits = limits or Limits()
        self._term = Term(term)
        self._writing = TermWriting(self._term, boot, self._limits)
        mark = f"{site.run_dir}:{boot}.{life}"
        self._life = life
        recovery = Recovery(saved.unpack(table), site.node, boot)
        head = recovery.head
        self._history = History(self._limits.results)
        self._outbox = Outbox(head.number, recovery.facts)
        self._ledger = Ledger(site.node, self._history, self._outbox, head.calls)
        self._attributes = Attributes(self._limits.attributes, head.attributes, head.gone)
        self._taken = Taken(self._limits.known, head.known)
        self._work = Work(site, mark, self._limits, self._ledger, self._term)
        self._fences = FenceDesk(site.node, fencing, mark, self._term)
        self._birth = Birth(
            recovery, self._history, self._work, self._fences, self._writing, self._limits.held
        )
        self._out: list[Any] = []
        self._orders = Orders(
            site.node, boot, self._term, self._writing, self._taken,
            self._outbox, self._work, self._fences, self._out,
        )  # fmt: skip
        self._alone = Alone(head.alone)
        self._packer = saved.Packer()
        self._head = head
        self._timers = Timers()
        self._timers.set("alive", 0.0)  # wanted at once
        self._stepped_at: float | None = None
        self._report_wanted = False
        self._changed = True

    # ------------------------------------------------------------------------------- the two verbs

    def step(self, input: Any, now: float) -> list[Any]:  # noqa: A002 - the field's word
        """One input; what is to be done about it, in this order."""
        self._out += self._birth.begin(now)
        if self._stepped_at is not None and now > self._stepped_at + ASLEEP:
            self._orders.woke(now)
        self._stepped_at = now
        self._take(input, now)
        for message in self._birth.held():
            self._heard(message, now)
        self._ring(now)
        if self._birth.settled:
            self._fences.begin(now)
            self._work.advance(now)
        self._report(now)
        return self._taken_out()

    def _ring(self, now: float) -> None:
        """Whatever deadline has come."""
        if self._timers.due(now):
            self._timers.set("alive", now + self._limits.alive)
            self._out.append(TellCrm(Alive(self._birth.running())))
        self._out += self._writing.ring(now)
        self._out += [TellCrm(wanted) for wanted in self._attributes.due(now)]
        self._work.ring(now)
        self._fences.ring(now)
        if self._alone.looks(now):
            self._out.append(LookAtLease())

    def _taken_out(self) -> list[Any]:
        """What this step wants done; first of all the table saved, if there is news."""
        out = self._out + self._fences.out + self._work.taken_out()
        self._out.clear()
        for effect in out:
            if isinstance(effect, TellCrm) and isinstance(effect.message, Refused):
                self._orders.refused(effect.message.order)
        self._changed |= self._work.took_news() or self._fences.changed or self._taken.changed
        if self._changed and self._birth.settled:  # before that, the old table is still true
            table = self._packer.pack(self._table())
            if table is not None:
                out.insert(0, SaveTable(table))
            self._changed = False
        self._fences.out = []
        self._fences.changed = self._taken.changed = False
        return out

    def deadline(self) -> float | None:
        parts = [
            self._timers.next(), self._writing.deadline(), self._attributes.deadline(),
            self._work.deadline(), self._fences.deadline(), self._alone.deadline(),
        ]  # fmt: skip
        return min((at for at in parts if at is not None), default=None)

    @property
    def attributes(self) -> dict[str, str]:
        """What agents set on this node in this boot; stand-in tools ask for it."""
        return self._attributes.all()

    # ------------------------------------------------------------------------------------- inputs

    def _take(self, input: Any, now: float) -> None:  # noqa: A002 - the field's word
        match input:
            case inputs.Wake():
                pass
            case inputs.Spawned(token, pid):
                self._work.spawned(token, pid)
            case inputs.LocalSaid(message) if self._birth.settled:
                self._heard(message, now)
            case inputs.LocalSaid(message):
                self._out += self._birth.hold(message)
            case inputs.ProcessEnded(token) | inputs.SpawnFailed(token):
                self._process_over(token, input, now)
            case inputs.TermWritten(term, ok):
                self._out += self._writing.ended(term, ok, now)
            case inputs.AttributeSaid():
                self._attribute(input, now)
            case inputs.LeaseSeen(until):
                self._stop_alone(self._alone.seen(until, now), now)
            case inputs.CrmConnected():
                self._timers.set("alive", now)
                self._out += [TellCrm(finished) for finished in self._outbox.kept]
                self._out += [TellCrm(wanted) for wanted in self._attributes.wanted()]
                self._fences.say_again(now)
            case inputs.Pressure():
                self._work.turns.starving = starving(input)
            case inputs.WallClock(at):
                self._ledger.set_clock(at, now)
            case _:
                raise AssertionError(f"no input of an LRM: {input!r:.200}")

    def _heard(self, message: Any, now: float) -> None:
        match message:
            case TakeTerm(term, boot):
                self._report_wanted |= self._orders.take_term(term, boot, now)
            case Order():
                self._orders.take(message, now)
            case Recall(order):
                self._orders.recall(order)
            case FenceOrder():
                self._orders.fence(message, now)
            case CallOff(request):
                self._fences.call_off(request, now)
            case SelfRule(order, limit_ms):
                self._orders.rule(order, limit_ms, now)
            case AloneRule():
                self._changed |= self._alone.told(message, now)
            case Noted(number):
                self._changed |= self._outbox.noted(number)
            case AttributeGone(name):
                self._attributes.forgotten(name)
                self._changed = True
            case Forget(resource, up_to):
                for name in [resource] if resource else self._history.resources():
                    self._work.forget(name, up_to, now)
                self._changed = True
            case _:
                self._say("warning", f"the crm said {type(message).__name__}: not for an LRM")

    def _process_over(
        self, token: int, end: inputs.ProcessEnded | inputs.SpawnFailed, now: float
    ) -> None:
        if self._birth.gone(token, now):
            return
        if token < 0:
            self._fences.step(end, now)
        elif isinstance(end, inputs.ProcessEnded):
            self._work.ended(end, now)
        else:
            self._work.failed(end, now)

    def _attribute(self, said: inputs.AttributeSaid, now: float) -> None:
        wrong, wanted = self._attributes.say(said.name, said.value, said.delay, now)
        if wrong:
            self._say("warning", f"an agent set attribute {said.name!r:.80}: {wrong}")
        if wanted:
            self._out.append(TellCrm(wanted))
        self._changed = True

    def _report(self, now: float) -> None:
        """Tell a term's DC everything, once the term is on disk and nothing old is at work. Where
        the disk takes nothing, nothing is started either, so that the DC may as well know."""
        taken = self._term.durable or self._term.refused
        if not (self._report_wanted and taken and self._birth.settled):
            return
        self._report_wanted = False
        under_way = [self._ledger.pending(o.order, now) for o, _ in self._work.operations()]
        operations = self._history.results() + tuple(under_way)
        told, gone = self._attributes.told(), self._attributes.gone()
        strikes = self._fences.strikes()
        report = TermTaken(self._term.seen, self.boot, operations, told, gone, strikes)
        self._out.append(TellCrm(report))

    def _stop_alone(self, limit: float | None, now: float) -> None:
        """Everything that runs here, or is about to, stops by `limit`."""
        if limit is None or not self._birth.settled:
            return
        for resource, agent in self._work.may_run().items():
            if not agent.startswith("stonith:"):
                ident = f"{OWN_ORDER}{self.boot}.lrm.{int(now * 1000)}.{resource}"
                self._orders.stop_alone(resource, agent, ident, limit, now)

    # --------------------------------------------------------------------------------- what it says

    def _table(self) -> list[Any]:
        head = saved.Head(
            self.node, self.boot, self._life, self._ledger.calls, self._outbox.number,
            self._history.agents(), self._taken.saved(), self._attributes.all(),
            self._attributes.going(), self._alone.stop,
        )  # fmt: skip
        if self._head != head:
            self._head = head
        under_way = (*self._work.operations(), *self._work.unwanted())
        begun = [operation.saved(run) for operation, run in under_way]
        watched = [recurring.saved(run) for recurring, run in self._work.monitors()]
        fences = self._fences.words()
        results: list[OperationFinished] = list(self._history.unsorted())
        kept: list[Finished] = list(self._outbox.kept)
        return [self._head, *begun, *watched, *fences, *results, *kept]

    def _say(self, level: str, text: str) -> None:
        self._out.append(Say(level, text))
