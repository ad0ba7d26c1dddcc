"""What became of each datagram, counted: a bad one leaves a number behind, nothing else."""

from __future__ import annotations

REASONS = {
    "accepted": "proved, new",
    "hello": "from a member that has not heard yet which boot we are in",
    "own": "our own, back from a broadcast link",
    "misshapen": "no heartbeat at all, by its length, magic or version",
    "wrong_link": "arrived on another link than the one it was sent on",
    "wrong_cluster": "of another cluster",
    "stranger": "from a number that is no member, or whose key is unusable",
    "not_for_us": "has no entry for this node",
    "bad_mac": "damaged or forged",
    "other_boot": "meant for another boot of this node",
    "old_boot": "from an earlier boot of its sender",
    "old_life": "from an earlier life of its sender's heartbeat process",
    "replayed": "seen before, or older than the window",
    "garbled": "proved, yet senseless: a bug in its sender",
}  # fmt: skip


class Counters:
    """One number for each of REASONS."""

    def __init__(self) -> None:
        self._counts = dict.fromkeys(REASONS, 0)

    def add(self, reason: str) -> None:
        self._counts[reason] += 1

    def __getitem__(self, reason: str) -> int:
        return self._counts[reason]

    @property
    def dropped(self) -> dict[str, int]:
        """The reasons to drop a datagram that have happened, with how often."""
        good = ("accepted", "hello", "own")
        return {reason: n for reason, n in self._counts.items() if n and reason not in good}
