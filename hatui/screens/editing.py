"""The configuration in the operator's own editor, then its diff and its preview."""

from __future__ import annotations

from textual import work

from hatui.cluster.editing import closed, noted, opened, without_notes
from hatui.cluster.fork import fork
from hatui.outside import Draft, editor, run_outside
from hatui.screens.acting import Acting


class Editing(Acting):
    """A screen with `E`."""

    def __init__(self) -> None:
        super().__init__()
        self._draft: Draft | None = None
        """What was written and is not in force: opened again by the next `E`."""

    @work(exclusive=True, group="acting", exit_on_error=False)
    async def action_edit(self) -> None:
        if self.refused():
            return
        state = fork(self.hatui.ground.state)
        draft = self._draft or Draft(opened(state))
        self._draft = draft
        while True:
            before = draft.read()
            code = await run_outside(self.app, [*editor(), str(draft.path)])
            text = draft.read()
            edited = closed(state, text)
            if code or (edited.problem and text == before):
                why = f"the editor ended with {code}" if code else edited.problem
                self.hatui.say(f"{why}; what you wrote is in {draft.path}", "error")
                return
            if not edited.problem:
                break
            draft.write(noted(text, edited.problem))
        if edited.order is None:
            self._forget()
            self.hatui.say("nothing was changed")
        elif await self.preview(edited.order):
            self._forget()
        else:
            draft.write(without_notes(text))
            self.hatui.say(f"not given; E opens it again ({draft.path})")

    def _forget(self) -> None:
        if self._draft is not None:
            self._draft.discard()
            self._draft = None
