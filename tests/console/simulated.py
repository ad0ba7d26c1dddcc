"""Scenes of the simulator: what its nodes tell a console that attaches in one seed at one instant.

`python -m tests.console.simulated` plays the seeds and records the scenes anew. What is recorded
is the console's own protocol, as an incident file (`hatui replay FILE` opens it), so a picture
drawn of it changes with the console alone, and not with each change of the cluster's timing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from hanode.effects import Answer
from hanode.events import Event
from hanode.inputs import Asked
from hanode.mgmt.protocol import ANSWERS, Entries, FetchLog, Pulse, StateImage, Subscribe
from hanode.mgmt.session import Frames, frame
from hanode.state import ClusterState
from hatui.app import Hatui
from hatui.cluster.arrival import Outcome, Post
from hatui.cluster.beliefs import Word
from hatui.cluster.incident import MAGIC
from hatui.cluster.past import Past
from hatui.cluster.wire import Wire
from hatui.config import Context
from hatui.link.follower import Follower
from hatui.link.thinker import Thinker
from tests.sim.nemesis import Nemesis
from tests.sim.options import draw
from tests.sim.parts import CrmPart
from tests.sim.workload import Workload
from tests.sim.world import World

FOLDER = Path(__file__).parent / "scenes"
BORN = 5.0
"""Virtual seconds after which things begin to go wrong."""
PAST = 60
"""Entries of the log that a scene holds."""
TALK = 0.2
"""Virtual seconds that a node has for its answers."""


class Scene(NamedTuple):
    """A seed, and when the console attaches to whom."""

    name: str
    seed: int
    at: float
    to: str
    faults: tuple[str, ...] = ()

    @property
    def file(self) -> Path:
        return FOLDER / f"{self.name}.hatui"


TROUBLE = ("power", "services", "agents", "operator", "loss", "fencing")
CALM = Scene("calm", 4, 12.0, "n1")
FAILING = Scene("failing", 4, 28.0, "n1", TROUBLE)
SPLIT = Scene("split", 10, 31.4, "n2", ("partition", "services"))
SCENES = (CALM, FAILING, SPLIT)


class _Listening(Workload):
    """Besides its own answers, those to the console."""

    def __init__(self, world: World) -> None:
        super().__init__(world, world.options.random("workload"))
        self.heard: dict[str, list[Any]] = {}

    def answered(self, crm: CrmPart, effect: Answer) -> None:
        if effect.client == "hatui":
            self.heard.setdefault(crm.name, []).append(effect.message)
        else:
            super().answered(crm, effect)


def played(scene: Scene) -> dict[str, list[Any]]:
    """The seed up to its instant: what each node that is up answers there."""
    options = draw(scene.seed, "3", 2.0, scene.faults, dense=True)
    world = World(replace(options, real_keys=True))
    world.workload = listening = _Listening(world)
    for machine in world.machines.values():
        machine.power_on(at_once=True)
    world.agenda.run(BORN)
    Nemesis(world, world.options.random("nemesis")).start()
    world.agenda.run(scene.at)
    for crm in world.crms():
        crm.give(Asked("hatui", "root", "admin", Subscribe(1)))
        last = crm.core.state.position.index  # type: ignore[attr-defined]
        crm.give(Asked("hatui", "root", "admin", FetchLog(2, max(last - PAST + 1, 1), PAST)))
    world.agenda.run(scene.at + TALK)
    return listening.heard


def record(scene: Scene) -> None:
    """The attached node's answers first, then what the others believe, and know."""
    heard = played(scene)
    told = [one for one in heard.pop(scene.to) if not (isinstance(one, Entries) and one.number < 2)]
    more = [one for answers in heard.values() for one in answers]
    told += [one for one in more if isinstance(one, (StateImage, Pulse))]
    title = f"{MAGIC} the simulator's seed {scene.seed} at {scene.at:g} s\n"
    packed = b"".join(frame(ANSWERS.pack(one)) for one in told)
    scene.file.write_bytes(title.encode() + packed)


def recorded(scene: Scene) -> list[Any]:
    """The answers."""
    data = scene.file.read_bytes().partition(b"\n")[2]
    return [ANSWERS.unpack(message) for message in Frames().feed(data)]


class RecordedLink:
    """A link to a node that has said all that it will ever say."""

    def __init__(self, answers: Sequence[Any], thinker: Thinker) -> None:
        self._image, self._pulse, *more = _sorted(answers)
        self._log = next(one for one in more if isinstance(one, Entries))
        self._unasked = _words([self._pulse, *more])
        self._thinker = thinker
        self.past = Past()
        self.follower: Follower | None = None

    def start(self, post: Post) -> None:
        self.follower = Follower(self._thinker, post, self.past)
        node = self._pulse.node
        self.follower.set_wire(Wire(node, f"{node}.example", context="night", operator="anna"))
        self.follower.take(self._image)
        self.follower.take(self._pulse)
        self.follower.recall(self._log)

    async def order(self, events: Sequence[Event], basis: int | None, why: str) -> Outcome:
        return Outcome(None, "unavailable", "a recording")

    async def ask_around(self) -> tuple[Word, ...]:
        """Once: how often a slow machine has asked would be seen in the sparklines."""
        asked, self._unasked = self._unasked, []
        return tuple(asked)

    async def recall(self) -> str:
        return ""

    def resync(self) -> None:
        """There is nobody to attach to."""

    async def close(self) -> None:
        """Nothing is open."""


def _sorted(answers: Sequence[Any]) -> list[Any]:
    """The image, the pulse of who sent it, and the rest."""
    image = next(one for one in answers if isinstance(one, StateImage))
    pulse = next(one for one in answers if isinstance(one, Pulse))
    return [image, pulse, *(one for one in answers if one is not image and one is not pulse)]


def _words(answers: Sequence[Any]) -> list[Word]:
    """Of each pulse, with the state that was told before it."""
    words: list[Word] = []
    state: ClusterState | None = None
    for one in answers:
        if isinstance(one, StateImage):
            state = ClusterState.unpack(one.state)
        elif isinstance(one, Pulse):
            words.append(Word(one.node, one, state))
            state = None
    return words


def stage(answers: Sequence[Any], *, theme: str = "hatui-dark", ascii_only: bool = False) -> Hatui:
    """An app on such a link, at the instant that the state is of."""
    state = ClusterState.unpack(_sorted(answers)[0].state)
    thinker = Thinker(lambda: state.at + TALK)
    link = RecordedLink(answers, thinker)
    app = Hatui(Context("night", ()), link, thinker, theme=theme, ascii_only=ascii_only)
    app.patience = 0.001
    return app


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for scene in SCENES:
        record(scene)
        print(scene.file.name, scene.file.stat().st_size)


if __name__ == "__main__":
    main()
