"""A cluster of real hosts on which a story is played: built as the story's headings say."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests.lab.founding import Kind, furnish
from tests.lab.hosts import Lab
from tests.lab.relay import Relay
from tests.lab.truth import Watch
from tests.lab.watchdog import Watchdogs
from tests.sim import scenery
from tests.sim.options import Options
from tests.stories.language import Story, Unfulfilled
from tests.stories.teller import options

GIVEN: dict[str, dict[str, Any]] = {
    "two links": {},
    "broadcast links": {"link": "broadcast"},
    "multicast links": {"link": "multicast"},
    "small disks": {"small_disks": True},
    "watchdogs": {"watchdogs": True},
    "movable clocks": {"movable_clocks": True},
    "no fencing": {},
    "a relay": {},
}
"""What a story's heading `given ...` may say, as it concerns the disks."""


@dataclass(slots=True)
class Stage:
    """The hosts and who looks at them."""

    lab: Lab
    watch: Watch
    watchdogs: Watchdogs | None
    relay: Relay | None


@contextmanager
def stage(story: Story) -> Iterator[Stage]:
    """Hosts without power, a member of one cluster each."""
    unknown = [text for text in story.given if text not in GIVEN]
    if unknown:
        raise Unfulfilled(f"given {unknown[0]}: there are {', '.join(GIVEN)}")
    kind = Kind(**{name: value for text in story.given for name, value in GIVEN[text].items()})
    shape = options(1, story.shape)
    links = 2 if "two links" in story.given else 1
    with Lab(shape.data_nodes, links, shape.witness, powered=False) as lab:
        furnish(lab, configuration(lab, shape, "no fencing" not in story.given), kind)
        watchdogs = Watchdogs(lab.hosts) if kind.watchdogs else None
        relay = Relay(lab.wiring, lab.hosts) if "a relay" in story.given else None
        watch = Watch(lab)
        actors = [actor for actor in (watchdogs, relay, watch) if actor is not None]
        for actor in actors:
            actor.start()
        try:
            yield Stage(lab, watch, watchdogs, relay)
        finally:
            for actor in actors:
                actor.end()


def configuration(lab: Lab, shape: Options, fencing: bool = True) -> str:
    """The simulator's resources, behind the lab's switch."""
    strip = f'<nvpair id="power-strip" name="strip" value="{lab.strip}"/>'
    cib = scenery.configuration(shape, "fence_demo", strip)
    switches = [
        ("limit", "hanode-fencing-limit", "1000"),
        ("enabled", "stonith-enabled", str(fencing).lower()),
    ]
    pairs = "".join(f'<nvpair id="lab-{i}" name="{n}" value="{v}"/>' for i, n, v in switches)
    enabled = '<nvpair id="opt-fencing" name="stonith-enabled" value="true"/>'
    return cib.replace(enabled, pairs)
