"""What Pacemaker 2.1.5 with Corosync 3.1.7 took on a machine like this one, at its defaults.

Seconds, min / median / max of five or more runs; measured once, elsewhere, so ratios are hints.
"""

from __future__ import annotations

from tests.bench.table import Spread

FAILOVER: dict[str, Spread] = {"not DC": (7.74, 8.38, 8.83), "DC": (9.29, 9.36, 9.49)}
MOVE: Spread = (0.162, 0.181, 0.222)
SCREEN: Spread = (2.04, 2.06, 2.07)
START: Spread = (23.5, 23.5, 23.5)
MEMORY_MB: Spread = (129.0, 129.0, 129.0)
CPU_SHARE: Spread = (0.9, 0.9, 0.9)
