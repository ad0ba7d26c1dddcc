"""What one seed's cluster is like and how hard it has it: each fault's intensity is drawn apart,
zero included, so that no class of faults hides another (swarm testing)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from random import Random

from hanode.settings import SNAPSHOT_EVERY, Timing
from tests.sim.chance import between, branch

FAULTS = (
    "loss", "duplication", "delay", "partition", "oneway", "flap", "link", "streams", "crash",
    "hanode", "power", "pause", "disk", "agents", "services", "fencing", "operator", "clock",
    "restored", "outsider", "traitor", "members", "lost", "full",
    "refused", "moment", "lasso", "laggard", "isolation", "starved", "levels", "hands-off",
    "kinds", "devices", "bounds", "rogue", "mute", "hands", "unwritten",
    "hung",
)  # fmt: skip
"""The classes that can be asked for with --faults."""
LATER = (
    "full", "refused", "moment", "lasso", "laggard", "isolation", "starved", "levels", "hands-off",
    "kinds", "devices", "bounds", "rogue", "mute", "hands", "unwritten",
    "hung",
)  # fmt: skip
"""Drawn apart, so that a seed that failed before there were these is what it was."""

BOUNDED = (
    "loss", "duplication", "delay", "partition", "oneway", "flap", "link", "streams", "power",
    "services", "clock", "outsider", "traitor", "refused", "hands-off", "mute", "agents", "crash",
    "starved",
)  # fmt: skip
"""Those that a cluster without fencing is to survive: a node that is cut off stops by itself in
time. (One that is stopped or killed does not; one that was told to leave its resources alone does
not, either, and is not counted on.)"""

SHAPES = ("1", "2", "2w", "3", "4", "5", "7", "9")
"""`2w` is two data nodes with a witness."""


@dataclass(frozen=True)
class Options:
    """Everything that is drawn once per seed."""

    seed: int
    shape: str
    minutes: float
    timing: Timing
    real_keys: bool
    """Ed25519, X25519 and every message through its codec, in place of the cheap stand-ins."""
    links: int
    delay: float
    """Mean time of a message on the way, on a good day."""
    fencing: bool
    """stonith-enabled."""
    faults: dict[str, float] = field(default_factory=dict)
    """Intensity of each class, 0 (never) to 1."""
    jumps: bool = True
    """False: wall clocks are said to jump, and don't (INV-19)."""
    snapshot_every: int = SNAPSHOT_EVERY
    """Entries between two snapshots, and on disk before the last one: few, so that nodes fall
    behind the log's beginning in a seed's two minutes."""
    hearts_only: bool = False
    """Membership and quorum alone: no log, no resources."""

    @property
    def data_nodes(self) -> int:
        return int(self.shape.removesuffix("w"))

    @property
    def isolation(self) -> str:
        """Whether nodes can be cut off the service network, too: `whole`, where that suffices for
        all that they run; `partial`, where one resource needs its node's power off; or empty. Two
        nodes alone gain nothing by it."""
        intensity = self.faults.get("isolation", 0.0)
        if not self.fencing or not intensity or self.shape in ("1", "2"):
            return ""
        return "whole" if intensity > 0.5 else "partial"

    @property
    def spare(self) -> bool:
        """A machine more, which joins and leaves."""
        return self.faults.get("members", 0.0) > 0 and self.data_nodes >= 3

    @property
    def levels(self) -> bool:
        """Two ways to the switch, the second for when the first is closed."""
        wanted = self.faults.get("levels", 0.0) > 0
        return wanted and not self.isolation and not self.park

    @property
    def park(self) -> bool:
        """Fence devices of every kind, configured in every way."""
        return self.fencing and self.faults.get("devices", 0.0) > 0

    @property
    def zoo(self) -> bool:
        """Resources of every class beside the usual ones: not in each seed that could have them,
        as they cost half as much again."""
        return self.faults.get("kinds", 0.0) > 0.3

    @property
    def tight(self) -> bool:
        """LRMs whose bounds are so narrow that they are met."""
        return self.faults.get("bounds", 0.0) > 0

    @property
    def witness(self) -> bool:
        return self.shape.endswith("w")

    def random(self, *path: object) -> Random:
        return branch(self.seed, *path)


def draw(
    seed: int,
    shape: str,
    minutes: float,
    faults: Collection[str] = FAULTS,
    fencing: bool = True,
    dense: bool = False,
) -> Options:
    """The options of this seed; of `faults` each is there or not, and more or less. (Dense: each is
    there, and rather more, for who looks for what these bring about together.)"""
    random = branch(seed, "options", shape)
    later = branch(seed, "options", shape, "later")
    quick = random.random() < 0.05
    keepalive = 0.1 if quick else 0.5
    dead = 1.0 if quick else random.choice((2.0, 3.0, 5.0))
    return Options(
        seed=seed,
        shape=shape,
        minutes=minutes,
        timing=Timing(keepalive, dead / 2, dead, dead * 5),
        real_keys=random.random() < 0.05,
        links=random.choice((1, 1, 2)),
        delay=between(random, 0.0005, 0.01),
        fencing=fencing,
        faults={
            name: _intensity(later if name in LATER else random, dense) if name in faults else 0.0
            for name in FAULTS
        },
        snapshot_every=random.choice((SNAPSHOT_EVERY, 60, 20)),
    )


def _intensity(random: Random, dense: bool) -> float:
    """Half of the classes are absent from a seed; the others are there a little or a lot."""
    if dense:
        return between(random, 0.4, 1.0)
    return 0.0 if random.random() < 0.5 else between(random, 0.05, 1.0)
