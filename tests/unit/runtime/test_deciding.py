"""The PE's worker: a real child process that answers, is replaced, is ended."""

from __future__ import annotations

import asyncio
import os
import signal
from typing import Any

from hanode.cib.edits import EMPTY
from hanode.cib.status import NodeState, ResourceHistory, Status, TicketState
from hanode.effects import AskPe
from hanode.inputs import Decided
from hanode.runtime.deciding import Worker
from hanode.transition import Transition
from tests.unit.runtime.ends import Lines


class Asker:
    """A crm's side of the worker."""

    def __init__(self) -> None:
        self.answers: asyncio.Queue[Decided] = asyncio.Queue()
        self.worker = Worker(self.answers.put_nowait, Lines())

    def ask(self, name: str, version: str = "0.1.0", cib: str = EMPTY) -> None:
        # With every default that a status has: some are maps that pickle does not know.
        status = Status((NodeState("n1", history=(ResourceHistory("r1"),)),), (TicketState("t1"),))
        self.worker.ask(AskPe(name, cib.encode(), version, status, 1000.0))

    async def stop(self) -> None:
        process = self.worker._process
        self.worker.stop()
        if process is not None:
            await process.wait()


def run(story: Any) -> None:
    asyncio.run(asyncio.wait_for(story, 60))


def test_it_answers_again_and_again_from_one_process() -> None:
    async def story() -> None:
        asker = Asker()
        for name in ("q1", "q2"):
            asker.ask(name)
            answer = await asker.answers.get()
            assert (answer.question, answer.error) == (name, "")
            assert isinstance(answer.transition, Transition)
        await asker.stop()

    run(story())


def test_a_newer_question_supersedes_the_older() -> None:
    async def story() -> None:
        asker = Asker()
        for n in range(20):
            asker.ask(f"q{n}")
        assert (await asker.answers.get()).question == "q19"
        await asker.stop()

    run(story())


def test_a_cib_that_can_t_be_read_is_an_answer_too() -> None:
    async def story() -> None:
        asker = Asker()
        asker.ask("q1", "0.2.0", "<cib>")
        assert "line 1" in (await asker.answers.get()).error
        asker.ask("q2", "0.2.0", EMPTY)
        assert (await asker.answers.get()).error == ""
        await asker.stop()

    run(story())


def test_another_configuration_of_the_same_version_is_another() -> None:
    """A node that was cut off asks by what is not committed; it may become the DC when that has
    come to nothing, and something else bears its version."""

    async def story() -> None:
        asker = Asker()
        for name, cib, wrong in (("q1", EMPTY, False), ("q2", "<cib>", True), ("q3", EMPTY, False)):
            asker.ask(name, "0.2.0", cib)
            assert bool((await asker.answers.get()).error) is wrong
        await asker.stop()

    run(story())


def test_a_worker_that_dies_is_an_answer_and_is_replaced() -> None:
    async def story() -> None:
        asker = Asker()
        asker.ask("q1")
        await asker.answers.get()
        process = asker.worker._process
        assert process is not None
        os.kill(process.pid, signal.SIGSTOP)
        asker.ask("q2")
        os.kill(process.pid, signal.SIGKILL)
        answer = await asker.answers.get()
        assert answer.question == "q2"
        assert answer.error
        asker.ask("q3")
        assert (await asker.answers.get()).error == ""
        await asker.stop()

    run(story())
