"""The command palette (ctrl+p): every key's action and every theme, found by a few letters."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from textual.command import DiscoveryHit, Hit, Hits, Provider

from hatui.keymap import MAIN

if TYPE_CHECKING:
    from hatui.app import Hatui

Command = tuple[str, str, Callable[[], object]]


class Deeds(Provider):
    """What the main screen can do."""

    async def discover(self) -> Hits:
        for name, help_, run in self._commands():
            yield DiscoveryHit(name, run, help=help_)

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for name, help_, run in self._commands():
            score = matcher.match(name)
            if score > 0:
                yield Hit(score, matcher.highlight(name), run, help=help_)

    def _commands(self) -> Iterator[Command]:
        from hatui.app import Hatui

        app = self.app
        assert isinstance(app, Hatui)
        for key in MAIN:
            yield key.help, f"{key.group}: {key.shown}", partial(self._run, app, key.action)
        for name in sorted(app.themes):
            yield f"theme {name}", "colours", partial(app.action_theme, name)

    async def _run(self, app: Hatui, action: str) -> None:
        await app.screen.run_action(action)
