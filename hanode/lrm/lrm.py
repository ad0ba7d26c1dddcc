"""The LRM: takes orders of one term, has agents carry them out, reports what came of it.

`step` is told everything and does nothing: each effect is done by a driver (hanode.runtime.lrm,
or the simulator). Fencing is a part of its own, given at birth, since it knows fence devices and
nothing of resources; its processes have negative tokens.
"""

from __future__ import annotations

from collections import deque
from typing import Any

from hanode import inputs
from hanode.effects import LookAtLease, SaveTable, Say, TellCrm, WriteTerm
from hanode.events import OperationFinished
from hanode.lrm import saved
from hanode.lrm.alone import Alone
from hanode.lrm.attributes import Attributes
from hanode.lrm.fences import FenceDesk, Fencing
from hanode.lrm.history import History
from hanode.lrm.ledger import Ledger
from hanode.lrm.limits import Limits
from hanode.lrm.outbox import Outbox
from hanode.lrm.recovery import Recovery
from hanode.lrm.sense import nonsense
from hanode.lrm.starving import starving
from hanode.lrm.term import Term
from hanode.lrm.work import Work
from hanode.messages import (
    Alive,
    AloneRule,
    FenceOrder,
    Finished,
    Forget,
    Noted,
    Order,
    Refused,
    SelfRule,
    TakeTerm,
    TermTaken,
)  # fmt: skip
from hanode.ra import Site
from hanode.timers import Timers


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
        self._mark = f"{site.run_dir}:{boot}.{life}"
        self._life = life
        self._recovery = Recovery(saved.unpack(table), site.node, boot)
        head = self._recovery.head
        self._history = History(self._limits.results)
        self._outbox = Outbox(head.number, self._recovery.facts)
        self._ledger = Ledger(site.node, self._history, self._outbox, head.calls)
        self._attributes = Attributes(self._limits.attributes, head.attributes)
        self._known: dict[str, None] = dict.fromkeys(head.known.split())
        self._work = Work(site, self._mark, self._limits, self._ledger, self._term)
        self._fences = FenceDesk(site.node, fencing, self._mark, self._term)
        self._alone = Alone()
        self._packer = saved.Packer()
        self._head = head
        self._timers = Timers()
        self._timers.set("alive", 0.0)  # wanted at once
        self._born = False
        self._settled = False
        """What a former life left is taken up; only then is anything new."""
        self._held: deque[Any] = deque()
        """What the crm said before that."""
        self._report_wanted = False
        self._out: list[Any] = []
        self._changed = True

    # ------------------------------------------------------------------------------- the two verbs

    def step(self, input: Any, now: float) -> list[Any]:  # noqa: A002 - the field's word
        """One input; what is to be done about it, in this order."""
        if not self._born:
            self._begin(now)
        self._take(input, now)
        for name in self._timers.due(now):
            self._ring(name, now)
        self._out += [TellCrm(wanted) for wanted in self._attributes.due(now)]
        self._work.ring(now)
        self._fences.ring(now)
        if self._alone.looks(now):
            self._out.append(LookAtLease())
        if self._settled:
            self._fences.begin(now)
            self._work.advance(now)
        self._report(now)
        out = self._out + self._fences.out + self._work.out
        for effect in out:
            if isinstance(effect, TellCrm) and isinstance(effect.message, Refused):
                self._known.pop(effect.message.order, None)  # given again, it is looked at again
        self._changed |= self._work.took_news() or self._fences.changed
        if self._changed and self._settled:  # before that, the old table is still true
            table = self._packer.pack(self._table())
            if table is not None:
                out.insert(0, SaveTable(table))
            self._changed = False
        self._out, self._fences.out, self._work.out = [], [], []
        self._fences.changed = False
        return out

    def deadline(self) -> float | None:
        parts = [
            self._timers.next(), self._attributes.deadline(), self._work.deadline(),
            self._fences.deadline(), self._alone.deadline(),
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
            case inputs.LocalSaid(message) if self._settled:
                self._heard(message, now)
            case inputs.LocalSaid(message):
                self._hold(message)
            case inputs.ProcessEnded(token) | inputs.SpawnFailed(token):
                self._process_over(token, input, now)
            case inputs.TermWritten(term, ok):
                self._term_written(term, ok, now)
            case inputs.AttributeSaid():
                self._attribute(input, now)
            case inputs.LeaseSeen(until):
                self._stop_alone(self._alone.seen(until, now), now)
            case inputs.CrmConnected():
                self._out += [TellCrm(finished) for finished in self._outbox.kept]
                self._out += [TellCrm(wanted) for wanted in self._attributes.wanted()]
                self._fences.say_again(now)
            case inputs.Pressure():
                self._work.starving = starving(input)
            case inputs.WallClock(at):
                self._ledger.set_clock(at, now)
            case _:
                raise AssertionError(f"no input of an LRM: {input!r:.200}")

    def _heard(self, message: Any, now: float) -> None:
        match message:
            case TakeTerm(term, boot):
                self._take_term(term, boot, now)
            case Order():
                self._order(message, now)
            case FenceOrder():
                self._fence(message, now)
            case SelfRule(order, limit_ms):
                self._self_rule(order, limit_ms, now)
            case AloneRule():
                self._alone.told(message, now)
            case Noted(number):
                self._changed |= self._outbox.noted(number)
            case Forget(resource):
                for name in [resource] if resource else self._history.resources():
                    self._work.forget(name, now)
                self._changed = True
            case _:
                self._say("warning", f"the crm said {type(message).__name__}: not for an LRM")

    def _process_over(
        self, token: int, end: inputs.ProcessEnded | inputs.SpawnFailed, now: float
    ) -> None:
        if self._recovery.gone(token):
            if self._recovery.done:
                self._go_on(now)
        elif token < 0:
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

    # --------------------------------------------------------------------------------------- term

    def _take_term(self, term: int, boot: int, now: float) -> None:
        if boot != self.boot:
            self._refuse(f"term {term}", f"for boot {boot}; this is boot {self.boot}")
        elif term < self._term.seen:
            self._refuse(f"term {term}", f"this node has seen term {self._term.seen}")
        else:
            self._report_wanted = True
            self._see_term(term, now)

    def _see_term(self, term: int, now: float) -> None:
        if term <= self._term.seen:
            return
        self._term.take(term)
        self._known = {
            order: None for order in self._known if not _older(order, term)
        }  # an older term's orders are refused by their term
        self._work.drop_older()
        self._write_term(now)

    def _write_term(self, now: float) -> None:
        self._timers.set("patience", now + self._limits.term_patience)
        self._timers.clear("retry")
        self._out.append(WriteTerm(self._term.seen, self.boot))

    def _term_written(self, term: int, ok: bool, now: float) -> None:
        self._term.wrote(term, ok)
        if self._term.durable:
            self._timers.clear("patience")
        elif term == self._term.seen:
            self._timers.clear("patience")
            self._timers.set("retry", now + self._limits.term_retry)
            self._say("error", f"term {term} isn't on disk: only stops and demotes are done here")

    def _report(self, now: float) -> None:
        """Tell a term's DC everything, once the term is on disk and nothing old is at work."""
        if not (self._report_wanted and self._term.durable and self._settled):
            return
        self._report_wanted = False
        under_way = [self._ledger.pending(o.order, now) for o, _ in self._work.operations()]
        operations = self._history.results() + tuple(under_way)
        self._out.append(
            TellCrm(TermTaken(self._term.seen, self.boot, operations, self._attributes.told()))
        )

    # ------------------------------------------------------------------------------------- orders

    def _order(self, order: Order, now: float) -> None:
        wrong = self._unfit(order) or nonsense(order)
        if wrong:
            self._refuse(order.id, wrong)
        elif self._repeated(order.id):
            pass
        else:
            self._see_term(order.term, now)
            self._remember(order.id)  # a refusal makes it unknown again
            if order.task == "cancel":
                self._work.cancel(order, now)
            elif full := self._work.add(order, now):
                self._refuse(order.id, full)

    def _self_rule(self, order: Order, limit_ms: int, now: float) -> None:
        if wrong := nonsense(order):
            self._refuse(order.id, wrong)
        elif order.task not in ("stop", "demote"):
            self._refuse(order.id, f"without quorum a node may stop and demote, not {order.task}")
        elif not self._repeated(order.id):
            self._remember(order.id)
            if already := self._work.rule(order, now + limit_ms / 1000, now):
                self._refuse(order.id, already)

    def _stop_alone(self, limit: float | None, now: float) -> None:
        """Nobody else will: the crm is silent, and the others count on it."""
        if limit is None or not self._settled:
            return
        for resource, agent in self._history.agents().items():
            if agent.startswith("stonith:"):
                continue
            ident = f"alone.{self.boot}.lrm.{self._ledger.calls}.{resource}"
            order = self._work.stop_of(resource, agent, ident, self._term.seen, self.boot)
            if not self._work.rule(order, limit, now):
                self._say("warning", f"its crm is silent, its lease over: stops {resource}")

    def _fence(self, order: FenceOrder, now: float) -> None:
        wrong = self._unfit(order)
        if wrong:
            self._refuse(order.id, wrong)
        elif order.id in self._known:
            self._fences.repeat(order.id)
        else:
            self._see_term(order.term, now)
            self._remember(order.id)
            self._fences.take(order, now)

    def _unfit(self, order: Order | FenceOrder) -> str:
        """Why this order isn't for this node in this boot and term."""
        if order.node != self.node:
            return f"for node {order.node}; this is {self.node}"
        if order.boot != self.boot:
            return f"for boot {order.boot}; this is boot {self.boot}"
        if order.term < self._term.seen:
            return f"order of term {order.term}; this node has seen term {self._term.seen}"
        return ""

    def _repeated(self, order: str) -> bool:
        """An order that was taken up is not done again; its answer, if there is one, is."""
        if order not in self._known:
            return False
        answer = self._outbox.answers(order)
        if answer:
            self._out.append(TellCrm(answer))
        return True

    def _remember(self, order: str) -> None:
        self._known[order] = None
        self._changed = True
        if len(self._known) > self._limits.known:
            del self._known[next(iter(self._known))]

    # ------------------------------------------------------------------------------ birth, rhythm

    def _ring(self, name: str, now: float) -> None:
        if name == "alive":
            self._timers.set("alive", now + self._limits.alive)
            known = self._history.running() if self._settled else len(self._recovery.head.running)
            self._out.append(TellCrm(Alive(known)))
        elif name == "patience":
            self._term.failed = not self._term.durable
            self._say("warning", f"the disk hasn't taken term {self._term.seen} yet")
        elif name == "retry":
            self._write_term(now)

    def _begin(self, now: float) -> None:
        self._born = True
        self._out += self._recovery.leftovers()
        if self._recovery.done:
            self._go_on(now)

    def _go_on(self, now: float) -> None:
        """Take up what a former life left, now that none of its agents is at work; then hear
        what was said meanwhile."""
        for fact in self._recovery.results:
            self._history.note(fact)
        self._history.recall(self._recovery.head.running)
        for watched in self._recovery.watched:
            answer = (watched.rc, watched.status) if watched.status else None
            self._work.take_back(watched.order, answer, now)
        for begun in self._recovery.begun:
            self._resume(begun, now)
        for order in self._recovery.fencings:
            self._fences.resume(order, now)
        self._settled = self._changed = True
        while self._held:
            self._heard(self._held.popleft(), now)

    def _hold(self, message: Any) -> None:
        if len(self._held) < self._limits.held:
            self._held.append(message)
        else:
            self._say("error", f"{len(self._held)} messages wait already: one is dropped")

    def _resume(self, begun: saved.Begun, now: float) -> None:
        """An operation that OCF allows to be done twice is; of another, nobody knows."""
        if begun.limit is not None:
            self._work.rule(begun.order, max(begun.limit, now), now)
        elif begun.repeatable:
            self._work.add(begun.order, now)
        else:
            self._work.lose(begun.order, "the lrm was restarted while it ran", now)

    def _table(self) -> list[Any]:
        head = saved.Head(
            self.node, self.boot, self._life, self._ledger.calls, self._outbox.number,
            self._history.agents(), "\n".join(self._known), self._attributes.all(),
        )  # fmt: skip
        if self._head != head:
            self._head = head
        begun = [operation.saved(run) for operation, run in self._work.operations()]
        watched = [recurring.saved(run) for recurring, run in self._work.monitors()]
        fences = self._fences.words()
        results: list[OperationFinished] = list(self._history.unsorted())
        kept: list[Finished] = list(self._outbox.kept)
        return [self._head, *begun, *watched, *fences, *results, *kept]

    def _refuse(self, order: str, reason: str) -> None:
        self._out.append(TellCrm(Refused(order, reason)))

    def _say(self, level: str, text: str) -> None:
        self._out.append(Say(level, text))


def _older(order: str, term: int) -> bool:
    """Whether an order's id (`term.transition.action`) is of an older term."""
    head = order.partition(".")[0]
    return head.isdigit() and int(head) < term
