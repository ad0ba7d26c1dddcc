"""hanode: a light high-availability cluster node."""

__version__ = "0.1.0"
