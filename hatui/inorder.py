"""Keys one by one: each has had its effect before the next is looked at.

Textual hands a key to the widget that has the focus when it arrives. Of keys that come in one
burst (a fast hand, a slow line, a paste) the second would then go where the first found the focus,
not where the first has put it: letters after `:` would be taken for keys of the tree. So a key
waits until the one before has gone all its way; a message that goes the same way behind it says
so. Where a screen has been opened or left, that screen's word is waited for too.
"""

from __future__ import annotations

import asyncio
from collections import deque

from textual import events, on
from textual.message import Message
from textual.message_pump import MessagePump
from textual.screen import Screen

from hatui.dress import Dressed

AHEAD_MAX = 10_000
"""Keys that may wait; of more, the oldest are dropped."""


class InOrder(Dressed):
    """An app whose keys take effect in the order in which they were pressed."""

    class Through(Message):
        """Whatever came before has been dealt with, all the way up from where this began."""

        def __init__(self, screen: Screen[object], rounds: int) -> None:
            super().__init__()
            self.screen, self.rounds = screen, rounds
            """What was shown when this set out; how often it goes the same way again."""

    def __init__(self, ansi_color: bool | None, theme: str) -> None:
        super().__init__(ansi_color, theme)
        self._typed: deque[events.Key | events.Paste] = deque(maxlen=AHEAD_MAX)
        self._asked: MessagePump | None = None
        """Where the key went that is under way."""

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, (events.Key, events.Paste)) and not event.is_forwarded:
            self._typed.append(event)
            if self._free:
                await self._press()
        else:
            await super().on_event(event)

    async def _press(self) -> None:
        """The next key."""
        screen, asked = self.screen, self.focused or self.screen
        await super().on_event(self._typed.popleft())
        self._ask(asked, screen, 1)

    def _ask(self, node: MessagePump, screen: Screen[object], rounds: int) -> None:
        """Hear when all is through from there up."""
        self._asked = node if node.post_message(self.Through(screen, rounds)) else None

    @on(Through)
    async def _through(self, message: Through) -> None:
        await asyncio.sleep(0)  # tasks that the key has begun take their first step
        asked, self._asked = self._asked, None
        if self.screen is not message.screen:
            self._ask(self.screen, self.screen, 1)
        elif message.rounds and asked is not None:  # what was posted because of the key
            self._ask(asked, self.screen, message.rounds - 1)
        if self._free and self._typed:
            await self._press()

    @property
    def through(self) -> bool:
        """Every key that was pressed has had its effect."""
        return self._free and not self._typed

    @property
    def _free(self) -> bool:
        """No key is under way."""
        return self._asked is None or not self._asked.is_running
