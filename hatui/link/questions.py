"""What has been asked of a node and waits for its answer, by number."""

from __future__ import annotations

import asyncio
from typing import Generic, TypeVar

Answer = TypeVar("Answer")


class Questions(Generic[Answer]):
    """Of one kind. Whoever waits no longer takes the question back."""

    def __init__(self) -> None:
        self._open: dict[int, asyncio.Future[Answer]] = {}

    def __contains__(self, number: int) -> bool:
        return number in self._open

    async def answer(self, number: int, limit: float) -> Answer:
        """Raises TimeoutError."""
        waiting: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._open[number] = waiting
        try:
            async with asyncio.timeout(limit):
                return await waiting
        finally:
            self._open.pop(number, None)

    def answered(self, number: int, answer: Answer) -> None:
        waiting = self._open.get(number)
        if waiting is not None and not waiting.done():
            waiting.set_result(answer)

    def end(self, answer: Answer) -> None:
        """All of them: the line is over."""
        for number in list(self._open):
            self.answered(number, answer)
