"""A program's output as lines, while it runs: a node's log over ssh."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Sequence

LINE_LIMIT = 1 << 16


async def lines_of(argv: Sequence[str]) -> AsyncGenerator[str, None]:
    """What it says, stderr too; at its end, with which code. Who stops listening ends it."""
    try:
        process = await asyncio.create_subprocess_exec(
            *argv, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT, limit=LINE_LIMIT,
        )  # fmt: skip
    except OSError as error:
        yield f"{argv[0]}: {error.strerror}"
        return
    assert process.stdout is not None
    try:
        while True:
            try:
                line = await process.stdout.readline()
            except ValueError:  # a line without end
                continue
            if not line:
                break
            yield line.decode(errors="replace").rstrip("\n")
        yield f"-- {argv[0]} ended with {await process.wait()}"
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await process.communicate()
