"""Fencing: makes sure that a node's boot is over, and says by which evidence."""

from hanode.fencing.fencer import Fencer

__all__ = ["Fencer"]
