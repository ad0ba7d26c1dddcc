"""Pairwise keys: what lets one receiver, alone, believe one sender."""

from __future__ import annotations

from typing import Protocol


class KexSecret(Protocol):
    """A node's static key-agreement secret. The simulator has a cheap one of its own."""

    def shared(self, kex_public: bytes) -> bytes:
        """What only this node and the holder of `kex_public` know. Raises ValueError."""
        ...
