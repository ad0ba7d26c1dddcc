"""Heartbeats as datagrams: what they say, how each receiver proves them for itself."""

from hanode.messaging.correspondent import Correspondent
from hanode.messaging.counters import Counters
from hanode.messaging.keys import KexSecret, X25519Secret
from hanode.messaging.post import Letter, Post

__all__ = ["Correspondent", "Counters", "KexSecret", "Letter", "Post", "X25519Secret"]
