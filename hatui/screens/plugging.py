"""The user's plugins on their keys, for what is under the cursor."""

from __future__ import annotations

import asyncio

from textual import work

from hatui.cluster.items import Item
from hatui.cluster.safe import clean
from hatui.keymap import MAIN
from hatui.outside import run_outside
from hatui.plugins import Plugin, load
from hatui.remote import host_of
from hatui.screens.acting import Acting
from hatui.screens.menu import Choice, Menu

PAUSE = 'status=0; "$@" || status=$?; printf "\\n[enter goes back to hatui] "; read _; exit $status'
"""Runs a program, and leaves what it wrote in sight until it was read."""


class Plugging(Acting):
    """A screen that the user has added keys to."""

    def __init__(self) -> None:
        super().__init__()
        taken = frozenset(name for key in MAIN for name in key.keys.split(","))
        self._plugins, self._plugin_problem = load(taken=taken)

    def on_mount(self) -> None:
        for plugin in self._plugins:
            if plugin.key:
                said = plugin.description or plugin.name
                self._bindings.bind(plugin.key, f"plugin({plugin.name!r})", said, show=False)
        if self._plugin_problem:
            self.hatui.say(self._plugin_problem, "warning")

    @work(exclusive=True, group="outside", exit_on_error=False)
    async def action_plugin(self, name: str) -> None:
        """Its key, or `:plugin NAME`."""
        plugin = next((one for one in self._plugins if one.name == name), None)
        if plugin is None:
            known = ", ".join(one.name for one in self._plugins) or "none"
            self.hatui.say(f"no plugin {clean(name, 24)!r}; known: {known}", "warning")
            return
        item = self.selected()
        if not _fits(plugin, item):
            self.hatui.say(f"{name}: select a {' or a '.join(plugin.scopes)} first", "warning")
            return
        if plugin.dangerous and self.refused():
            return
        try:
            argv = plugin.argv(self._values(item))
        except ValueError as error:
            self.hatui.say(f"{name}: {error}", "error")
            return
        if not (plugin.confirm or plugin.dangerous) or await self._sure(plugin, argv):
            await self._run_plugin(plugin, argv)

    async def _sure(self, plugin: Plugin, argv: list[str]) -> bool:
        run = Choice("y", clean(" ".join(argv), 60), "yes", grave=plugin.dangerous)
        title = plugin.description or plugin.name
        chosen = await self.app.push_screen_wait(Menu(title, [Choice("n", "leave it", ""), run]))
        return chosen == "yes"

    async def _run_plugin(self, plugin: Plugin, argv: list[str]) -> None:
        if not plugin.background:
            code = await run_outside(self.app, ["sh", "-c", PAUSE, "sh", *argv])
            self.hatui.say(f"{plugin.name}: exit code {code}", "error" if code else "information")
            return
        try:
            process = await asyncio.create_subprocess_exec(
                *argv, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
            )  # fmt: skip
        except OSError as error:
            self.hatui.say(f"{plugin.name}: {argv[0]}: {error.strerror}", "error")
            return
        output, _ = await process.communicate()
        last = (output.decode(errors="replace").strip().splitlines() or ["done"])[-1]
        self.hatui.say(f"{plugin.name}: {last}", "error" if process.returncode else "information")

    def _values(self, item: Item | None) -> dict[str, str]:
        app = self.hatui
        node = item.node if item is not None else ""
        view = app.moment.views.get(item.view) if item is not None else None
        if not node and view is not None and view.nodes:
            node = view.nodes[0]
        return {
            "NAME": item.name if item is not None else "",
            "RESOURCE": item.resource if item is not None else "",
            "NODE": node,
            "HOST": host_of(app.moment.state, node) if node else "",
            "CLUSTER": app.moment.state.name,
            "CONTEXT": app.context.name,
        }


def _fits(plugin: Plugin, item: Item | None) -> bool:
    if "all" in plugin.scopes:
        return True
    return item is not None and item.acts_as in plugin.scopes
