"""The log on disk: what was written comes back, what was damaged does not."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from hanode.effects import Persist, SnapshotRecord, Vote
from hanode.events import NO_HASH, Entry, Signed
from hanode.ids import Position
from hanode.logd import LogCorrupt, LogStore
from hanode.logd import store as store_module


def chain(count: int, first: int = 1, previous: bytes = NO_HASH, term: int = 1) -> list[Entry]:
    entries = []
    for index in range(first, first + count):
        entry = Entry(term, index, previous, Signed(b"payload %d" % index, b"s" * 64))
        previous = entry.hash()
        entries.append(entry)
    return entries


def test_an_empty_disk_gives_back_nothing(tmp_path: Path) -> None:
    saved = LogStore.open(tmp_path / "log").load()
    assert (saved.vote, saved.snapshot, saved.entries) == (Vote(0, ""), None, ())


def test_what_was_written_comes_back(tmp_path: Path) -> None:
    store = LogStore.open(tmp_path / "log")
    entries = chain(5)
    store.write(Persist(vote=Vote(3, "n2", True)), Persist(entries=tuple(entries)))
    store.close()
    saved = LogStore.open(tmp_path / "log").load()
    assert saved.vote == Vote(3, "n2", True)
    assert saved.entries == tuple(entries)


def test_how_far_it_is_committed_comes_back_unless_a_snapshot_covers_it(tmp_path: Path) -> None:
    store = LogStore.open(tmp_path / "log")
    entries = chain(5)
    store.write(Persist(entries=tuple(entries), committed=2), Persist(committed=4))
    assert store.load().committed == 4
    store.write(Persist(snapshot=SnapshotRecord(Position(7, 9), b"h" * 32, b"state")))
    assert store.load().committed == 0


def test_truncation_comes_before_the_new_entries(tmp_path: Path) -> None:
    store = LogStore.open(tmp_path / "log")
    old = chain(5)
    new = chain(2, 4, old[2].hash(), term=2)
    store.write(Persist(entries=tuple(old)))
    store.write(Persist(truncate=3, entries=tuple(new)))
    assert store.load().entries == (*old[:3], *new)
    assert store.entries(2, 2) == tuple(old[1:3])


def test_an_own_snapshot_keeps_history_before_it(tmp_path: Path) -> None:
    store = LogStore.open(tmp_path / "log")
    entries = chain(6)
    record = SnapshotRecord(Position(1, 4), entries[3].hash(), b"state")
    store.write(Persist(entries=tuple(entries)), Persist(snapshot=record))
    saved = store.load()
    assert saved.snapshot == record
    assert saved.entries == tuple(entries)


def test_another_node_s_snapshot_replaces_what_was_here(tmp_path: Path) -> None:
    store = LogStore.open(tmp_path / "log")
    store.write(Persist(entries=tuple(chain(3))))
    record = SnapshotRecord(Position(2, 9), b"h" * 32, b"state")
    after = chain(2, 10, b"h" * 32, term=2)
    store.write(Persist(snapshot=record, entries=tuple(after)))
    saved = store.load()
    assert (saved.snapshot, saved.entries) == (record, tuple(after))


def test_history_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "HISTORY", 10)
    store = LogStore.open(tmp_path / "log")
    entries = chain(100)
    store.write(Persist(entries=tuple(entries)))
    for index in (50, 60, 70):
        last = entries[index - 1]
        store.write(Persist(snapshot=SnapshotRecord(last.position, last.hash(), b"s")))
    assert store.entries(0)[0].index == 61


def test_a_damaged_snapshot_gives_way_to_the_one_before(tmp_path: Path) -> None:
    store = LogStore.open(tmp_path / "log")
    entries = chain(10)
    records = [SnapshotRecord(e.position, e.hash(), b"state") for e in (entries[4], entries[7])]
    store.write(Persist(entries=tuple(entries)), *(Persist(snapshot=r) for r in records))
    store.close()
    damage(tmp_path / "log", "UPDATE snapshot SET state = x'00' WHERE position = 8")
    saved = LogStore.open(tmp_path / "log").load()
    assert (saved.snapshot, saved.entries) == (records[0], tuple(entries))


@pytest.mark.parametrize(
    ("statement", "index"),
    [
        ("UPDATE entries SET payload = x'00' WHERE position = 3", 3),
        ("UPDATE entries SET payload = x'00' WHERE position = 5", 5),
        ("UPDATE entries SET hash = x'00' WHERE position = 2", 2),
        ("DELETE FROM entries WHERE position = 2", 2),
        ("DELETE FROM entries WHERE position = 1", 1),
        ("UPDATE vote SET term = 9", None),
        ("UPDATE committed SET position = 4", None),
    ],
)
def test_damage_is_refused_by_its_place(tmp_path: Path, statement: str, index: int | None) -> None:
    store = LogStore.open(tmp_path / "log")
    store.write(Persist(vote=Vote(3, "n1"), entries=tuple(chain(5)), committed=3))
    store.close()
    damage(tmp_path / "log", statement)
    with pytest.raises(LogCorrupt) as found:
        LogStore.open(tmp_path / "log").load()
    assert found.value.index == index


def test_entries_that_are_no_chain_are_refused(tmp_path: Path) -> None:
    """Each is what was written, but not after the one before."""
    store = LogStore.open(tmp_path / "log")
    store.write(Persist(entries=(*chain(2), *chain(2, 3, b"x" * 32))))
    with pytest.raises(LogCorrupt, match="does not follow from the one before") as found:
        store.load()
    assert found.value.index == 3


@pytest.mark.parametrize(
    ("entries", "index"),
    [
        (chain(2, 11, b"h" * 32), 10),  # a gap
        (chain(2, 10, b"x" * 32), 10),  # after another one
        (chain(2, 9, b"g" * 32), 9),  # another one in its place
    ],
)
def test_a_log_that_does_not_join_its_snapshot_is_refused(
    tmp_path: Path, entries: list[Entry], index: int
) -> None:
    store = LogStore.open(tmp_path / "log")
    store.write(Persist(snapshot=SnapshotRecord(Position(1, 9), b"h" * 32, b"state")))
    store.write(Persist(entries=tuple(entries)))
    with pytest.raises(LogCorrupt) as found:
        store.load()
    assert found.value.index == index


def test_a_log_all_of_whose_snapshots_are_damaged_is_refused(tmp_path: Path) -> None:
    """Its first entries are with them: without any it would begin anew."""
    store = LogStore.open(tmp_path / "log")
    store.write(Persist(snapshot=SnapshotRecord(Position(1, 9), b"h" * 32, b"state")))
    store.close()
    damage(tmp_path / "log", "UPDATE snapshot SET state = x'00'")
    with pytest.raises(LogCorrupt) as found:
        LogStore.open(tmp_path / "log").load()
    assert found.value.index == 9


def test_every_flipped_byte_of_the_payloads_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "log"
    store = LogStore.open(path)
    store.write(Persist(entries=tuple(chain(5))))
    store.close()
    clean = path.read_bytes()
    at = clean.index(b"payload 4")
    for offset in range(at, at + 9):
        path.write_bytes(clean[:offset] + bytes([clean[offset] ^ 0x10]) + clean[offset + 1 :])
        with pytest.raises(LogCorrupt) as found:
            LogStore.open(path).load()
        assert found.value.index == 4


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(b"not a database" * 1000)
    with pytest.raises(LogCorrupt):
        LogStore.open(tmp_path / "log")


WRITER = """
import sys
from pathlib import Path
from hanode.effects import Persist
from hanode.logd import LogStore
from tests.unit.logd.test_store import chain
store = LogStore.open(Path(sys.argv[1]))
held = store.load().entries
previous = held[-1].hash() if held else bytes(32)
index = len(held) + 1
while True:
    batch = chain(3, index, previous)
    store.write(Persist(entries=tuple(batch)))
    index, previous = index + 3, batch[-1].hash()
    print(index - 1, flush=True)
