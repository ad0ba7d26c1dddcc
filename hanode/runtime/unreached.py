"""Why a host was not reached, in words: no number, and what to look at."""

from __future__ import annotations

import os
import socket


def why(error: Exception) -> str:
    """Of an error that the operating system gave, or a library."""
    if isinstance(error, socket.gaierror):
        return "no host of this name is known here; give its address, or look at /etc/hosts and DNS"
    if isinstance(error, OSError) and error.errno:
        return os.strerror(error.errno)
    return str(error)
