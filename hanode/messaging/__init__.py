"""Heartbeats as datagrams: what they say, how each receiver proves them for itself."""

from hanode.messaging.keys import KexSecret

__all__ = ["KexSecret"]
