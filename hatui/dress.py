"""What the console wears: a theme, changed while it runs by command or by a change of its file."""

from __future__ import annotations

import contextlib
from pathlib import Path

from textual.app import App

from hatui.themes import DEFAULT, MONO, Inks, folders, load_all

LOOK_AGAIN = 2.0
"""Seconds between two looks at the files of the user's themes."""


class Dressed(App[int]):
    """An app with themes from files."""

    def __init__(self, ansi_color: bool | None, theme: str) -> None:
        super().__init__(ansi_color=ansi_color)
        self.themes: dict[str, Inks] = {}
        self.theme_problems: list[str] = []
        self._seen = self._fingerprint()
        self._load()
        self.inks = self.themes[DEFAULT]
        self.chosen = ""
        """The theme's name, as somebody gave it."""
        if not self.use_theme(theme):
            self.use_theme("")
            known = ", ".join(sorted(self.themes))
            self.theme_problems.append(f"no theme is called {theme!r}; there are: {known}")

    def use_theme(self, name: str) -> bool:
        """Whether there is one of this name."""
        if name and name not in self.themes:
            return False
        worn = MONO if self.no_color else name or DEFAULT
        self.chosen = name
        self.inks = self.themes[worn]
        self.theme = worn
        return True

    def watch_themes(self) -> None:
        """Wear the files' latest state from now on."""
        self.set_interval(LOOK_AGAIN, self._look_again)

    def repaint(self) -> None:
        """Every widget anew."""
        self.refresh_css(animate=False)
        for screen in self.screen_stack:
            screen.refresh(layout=True)
            for widget in screen.walk_children():
                widget.refresh()

    def _look_again(self) -> None:
        now = self._fingerprint()
        if now == self._seen:
            return
        self._seen = now
        self._load()
        for problem in self.theme_problems:
            self.notify(problem, severity="warning", markup=False)
        self.inks = self.themes.get(self.theme, self.themes[DEFAULT])
        self.repaint()

    def _load(self) -> None:
        self.themes, self.theme_problems = load_all()
        for inks in self.themes.values():
            self.register_theme(inks.theme)

    @staticmethod
    def _fingerprint() -> tuple[tuple[Path, int, int], ...]:
        """Of the user's own themes: those that come with hatui do not change."""
        found = []
        own = folders()[-1]
        for file in sorted(own.glob("*.toml")) if own.is_dir() else ():
            with contextlib.suppress(FileNotFoundError):  # it went while it was looked at
                told = file.stat()
                found.append((file, told.st_mtime_ns, told.st_size))
        return tuple(found)
