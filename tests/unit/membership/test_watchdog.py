"""The watchdog is fed only for a sound node."""

from __future__ import annotations

from dataclasses import replace
from typing import Any


def test_the_watchdog_is_fed_only_for_a_sound_node(cluster_of: Any) -> None:
    cluster = cluster_of(3).formed()

    def fed(seconds: float) -> int:
        before = cluster["n1"].fed
        cluster.run(seconds)
        return int(cluster["n1"].fed - before)

    assert fed(1.0) >= 9
    cluster.standing["n1"] = replace(cluster.standing["n1"], lrm_alive=False)
    cluster.run(1.0)
    assert fed(1.0) == 0
    cluster.standing["n1"] = replace(cluster.standing["n1"], lrm_alive=True, running=1)
    cluster.run(1.0)
    assert fed(1.0) >= 9
    cluster.cut("n1", "n2 n3")
    cluster.run(2.0)
    assert fed(1.0) == 0
    cluster.standing["n1"] = replace(cluster.standing["n1"], running=0)
    cluster.run(1.0)
    assert fed(1.0) >= 9
