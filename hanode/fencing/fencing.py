"""The fencing of one target: levels tried in turn, and in each level every device off and verified.

A level counts only if each of its devices was told `off`, said that it did, and then answered
`status` with off; of several, once more after the last, for what was switched on long ago may come
late, and a feed that is back before the other is gone has never let the target down. Nothing else
is evidence: no time-out, no exit code alone. A reboot is off,
verified, and on again; the answer is given before the on, as recovery need not wait for it. Who was
cut off counts as let in when `status` says so: nothing else would show that he isn't.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from hanode.effects import Kill, Say, Spawn, TellCrm
from hanode.fencing import options
from hanode.fencing.attempt import REAP, Attempt, Step
from hanode.local_messages import FenceResult
from hanode.peer_messages import ISOLATED, Device, FenceOrder
from hanode.ra import BadAgent, Site, Unrunnable, parse_agent
from hanode.ra.output import tail
from hanode.ra.stonith import STATUS_OFF, fence

UNPROVED = (
    "a legacy plugin says that it switched off, and can't be asked whether a plug is; "
    "look yourself, then: hanode fence confirm NODE"
)
ASK_AGAIN = 0.25
"""Seconds between two status queries of a plug that is still on."""
ASKED_MAX = 40


class Fencing:
    def __init__(
        self, order: FenceOrder, site: Site, token: Callable[[], int], chance: float, now: float
    ) -> None:
        # A level without devices fences nothing.
        self.order = replace(order, levels=tuple(level for level in order.levels if level))
        self.over = False
        self._site = site
        self._token = token
        self._chance = chance
        self._began = now
        self._until = now + order.timeout_ms / 1000
        self._level = 0
        self._device = 0
        self._tries = 0
        self._asked = 0
        self._checked: set[str] = set()
        """Devices that were asked whether they are in charge of the target."""
        self._looks_again = False
        """All devices of the level were off, one after the other; whether they are so at once."""
        self._stage = "delay"
        self._rings: float | None = now
        """When the next call is due, while none is under way."""
        self._attempt: Attempt | None = None
        self._struck: list[Device] = []
        """Told to switch off, whatever came of it."""
        self._powering: list[Device] = []
        """Switched off for a reboot, and to be switched on again."""
        self._reasons: list[str] = []
        self._abandoned = ""

    # -------------------------------------------------------------------------------- what happens

    def ring(self, now: float) -> list[Any]:
        if self._attempt is not None:
            return self._late(self._attempt, now)
        if self._rings is None or now < self._rings:
            return []
        self._rings = None
        if self._stage != "delay":
            return self._call(self._stage, now)
        return self._first(now)

    def ended(self, rc: int, output: bytes, errors: bytes, now: float) -> list[Any]:
        """The agent's process is over."""
        attempt, self._attempt = self._attempt, None
        assert attempt is not None
        self._may_have_struck()
        if self._abandoned and not self._powering:
            return self._end_early(now)
        if attempt.late:
            return self._failed(f"{attempt.action} timed out", now)
        said = " ".join(tail(output, errors).split())[-200:]
        if self._stage == "query":
            return self._queried(rc, output, said, now)
        if self._stage == "status":
            return self._status(rc, said, now)
        if rc != 0:
            return self._failed(f"{attempt.action} failed with exit code {rc}: {said}", now)
        if self._stage == "on" and self._powering:
            return self._next_on(now)
        if self._stage == "on" and self._current().evidence != ISOLATED:
            return self._next_device(now)
        if not self._site.has_api(self._current().agent):
            return self.not_started(UNPROVED, now)
        self._stage, self._asked = "status", 0
        return self._call("status", now)

    def strikes_for(self, request: str) -> bool:
        """Whether it may still cut somebody off, for this request."""
        return self.order.request == request and not self._powering

    def abandon(self, why: str, now: float) -> list[Any]:
        """It is not wanted any more: its agent ends at once."""
        self._abandoned, self._until, self._rings = why, now, None
        if self._attempt is None:
            return self._end_early(now)
        self._attempt.step, self._attempt.due = Step.KILL, now + REAP
        return [Kill(self._attempt.token, hard=True)]

    def _end_early(self, now: float) -> list[Any]:
        """It proves nothing. But whom it was to reboot is not left without power: it may have been
        struck already, and nobody else knows."""
        return self._answer(False, self._abandoned, now) + self._switch_on(self._struck, now)

    def _may_have_struck(self) -> None:
        """An agent that was to switch off has ended, or can't be ended."""
        if self._stage == "off" and self._current() not in self._struck:
            self._struck.append(self._current())

    def not_started(self, reason: str, now: float) -> list[Any]:
        self._attempt = None
        self._tries = options.RETRIES_MAX  # the same machine won't find it a moment later
        return self._failed(reason, now)

    def deadline(self) -> float | None:
        return self._attempt.due if self._attempt else self._rings

    def remaining(self) -> FenceOrder:
        """What is still to be done: once a reboot is answered, to switch on."""
        if not self._powering:
            return self.order
        levels = (tuple(self._powering),)
        return replace(self.order, id=f"{self.order.id}.on", action="on", levels=levels)

    def tokens(self) -> tuple[int, ...]:
        return (self._attempt.token,) if self._attempt else ()

    # ------------------------------------------------------------------------------------ its steps

    def _first(self, now: float) -> list[Any]:
        """Begin with the device at hand: its own delay first, once for the whole order."""
        if not self.order.levels:
            return self._answer(False, "no fence device can fence it", now)
        wait = options.delay(self._current().parameters, self.order.target, self._chance)
        self._stage = self._word
        if wait > 0:
            self._until += wait
            self._rings = now + wait
            return []
        return self._call(self._stage, now)

    def _queried(self, rc: int, output: bytes, said: str, now: float) -> list[Any]:
        """Whether the device is in charge of the target, as it says itself."""
        device = self._current()
        query = options.query(device.parameters)
        if rc != 0 and not (query == "status" and rc == STATUS_OFF):
            return self._failed(f"{query} failed with exit code {rc}: {said}", now)
        if query == "list" and device.plug not in options.listed(output):
            self._tries = options.RETRIES_MAX
            return self._failed(f"it doesn't list {device.plug}", now)
        self._checked.add(device.id)
        self._stage = self._word
        return self._call(self._stage, now)

    def _status(self, rc: int, said: str, now: float) -> list[Any]:
        if rc not in (0, STATUS_OFF):
            return self._failed(f"status failed with exit code {rc}: {said}", now)
        wanted, found = self._word, "off" if rc == STATUS_OFF else "on"
        if found == wanted:
            return self._next_device(now)
        self._asked += 1
        if self._asked < ASKED_MAX and now + ASK_AGAIN < self._until:
            self._rings = now + ASK_AGAIN
            return []
        return self._failed(f"it says that it switched {wanted}, but status says {found}", now)

    @property
    def _word(self) -> str:
        """What every device of the level is told to do."""
        return "on" if self.order.action == "on" else "off"

    def _next_device(self, now: float) -> list[Any]:
        self._device, self._tries = self._device + 1, 0
        level = self.order.levels[self._level]
        if self._device == len(level) > 1 and self._word == "off" and not self._looks_again:
            self._device, self._looks_again = 0, True
        if self._device < len(level):
            self._stage, self._asked = "status" if self._looks_again else self._word, 0
            return self._call(self._stage, now)
        return self._answer(True, "", now) + self._switch_on(self.order.levels[self._level], now)

    def _switch_on(self, devices: Iterable[Device], now: float) -> list[Any]:
        """The second half of a reboot, after its answer."""
        if self.order.action != "reboot":
            return []
        self._powering = [device for device in devices if _comes_back(device)]
        self.over = False
        return self._next_on(now, done=False)

    def _next_on(self, now: float, done: bool = True) -> list[Any]:
        """Switch the next device of a rebooted target on again."""
        if done and self._powering:
            self._powering.pop(0)
        self._tries = 0
        if not self._powering:
            self.over = True
            return []
        self._stage = "on"
        return self._call("on", now)

    def _failed(self, reason: str, now: float) -> list[Any]:
        """An attempt came to nothing: again, or the next level, or the end."""
        if self._abandoned and not self._powering:
            return self._end_early(now)
        device, self._tries, self._looks_again = self._current(), self._tries + 1, False
        said = [Say("warning", f"fencing of {self.order.target} by {device.id}: {reason}")]
        action = "on" if self._powering else self._word
        more = self._tries < options.attempts(device.parameters, action, self._whole(action))
        if self._powering:
            if more:
                return said + self._call("on", now)
            said.append(Say("error", f"{self.order.target} was fenced, but stays off: {reason}"))
            return said + self._next_on(now)
        if more and now < self._until:
            self._stage = action
            return said + self._call(action, now)
        self._reasons.append(f"{device.id}: {reason}")
        self._level, self._device, self._tries = self._level + 1, 0, 0
        if self._level < len(self.order.levels) and now < self._until:
            self._stage = action
            return said + self._call(action, now)
        return said + self._answer(False, "; ".join(self._reasons), now)

    # ---------------------------------------------------------------------------------- its effects

    def _call(self, action: str, now: float) -> list[Any]:
        device = self._current()
        try:
            parse_agent(f"stonith:{device.agent}")
        except BadAgent as bad:
            return self.not_started(str(bad), now)
        query = options.query(device.parameters)
        if query and action in ("off", "on") and device.id not in self._checked:
            self._stage, action = "query", query
        word = options.agent_action(device.parameters, action)
        made = fence(device.agent, word, device.parameters, self._site, device.plug)
        if isinstance(made, Unrunnable):
            return self.not_started(made.reason, now)
        all_of_it = self.order.timeout_ms / 1000
        limit = options.timeout(device.parameters, action, all_of_it, self._whole(action))
        due = now + limit if self._powering else min(now + limit, self._until)
        self._attempt = Attempt(self._token(), word, due, now)
        # What waited for an LRM that was asleep may be of a DC of long ago. (A verified target gets
        # its power back in any case.)
        strikes = action == "off" and not self.order.alone
        leased = strikes or (self.order.action == "on" and action == "on")
        return [Spawn(self._attempt.token, made.argv, made.env, made.stdin, lease_checked=leased)]

    def _whole(self, action: str) -> str:
        """What this action is a part of, in the operator's words."""
        return "reboot" if self.order.action == "reboot" and action == "off" else ""

    def _late(self, attempt: Attempt, now: float) -> list[Any]:
        match attempt.ring(now):
            case Step.TERMINATE:
                return [Kill(attempt.token, hard=False)]
            case Step.KILL:
                return [Kill(attempt.token, hard=True)]
            case Step.GIVE_UP:
                self._attempt = None
                self._may_have_struck()
                return self._failed(f"{attempt.action} hangs and can't be killed", now)
            case Step.NOTHING:
                return []

    def _answer(self, ok: bool, reason: str, now: float) -> list[Any]:
        self.over = True
        order = self.order
        used = order.levels[self._level] if ok else ()
        evidence = _weakest(used) if ok and order.action != "on" else ""
        device = ",".join(device.id for device in used)
        took = round((now - self._began) * 1000)
        return [TellCrm(FenceResult.of(order, ok, reason, evidence, device, took))]

    def _current(self) -> Device:
        if self._powering:
            return self._powering[0]
        return self.order.levels[self._level][self._device]


def _weakest(used: tuple[Device, ...]) -> str:
    """What a level proves: if one of its devices only cuts off, no more than that."""
    kinds = [device.evidence for device in used]
    return ISOLATED if ISOLATED in kinds else kinds[0]


def _comes_back(device: Device) -> bool:
    """Whether a reboot by this device means on again (pcmk_reboot_action=off says no). Whom it cut
    off lives on, so he is let in again by unfencing alone, once nothing runs there any more."""
    if device.evidence == ISOLATED:
        return False
    return options.agent_action(device.parameters, "reboot") != "off"
