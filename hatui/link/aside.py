"""Works out the blast radius in a process of its own, at the lowest priority, to be killed at will.

The policy engine may think for seconds about thousands of resources; in a thread it would hold the
interpreter while a key waits. `python -m hatui.link.aside`: the state comes in on stdin, after the
time to reckon with; the answer goes out on stdout.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import struct
import sys

from hanode.state import ClusterState
from hatui.cluster.blast import Blast, blast

HEAD = struct.Struct(">d")


async def ask_aside(state: ClusterState, now: float) -> Blast:
    """The answer of such a process. Raises OSError if there is none."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "hatui.link.aside",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        answer, _ = await process.communicate(HEAD.pack(now) + state.pack())
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    if process.returncode != 0:
        raise OSError(f"the policy engine gave up on this state (exit {process.returncode})")
    return Blast.from_wire(json.loads(answer))


def main() -> int:
    os.nice(19)
    data = sys.stdin.buffer.read()
    (now,) = HEAD.unpack(data[: HEAD.size])
    found = blast(ClusterState.unpack(data[HEAD.size :]), now)
    sys.stdout.write(json.dumps(found.to_wire()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
