"""What was asked for while something was wrong may be committed late: people look for it, too."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.sim.liveness import Healing
from tests.sim.parts import CrmPart
from tests.sim.test_asleep import settled
from tests.sim.workload import Question, Workload

LATE: tuple[Callable[[Workload, CrmPart], Question], ...] = (
    lambda people, dc: people.standby(dc, "n2"),
    lambda people, dc: people.maintenance(dc, True),
)


@pytest.mark.parametrize("late", LATE, ids=("standby", "maintenance"))
def test_what_is_committed_after_people_began_to_look_is_put_right_too(
    late: Callable[[Workload, CrmPart], Question],
) -> None:
    world = settled("2w", fencing=True)
    dc = world.dc()
    assert dc is not None
    asked: list[Question] = []
    world.agenda.after(4.0, lambda: asked.append(late(world.workload, dc)))
    Healing(world).run()
    assert asked[0].done is not None
    cib = dc.core.state.cib  # type: ignore[attr-defined]
    assert 'name="standby" value="on"' not in cib
    assert 'name="maintenance-mode" value="true"' not in cib
