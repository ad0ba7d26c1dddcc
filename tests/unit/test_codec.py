"""The codec: golden bytes, and nothing but Garbled for whatever else arrives."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import msgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hanode.codec import LIMIT, Garbled, Vocabulary, pack_plain, unpack_plain
from hanode.events import STATEMENTS, VOCABULARY, Alarm, CibChanged, DcElected, Edit, Statement
from hanode.ids import Position
from hanode.local_messages import LOCAL
from hanode.peer_messages import PEER, VoteRequest


class Place(NamedTuple):
    row: int
    column: int


@dataclass(frozen=True)
class Inner:
    name: str
    data: bytes = b""


@dataclass(frozen=True)
class Outer:
    place: Place
    inners: tuple[Inner, ...] = ()
    notes: dict[str, str] = field(default_factory=dict)
    share: float = 0.0
    maybe: int | None = None
    yes: bool = False


WORDS = Vocabulary(Inner, Outer)
OUTER = Outer(Place(1, 2), (Inner("a", b"\0"),), {"k": "v"}, 0.5, 7, True)


def test_a_word_comes_back_as_it_was() -> None:
    assert WORDS.unpack(WORDS.pack(OUTER)) == OUTER


def test_golden_bytes() -> None:
    """What is on disks must be read for ever: these bytes may not change."""
    assert VOCABULARY.pack(DcElected(3, "n1", ("n1", "n2"))).hex() == (
        "92a94463456c656374656483a47465726d03a26463a26e31a5766f74657392a26e31a26e32"
    )
    said = Statement("n1", 2, 3, 4.5, "", b"\1")
    assert STATEMENTS.pack(said).hex() == (
        "92a953746174656d656e7486a56163746f72a26e31a4626f6f7402a16e03a26174cb401200000000"
        "0000a56361757365a0a56576656e74c40101"
    )
    request = VoteRequest(2, "n1", 1, Position(1, 5), True)
    assert PEER.unpack(PEER.pack(request)) == request


def test_absent_fields_take_their_defaults() -> None:
    """So an older node's words are understood."""
    data = msgpack.packb(["Outer", {"place": [3, 4]}])
    assert WORDS.unpack(data) == Outer(Place(3, 4))


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        ["Outer"],
        ["Nobody", {}],
        [1, {}],
        ["Outer", []],
        ["Outer", {}],
        ["Outer", {"place": [1]}],
        ["Outer", {"place": [1, "2"]}],
        ["Outer", {"place": [1, 2], "share": "x"}],
        ["Outer", {"place": [1, 2], "yes": 1}],
        ["Outer", {"place": [1, 2], "maybe": True}],
        ["Outer", {"place": [1, 2], "inners": [{"name": 5}]}],
        ["Outer", {"place": [1, 2], "inners": {}}],
        ["Outer", {"place": [1, 2], "notes": {"k": 1}}],
        ["Outer", {"place": [1, 2], "surprise": 1}],
        msgpack.ExtType(5, b"x"),
    ],
)
def test_what_fits_no_annotation_is_garbled(wrong: object) -> None:
    with pytest.raises(Garbled):
        WORDS.unpack(msgpack.packb(wrong))


def test_too_long_is_garbled() -> None:
    with pytest.raises(Garbled):
        WORDS.unpack(b"\xc0" * (LIMIT + 1))


def test_too_deep_is_garbled() -> None:
    with pytest.raises(Garbled):
        WORDS.unpack(b"\x91" * 5000 + b"\xc0")


@given(st.binary(max_size=200))
def test_garbage_is_garbled_or_a_word(data: bytes) -> None:
    for vocabulary in (WORDS, VOCABULARY, PEER, LOCAL):
        try:
            vocabulary.unpack(data)
        except Garbled:
            continue


@given(st.integers(min_value=0))
def test_one_flipped_bit_never_raises_anything_else(place: int) -> None:
    edits = (Edit("set", "a", "", "b", "c"), Edit("put", "x", "<y/>"))
    data = bytearray(VOCABULARY.pack(CibChanged("0.1.0", edits, "root", "because")))
    place %= len(data) * 8
    data[place // 8] ^= 1 << place % 8
    try:
        VOCABULARY.unpack(bytes(data))
    except Garbled:
        return


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(2**63), 2**63)
        | st.text()
        | st.floats(allow_nan=False),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=20,
    )
)
def test_any_plain_value_as_fields(value: object) -> None:
    for name in ("Outer", "Inner", "Alarm"):
        data = msgpack.packb([name, value])
        for vocabulary in (WORDS, VOCABULARY):
            try:
                vocabulary.unpack(data)
            except Garbled:
                continue


def test_a_foreign_word_is_our_own_mistake() -> None:
    with pytest.raises(AssertionError):
        WORDS.pack(Alarm("a", "b"))


@pytest.mark.parametrize("part", [b"\x90", b"\x80"])
def test_a_long_message_of_next_to_nothing_is_not_taken_in(part: bytes) -> None:
    """Each empty list costs a hundred times what it is to send."""
    count = 1_000_000
    data = b"\xdd" + count.to_bytes(4, "big") + part * count
    with pytest.raises(Garbled, match="parts"):
        unpack_plain(data)


@pytest.mark.parametrize(
    "value",
    [
        [{"name": f"n{n}", "seen": [n, "x"], "none": []} for n in range(20_000)],
        [[n % 100, n % 99] for n in range(100_000)],
    ],
)
def test_a_long_message_of_much_is_taken_in(value: object) -> None:
    assert unpack_plain(pack_plain(value)) == value
