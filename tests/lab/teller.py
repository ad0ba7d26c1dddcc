"""Tells a story to real hosts, line by line, and holds them to what it expects."""

from __future__ import annotations

import time
from typing import Any

from hanode.state import ClusterState
from tests.bench.asking import Line, Unanswered
from tests.lab import trouble, truth
from tests.lab.commands import wait
from tests.lab.founding import WITNESS
from tests.lab.hosts import Host
from tests.lab.stage import Stage
from tests.lab.truth import Service
from tests.sim.scenery import EXCLUSIVE, PROMOTABLE
from tests.stories.language import Story, Telling, Unfulfilled, seconds_of

QUIET = 1.0
"""Seconds without any news after which a cluster has settled."""
LEAVE_LIMIT = 60.0
ASK_LIMIT = 30.0


class LabTeller(Telling):
    """One story on one stage."""

    VERBS = (
        "start", "power", "kill", "pause", "resume", "cut", "isolate", "heal", "switch", "fail",
        "remember", "wait", "standby", "online", "move", "cleanup", "maintenance", "fence",
        "expect", "stop", "run", "abandon", "lose", "link", "flap", "disk", "clock", "forks",
        "keep", "restore",
    )  # fmt: skip
    STEP = 0.25

    def __init__(self, story: Story, stage: Stage) -> None:
        super().__init__(story)
        self._stage = stage
        self._lab = stage.lab
        self._began = time.monotonic()
        self._remembered: tuple[Service, ...] = ()
        self._power_losses: dict[str, int] = {}
        self._parts: dict[tuple[str, str], int] = {}
        self._quiet: tuple[int, float] = (-1, 0.0)
        """The state's last index, and since when it is that."""

    def tell(self) -> None:
        """To its end; nothing was ever active twice. Raises Unfulfilled."""
        self.play()
        if self._stage.watch.twice:
            raise Unfulfilled(f"active on two hosts, for so long: {self._stage.watch.twice}")

    def note(self, text: str) -> None:
        print(f"{self.now:8.3f} {text}", flush=True)

    @property
    def now(self) -> float:
        return time.monotonic() - self._began

    def pass_time(self, seconds: float) -> None:
        time.sleep(seconds)

    def meant(self, words: list[str]) -> str:
        if words == ["the", "dc"]:
            return self._state().dc
        if words == ["a", "follower"]:
            state = self._state()
            return next(name for name in state.data_nodes if name != state.dc)
        if words[:3] == ["the", "node", "of"]:
            return next(iter(self.nodes_of(words[3])))
        raise Unfulfilled(f"who is {' '.join(words)}?")

    # --------------------------------------------------------------------------------- what happens

    def start(self, *names: str) -> None:
        for name in names:
            self._lab.host(name).on()

    def power(self, way: str, name: str) -> None:
        host = self._lab.host(name)
        if way == "on":
            host.on()
        else:
            host.off()

    def stop(self, name: str) -> None:
        """Orderly: hanode leaves, its services are stopped or moved first."""
        host = self._lab.host(name)
        trouble.tell_hanode(host, "TERM")
        wait(lambda: not trouble.parts(host), LEAVE_LIMIT, 0.05)

    def run(self, name: str) -> None:
        """hanode again, on a host that has power."""
        self._lab.host(name).daemon("hanode", "run")

    def abandon(self, name: str) -> None:
        """hanode ends at once and leaves everything as it is."""
        host = self._lab.host(name)
        trouble.tell_hanode(host, "QUIT")
        wait(lambda: not trouble.parts(host), LEAVE_LIMIT, 0.05)

    def kill(self, name: str, part: str = "") -> None:
        trouble.signal_parts(self._lab.host(name), "KILL", part)

    def pause(self, name: str, *parts: str) -> None:
        for part in parts or ("",):
            trouble.signal_parts(self._lab.host(name), "STOP", part)

    def resume(self, name: str) -> None:
        trouble.signal_parts(self._lab.host(name), "CONT", "")

    def cut(self, *words: str) -> None:
        if "->" in words:
            self._lab.wiring.cut(words[0], words[2])
        else:
            sides = " ".join(words).split("|")
            self._lab.wiring.part(*(tuple(side.split()) for side in sides))

    def isolate(self, name: str) -> None:
        others = tuple(host.name for host in self._lab.hosts if host.name != name)
        self._lab.wiring.part((name,), others)

    def heal(self) -> None:
        self._lab.wiring.heal()

    def lose(self, percent: str) -> None:
        self._lab.wiring.lose(int(percent))

    def link(self, number: str, _of: str, name: str, way: str) -> None:
        """`link 2 of n1 down`: that cable is pulled; `up`: plugged in again."""
        self._lab.wiring.cable(name, way == "up", int(number) - 1)

    def flap(self, name: str, period: str, seconds: str) -> None:
        """It hears nobody and is heard by nobody, half of each period. (By rules in the bridge: the
        kernel tells of a pulled cable up to a second late.)"""
        until = self.now + seconds_of(seconds)
        while self.now < until:
            self.isolate(name)
            self.pass_time(seconds_of(period) / 2)
            self.heal()
            self.pass_time(seconds_of(period) / 2)

    def switch(self, manner: str) -> None:
        self._lab.switch.manner = manner

    def fail(self, resource: str) -> None:
        """Its process is killed; over when the process is gone, for it dies when it has a turn."""
        ended = [service for service in self._services() if service.resource == resource]
        for service in ended:
            trouble.end_process(service.pid)
        wait(lambda: not set(ended) & set(self._services()), ASK_LIMIT)

    def disk(self, name: str, way: str) -> None:
        trouble.disk(self._lab.host(name), way)

    def clock(self, name: str, jump: str) -> None:
        trouble.clock(self._lab.host(name), jump)

    def forks(self, name: str, way: str) -> None:
        trouble.forks(self._lab.host(name), way == "fail")

    def keep(self, name: str) -> None:
        """A copy of its disk (the host is off)."""
        trouble.keep_disk(self._lab.host(name))

    def restore(self, name: str) -> None:
        """The copy takes the disk's place (the host is off)."""
        trouble.restore_disk(self._lab.host(name))

    def remember(self) -> None:
        self._remembered = self._services()
        self._power_losses = {host.name: host.power_losses for host in self._lab.hosts}
        self._parts = {
            (host.name, part): pid
            for host in self._lab.hosts
            for part, pid in trouble.parts(host).items()
        }

    # ------------------------------------------------------------------------------- what is asked

    def standby(self, name: str) -> None:
        self._ask("node", "standby", name)

    def online(self, name: str) -> None:
        self._ask("node", "online", name)

    def move(self, resource: str, name: str) -> None:
        self._ask("resource", "move", resource, name)

    def cleanup(self, resource: str = "") -> None:
        self._ask("resource", "cleanup", *([resource] if resource else []))

    def maintenance(self, way: str) -> None:
        self._ask("property", "set", f"maintenance-mode={str(way == 'on').lower()}")

    def fence(self, name: str) -> None:
        self._ask("fence", "node", name)

    def _ask(self, *words: str) -> None:
        """By the operator's command, on any host that takes it."""
        until = self.now + ASK_LIMIT
        problem: RuntimeError | None = None
        while self.now < until:
            for host in self._data_hosts():
                try:
                    host("hanode", *words)
                except RuntimeError as error:
                    problem = error
                else:
                    return
            self.pass_time(self.STEP)
        raise Unfulfilled(f"no host does it: {problem}")

    # ----------------------------------------------------------------------------- what is expected

    def wrong(self, words: tuple[str, ...]) -> str:
        match words:
            case ("dc", *where):
                return self._wrong_dc(where[1:])
            case ("fenced", name):
                host = self._lab.host(name)
                lost = host.power_losses - self._power_losses.get(name, 0)
                return "" if lost and self._confirmed(name) else f"{name} is not fenced"
            case ("nobody", "fenced"):
                offs = self._lab.switch.offs
                return f"fenced: {offs}" if offs else ""
            case ("reset", name):
                dogs = self._stage.watchdogs
                return "" if dogs and name in dogs.fired else f"no watchdog reset {name}"
            case ("nobody", "reset"):
                dogs = self._stage.watchdogs
                return f"reset by its watchdog: {dogs.fired}" if dogs and dogs.fired else ""
            case ("online", *names):
                return self._wrong_online(names)
            case ("alarm", *what):
                told = [alarm.subject for alarm in self._state().alarms]
                return "" if " ".join(what) in told else f"the alarms are {told}"
            case ("no", "alarm"):
                return "; ".join(alarm.message for alarm in self._state().alarms)
            case ("same", part, "on", name):
                now = trouble.parts(self._lab.host(name)).get(part)
                same = now is not None and now == self._parts.get((name, part))
                return "" if same else f"{part} of {name} is process {now}, not the one before"
            case ("nothing", "restarted"):
                return "" if self._services() == self._remembered else "services changed"
            case ("settled",):
                return self._unsettled()
        return self.misplaced(words)

    def _wrong_dc(self, names: list[str]) -> str:
        """As those know it who know most."""
        believed = self._state().dc
        fits = believed in (names or [host.name for host in self._lab.hosts])
        return "" if fits else f"the DC is {believed or 'nobody'}"

    def _wrong_online(self, names: list[str]) -> str:
        nodes = self._state().nodes
        offline = [name for name in names if name not in nodes or not nodes[name].online]
        return f"not online: {offline}" if offline else ""

    def _confirmed(self, name: str) -> bool:
        return any(
            fencing.target == name and fencing.status == "success"
            for state in self._states()
            for fencing in state.fencings
        )

    def _unsettled(self) -> str:
        """All online, one DC for everybody, nothing under way, all services in one place each."""
        states = self._states()
        if len(states) < len(self._data_hosts()):
            return "not everybody answers"
        wrong = self._wrong_dc([]) or self._wrong_online([h.name for h in self._data_hosts()])
        if not wrong and len({(state.position, state.dc) for state in states}) > 1:
            wrong = "not all know the same"
        if not wrong and (states[0].transition is not None or states[0].intents):
            wrong = "something is under way"
        for resource in () if wrong else (*EXCLUSIVE, PROMOTABLE):
            nodes = self.nodes_of(resource)
            if len(nodes) != 1:
                wrong = f"{resource} is on {nodes or 'no node'}"
        return wrong or self._restless(states[0].position.index)

    def _restless(self, index: int) -> str:
        if index != self._quiet[0]:
            self._quiet = index, self.now
        return "" if self.now - self._quiet[1] > QUIET else "news came a moment ago"

    # ------------------------------------------------------------------------------------- looking

    def _services(self) -> tuple[Service, ...]:
        found = [s for host in self._lab.hosts for s in truth.services(host)]
        return tuple(sorted(found))

    def nodes_of(self, resource: str) -> list[str]:
        return [
            service.host
            for service in self._services()
            if service.resource == resource and (service.promoted or resource != PROMOTABLE)
        ]

    def _data_hosts(self) -> list[Host]:
        return [host for host in self._lab.hosts if host.name != WITNESS]

    def _states(self) -> list[ClusterState]:
        """As each host's own crm knows it; not of those that don't answer."""
        found = (_state_of(host) for host in self._data_hosts())
        return [state for state in found if state is not None]

    def _state(self) -> ClusterState:
        """As those know it who know most; that of nobody, if none answers."""
        states = self._states() or [ClusterState()]
        return max(states, key=lambda state: state.position.index)


def _state_of(host: Host) -> Any:
    try:
        with Line(host.root("run/hanode/console.sock")) as line:
            return line.state()
    except Unanswered:
        return None
