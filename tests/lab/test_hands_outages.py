"""The active/passive cluster of `hanode init --like`, with Debian's nginx and IPaddr2 agents: each
trouble, and a client that polls on. (The table of all: `python -m tests lab outages`.)"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.lab.hosts import Lab
from tests.lab.outages import TROUBLES, Cluster


@pytest.fixture(scope="module")
def pair() -> Iterator[Cluster]:
    with Lab(3) as lab:
        yield Cluster(lab, "active-passive")


@pytest.mark.parametrize("trouble", TROUBLES)
def test_active_passive(pair: Cluster, trouble: str) -> None:
    outage = pair.suffer(trouble)
    assert outage.twice == 0
    assert outage.moved is (trouble != "service crash")
