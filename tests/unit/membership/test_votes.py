"""Who is a majority."""

from __future__ import annotations

import pytest

from hanode.events import Member
from hanode.membership.votes import majority, quorate


def members(*roles: str) -> list[Member]:
    return [Member(f"n{i}", i, role, b"") for i, role in enumerate(roles, 1)]


@pytest.mark.parametrize(("voters", "needed"), [(1, 1), (2, 2), (3, 2), (4, 3), (5, 3), (16, 9)])
def test_majority(voters: int, needed: int) -> None:
    assert majority(voters) == needed


def test_two_alone_need_each_other_a_witness_helps() -> None:
    assert not quorate(members("data", "data"), ["n1"])
    assert quorate(members("data", "data", "witness"), ["n1", "n3"])
    assert not quorate(members("data", "data", "remote"), ["n1", "n3"])
    assert not quorate(members("data", "data", "data"), ["n1", "x", "y"])
