"""Has the policy engine think in a process of its own, at the lowest priority.

About thousands of resources it may think for seconds; in a thread it would hold the interpreter
while a key waits, and the memory that it took would stay with the console. Such a process is
killed with the wish to know. `python -m hatui.link.aside`: a question comes in on stdin, the answer
goes out on stdout, both packed.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import Callable
from typing import Any

from hanode.codec import WITH_STATE, pack_plain, unpack_plain
from hanode.state import ClusterState
from hatui.cluster.blast import Blast, blast
from hatui.cluster.scores import Scores
from hatui.cluster.whatif import explained, look_at, scores

LOSSES, SCORES, WHY = "losses", "scores", "why"


async def losses_aside(state: ClusterState, now: float) -> Blast:
    """What each node's loss would do. Raises OSError if there is no answer."""
    return Blast.from_wire(await _ask(LOSSES, state, now))


async def scores_aside(state: ClusterState, now: float) -> Scores:
    """Of every resource. Raises OSError if there is no answer."""
    return Scores.from_wire(await _ask(SCORES, state, now))


async def why_aside(state: ClusterState, now: float, name: str) -> list[str]:
    """Why a resource is where it is. Raises NoSuchResource, or OSError if there is no answer."""
    from hanode.pe.why import NoSuchResource  # only who asks pays for it

    lines, refusal = await _ask(WHY, state, now, name)
    if refusal:
        raise NoSuchResource(refusal)
    return [str(line) for line in lines]


async def _ask(question: str, state: ClusterState, now: float, name: str = "") -> Any:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "hatui.link.aside",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        asked = pack_plain([question, name, now, state.pack()])
        answer, _ = await process.communicate(asked)
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    if process.returncode != 0:
        raise OSError(f"the policy engine gave up on this state (exit {process.returncode})")
    return unpack_plain(answer, WITH_STATE)


def _losses(state: ClusterState, now: float, name: str) -> Any:
    return blast(state, now).to_wire()


def _scores(state: ClusterState, now: float, name: str) -> Any:
    return scores(look_at(state, now), now).to_wire()


def _why(state: ClusterState, now: float, name: str) -> Any:
    from hanode.pe.why import NoSuchResource

    try:
        return explained(look_at(state, now), name, now), ""
    except NoSuchResource as error:
        return [], str(error)


_ANSWERS: dict[str, Callable[[ClusterState, float, str], Any]] = {
    LOSSES: _losses, SCORES: _scores, WHY: _why,
}  # fmt: skip


def main() -> int:
    os.nice(19)
    question, name, now, state = unpack_plain(sys.stdin.buffer.read(), WITH_STATE)
    found = _ANSWERS[question](ClusterState.unpack(state), now, name)
    sys.stdout.buffer.write(pack_plain(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
