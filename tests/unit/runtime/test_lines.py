"""How far the other end of a line may lag behind."""

from __future__ import annotations

import asyncio

from hanode.runtime.lines import Line


class Deaf:
    """A transport whose other end reads nothing."""

    def __init__(self) -> None:
        self.held = 0
        self.aborted = False

    def write(self, data: bytes) -> None:
        self.held += len(data)

    def get_write_buffer_size(self) -> int:
        return self.held

    def abort(self) -> None:
        self.aborted = True

    def pause_reading(self) -> None: ...
    def resume_reading(self) -> None: ...
    def close(self) -> None: ...


def sent(*sizes: int) -> list[bool]:
    """What becomes of messages of these sizes, with 1,000 bytes that may wait."""

    async def story() -> list[bool]:
        line = Line(Deaf(), lambda body: None, lambda why: None, 1000, 1000)
        return [line.send(bytes(size)) for size in sizes]

    return asyncio.run(story())


def test_who_reads_nothing_is_cut_off() -> None:
    assert sent(600, 600, 600) == [True, True, False]


def test_a_long_picture_gives_time_to_read_it() -> None:
    """A fold of many megabytes: the next word used to cut off whom it was being sent to."""
    assert sent(100_000, 600, 600) == [True, True, True]
    assert sent(100_000, 100_000, 600) == [True, True, False]
