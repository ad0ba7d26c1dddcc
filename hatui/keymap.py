"""Every key of the console: its binding id, what it does, and where it holds.

Users rebind by id (`hatui.rebinding`). Nothing that hurts has a key of its own: fencing and the
like are behind the action menu. Ctrl-d and ctrl-k never destroy.
"""

from __future__ import annotations

from typing import NamedTuple

from textual.binding import Binding

from hatui.key_names import shown
from hatui.output.toggles import TOGGLES
from hatui.views import VIEWS as ALL_VIEWS


class Key(NamedTuple):
    """One binding. `keys` are Textual's names, the first is the one that is told."""

    id: str
    keys: str
    action: str
    help: str
    group: str

    @property
    def shown(self) -> str:
        return shown(self.keys.partition(",")[0])


VIEWS = "views"
TREE = "in the tree"
LOOK = "look closer"
ACT = "act (each opens a preview first)"
TIME = "time"
REACH = "the machine itself"
REST = "the rest"

MAIN: tuple[Key, ...] = (
    *(
        Key(view.name, view.key, f"view('{view.name}')", view.title.lower(), VIEWS)
        for view in ALL_VIEWS
    ),
    Key("classic", "0", "classic", "the picture as crm_mon draws it", VIEWS),
    Key("last-view", "minus", "last_view", "the view before", VIEWS),
    Key("down", "j,down", "down", "down", TREE),
    Key("up", "k,up", "up", "up", TREE),
    Key("first", "g,home", "first", "first line", TREE),
    Key("last", "G,end", "last", "last line", TREE),
    Key("page-down", "ctrl+f,pagedown", "page(1)", "a page down", TREE),
    Key("half-down", "ctrl+d", "page(0.5)", "half a page down", TREE),
    Key("page-up", "pageup", "page(-1)", "a page up", TREE),
    Key("half-up", "ctrl+u", "page(-0.5)", "half a page up", TREE),
    Key("close", "h,left", "close_branch", "close the branch, or up to it", TREE),
    Key("open", "l,right", "open_branch", "open the branch, or into it", TREE),
    Key("open-one", "plus", "fold(True)", "open the branch", TREE),
    Key("open-all", "asterisk", "fold_all", "open all, or close all again", TREE),
    Key("sort", "o", "sort", "another order of the rows", TREE),
    Key("pan-left", "less_than_sign", "pan(-8)", "what is left of the screen", TREE),
    Key("pan-right", "greater_than_sign", "pan(8)", "what is right of it", TREE),
    Key("mark", "space", "mark", "mark for the next action", TREE),
    Key("range", "V", "range", "mark a range: from here to where the cursor goes", TREE),
    Key("unmark", "U", "unmark", "take all marks away", TREE),
    Key("filter", "slash", "filter", "filter: web  !web  node:n1  state:failed  ~fzy", LOOK),
    Key("next", "n", "match(1)", "next match, or next fault", LOOK),
    Key("previous", "N", "match(-1)", "match or fault before", LOOK),
    Key("faults", "z", "faults", "faults only", LOOK),
    Key("enter", "enter", "enter", "all there is to say of it", LOOK),
    Key("detail", "d", "describe", "the same, of a heading too", LOOK),
    Key("why", "e", "why", "explain: why it is there; how a failure came and went", LOOK),
    Key("blast", "b", "blast", "blast radius: what a node's loss would do", LOOK),
    Key("wide", "w", "wide", "detail pane on and off", LOOK),
    Key("other-pane", "tab", "other_pane", "the other pane", LOOK),
    Key("move", "m", "deed('move')", "move the resource", ACT),
    Key("ban", "x", "deed('ban')", "ban it from a node", ACT),
    Key("undo", "u", "undo", "undo: what operators did and still holds", ACT),
    Key("cleanup", "C", "deed('cleanup')", "clean up failures", ACT),
    Key("standby", "S", "deed('standby')", "node on standby, or back", ACT),
    Key("maintenance", "M", "deed('maintenance')", "maintenance on and off", ACT),
    Key("actions", "a", "actions", "all actions: start, stop, fence, ...", ACT),
    Key("edit", "E", "edit", "edit the configuration in $EDITOR", ACT),
    Key("step-back", "left_square_bracket", "step(-1)", "the event before", TIME),
    Key("step-on", "right_square_bracket", "step(1)", "the next event", TIME),
    Key("walk-back", "left_curly_bracket", "walk(-1)", "the transition before", TIME),
    Key("walk-on", "right_curly_bracket", "walk(1)", "the next transition", TIME),
    Key("go-to", "T", "go_to_prompt", "go to a time: 14:03, -4m, #412", TIME),
    Key("live", "L", "live", "back to now", TIME),
    Key("compare", "D", "compare", "what is different now", TIME),
    Key("shell", "s", "shell", "a shell on the node, over ssh", REACH),
    Key("log", "J", "log", "follow hanode's log on the node", REACH),
    Key("output", "O", "output", "what the agent said last", REACH),
    Key("chaos", "X", "chaos", "make trouble (in a demo only)", REST),
    Key("command", "colon", "command", "a command line", REST),
    Key("palette", "ctrl+p", "palette", "find any command", REST),
    Key("copy", "c", "copy", "copy: name, row, node, all of it", LOOK),
    Key("follow", "F", "follow", "the cursor goes where something happens", REST),
    Key("freeze", "p", "freeze", "freeze the screen, and thaw it", REST),
    Key("resync", "r", "resync", "attach anew", REST),
    Key("bell", "exclamation_mark", "bell", "the bell on and off", REST),
    Key("back", "q,escape,backspace", "back", "back: filter, marks, view", REST),
    Key("help", "question_mark", "help", "these keys", REST),
    Key("quit", "Q", "app.quit", "leave hatui", REST),
)


