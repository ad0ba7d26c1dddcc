"""How the log lies in SQLite, and on the disk."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

VERSION = 1

TABLES = """
CREATE TABLE vote (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    term INTEGER NOT NULL, voted_for TEXT NOT NULL, learner INTEGER NOT NULL, seal BLOB NOT NULL
) STRICT;
CREATE TABLE entries (
    position INTEGER PRIMARY KEY,
    term INTEGER NOT NULL, previous BLOB NOT NULL, payload BLOB NOT NULL, signature BLOB NOT NULL,
    hash BLOB NOT NULL
) STRICT;
CREATE TABLE snapshot (
    position INTEGER PRIMARY KEY,
    term INTEGER NOT NULL, hash BLOB NOT NULL, state BLOB NOT NULL, seal BLOB NOT NULL
) STRICT;
"""
LATER = """
CREATE TABLE IF NOT EXISTS committed (
    one INTEGER PRIMARY KEY CHECK (one = 1), position INTEGER NOT NULL, hash BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS intent (
    one INTEGER PRIMARY KEY CHECK (one = 1), event BLOB NOT NULL
) STRICT;
"""


def prepare(connection: sqlite3.Connection) -> None:
    """Make a connection durable (WAL, fsync at each commit); make the tables in a new file."""
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA cell_size_check = ON")
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version == 0:
        connection.executescript(f"BEGIN;{TABLES}PRAGMA user_version = {VERSION};COMMIT;")
    elif version != VERSION:
        raise sqlite3.DatabaseError(
            f"its layout is version {version}, this hanode knows {VERSION} alone"
        )
    connection.executescript(LATER)


def settle(connection: sqlite3.Connection, folder: Path) -> None:
    """Onto the disk with what this file seems to hold. An earlier process may have been killed, or
    told of a failure, before its last write was there: that is in the memory of this machine alone,
    and who reads it takes it for durable (INV-14). An fsync would not do: one that failed leaves
    nothing for the next to write. So the pages are written anew. Raises sqlite3.Error, OSError."""
    busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise sqlite3.OperationalError("another process is at work in this log")
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
