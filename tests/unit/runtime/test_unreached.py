"""Hosts that were not reached, in words."""

from __future__ import annotations

import socket

from hanode.runtime.unreached import why


def test_each_kind() -> None:
    assert why(ConnectionRefusedError(111, "Connect call failed")) == "Connection refused"
    assert why(OSError("Multiple exceptions")) == "Multiple exceptions"
    assert why(ValueError("odd")) == "odd"
    assert "no host of this name" in why(socket.gaierror(-2, "Name or service not known"))
