"""A node's machine, reached from the tree: a shell, its log, its hanode; what agents last said."""

from __future__ import annotations

from textual import work

from hanode.events import OperationFinished
from hatui.cluster.clock import span, when_fine
from hatui.cluster.diagnosis import named
from hatui.cluster.histories import histories
from hatui.cluster.ledger import as_expected
from hatui.cluster.moment import base_of
from hatui.cluster.safe import clean
from hatui.cluster.spans import BLANK, Line, Span, wrap
from hatui.outside import run_outside
from hatui.remote import NoCommand, command
from hatui.screens.acting import Acting
from hatui.screens.log import LogScreen
from hatui.screens.menu import Choice, Menu
from hatui.screens.reader import Reader

SHOWN = 12
"""Operations whose output is shown."""


class Reaching(Acting):
    """A screen with `s`, `J` and `O`."""

    def _node(self) -> str:
        """The node that is meant: under the cursor, or where the resource runs."""
        item = self.selected()
        view = self.hatui.moment.views.get(item.view) if item is not None else None
        if item is None:
            return ""
        return item.node or (view.nodes[0] if view is not None and view.nodes else "")

    def _command(self, template: str, node: str) -> list[str]:
        """Empty, and said why, if there is none."""
        try:
            if not node:
                raise NoCommand("select a node first, or a resource that runs on one")
            return command(template, self.hatui.moment.state, node)
        except NoCommand as error:
            self.hatui.say(str(error), "warning")
            return []

    @work(exclusive=True, group="outside", exit_on_error=False)
    async def action_shell(self) -> None:
        node = self._node()
        argv = self._command(self.hatui.context.shell, node)
        if argv:
            code = await run_outside(self.app, argv)
            self.hatui.say(f"shell on {clean(node)} ended" + (f" with {code}" if code else ""))

    def action_log(self) -> None:
        node = self._node()
        argv = self._command(self.hatui.context.log, node)
        if argv:
            self.app.push_screen(LogScreen(f"hanode's log on {clean(node)}", argv))

    @work(exclusive=True, group="outside", exit_on_error=False)
    async def action_restart_hanode(self, node: str) -> None:
        """`:restart-hanode NODE`: services go on; the node leaves and comes back."""
        argv = [] if self.refused() else self._command(self.hatui.context.restart, node)
        if not argv:
            return
        sure = [Choice("y", clean(" ".join(argv)), "yes", grave=True), Choice("n", "leave it", "")]
        if await self.app.push_screen_wait(Menu(f"restart hanode on {clean(node)}", sure)):
            code = await run_outside(self.app, argv)
            level = "error" if code else "information"
            self.hatui.say(f"restart of hanode on {clean(node)}: exit code {code}", level)

    def action_output(self) -> None:
        """`O`: what the agents said, the newest operation first."""
        item = self.selected()
        if item is None or not item.resource:
            self.hatui.say("select a resource first: what its agent said", "warning")
            return
        name = item.resource
        self.app.push_screen(
            Reader(f"what the agent of {name} said", lambda cells: self._outputs(name, cells - 2))
        )

    def _outputs(self, name: str, cells: int) -> list[Line]:
        state = self.hatui.moment.state
        within = {one for one, top in self.hatui.moment.parents.items() if top == name} | {name}
        found = [
            done
            for resource, results in histories(state)
            if base_of(resource) in within
            for done in results.values()
        ]
        found.sort(key=lambda done: (-done.at, done.task))
        lines: list[Line] = []
        for done in found[:SHOWN]:
            lines += output_of(done, cells)
        return lines or [BLANK, (Span("  nothing was asked of it yet", "dim"),)]


def output_of(done: OperationFinished, cells: int) -> list[Line]:
    """One operation: its head, its reason, the end of its output."""
    head = (f"{when_fine(done.at, 0.0)}  {done.resource} {named(done.task, done.interval_ms)} on "
            f"{done.node}: {done.status} {done.rc}, {span(done.exec_ms / 1000)}")  # fmt: skip
    lines: list[Line] = [BLANK, *wrap(clean(head), cells, "text" if as_expected(done) else "bad")]
    if done.reason:
        lines += wrap(f"“{clean(done.reason)}”", cells, "warn")
    for text in done.tail.splitlines():
        lines += [(Span("  "), *line) for line in wrap(clean(text), cells - 2, "dim")]
    if not done.tail.strip():
        lines.append((Span("  (no output)", "faint"),))
    return lines
