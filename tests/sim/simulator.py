"""One seed's run: faults for a while, then none, and all must be well in the end."""

from __future__ import annotations

import gc
import time
import traceback
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import TextIO

from tests.sim.invariants import Violation
from tests.sim.liveness import Healing
from tests.sim.nemesis import Nemesis
from tests.sim.options import FAULTS, Options, draw
from tests.sim.world import World

MINUTES = 2.0


@dataclass(frozen=True)
class Outcome:
    """What one seed came to; plain values, so that it can cross to another process."""

    seed: int
    shape: str
    digest: str
    steps: int
    seconds: float
    """Of virtual time."""
    faults: dict[str, int] = field(default_factory=dict)
    violation: str = ""
    """Empty if nothing was wrong."""
    tail: tuple[str, ...] = ()
    """The last lines of its trace, if something was."""
    settled: float = 0.0
    reached: dict[str, int] = field(default_factory=dict)
    """Interesting states, with counts."""
    cpu: float = 0.0
    """Seconds of a core that it took."""


def simulate(
    seed: int,
    shape: str = "3",
    minutes: float = MINUTES,
    faults: Collection[str] = FAULTS,
    out: TextIO | None = None,
    wordy: bool = False,
    fencing: bool = True,
    dense: bool = False,
) -> Outcome:
    """Run one seed to its end, or to the first violation."""
    return run(draw(seed, shape, minutes, faults, fencing, dense), out, wordy)


def run(options: Options, out: TextIO | None = None, wordy: bool = False) -> Outcome:
    began = time.process_time()
    gc.disable()  # a seed leaves a few megabytes at most; looking for them costs a seventh
    try:
        return _outcome(options, out, wordy, began)
    finally:
        gc.enable()


def _outcome(options: Options, out: TextIO | None, wordy: bool, began: float) -> Outcome:
    world = World(options, out, wordy)
    healing = Healing(world)
    violation = ""
    try:
        _run(world, healing)
    except Violation as found:
        violation = str(found)
    except Exception:  # the core is wrong, or the simulator: either way this seed has failed
        violation = "exception: " + traceback.format_exc(limit=-4)
    if violation:
        world.note("VIOLATION", "", violation)
    return Outcome(
        options.seed,
        options.shape,
        world.trace.digest(),
        world.trace.steps,
        world.now,
        world.faults,
        violation,
        tuple(world.trace.tail(60)) if violation else (),
        healing.took,
        dict(world.sometimes.reached),
        time.process_time() - began,
    )


def _run(world: World, healing: Healing) -> None:
    options = world.options
    for machine in world.machines.values():
        machine.power_on(at_once=True)
    world.agenda.run(5.0)
    nemesis = Nemesis(world, options.random("nemesis"))
    nemesis.start()
    world.agenda.run(options.minutes * 60)
    nemesis.stop()
    healing.run()
