"""The demo's five minutes for a newcomer: one thing to do at a time, seen to be done."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from hatui.cluster.leftovers import leftovers
from hatui.cluster.moment import Moment
from hatui.cluster.spans import Line, Span, wrap


class Seen(NamedTuple):
    """What the console is doing, as the tour needs to know it."""

    moment: Moment
    selected: str = ""
    """The resource under the cursor."""
    screen: str = ""
    """The title of what lies over the tree; empty: the tree itself."""
    past: bool = False


class Stop(NamedTuple):
    text: str
    done: Callable[[Seen, Seen], bool]
    """From what was seen when the stop began, and now."""


def _fenced(seen: Seen) -> int:
    return sum(1 for one in seen.moment.state.fencings if one.status == "success")


def _well(seen: Seen) -> bool:
    state, web = seen.moment.state, seen.moment.views.get("web")
    here = all(node.online for node in state.nodes.values())
    return here and not state.intents and web is not None and web.active


def _held(seen: Seen) -> bool:
    return bool(leftovers(seen.moment))


STOPS: tuple[Stop, ...] = (
    Stop("Each line is something that the cluster runs. j and k (or the arrows) move the bar: try "
         "them.", lambda then, now: now.selected != then.selected),
    Stop("Go to web, a real web server that must run on one node only. Why does it run where it "
         "does? e tells each score with its reason, and what would move it; q comes back.",
         lambda then, now: now.screen.startswith("why web")),
    Stop("Now move web: m, choose a node. You see the tree as it will be and what is done in which "
         "order. Nothing has happened yet: y does it.", lambda then, now: _held(now)),
    Stop("A move leaves a rule behind, so it has a card. Press u, then enter to see the way back, "
         "and enter once more.", lambda then, now: not _held(now)),
    Stop("Now break something: X, then k, and choose the node on which web runs. Its hanode is "
         "killed; web lives on in the dark, so nobody may start it elsewhere yet.",
         lambda then, now: bool(now.moment.state.intents) or _fenced(now) > _fenced(then)),
    Stop("The others have lost it: it is fenced (its power is cut and verified), and only then web "
         "starts elsewhere. Watch the header until all is well again.",
         lambda then, now: _well(now)),
    Stop("Where did the time go? 7 lists the fencings; e on the first line tells all from the last "
         "heartbeat to the answer, with durations; q comes back.",
         lambda then, now: now.screen.startswith("from cause")),
    Stop("Now back in time: press [ again and again, until the header shows the trouble of then. "
         "The whole screen is of that moment; ] goes forward.",
         lambda then, now: now.past and not _well(now)),
    Stop("This is how it was. D tells what is different now; L comes home.",
         lambda then, now: not now.past),
    Stop("That is the tour. X has more trouble, ? all keys, :export FILE writes the incident for "
         "hatui replay. Q ends the demo.", lambda then, now: False),
)  # fmt: skip


OFFER = (Span(" TOUR ", "tab"), Span(" :tour shows you round in five minutes; ", "accent"),
         Span("X makes trouble", "accent"))  # fmt: skip
"""What a demo says before anybody has asked for a tour."""


class Tour:
    """Where a newcomer is on it."""

    def __init__(self, seen: Seen) -> None:
        self.at = 0
        self._began = seen

    def look(self, seen: Seen) -> bool:
        """Whether what was asked for has been done; then it goes on."""
        if not STOPS[self.at].done(self._began, seen):
            return False
        self.at, self._began = self.at + 1, seen
        return True

    def lines(self, cells: int) -> list[Line]:
        """Two or three, at the bottom of the screen."""
        place = Span(f" TOUR {self.at + 1}/{len(STOPS)} ", "tab")
        told = wrap(STOPS[self.at].text, max(cells - 14, 20), "accent")
        blank = Span(" " * len(place.text))
        return [(place, Span(" "), *told[0]), *[(blank, Span(" "), *one) for one in told[1:3]]]
