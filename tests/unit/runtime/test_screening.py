"""A request of too many parts is refused before it is decoded."""

from __future__ import annotations

import msgpack
import pytest

from hanode.codec import Garbled
from hanode.events import VOCABULARY, CibChanged, Edit, Operator, OperatorAdded
from hanode.mgmt.protocol import REQUESTS, Command, Enrol, Hello
from hanode.runtime.screening import LENGTH_MAX, PARTS_MAX, screen

LISTS = msgpack.packb([[]] * LENGTH_MAX)


@pytest.mark.parametrize(
    "data",
    [
        LISTS,
        msgpack.packb([{}] * LENGTH_MAX),
        msgpack.packb([None] * (LENGTH_MAX + 1)),
        msgpack.packb([[None] * LENGTH_MAX] * 20),
        msgpack.packb(dict.fromkeys(range(LENGTH_MAX + 1))),
        REQUESTS.pack(Command(1, LISTS)),
        REQUESTS.pack(Command(1, msgpack.packb(["OrderGiven", {"parts": [LISTS]}]))),
    ],
)
def test_too_much_is_refused(data: bytes) -> None:
    with pytest.raises(Garbled, match="more than"):
        screen(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xc1",
        b"\x91" * 3000,
        b"\xdd\xff\xff\xff\xff" + b"\x90" * 100,
        REQUESTS.pack(Hello(1)),
        REQUESTS.pack(Enrol(1, "x", "n2", b"p", b"k", b"h", b"c", ("a:1", "b:1"), "a:2")),
        msgpack.packb([[]] * (PARTS_MAX - 1)),
    ],
)
def test_anything_else_is_left_to_who_decodes_it(data: bytes) -> None:
    screen(data)


def test_a_whole_configuration_and_many_changes_pass() -> None:
    edits = (Edit("replace", xml="x" * 5_000_000), *[Edit("set", "a", name="b")] * 10_000)
    event = CibChanged("0.1.0", edits)
    screen(REQUESTS.pack(Command(1, VOCABULARY.pack(event))))


@pytest.mark.parametrize("head", [bytes([first]) for first in range(256)])
def test_a_key_passes_whatever_its_bytes_would_say(head: bytes) -> None:
    event = OperatorAdded(Operator("anna", head + b"\xff" * 31))
    screen(REQUESTS.pack(Command(1, VOCABULARY.pack(event))))
