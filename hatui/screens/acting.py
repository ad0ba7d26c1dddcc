"""From a key to an order: what is meant, on what, where to; then its preview."""

from __future__ import annotations

from collections.abc import Sequence

from textual import work

from hatui.cluster.items import Item
from hatui.cluster.order import Order, combined
from hatui.cluster.undo import cards
from hatui.commandline import BadLine, read
from hatui.deeds import Deed, deed, fitting, nodes_to_choose, target_of
from hatui.screens.cards import CardsScreen
from hatui.screens.live import LiveScreen
from hatui.screens.menu import Choice, Menu
from hatui.screens.preview import PreviewScreen


class Acting(LiveScreen[None]):
    """A screen on whose selected or marked items deeds are done."""

    def __init__(self) -> None:
        super().__init__()
        self.marked: dict[str, Item] = {}

    def selected(self) -> Item | None:
        """Under the cursor."""
        return None

    def marks_changed(self) -> None:
        """Draw them."""

    def toggle_mark(self, item: Item) -> None:
        if self.marked.pop(item.mark_key, None) is None:
            self.marked[item.mark_key] = item

    def meant(self, item: Item) -> list[Item]:
        """What an order from here is about: marks of its kind, led by it if it is one of them; else
        itself."""
        others = [one for one in self.marked.values()
                  if one.acts_as == item.acts_as and one.key != item.key]  # fmt: skip
        leads = item.mark_key in self.marked or not others
        return [item, *others] if leads else others

    def action_deed(self, ident: str) -> None:
        """A direct key."""
        item = self._item_for(deed(ident))
        if item is not None:
            self.begin(deed(ident), item)

    def _item_for(self, one: Deed) -> Item | None:
        """The selected item if the deed fits its kind; else say what to select."""
        item = self.selected()
        if item is None or not one.fits(item):
            self.hatui.say(f"{one.label}: select a {' or a '.join(one.kinds)} first", "warning")
            return None
        why_not = one.unfit(self.hatui.moment, self.meant(item)[0])
        if why_not:
            self.hatui.say(f"{one.label}: {why_not}", "warning")
            return None
        return item

    @work(exclusive=True, group="acting", exit_on_error=False)
    async def action_actions(self) -> None:
        """`a`: all that can be done with it."""
        item = self.selected()
        if item is None or item.kind == "section":
            self.hatui.say("select a resource or a node first", "warning")
            return
        meant = self.meant(item)
        choices = [
            Choice(one.key, one.label, one.id, why_not, one.grave)
            for one, why_not in fitting(self.hatui.moment, meant[0])
        ]
        chosen = await self.app.push_screen_wait(Menu(called(meant, item), choices))
        if chosen is not None:
            await self._carry_on(deed(chosen), item)

    @work(exclusive=True, group="acting", exit_on_error=False)
    async def begin(self, one: Deed, item: Item) -> None:
        await self._carry_on(one, item)

    async def _carry_on(self, one: Deed, item: Item) -> None:
        if not one.asks_only and self.refused():
            return
        meant = [each for each in self.meant(item) if one.fits(each)]
        node = ""
        if one.asks == "node":
            chosen = await self._choose_node(one, meant[0], called(meant, item))
            if chosen is None:
                return
            node = chosen
        moment = self.hatui.ground
        if one.way is not None:
            node = one.way(moment, meant[0])
        await self.preview(combined([one.order(moment, each, node) for each in meant]))

    def refused(self) -> bool:
        """Whether nothing can be ordered from here; it is said."""
        if self.hatui.journey is not None:
            self.hatui.say("this is the past: L goes back to now, :whatif-... asks", "warning")
            return True
        if self.hatui.readonly:
            self.hatui.say(self.hatui.why_readonly, "warning")
        return self.hatui.readonly

    def action_undo(self) -> None:
        """`u`: the cards of what is selected, if it has any; else all of them."""
        item = self.selected()
        subject = ""
        if item is not None:
            names = {item.node, item.resource, target_of(self.hatui.moment, item)} - {""}
            found = [card.subject for card in cards(self.hatui.moment, self.hatui.link.past)]
            subject = next((name for name in found if name in names), "")
        self.app.push_screen(CardsScreen(subject))

    async def _choose_node(self, one: Deed, item: Item, whom: str) -> str | None:
        moment = self.hatui.moment
        view = moment.views.get(item.view)
        here = view.nodes if view is not None else (item.node,)
        choices = []
        for number, node in enumerate(nodes_to_choose(moment, one.id), 1):
            why_not = "it is there" if one.id == "move" and list(here) == [node] else ""
            known = moment.nodes[node]
            if known.standby:
                why_not = why_not or "on standby"
            choices.append(Choice(str(number), node, node, why_not))
        asked = f"move {whom} to" if one.id == "move" else f"keep {whom} away from"
        return await self.app.push_screen_wait(Menu(asked, choices))

    async def preview(self, order: Order) -> bool:
        """Show what would happen; given and followed there."""
        done = await self.app.push_screen_wait(PreviewScreen(order, self.hatui.prod))
        if done:
            self.marked.clear()
            self.marks_changed()
        return bool(done)

    async def obey(self, text: str) -> None:
        """A typed command: a view, a setting, or a deed."""
        try:
            said = read(text, self.hatui.moment)
        except BadLine as error:
            self.hatui.say(str(error), "error")
            return
        if isinstance(said, Order):
            if said.hypothetical or not self.refused():
                await self.preview(said)
            return
        await self.run_action(said)


def called(meant: Sequence[Item], under_cursor: Item) -> str:
    """By name; marks, which may be out of sight, are told as such."""
    more = f" and {len(meant) - 1} more" if len(meant) > 1 else ""
    marks = " (marked)" if more or meant[0].key != under_cursor.key else ""
    return f"{meant[0].name}{more}{marks}"
