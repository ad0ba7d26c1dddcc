"""What agents on a remote node ask of the cluster, answered by the tools of the node that holds the
connection, with the remote node's name for their own."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping

from hanode.ra import Site
from hanode.runtime.far_kit import TOOLS

UNIT, LINE_END = "\x1f", "\x1e"
AT_ONCE = 4
PATIENCE = 15.0
OUTPUT_LIMIT = 16_384
"""Of an answer, in bytes: what the pipe over there holds."""


class FarTools:
    def __init__(self, site: Site, environment: Mapping[str, str]) -> None:
        self._site = site
        self._environment = {**os.environ, **site.environment(), **environment}
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def answer(self, question: str) -> str:
        """One line from over there, one line back."""
        number, *words = question.split(UNIT)
        if len(words) < 2 or words[0] not in TOOLS or not number.isdecimal():
            return ""
        tool, instance, *arguments = words
        async with self._turns:
            try:
                code, out, err = await self._run(tool, instance, [w for w in arguments if w])
            except OSError as error:  # no process to be had just now
                code, out, err = 1, b"", f"{tool}: {error.strerror}\n".encode()
            except ValueError:  # a zero byte
                code, out, err = 64, b"", f"{tool}: a word that no command can have\n".encode()
        said = UNIT.join((str(code), _in_one_line(out), _in_one_line(err)))
        return f"{number} {said}"

    async def _run(self, tool: str, instance: str, words: list[str]) -> tuple[int, bytes, bytes]:
        process = await asyncio.create_subprocess_exec(
            f"{self._site.tools}/{tool}", *words,
            env={**self._environment, "OCF_RESOURCE_INSTANCE": instance},
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        try:
            out, err = await asyncio.wait_for(process.communicate(), PATIENCE)
        except TimeoutError:
            process.kill()
            await process.wait()
            return 1, b"", f"{tool}: the cluster didn't answer in {PATIENCE:g} s\n".encode()
        return process.returncode or 0, out, err


def _in_one_line(said: bytes) -> str:
    text = said[:OUTPUT_LIMIT].decode("utf-8", "replace")
    return text.replace(UNIT, " ").replace("\n", LINE_END)
