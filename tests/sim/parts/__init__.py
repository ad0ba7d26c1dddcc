"""The processes of a node: the product's own core classes, each behind a driver in virtual time.

A driver does what an effect says, on the simulated machine, and hands back what comes of it. Each
life of a process is a value of its own, so that wake-ups, writes and answers of an earlier life
never reach a later one.
"""

from tests.sim.parts.crm import CrmPart
from tests.sim.parts.heart import HeartPart
from tests.sim.parts.lrm import LrmPart
from tests.sim.parts.part import Core, Part

__all__ = ["Core", "CrmPart", "HeartPart", "LrmPart", "Part"]
