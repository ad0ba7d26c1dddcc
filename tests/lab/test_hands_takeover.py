"""The other clusters of `hanode init --like`: a node dies, and a client of its service polls on."""

from __future__ import annotations

import pytest

from tests.lab.hosts import Lab, wait
from tests.lab.likes import ADDRESSES, all_back, found, holders, polled


@pytest.mark.parametrize("kind", ["active-active", "n-plus-m", "n-to-n"])
def test_a_node_dies_and_its_service_is_taken_over(kind: str) -> None:
    count = 2 if kind == "n-plus-m" else 3
    with Lab(3) as lab:
        found(lab, kind)
        for number in range(1, count + 1):
            wait(lambda n=number: len(holders(lab, ADDRESSES[n - 1])) == 1, 90)
        (victim,) = holders(lab, ADDRESSES[0])
        assert victim.name == "n1"
        with polled(lab, kind, 1, "node death") as client:
            victim.crash()
            wait(lambda: len(client.answers) > 1, 90)
            if kind == "n-plus-m":
                assert set(client.answers) == {"n1", "n3"}  # the spare, not another's home
        all_back(lab)
