"""The log's chain: what an entry's hash covers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hanode.codec import Garbled
from hanode.events import (
    EVENTS,
    NO_HASH,
    STATEMENTS,
    VOCABULARY,
    Alarm,
    Entry,
    OrderGiven,
    Signed,
    Statement,
)

STATEMENT = Statement("n1", 1, 2, 3.0, "order 1.2.3", VOCABULARY.pack(Alarm("a", "b")))
ENTRY = Entry(2, 7, NO_HASH, Signed(STATEMENTS.pack(STATEMENT), b"s" * 64))


def test_golden_hash() -> None:
    """Hashes are on disks and in other nodes' logs: they may not change."""
    assert ENTRY.hash().hex() == (
        "59e70ba7fc3116876c6470feb16c4b8d9f399d71715eaef0964bd2f06feb558a"
    )


@pytest.mark.parametrize(
    "other",
    [
        replace(ENTRY, term=3),
        replace(ENTRY, index=8),
        replace(ENTRY, previous=b"\1" * 32),
        replace(ENTRY, signed=replace(ENTRY.signed, signature=b"t" * 64)),
        replace(ENTRY, signed=replace(ENTRY.signed, payload=ENTRY.signed.payload + b"\0")),
    ],
)
def test_the_hash_covers_everything(other: Entry) -> None:
    assert other.hash() != ENTRY.hash()


def test_opening_says_who_and_what() -> None:
    statement, event = ENTRY.signed.open()
    assert statement == STATEMENT
    assert event == Alarm("a", "b")
    assert str(statement.id) == "n1.1.2"


@given(st.binary(max_size=100))
def test_garbage_does_not_open(payload: bytes) -> None:
    with pytest.raises(Garbled):
        Signed(payload, b"").open()


def test_every_event_is_in_the_vocabulary_once() -> None:
    assert len({event.__name__ for event in EVENTS}) == len(EVENTS)


@pytest.mark.parametrize("part", [b"\xc1", VOCABULARY.pack(OrderGiven(()))])
def test_an_order_with_a_part_that_is_none_can_not_be_read(part: bytes) -> None:
    """Consoles look into the parts of each event that could be opened."""
    said = Statement("n1", 1, 2, 3.0, "", VOCABULARY.pack(OrderGiven((part,))))
    with pytest.raises(Garbled):
        Signed(STATEMENTS.pack(said), b"").open()
