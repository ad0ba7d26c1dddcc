"""The version of a configuration: which of two CIBs is the newer one.

`admin_epoch` is for people (raise it and this copy wins), `epoch` counts changes of
the configuration, `num_updates` changes of anything. They compare in this order.
"""

from __future__ import annotations

from typing import NamedTuple


class Version(NamedTuple):
    """`admin_epoch.epoch.num_updates`, ordered as tuples are."""

    admin_epoch: int = 0
    epoch: int = 0
    num_updates: int = 0

    def __str__(self) -> str:
        return f"{self.admin_epoch}.{self.epoch}.{self.num_updates}"

    def next_epoch(self) -> Version:
        """The version after one change of the configuration."""
        return Version(self.admin_epoch, self.epoch + 1, 0)

    @classmethod
    def of(cls, text: str) -> Version:
        """Read `0.12.0`; raises ValueError when it isn't three numbers."""
        first, second, third = text.split(".")
        return cls(int(first), int(second), int(third))
