"""What makes a process's timing its own: a real-time priority, memory that is never paged out."""

from __future__ import annotations

import gc
import os

PRIORITY = 1
"""The lowest real-time one: above all that is ordinary, below what the machine itself needs."""
MCL_CURRENT, MCL_FUTURE, MCL_ONFAULT = 1, 2, 4


def take_precedence() -> str:
    """Run before whatever is ordinary; why not, where the machine does not allow it."""
    try:
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(PRIORITY))
    except OSError as error:
        return f"no real-time priority: {error.strerror}"
    return ""


def settle() -> str:
    """Everything is loaded: keep it in memory, don't search it for garbage again; why not, where
    the machine does not allow it."""
    gc.collect()
    gc.freeze()
    if os.geteuid() != 0:
        return "no locked memory: that is for root, others have too small a limit"
    import ctypes

    if ctypes.CDLL(None, use_errno=True).mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT):
        return f"no locked memory: {os.strerror(ctypes.get_errno())}"
    return ""
