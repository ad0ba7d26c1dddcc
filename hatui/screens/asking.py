"""What is asked of the main screen by typing: a filter after `/`, a command after `:`."""

from __future__ import annotations

from textual import on, work

from hatui.cluster.filter import parse
from hatui.completion import complete_command, complete_filter
from hatui.screens.pointing import Pointing
from hatui.widgets.prompt import Complete, Prompt

_PLACEHOLDERS = {
    "/": "filter: web  !web  node:n1  state:failed  is:unmanaged  agent:IPaddr2  ~fuzzy",
    ":": "command: move web n2   standby n1   filter failed   theme hatui-light   q",
}


class Asking(Pointing):
    """A screen with a prompt."""

    def action_filter(self) -> None:
        self._open_prompt("/", self.filters.get(self.view, ""))

    def action_go_to_prompt(self) -> None:
        self._open_prompt(":", "at ")

    def action_command(self) -> None:
        self._open_prompt(":", "")

    @work(exclusive=True, group="command", exit_on_error=False)
    async def run_command(self, text: str) -> None:
        """A line after `:`."""
        await self.obey(text)

    # ------------------------------------------------------------------------------ the prompt

    def _open_prompt(self, sign: str, value: str) -> None:
        self.query_one("#keys").display = False
        self.query_one(Prompt).open(sign, value, _PLACEHOLDERS[sign], self._completions(sign))

    def _completions(self, sign: str) -> Complete:
        app = self.hatui
        if sign == "/":
            return lambda text: complete_filter(text, app.moment)
        contexts = [glimpse.name for glimpse in app.glimpses()]
        return lambda text: complete_command(text, app.moment, app.themes, contexts)

    def _prompt_closed(self) -> None:
        self.query_one("#keys").display = True
        self.rows.focus()
        self.draw_around()

    @on(Prompt.Typed)
    def _typed(self, event: Prompt.Typed) -> None:
        if event.sign == "/":
            self.search(event.text)

    @on(Prompt.Entered)
    def _entered(self, event: Prompt.Entered) -> None:
        self._prompt_closed()
        if event.sign == ":" and event.text:
            self.run_command(event.text)

    @on(Prompt.Cancelled)
    def _cancelled(self, event: Prompt.Cancelled) -> None:
        if event.sign == "/":
            self.search("")
        self._prompt_closed()

    @on(Prompt.Stepped)
    def _stepped(self, event: Prompt.Stepped) -> None:
        self.rows.move(event.by)

    def search(self, text: str) -> None:
        self.filters[self.view] = text
        self.rows.search(parse(text))
        self.draw_around()
