"""What a demo has and no cluster else: a menu of troubles, and a tour."""

from __future__ import annotations

from textual import work
from textual.timer import Timer

from hanode.cib.document import BadCib
from hanode.mgmt.draft import Draft
from hanode.mgmt.proposal import CannotOrder
from hatui import mischief
from hatui.cluster.fork import fork
from hatui.cluster.moment import base_of
from hatui.cluster.safe import clean
from hatui.cluster.tour import OFFER, Seen, Tour
from hatui.screens.acting import Acting
from hatui.screens.menu import Choice, Menu
from hatui.widgets.inked import Inked

SLOW = "shop-app"
TROUBLES = (
    Choice("k", "kill hanode on a node: what it runs lives on in the dark", "kill"),
    Choice("p", "pull a node's plug: all of it is gone at once", "off"),
    Choice("i", "put the plug in again", "on"),
    Choice("z", "freeze a node: no heartbeat leaves it, on any link", "freeze"),
    Choice("t", "thaw it: it wakes up under an old term", "thaw"),
    Choice("c", "cut a cable of a node: the second of its two links", "cut"),
    Choice("m", "mend it", "mend"),
    Choice("f", "break a node's fence device", "jam"),
    Choice("r", "repair it", "free"),
    Choice("s", f"slow an agent: {SLOW} takes 5 s for everything", "slow"),
    Choice("n", "make it quick again", "quick"),
)


class Teaching(Acting):
    """A screen with `X` and `:tour`."""

    def __init__(self) -> None:
        super().__init__()
        self.tour: Tour | None = None
        self._watching: Timer | None = None
        self._met = False
        """Somebody knows of the tour."""

    @property
    def _offered(self) -> bool:
        return bool(self.hatui.context.chaos) and not self._met

    @work(exclusive=True, group="chaos", exit_on_error=False)
    async def action_chaos(self) -> None:
        strip = self.hatui.context.chaos
        if not strip:
            self.hatui.say("trouble is made in demos only: hatui demo", "warning")
            return
        trouble = await self.app.push_screen_wait(Menu("trouble, in this demo only", TROUBLES))
        if trouble in ("slow", "quick"):
            await self._slow("5" if trouble == "slow" else "0")
        elif trouble is not None:
            choices = self._plugs()
            node = await self.app.push_screen_wait(Menu(f"{trouble}: which node?", choices))
            if node is not None:
                problem = await mischief.make(strip, trouble, node)
                said = problem or f"{trouble} {node}: done; watch"
                self.hatui.say(said, "error" if problem else "warning")

    def _plugs(self) -> list[Choice]:
        """Each with what would be hit."""
        found = []
        for number, (name, node) in enumerate(sorted(self.hatui.moment.nodes.items()), 1):
            running = " ".join(clean(base_of(one)) for one in node.resources)
            found.append(Choice(str(number), f"{name}  {running or 'runs nothing'}", name))
        return found

    async def _slow(self, seconds: str) -> None:
        """An order like any other: agents are told by their parameters."""
        state = fork(self.hatui.ground.state)
        try:
            draft = Draft(state)
            draft.set_pair(SLOW, "instance_attributes", "op_sleep", seconds)
            made = draft.propose("", ["resource", "update", SLOW, f"op_sleep={seconds}"])
        except (CannotOrder, BadCib) as error:
            self.hatui.say(str(error), "warning")
            return
        outcome = await self.hatui.link.order(made.events, state.basis, made.command)
        self.hatui.say(outcome.message or f"{SLOW} takes {seconds} s longer from now on")

    # ------------------------------------------------------------------------------------ the tour

    def action_tour(self) -> None:
        """`:tour` begins it, and ends it."""
        self._met = True
        if self._watching is not None:
            self._watching.stop()
            self._watching = None
        self.tour = None if self.tour is not None else Tour(self._seen())
        if self.tour is not None:
            self._watching = self.set_interval(0.4, self.look_round)
        self.draw_tour()

    def look_round(self) -> None:
        """Go on with the tour, where what it asks for is done."""
        if self.tour is not None and self.tour.look(self._seen()):
            self.draw_tour()

    def _seen(self) -> Seen:
        item, top = self.selected(), self.app.screen
        title = "" if top is self else str(getattr(top, "heading", "") or type(top).__name__)
        past = self.hatui.journey is not None
        return Seen(self.hatui.moment, item.resource if item else "", title, past)

    def draw_tour(self) -> None:
        line = self.query_one("#tour", Inked)
        line.display = self.tour is not None or self._offered
        if self._offered:
            line.styles.height = 1
            line.show([OFFER])
        if self.tour is not None:
            lines = self.tour.lines(self.size.width)
            line.styles.height = len(lines)
            line.show(lines)