def bindings(
    keys: tuple[Key, ...] = MAIN,
) -> list[Binding | tuple[str, str] | tuple[str, str, str]]:
    """As Textual takes them; ids make them rebindable."""
    return [
        Binding(key.keys, key.action, key.help, id=f"hatui.{key.id}", show=False) for key in keys
    ]


READER: tuple[Key, ...] = (
    Key("reader-down", "j,down", "move(1)", "down", TREE),
    Key("reader-up", "k,up", "move(-1)", "up", TREE),
    Key("reader-page-down", "space,ctrl+f,pagedown", "page(1)", "a page down", TREE),
    Key("reader-half-down", "ctrl+d", "page(0.5)", "half a page down", TREE),
    Key("reader-page-up", "pageup", "page(-1)", "a page up", TREE),
    Key("reader-half-up", "ctrl+u", "page(-0.5)", "half a page up", TREE),
    Key("reader-first", "g,home", "first", "top", TREE),
    Key("reader-last", "G,end", "last", "end", TREE),
    Key("reader-back", "q,escape,backspace,enter", "back", "back", REST),
)

CLASSIC: tuple[Key, ...] = (
    *(
        Key(
            f"classic-{one.letter}",
            one.letter,
            f"turn('{one.letter}')",
            one.words,
            VIEWS,
        )
        for one in TOGGLES
    ),
    Key("classic-help", "question_mark", "explain", "what the letters are", REST),
    Key("classic-zero", "0", "back", "back", REST),
)

PREVIEW: tuple[Key, ...] = (
    Key("preview-yes", "y", "yes", "do it", ACT),
    Key("preview-enter", "enter", "enter", "do it, where that is enough", ACT),
    Key("preview-no", "escape,backspace,q,n", "back", "leave it", ACT),
    Key("preview-resources", "1", "switch('resources')", "resources, as after", VIEWS),
    Key("preview-nodes", "2", "switch('nodes')", "nodes, as after", VIEWS),
    Key("preview-down", "j,down", "move(1)", "down", TREE),
    Key("preview-up", "k,up", "move(-1)", "up", TREE),
    Key("preview-page-down", "pagedown,ctrl+f", "page(1)", "a page down", TREE),
    Key("preview-page-up", "pageup", "page(-1)", "a page up", TREE),
    Key("preview-close", "h,left", "close_branch", "close the branch", TREE),
    Key("preview-open", "l,right", "open_branch", "open the branch", TREE),
    Key("preview-pane", "tab", "other_pane", "the other pane", LOOK),
)

CARDS: tuple[Key, ...] = (
    Key("cards-choose", "enter,y", "choose", "preview the way back", ACT),
    Key("cards-down", "j,down", "move(1)", "down", TREE),
    Key("cards-up", "k,up", "move(-1)", "up", TREE),
    Key("cards-page-down", "ctrl+f,pagedown", "page(1)", "a page down", TREE),
    Key("cards-page-up", "pageup", "page(-1)", "a page up", TREE),
    Key("cards-back", "q,escape,backspace", "back", "back", REST),
)
