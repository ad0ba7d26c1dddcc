"""When a machine counts as starved, so that a monitor's time-out says nothing of its resource."""

from __future__ import annotations

from hanode.inputs import Pressure

CPU_MAX = 97.0
MEMORY_MAX = 20.0
IO_MAX = 60.0
"""Percent of ten seconds; beyond it, work stands still that is nobody's fault."""
EXCUSED_MAX = 3
"""Time-outs in a row of one monitor that are put down to the machine; then it is the resource."""


def starving(pressure: Pressure) -> str:
    """What the machine lacks, in words; empty if it has enough."""
    lacks = []
    if pressure.cpu > CPU_MAX:
        lacks.append(f"processors {pressure.cpu:.0f}%")
    if pressure.memory > MEMORY_MAX:
        lacks.append(f"memory {pressure.memory:.0f}%")
    if pressure.io > IO_MAX:
        lacks.append(f"disks {pressure.io:.0f}%")
    return ", ".join(lacks)
