"""Where the CIB comes from: a file, stdin, or the node that runs here."""

from __future__ import annotations

import sys
from pathlib import Path

from hanode.cib.document import BadCib, Cib, parse

DATA, NO_INPUT = 65, 66


class Unusable(Exception):  # noqa: N818 - what the source was
    """No decision can be had from this: what, where, what to do; and the exit code."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


def from_file(name: str) -> Cib:
    """Raises Unusable."""
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise Unusable(f"{name}: {error.strerror}; give a readable file", NO_INPUT) from None
    try:
        return parse(data)
    except BadCib as error:
        raise Unusable(f"{name}: {error}", DATA) from None


def from_node(config_path: str) -> Cib:
    """The state of the cluster that this machine's node shows. Raises Unusable."""
    from argparse import Namespace

    from hanode.cli.desk import Desk
    from hanode.cli.exits import Failed
    from hanode.state.status import cib_of

    desk = Desk(config_path, ["simulate"], Namespace())
    try:
        return cib_of(desk.state)
    except Failed as error:
        raise Unusable(f"--live: {error}", error.code) from None
    except BadCib as error:
        raise Unusable(f"--live: {error}", DATA) from None
    finally:
        desk.close()
