"""A node dies in each cluster of `hanode init --like` that has several services: its own is taken
over. (Apart from test_hands_outages, whose lab stands until its last test has ended.)"""

from __future__ import annotations

import pytest

from tests.lab.hosts import Lab
from tests.lab.outages import Cluster


@pytest.mark.parametrize("kind", ["active-active", "n-plus-m", "n-to-n"])
def test_a_node_dies_and_its_service_is_taken_over(kind: str) -> None:
    with Lab(3) as lab:
        cluster = Cluster(lab, kind)
        victim = cluster.holder
        assert victim is not None
        assert victim.name == "n1"
        outage = cluster.suffer("node death")
        assert (outage.twice, outage.moved) == (0, True)
        if kind == "n-plus-m":
            assert cluster.holder is lab.host("n3")  # the spare, not another's home
