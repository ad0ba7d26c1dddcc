"""Asks a demo's power strip for trouble: what `X` does, in a demo and nowhere else."""

from __future__ import annotations

import asyncio
import json

LIMIT = 15.0


async def make(strip: str, action: str, plug: str) -> str:
    """What went wrong, or empty."""
    try:
        async with asyncio.timeout(LIMIT):
            reader, writer = await asyncio.open_unix_connection(strip)
            writer.write(json.dumps({"action": action, "plug": plug}).encode() + b"\n")
            line = await reader.readline()
            writer.close()
    except (OSError, TimeoutError) as error:
        return f"the power strip does not answer: {error}"
    try:
        answer = json.loads(line)
    except ValueError:
        return "the power strip hung up"
    return "" if answer.get("ok") else str(answer.get("error", "it refused"))
