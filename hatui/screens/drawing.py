"""What the main screen draws: the view in sight, and around it what follows the cursor."""

from __future__ import annotations

from textual import events

from hatui.cluster.arrival import Arrival
from hatui.cluster.clock import day
from hatui.cluster.detail import Gathered, detail
from hatui.cluster.foot import foot, hints, ticker
from hatui.cluster.header import unattached
from hatui.cluster.items import Item
from hatui.cluster.scene import Scene
from hatui.cluster.spans import Line, Span, wrap
from hatui.cluster.tabs import tabs
from hatui.cluster.view import AS_IT_IS
from hatui.rebinding import labels
from hatui.screens.following import Following
from hatui.views import VIEWS, view_of
from hatui.widgets.inked import Inked
from hatui.widgets.pager import Pager

WIDE, TALL = 120, 40
"""From so many columns the detail pane is at the right; from so many rows, below."""
HEADED = 28
"""From so many rows the columns have headings, whether they need them or not."""


class Drawing(Following):
    """A screen of a header, rows, a detail pane and lines around them."""

    def __init__(self) -> None:
        super().__init__()
        self.view = "resources"
        self.filters: dict[str, str] = {}
        """What each view is filtered by."""
        self.faults = False
        self._drawn: tuple[object, ...] = ()
        """What the rows were drawn from."""

    @property
    def scene(self) -> Scene:
        """What the view in sight is drawn from."""
        app = self.hatui
        cells = self.rows.size.width or self.size.width
        return Scene(
            app.moment, app.news, app.wire, cells, app.signs, app.ledger, app.telemetry,
            app.around, app.glimpses(), app.blast, app.shown_at, app.slow, app.thinker.now(),
        )  # fmt: skip

    def arrive(self, arrival: Arrival) -> None:
        self.draw()
        self.follow(arrival.news)

    def draw(self) -> None:
        """Everything, from what the app holds; widgets repaint only what differs."""
        if not self.is_mounted:
            return
        app, view = self.hatui, view_of(self.view)
        scene = self.scene
        empty = app.moment.problem or unattached(app.moment, app.wire) or view.empty
        basis = (view.name, scene.cells, app.blast, app.moment.overview, app.moment.scores,
                 app.moment.told_now, app.slow, empty, str(day(scene.today)))  # fmt: skip
        if view.lively or not _same(basis, self._drawn):
            self._drawn = basis
            self.rows.show(view.items(scene), empty, view.heading(scene))
        self.draw_header()
        self.draw_around()

    def draw_header(self) -> None:
        self.draw_time()
        self.query_one("#header", Inked).show([self.hatui.header_line(self.size.width)])

    def draw_time(self) -> None:
        """The amber bar, where the screen shows the past; the tour, where there is one."""
        self.draw_tour()
        app, bar = self.hatui, self.query_one("#time", Inked)
        bar.display = app.journey is not None
        if app.journey is not None:
            now = app.thinker.now()
            bar.show([app.journey.bar(self.size.width, now, app.signs.ascii_only)])

    def draw_around(self) -> None:
        """What follows the cursor."""
        app, cells, scene = self.hatui, self.size.width, self.scene
        bound = labels(app.user_keys)
        views = [view._replace(key=bound.get(view.key, view.key)) for view in VIEWS]
        line = tabs(views, self.view, scene, self._corner(), cells)
        self.query_one("#tabs", Inked).show([line])
        self.draw_heading()
        lines = self.query_one("#ticker", Inked)
        lines.show(ticker(app.news, int(lines.size.height or 1), cells, app.signs, scene.today))
        useful = hints(self.rows.item, self.view, app.readonly)
        keys = foot([(bound.get(key, key), said) for key, said in useful], cells)
        self.query_one("#keys", Inked).show([keys])
        pane = self.query_one("#detail", Pager)
        if pane.display:
            pane.show(self._detail(max(pane.content_size.width, 20)))
            app.decide()

    def draw_heading(self) -> None:
        """The words above the columns."""
        line = self.rows.heading(self.scene.cells - 1)
        self.query_one("#heading", Inked).show([line])

    def _detail(self, cells: int) -> list[Line]:
        """Of what is under the cursor."""
        return self.detail_of(self.rows.item, cells)

    def detail_of(self, item: Item | None, cells: int) -> list[Line]:
        app = self.hatui
        if item is None:
            return wrap(self.rows.empty, cells, "dim")
        if item.kind == "event":
            said = wrap("".join(span.text for span in item.note), cells, item.note[0].ink)
            return [(Span(f"{item.name}  entry {item.key.partition('.')[0]}", "dim"),), (), *said]
        gathered = Gathered(app.ledger, app.telemetry, app.around, app.thinker.now())
        return detail(app.moment, item, cells, app.signs.ascii_only, gathered)

    def _corner(self) -> Line:
        """What the tree is doing: filter, marks, freeze, place."""
        app = self.hatui
        spans: list[Span] = []
        if app.frozen:
            spans += [Span(f" FROZEN +{app.missed} ", "stale"), Span(" ")]
        if self.faults:
            spans += [Span("faults only ", "warn")]
        if self.following:
            spans += [Span("following ", "busy")]
        if self.rows.outline.order != AS_IT_IS:
            spans += [Span(f"{self.rows.outline.order} ", "accent")]
        if self.filters.get(self.view):
            spans += [Span("/", "key"), Span(f"{self.filters[self.view]} ", "accent")]
        if self.marked:
            until = " to here, V ends" if self.ranging else ""
            spans += [Span(f"{len(self.marked)} marked{until} ", "mark")]
        at, count = self.rows.position
        if count > self.rows.size.height:
            spans.append(Span(f"{at}/{count}", "faint"))
        return tuple(spans)

    def on_resize(self, event: events.Resize) -> None:
        self._lay_out()
        self.call_after_refresh(self.draw)

    def _lay_out(self) -> None:
        """Where the detail pane is, and how many lines the ticker has."""
        width, height = self.size
        view = view_of(self.view)
        wide, tall = width >= WIDE, height >= TALL
        self.set_class(wide, "-wide")
        self.set_class(tall and not wide, "-tall")
        self.query_one("#detail").display = self.pane_wanted and not view.whole and (wide or tall)
        self.query_one("#heading").display = height >= HEADED or (view.headed and height > 10)
        lines = 6 if height >= 48 else 4 if height >= 36 else 2 if height >= 28 else 1
        self.query_one("#ticker").styles.height = lines if height > 8 else 0
        self.query_one("#tabs").display = height > 6


def _same(one: tuple[object, ...], other: tuple[object, ...]) -> bool:
    """The very same things; to compare their contents would cost more than to draw them."""
    return len(one) == len(other) and all(
        a is b or (isinstance(a, (str, int)) and a == b) for a, b in zip(one, other, strict=True)
    )
