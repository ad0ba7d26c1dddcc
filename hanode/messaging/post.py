"""Seals this node's heartbeats, opens the others': nothing is decoded before it is proved."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import NamedTuple

from hanode.messaging.correspondent import Correspondent
from hanode.messaging.counters import Counters
from hanode.messaging.keys import UNKNOWN_BOOT
from hanode.messaging.wire import (
    HEADER,
    LINKS_LIMIT,
    MAGIC,
    MEMBERS_LIMIT,
    NUMBER_LIMIT,
    SMALLEST,
    VERSION,
    Header,
    Layout,
    layout,
)


class Letter(NamedTuple):
    """A heartbeat that is proved."""

    sender: Correspondent
    data: bytes
    layout: Layout
    row: int
    """Ours in it."""
    seq: int
    newest: bool
    """It is newer than all that came from its sender; else it is good for counting only."""
    hello: bool
    """Its sender has not heard which boot we are in. It may be a replay: it proves no more than
    that its sender's boot exists."""


class Post:
    """The correspondence of one node in one boot and life."""

    def __init__(self, cluster: bytes, number: int, boot: int, life: int, counters: Counters):
        self.counters = counters
        self.number = number
        self._cluster = hashlib.blake2b(cluster, digest_size=16).digest()
        self._boot = boot
        self._life = life
        self._correspondents: dict[int, Correspondent] = {}

    def admit(self, correspondents: Iterable[Correspondent]) -> None:
        """From now on these, nobody else, may write to us; and are written to, in this order."""
        self._correspondents = {each.number: each for each in correspondents}
        assert len(self._correspondents) < MEMBERS_LIMIT

    def seal(self, link: int, seq: int, body: bytes) -> bytes:
        """A heartbeat for all correspondents; `body` has one row for each, in their order."""
        peers = self._correspondents.values()
        header = Header(
            MAGIC, VERSION, link, self.number, len(peers),
            self._cluster, self._boot, self._life, seq,
        )  # fmt: skip
        content = HEADER.pack(*header) + body
        return content + b"".join([peer.seal(content) for peer in peers])

    def open(self, link: int, data: bytes) -> Letter | None:
        """What has come, if it is proved and new. Every other fate is a number in `counters`."""
        fate, letter = self._judge(link, data)
        self.counters.add(fate)
        return letter

    def _judge(self, link: int, data: bytes) -> tuple[str, Letter | None]:
        if len(data) < SMALLEST:
            return "misshapen", None
        header = Header(*HEADER.unpack_from(data))
        fate = self._addressed(link, len(data), header)
        if fate:
            return fate, None
        sender = self._correspondents.get(header.sender)
        if sender is None:
            return "stranger", None
        if header.boot < sender.boot or header.boot == UNKNOWN_BOOT:
            return "old_boot", None
        return self._prove(sender, header, data)

    def _addressed(self, link: int, size: int, header: Header) -> str:
        """Why this can't be for us, from the header alone."""
        if header.magic != MAGIC or header.version != VERSION:
            return "misshapen"
        if header.rows >= MEMBERS_LIMIT or size != layout(header.rows).size:
            return "misshapen"
        if header.cluster != self._cluster:
            return "wrong_cluster"
        if header.sender == self.number:
            return "own"
        if header.link != link or link >= LINKS_LIMIT:
            return "wrong_link"
        return ""

    def _prove(
        self, sender: Correspondent, header: Header, data: bytes
    ) -> tuple[str, Letter | None]:
        form = layout(header.rows)
        row = form.find(data, self.number)
        if row < 0:
            return "not_for_us", None
        ours = form.boot_of(data, row)
        if ours not in (self._boot, UNKNOWN_BOOT):
            return "other_boot", None
        if not sender.proves(header.boot, ours, data[: form.macs], form.mac_of(data, row)):
            return "bad_mac", None
        if header.boot >= NUMBER_LIMIT or header.seq >= NUMBER_LIMIT:
            return "garbled", None
        if ours == UNKNOWN_BOOT:
            sender.greeted(header.boot)
            return "hello", Letter(sender, data, form, row, header.seq, False, True)
        fate = sender.admit(header.boot, header.life, header.link, header.seq)
        if fate != "accepted":
            return fate, None
        newest = header.seq > sender.newest
        if newest:
            sender.newest = header.seq
        return fate, Letter(sender, data, form, row, header.seq, newest, False)
