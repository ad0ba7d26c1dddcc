"""Random histories of one live migration: each half well, failed, under way or missing.

A story is told first, with calls, transitions and times in their order; what a node keeps
of it depends on which names its history gives to results.
"""

from __future__ import annotations

from dataclasses import dataclass

from random_draw import AT, Draw
from random_status import RUN, digest

DONE, PENDING, TIMEOUT, ERROR = 0, -1, 2, 4


@dataclass
class Result:
    """One result of an operation, as the node that ran it notes it."""

    task: str
    interval: int = 0
    rc: int = 0
    status: int = DONE
    wanted: int = 0
    transition: int = 0
    at: int = 0
    call: int = 0
    run: str = RUN
    ends: tuple[str, str] = ("", "")

    @property
    def failed(self) -> bool:
        return self.status in (TIMEOUT, ERROR) or (
            self.status == DONE and self.rc != self.wanted and (self.task, self.interval) != _PROBE
        )


_PROBE = ("monitor", 0)


class Moves(Draw):
    """Tells how `vm` went, or should have gone, from one node to another."""

    def _begin(self) -> None:
        self.told: dict[str, list[Result]] = {}
        self.calls: dict[str, int] = {}
        self.transition, self.now = 1, AT
        self.naming = self.random.choice(("last", "last", "halves", "each"))
        self.clocks = self.random.choices(("all", "some", "none"), (93, 4, 3))[0]
        self.run = RUN
        self.ends = ("", "")

    def _note(self, node: str, task: str, interval: int = 0, rc: int = 0, **more: int) -> None:
        """The next thing that happens, in this or a later transition."""
        if self.chance(0.4):
            self.transition += self.random.randint(1, 3)
        if self.chance(0.7):
            self.now += self.random.randint(1, 20)
        if self.chance(0.04):
            # Another DC: it counts its transitions anew.
            self.run, self.transition = f"{self.now % 10**8:08}{RUN[8:]}", self.random.randint(1, 9)
        self.calls[node] = self.calls.get(node, self.random.randint(5, 20)) + 1
        result = Result(task, interval, rc, **more)
        result.call = -1 if result.status == PENDING else self.calls[node]
        result.transition, result.at, result.run = self.transition, self.now, self.run
        if "migrate" in task:
            result.ends = self.ends if node in self.ends else self._elsewhere(node, task)
        if result.status == PENDING:
            result.rc = 193
        self.told.setdefault(node, []).append(result)

    def _elsewhere(self, node: str, task: str) -> tuple[str, str]:
        """The ends of an earlier migration."""
        other = self.random.choice([name for name in self.nodes if name != node])
        return (node, other) if task == "migrate_to" else (other, node)

    def _probe(self, node: str, rc: int = 7) -> None:
        self._note(node, "monitor", 0, rc, wanted=7)

    def _tell(self, source: str, target: str) -> None:
        """The whole story: before, both halves, afterwards."""
        self._begin()
        for node in self.nodes:
            self._before(node)
        self._note(source, self.random.choice(("start", "start", "start", "migrate_from")))
        if self.chance(0.6):
            self._note(source, "monitor", 10_000)
        self.ends = source, target
        arrives = self._push(source)
        if self.chance(0.75 if arrives else 0.15):
            self._receive(target)
        for _ in range(self.random.choice((0, 0, 1, 1, 2))):
            node = self.random.choices((source, target), (55, 45))[0]
            getattr(self, self.random.choice(_LATER))(node)

    def _before(self, node: str) -> None:
        """What is known of an earlier time: mostly that it wasn't there."""
        kind = self.random.choices(
            ("nothing", "probe", "lived", "left", "odd"), (25, 50, 10, 9, 6)
        )[0]
        if kind in ("lived", "left"):
            self._note(node, "start" if kind == "lived" else "migrate_from")
            if self.chance(0.5):
                self._note(node, "monitor", 10_000)
            if kind == "left":
                self._note(node, "migrate_to")
            self._note(node, "stop")
        elif kind != "nothing":
            self._probe(node, 7 if kind == "probe" else self.random.choice((0, 8, 5, 1)))

    def _push(self, source: str) -> bool:
        kind = self.random.choices(("well", "failed", "late", "pending"), (60, 20, 8, 12))[0]
        self._end(source, "migrate_to", kind)
        return kind == "well"

    def _receive(self, target: str) -> None:
        kind = self.random.choices(("well", "failed", "late", "pending"), (45, 30, 8, 17))[0]
        self._end(target, "migrate_from", kind)

    def _end(self, node: str, task: str, kind: str) -> None:
        if kind == "well":
            self._note(node, task)
        elif kind == "failed":
            rc, status = self.random.choice(
                ((1, DONE), (1, DONE), (7, DONE), (1, ERROR), (5, ERROR))
            )
            self._note(node, task, 0, rc, status=status)
        elif kind == "late":
            self._note(node, task, 0, 1, status=TIMEOUT)
        else:
            self._note(node, task, 0, 193, status=PENDING)

    # ------------------------------------------------------------------------- afterwards

    def _stopped(self, node: str) -> None:
        self._end(node, "stop", self.random.choices(("well", "failed", "pending"), (80, 12, 8))[0])

    def _watched(self, node: str) -> None:
        self._note(node, "monitor", 10_000, self.random.choice((0, 0, 7, 7, 1)))

    def _probed(self, node: str) -> None:
        self._probe(node, self.random.choice((7, 7, 7, 0, 8, 1)))

    def _started(self, node: str) -> None:
        self._end(node, "start", self.random.choices(("well", "failed", "pending"), (80, 12, 8))[0])

    # ------------------------------------------------------------------------- what is kept

    def _kept(self, leaf: str, node: str) -> str:
        """The node's entries: of those with one name the latest."""
        entries: dict[str, str] = {}
        for result in self.told.get(node, ()):
            for name in self._names(result):
                entries.pop(name, None)
                entries[name] = self._entry(leaf, f"{leaf}_{name}", result)
        found = list(entries.values())
        if self.chance(0.2):
            self.random.shuffle(found)
        return "".join(found)

    def _names(self, result: Result) -> list[str]:
        if result.interval:
            names = [f"monitor_{result.interval}"]
        elif self.naming == "each" or (self.naming == "halves" and "migrate" in result.task):
            names = [f"{result.task}_0"]
        else:
            names = ["last_0"]
        return [*names, "last_failure_0"] if result.failed else names

    def _entry(self, leaf: str, ident: str, result: Result) -> str:
        key = f"{3 + result.call % 7}:{result.transition}:{result.wanted}:{result.run}"
        ends = 'migrate_source="{}" migrate_target="{}" '.format(*result.ends)
        clock = self.clocks == "all" or (self.clocks == "some" and self.chance(0.5))
        when = f'last-rc-change="{result.at}" ' if clock else ""
        return (
            f'<lrm_rsc_op id="{ident}" operation_key="{leaf}_{result.task}_{result.interval}" '
            f'operation="{result.task}" crm_feature_set="3.16.2" transition-key="{key}" '
            f'transition-magic="{result.status}:{result.rc};{key}" call-id="{result.call}" '
            f'rc-code="{result.rc}" op-status="{result.status}" interval="{result.interval}" '
            f"{ends if 'migrate' in result.task else ''}{when}"
            f'op-digest="{digest(result.interval)}"/>'
        )


_LATER = ("_stopped", "_stopped", "_watched", "_watched", "_probed", "_started")
