"""One sealed heartbeat, and everything that must not be taken for one."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from hanode.messaging import Correspondent, Counters, Letter, Post, X25519Secret
from hanode.messaging.wire import (
    HEADER,
    NUMBER_LIMIT,
    VERSION,
    Header,
    Pulse,
    Row,
    Stance,
    layout,
)

CLUSTER = b"sixteen bytes id"
SECRETS = {number: X25519Secret(bytes([number]) * 32) for number in (1, 2, 3)}


class Node:
    """A post with its correspondents, of a three-node cluster."""

    def __init__(self, number: int, boot: int = 5, life: int = 1, cluster: bytes = CLUSTER) -> None:
        self.peers = {
            other: Correspondent(
                other, number, boot, cluster, SECRETS[number].shared(SECRETS[other].public)
            )
            for other in SECRETS
            if other != number
        }
        self.counters = Counters()
        self.post = Post(cluster, number, boot, life, self.counters)
        self.post.admit(self.peers.values())
        self.seq = 0

    def write(self, link: int = 0) -> bytes:
        self.seq += 1
        rows = [
            Row(peer.number, peer.boot, 1, 1, peer.life, peer.newest, 7)
            for peer in self.peers.values()
        ]
        return self.post.seal(link, self.seq, layout(len(rows)).pack(rows, Stance(), Pulse()))

    def read(self, data: bytes, link: int = 0) -> str:
        before = dict(self.counters._counts)
        self.letter: Letter | None = self.post.open(link, data)
        (fate,) = [name for name, n in self.counters._counts.items() if n != before[name]]
        assert (self.letter is not None) == (fate in ("accepted", "hello"))
        return fate


def acquainted() -> tuple[Node, Node]:
    """Two nodes that have proved to each other which boot they are in."""
    one, two = Node(1), Node(2)
    assert two.read(one.write()) == "hello"
    assert one.read(two.write()) == "accepted"
    assert two.read(one.write()) == "accepted"
    return one, two


def test_strangers_become_acquainted() -> None:
    one, two = acquainted()
    assert one.peers[2].boot == two.peers[1].boot == 5


def test_a_letter_says_what_was_written() -> None:
    one, two = acquainted()
    data = one.write()
    assert two.read(data) == "accepted"
    letter = two.letter
    assert letter is not None
    assert letter.sender.number == 1
    assert letter.newest
    assert not letter.hello
    assert letter.layout.received(data, letter.row) == (1, 1, 7)
    assert letter.layout.read_rows(data)[letter.row] == (2, 5, 1, 1)


def test_any_flipped_bit_leaves_only_a_count() -> None:
    one, two = acquainted()
    data = one.write()
    form = layout(2)
    others_mac = range(8 * (form.macs + 8), 8 * form.size)
    fates = set()
    for bit in range(8 * len(data)):
        flipped = bytearray(data)
        flipped[bit // 8] ^= 1 << bit % 8
        if bit not in others_mac:
            fates.add(two.read(bytes(flipped)))
            assert two.letter is None
    assert "accepted" not in fates
    assert fates >= {"bad_mac", "misshapen", "wrong_cluster", "wrong_link", "other_boot"}
    assert two.read(data) == "accepted"


def test_a_mac_of_somebody_else_is_not_ours_to_judge() -> None:
    one, two = acquainted()
    data = bytearray(one.write())
    data[-1] ^= 1
    assert two.read(bytes(data)) == "accepted"
    three = Node(3)
    assert three.read(bytes(data)) == "bad_mac"


def claim(sender: Node, data: bytes, **wrong: Any) -> bytes:
    """The same with another header, which its sender does prove."""
    header = Header(*HEADER.unpack_from(data))._replace(**wrong)
    content = HEADER.pack(*header) + data[HEADER.size : layout(header.rows).macs]
    return content + b"".join(peer.seal(content) for peer in sender.peers.values())


def test_another_form_of_heartbeat_is_none_though_a_member_proves_it() -> None:
    one, two = acquainted()
    assert two.read(claim(one, one.write(), magic=b"HAN0")) == "misshapen"
    assert two.read(claim(one, one.write(), version=VERSION + 1)) == "misshapen"
    assert two.read(claim(one, one.write())) == "accepted"


def test_numbers_that_no_honest_counter_reaches_are_refused_from_a_member_too() -> None:
    one, two = acquainted()
    assert two.read(claim(one, one.write(), seq=NUMBER_LIMIT)) == "garbled"
    assert two.read(Node(1, boot=NUMBER_LIMIT).write()) == "garbled"
    assert two.peers[1].boot == 5
    assert two.read(one.write()) == "accepted"


def test_what_has_no_row_for_us_is_not_for_us() -> None:
    one, two = acquainted()
    del one.peers[2]
    one.post.admit(one.peers.values())
    assert two.read(one.write()) == "not_for_us"


def test_cut_short_or_long_or_noise() -> None:
    one, two = acquainted()
    data = one.write()
    for size in range(len(data)):
        assert two.read(data[:size]) == "misshapen"
    assert two.read(data + b"\0") == "misshapen"
    random = Random(3)
    for size in range(0, 1400, 7):
        two.read(random.randbytes(size))
        assert two.letter is None
        two.read(b"HAN1\x01" + random.randbytes(size))
        assert two.letter is None


def test_replays_come_to_nothing() -> None:
    one, two = acquainted()
    letters = [one.write() for _ in range(50)]
    for data in (*letters[::2], *letters[1::2]):
        assert two.read(data) == "accepted"
    for data in letters:
        assert two.read(data) == "replayed"


def test_a_link_is_part_of_what_is_proved() -> None:
    one, two = acquainted()
    data = one.write(link=1)
    assert two.read(data, link=0) == "wrong_link"
    relabelled = data[:5] + b"\0" + data[6:]
    assert two.read(relabelled, link=0) == "bad_mac"
    assert two.read(data, link=1) == "accepted"


def test_an_old_boot_is_over_once_a_later_one_was_heard() -> None:
    one, two = acquainted()
    old = one.write()
    reborn = Node(1, boot=6)
    hello = reborn.write()
    assert two.read(hello) == "hello"
    assert two.peers[1].boot == 6
    assert two.read(old) == "old_boot"
    assert reborn.read(two.write()) == "accepted"
    assert two.read(reborn.write()) == "accepted"


def test_packets_for_our_earlier_boot_are_void() -> None:
    one, _ = acquainted()
    recorded = [one.write() for _ in range(3)]
    reborn = Node(2, boot=6)
    for data in recorded:
        assert reborn.read(data) == "other_boot"
    assert reborn.peers[1].boot == 0


def test_an_old_life_is_over_once_a_later_one_was_heard() -> None:
    one, two = acquainted()
    old = one.write()
    restarted = Node(1, life=2)
    assert two.read(restarted.write()) == "hello"
    assert restarted.read(two.write()) == "accepted"
    assert two.read(restarted.write()) == "accepted"
    assert two.read(old) == "old_life"


def test_a_replayed_hello_changes_nothing_that_is_proved() -> None:
    hello = Node(1, boot=4).write()
    one, two = acquainted()
    assert two.read(hello) == "old_boot"
    again = Node(1).write()
    assert two.read(again) == "hello"
    assert two.read(again) == "hello"
    assert two.read(one.write()) == "accepted"


def test_strangers_other_clusters_and_our_own_echo() -> None:
    one, two = acquainted()
    assert two.read(Node(1, cluster=b"another cluster!").write()) == "wrong_cluster"
    assert one.read(one.write()) == "own"
    two.post.admit([two.peers[3]])
    assert two.read(one.write()) == "stranger"


def test_a_member_speaks_only_for_itself() -> None:
    _, two = acquainted()
    three = Node(3)
    three.read(two.write())
    forged = bytearray(three.write())
    forged[6] = 1
    assert two.read(bytes(forged)) == "bad_mac"


def test_no_heartbeat_is_too_long_for_a_frame() -> None:
    assert layout(15).size <= 1200
    assert layout(31).size <= 1200


@pytest.mark.parametrize("key", [b"", b"short", bytes(32), bytes(31), bytes(33)])
def test_an_unusable_key_is_refused(key: bytes) -> None:
    with pytest.raises(ValueError, match="X25519"):
        SECRETS[1].shared(key)
