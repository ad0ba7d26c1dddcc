"""The thread that writes the log: a write that fails is the last one, until the disk works."""

from __future__ import annotations

import asyncio
import resource
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hanode.effects import Persist, TryDisk, Vote
from hanode.logd import LogStore
from hanode.runtime.log_disk import LogDisk
from hanode.runtime.writer import Writer


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """The kernel refuses to let any file of this process grow further: a disk in trouble."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


class Driven:
    """A writer, and what it has told."""

    def __init__(self, path: Path, run: Path) -> None:
        self.disk = LogDisk(path, run)
        self.told: asyncio.Queue[str] = asyncio.Queue()
        self.writer = Writer(
            self.disk,
            lambda persist: self.told.put_nowait(f"wrote {persist.vote and persist.vote.term}"),
            lambda why: self.told.put_nowait(f"failed: {why}"),
            lambda: self.told.put_nowait("works"),
        )

    def vote(self, term: int) -> None:
        self.writer.put(Persist(vote=Vote(term, "n1")))


def test_after_a_write_that_failed_none_is_done_though_the_disk_would_take_it(
    tmp_path: Path,
) -> None:
    path = tmp_path / "log.sqlite"

    async def story() -> None:
        driven = Driven(path, tmp_path)
        driven.vote(1)
        assert await driven.told.get() == "wrote 1"
        with files_of_at_most(1000):
            driven.vote(2)
            assert "disk trouble" in await driven.told.get()
        driven.vote(3)
        driven.writer.put(TryDisk())
        assert await driven.told.get() == "works"
        driven.writer.close()
        assert driven.told.empty()

    asyncio.run(story())
    assert LogStore.open(path).load().vote == Vote(1, "n1")


def test_a_disk_that_is_still_in_trouble_does_not_work(tmp_path: Path) -> None:
    async def story() -> None:
        driven = Driven(tmp_path / "log.sqlite", tmp_path)
        with files_of_at_most(1000):
            driven.vote(1)
            assert "disk trouble" in await driven.told.get()
            driven.writer.put(TryDisk())
            driven.writer.close()
        await asyncio.sleep(0)
        assert driven.told.empty()

    asyncio.run(story())


def test_a_log_that_can_not_be_opened_for_writing_is_read(tmp_path: Path) -> None:
    """As after a power failure on a disk that is full by now: the -shm file can't be made."""
    path, run = tmp_path / "log.sqlite", tmp_path / "run"
    run.mkdir()
    store = LogStore.open(tmp_path / "of-before")
    store.write(Persist(vote=Vote(7, "n2")))
    for ending in ("", "-wal"):
        shutil.copyfile(f"{tmp_path}/of-before{ending}", f"{path}{ending}")
    # Nobody, not even root, opens this as a file.
    path.with_name("log.sqlite-shm").symlink_to(tmp_path / "nowhere" / "at all")
    disk = LogDisk(path, run)
    assert disk.store is None
    assert disk.saved.vote == Vote(7, "n2")
    assert disk.saved.trouble
    assert not disk.works()
    assert not list(run.iterdir())
    store.close()


def test_a_thread_that_ends_is_no_silence(tmp_path: Path) -> None:
    async def story() -> BaseException:
        wrong: asyncio.Future[BaseException] = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().set_exception_handler(
            lambda _, context: wrong.set_result(context["exception"])
        )
        driven = Driven(tmp_path / "log.sqlite", tmp_path)
        driven.vote(1 << 63)  # no number that SQLite keeps
        error = await wrong
        assert driven.told.empty()
        return error

    assert isinstance(asyncio.run(story()), OverflowError)
