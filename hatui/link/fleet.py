"""Lines to the clusters that the console is not on: opened when somebody looks, kept from then."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from hatui.cluster.arrival import Arrival, Link, Post
from hatui.cluster.glimpse import Glimpse
from hatui.config import Context

Dial = Callable[[Context], Link]


class Fleet:
    """One link for each context that is watched."""

    def __init__(self, contexts: Iterable[Context], dial: Dial) -> None:
        self.contexts: Mapping[str, Context] = {one.name: one for one in contexts}
        self.dial = dial
        self._links: dict[str, Link] = {}
        self._seen: dict[str, Glimpse] = {}

    def watch(self, current: str, changed: Callable[[], None]) -> None:
        """Open a line to each but the current one."""
        for name, context in self.contexts.items():
            if name != current and name not in self._links:
                self._links[name] = link = self.dial(context)
                link.start(self._post(context, changed))

    def glimpses(self, current: Glimpse) -> tuple[Glimpse, ...]:
        """Of all contexts, in the configuration's order."""
        names = self.contexts if current.name in self.contexts else (current.name, *self.contexts)
        return tuple(
            current if name == current.name else self._seen.get(name, self._unseen(name))
            for name in names
        )

    async def leave(self, name: str) -> None:
        """Give up the line to this one: the console itself goes there. What was seen of it will be
        old when it comes back."""
        self._seen.pop(name, None)
        link = self._links.pop(name, None)
        if link is not None:
            await link.close()

    async def close(self) -> None:
        for name in list(self._links):
            await self.leave(name)

    def _unseen(self, name: str) -> Glimpse:
        context = self.contexts[name]
        return Glimpse(name, prod=context.prod, readonly=context.readonly)

    def _post(self, context: Context, changed: Callable[[], None]) -> Post:
        def post(arrival: Arrival) -> None:
            known = self._seen.get(context.name, self._unseen(context.name))
            moment = arrival.moment or known.moment
            self._seen[context.name] = known._replace(moment=moment, wire=arrival.wire)
            changed()

        return post
