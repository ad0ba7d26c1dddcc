"""Who is here: the heartbeat's core, its views, its quorum lease."""

from hanode.membership.heart import Heart

__all__ = ["Heart"]
