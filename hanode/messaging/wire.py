"""The form of a heartbeat: one datagram for all members, each column an array.

    header | numbers | boots | flags | links | stance | pulse | lives | seqs | ages | macs

There is one row for each peer of the sender; a receiver finds its own by its number. A MAC covers
everything before the MACs. All integers are big-endian. With 16 members a heartbeat has 580
bytes, with 32 (the most) 1,108: never fragmented.

The part from `numbers` to `stance` says how the sender sees the others. It seldom changes, so a
receiver compares it as bytes with the one before, and reads it only when it differs.
"""

from __future__ import annotations

from functools import cache
from struct import Struct
from typing import NamedTuple

from hanode.messaging.keys import MAC_BYTES

MAGIC = b"HAN1"
VERSION = 2
MEMBERS_LIMIT = 32
"""More members than this are not heard: so many fit into a datagram that is never fragmented."""
LINKS_LIMIT = 8
AGE_UNIT = 0.0001
"""Seconds in one step of an age; the largest, 6.5 s, also stands for all beyond."""
AGE_LIMIT = 0xFFFF
NUMBER_LIMIT = 1 << 62
"""No honest counter gets there; whoever claims more is refused, so that ours never overflow."""

NEIGHBOUR, PROPOSED, IN_VIEW = 1, 2, 4
"""Flags of a row: the sender hears this peer both ways; proposes a view with it; has it in its
agreed view."""
LRM_ALIVE, DISK_FAILS = 1, 2
"""Flags of the sender: its LRM answers; its log can't be written."""

HEADER = Struct(">4sBBBB16sQIQ")
_STANCE = Struct(">QQ")
_PULSE = Struct(">BBBHQQQI")


class Header(NamedTuple):
    """Where a heartbeat comes from. `rows` is how many peers it speaks to."""

    magic: bytes
    version: int
    link: int
    sender: int
    rows: int
    cluster: bytes
    boot: int
    life: int
    seq: int


class Stance(NamedTuple):
    """How a node sees the others."""

    proposal: int = 0
    """Number of the view that it proposes; 0 for none."""
    view: int = 0
    """Number of the view that it agreed to; 0 for none."""


class Pulse(NamedTuple):
    """How a node is."""

    flags: int = 0
    health: int = 0
    dc: int = 0
    """The DC's number, 0 for none."""
    running: int = 0
    term: int = 0
    position_term: int = 0
    position_index: int = 0
    deadtime: int = 0
    """Milliseconds of silence after which it may count another node as lost."""


class Row(NamedTuple):
    """What a heartbeat says to one peer, or about it."""

    number: int
    boot: int
    """As the sender heard it, 0 for unheard."""
    flags: int
    links: int
    """A bit for each link on which the sender hears it."""
    life: int
    seq: int
    """Its newest heartbeat that the sender has got, ..."""
    age: int
    """... so long ago, in AGE_UNIT."""


class Layout:
    """Where everything is in a heartbeat with so many rows."""

    def __init__(self, rows: int) -> None:
        self.rows = rows
        self.boots = HEADER.size + rows
        self.flags = self.boots + 8 * rows
        self.links = self.flags + rows
        self.stance = self.links + rows
        self.pulse = self.stance + _STANCE.size
        self.lives = self.pulse + _PULSE.size
        self.seqs = self.lives + 4 * rows
        self.ages = self.seqs + 8 * rows
        self.macs = self.ages + 2 * rows
        self.size = self.macs + MAC_BYTES * rows
        bytewise, boots = f"{rows}s", f"{rows}Q"
        self._head = Struct(">" + bytewise + boots + bytewise + bytewise)
        self._tail = Struct(f">{rows}I{rows}Q{rows}H")
        self._boots = Struct(">" + boots)

    def pack(self, rows: list[Row], stance: Stance, pulse: Pulse) -> bytes:
        """Everything between the header and the MACs."""
        numbers, boots, flags, links, lives, seqs, ages = zip(*rows, strict=True) if rows else _NONE
        return (
            self._head.pack(bytes(numbers), *boots, bytes(flags), bytes(links))
            + _STANCE.pack(*stance)
            + _PULSE.pack(*pulse)
            + self._tail.pack(*lives, *seqs, *ages)
        )

    def find(self, data: bytes, number: int) -> int:
        """The row of this member, or -1."""
        return max(data.find(number, HEADER.size, self.boots) - HEADER.size, -1)

    def boot_of(self, data: bytes, row: int) -> int:
        return int.from_bytes(data[self.boots + 8 * row : self.boots + 8 * row + 8], "big")

    def mac_of(self, data: bytes, row: int) -> bytes:
        return data[self.macs + MAC_BYTES * row : self.macs + MAC_BYTES * (row + 1)]

    def received(self, data: bytes, row: int) -> tuple[int, int, int]:
        """Life, sequence number and age: what the sender got last from the peer of this row."""
        life, seq, age = self.lives + 4 * row, self.seqs + 8 * row, self.ages + 2 * row
        return (
            int.from_bytes(data[life : life + 4], "big"),
            int.from_bytes(data[seq : seq + 8], "big"),
            int.from_bytes(data[age : age + 2], "big"),
        )

    def view_of_others(self, data: bytes) -> bytes:
        """The part that seldom changes, for comparison."""
        return data[HEADER.size : self.pulse]

    def read_stance(self, data: bytes) -> Stance:
        return Stance(*_STANCE.unpack_from(data, self.stance))

    def read_rows(self, data: bytes) -> list[tuple[int, int, int, int]]:
        """(number, boot, flags, links) of each row."""
        numbers = data[HEADER.size : self.boots]
        boots = self._boots.unpack_from(data, self.boots)
        flags = data[self.flags : self.links]
        return list(zip(numbers, boots, flags, data[self.links : self.stance], strict=True))

    def read_pulse(self, data: bytes) -> Pulse:
        return Pulse(*_PULSE.unpack_from(data, self.pulse))


_NONE: tuple[tuple[int, ...], ...] = ((),) * 7


@cache
def layout(rows: int) -> Layout:
    """The layouts are few: one for each size of a cluster."""
    assert 0 <= rows < MEMBERS_LIMIT, rows
    return Layout(rows)


SMALLEST = Layout(0).size
