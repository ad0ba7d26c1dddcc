"""The log and its history on disk: durable before it counts, checked before it is believed.

Invariant: nothing here decides; it keeps what it is given and refuses to give back anything else.
"""

from hanode.logd.store import LogCorrupt, LogStore

__all__ = ["LogCorrupt", "LogStore"]
