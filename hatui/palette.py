"""The command palette (ctrl+p): every key's action and every theme, found by a few letters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Protocol, cast

from textual.command import DiscoveryHit, Hit, Hits, Provider

from hatui.keymap import MAIN, TREE


class Themed(Protocol):
    """An app with themes to choose from."""

    themes: Mapping[str, object]

    def action_theme(self, name: str) -> None: ...


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
        app = cast(Themed, self.app)
        for key in (key for key in MAIN if key.group != TREE):
            yield key.help, f"{key.group}: {key.shown}", partial(self._run, key.action)
        for name in sorted(app.themes):
            yield f"theme {name}", "colours", partial(app.action_theme, name)

    async def _run(self, action: str) -> None:
        await self.app.screen.run_action(action)
