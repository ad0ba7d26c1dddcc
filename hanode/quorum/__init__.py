"""Votes: pure arithmetic, with no opinion about who is here."""

from hanode.membership.votes import majority, quorate, votes
from hanode.quorum.bounds import isolated_after, single_copy

__all__ = ["isolated_after", "majority", "quorate", "single_copy", "votes"]
