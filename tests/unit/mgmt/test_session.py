"""Frames are cut and bounded; a mirror follows the log and sees what is missing."""

from __future__ import annotations

import pytest

from hanode.codec import Garbled
from hanode.ids import Position
from hanode.mgmt.protocol import (
    ANSWERS,
    REQUESTS,
    VERSION,
    Entries,
    FetchLog,
    Hello,
    Pulse,
    StateImage,
    Welcome,
)
from hanode.mgmt.session import Frames, Gap, Mirror, Session, frame
from tests.unit.mgmt.clusters import founded, healthy, operation


def test_bytes_may_come_in_any_pieces() -> None:
    stream = frame(b"one") + frame(b"") + frame(b"three")
    for size in range(1, len(stream) + 1):
        frames = Frames()
        pieces = [stream[i : i + size] for i in range(0, len(stream), size)]
        assert [m for piece in pieces for m in frames.feed(piece)] == [b"one", b"", b"three"]


def test_a_frame_that_is_too_long_is_refused_before_it_comes() -> None:
    with pytest.raises(Garbled, match="a frame of 4294967295 bytes"):
        Frames().feed(b"\xff\xff\xff\xff")


def test_requests_are_numbered() -> None:
    session = Session("test")
    (hello,) = Frames().feed(session.hello())
    assert REQUESTS.unpack(hello) == Hello(1, program="test")
    number, data = session.ask(FetchLog, first=7)
    assert number == 2
    assert REQUESTS.unpack(Frames().feed(data)[0]) == FetchLog(2, 7)
    assert session.feed(frame(ANSWERS.pack(Entries(2, (), 9)))) == [Entries(2, (), 9)]
    with pytest.raises(Garbled):
        session.feed(frame(b"\xc1"))


def test_a_node_of_another_version_is_told_as_such() -> None:
    session = Session("test")
    welcome = Welcome(1, VERSION + 1, "n1", "ann", "admin")
    with pytest.raises(Garbled, match=f"speaks version {VERSION + 1} of it.*upgrade the older"):
        session.feed(frame(ANSWERS.pack(welcome)))


def test_a_mirror_follows_the_log() -> None:
    log = founded()
    mirror = Mirror()
    pulse = Pulse(1, "n1", "dc", "n1", 1, Position(1, 6), 6, True)
    mirror.take(StateImage(1, log.state.position, log.state.pack()))
    mirror.take(pulse)
    assert mirror.pulse == pulse
    log.say(operation("n1", "web", call_id=1), operation("n1", "web", call_id=2))
    news = mirror.take(Entries(1, tuple(log.entries[-3:]), log.entries[-1].index))
    assert [item.entry.index for item in news] == [item.index for item in log.entries[-2:]]
    assert mirror.state is not None
    assert mirror.state.digest() == log.state.digest()


def test_a_mirror_does_not_jump_over_a_gap_nor_to_another_chain() -> None:
    log, other = healthy(), healthy()
    mirror = Mirror()
    start = founded()
    mirror.take(StateImage(1, start.state.position, start.state.pack()))
    first = start.state.position.index
    with pytest.raises(Gap, match="entry 8 follows 6"):
        mirror.take(Entries(1, tuple(log.entries[first + 1 :]), 20))
    mirror.take(Entries(1, tuple(log.entries[first : first + 1]), 20))
    other.entries = other.entries[: first - 1]
    for call_id in (1, 2, 3):
        other.say(operation("n3", "elsewhere", call_id=call_id), actor="n3")
    with pytest.raises(Gap, match="another past"):
        mirror.take(Entries(1, (other.entries[first + 1],), 20))
    mirror.forget()
    assert mirror.position is None


def test_a_mirror_skips_what_has_no_force_and_says_so() -> None:
    log = founded()
    mirror = Mirror()
    mirror.take(StateImage(1, log.state.position, log.state.pack()))
    log.say(operation("n2", "web"), actor="n1")  # n1 can't speak for n2
    (news,) = mirror.take(Entries(1, tuple(log.entries[-1:]), len(log.entries)))
    assert news.objection == "n1 can't speak for n2"
    assert mirror.state is not None
    assert mirror.state.nodes["n2"].history == {}
    assert mirror.state.position == log.entries[-1].position
