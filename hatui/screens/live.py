"""A screen that hears of every arrival, and how it reaches what the app holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from textual.screen import Screen

from hatui.link.arrival import Arrival

if TYPE_CHECKING:
    from hatui.app import Hatui

Result = TypeVar("Result")


class LiveScreen(Screen[Result]):
    """Told of arrivals while it is on the stack, even below another screen."""

    @property
    def hatui(self) -> Hatui:
        """The app, as what it is."""
        from hatui.app import Hatui

        app = self.app
        assert isinstance(app, Hatui)
        return app

    def on_screen_resume(self) -> None:
        """Where signs must be ASCII, borders must be too."""
        self.set_class(self.hatui.signs.ascii_only, "-ascii")

    def arrive(self, arrival: Arrival) -> None:
        """Something is new; the app's attributes have it already."""