"""


def test_what_was_acknowledged_survives_kill_9(tmp_path: Path) -> None:
    path = tmp_path / "log"
    for _ in range(6):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True
        ) as writer:
            assert writer.stdout is not None
            for _ in range(5):
                acknowledged = int(writer.stdout.readline())
            os.kill(writer.pid, signal.SIGKILL)
        saved = LogStore.open(path).load()
        assert len(saved.entries) >= acknowledged
        assert len(saved.entries) % 3 == 0


VOTER = """
import os, signal, sys
from pathlib import Path
from hanode.effects import Persist, Vote
from hanode.logd import LogStore
LogStore.open(Path(sys.argv[1])).write(Persist(vote=Vote(7, "n1", False)))
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_killed_process_left_in_memory_is_on_disk_before_it_counts(tmp_path: Path) -> None:
    """A crm that was killed amid a commit: the next one took the vote for durable, and acknowledged
    it, though it might have been in the page cache of the WAL alone."""
    path = tmp_path / "log"
    subprocess.run([sys.executable, "-c", VOTER, str(path)], check=False)
    store = LogStore.open(path)
    lost = tmp_path / "power-is-lost"
    lost.write_bytes(path.read_bytes())  # without its WAL
    assert store.load().vote == LogStore.open(lost).load().vote == Vote(7, "n1", False)


def damage(path: Path, statement: str) -> None:
    connection = sqlite3.connect(path)
    connection.execute(statement)
    connection.commit()
    connection.close()
