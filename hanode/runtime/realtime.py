"""What makes a process's timing its own: a real-time priority, memory that is never paged out."""

from __future__ import annotations

import ctypes
import gc
import os

PRIORITY = 1
"""The lowest real-time one: above all that is ordinary, below what the machine itself needs."""
MCL_CURRENT, MCL_FUTURE, MCL_ONFAULT = 1, 2, 4


def take_precedence() -> list[str]:
    """As far as this machine allows it; what it does not allow."""
    refused = []
    try:
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(PRIORITY))
    except OSError as error:
        refused.append(f"no real-time priority: {error.strerror}")
    if os.geteuid() != 0:
        refused.append("no locked memory: that is for root, others have too small a limit")
    elif ctypes.CDLL(None, use_errno=True).mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT):
        refused.append(f"no locked memory: {os.strerror(ctypes.get_errno())}")
    gc.collect()
    gc.freeze()
    return refused
