"""What a command works with: its arguments, its node, the state that the node shows."""

from __future__ import annotations

import sys
from argparse import Namespace
from functools import cached_property
from pathlib import Path

from hanode.cli.exits import CONFIG, Failed
from hanode.cli.line import Line
from hanode.mgmt.protocol import StateImage
from hanode.state import ClusterState


class Desk:
    """Nothing is opened before it is needed."""

    def __init__(self, config_path: str, argv: list[str], arguments: Namespace) -> None:
        self.config_path = config_path
        self.argv = argv
        """The whole command line after `hanode`, to be quoted."""
        self.arguments = arguments
        self._warned = False

    @cached_property
    def socket(self) -> str:
        from hanode.runtime.config import ConfigError, load

        try:
            return str(load(Path(self.config_path)).console_socket)
        except ConfigError as error:
            raise Failed(str(error), CONFIG) from None

    @cached_property
    def line(self) -> Line:
        return Line(self.socket, "hanode " + " ".join(self.argv[:2]))

    @cached_property
    def image(self) -> StateImage:
        image, pulse = self.line.fetch_state()
        if not pulse.quorate and not self._warned:
            print(f"{pulse.node} is without quorum: this is what it last knew", file=sys.stderr)
            self._warned = True
        return image

    @cached_property
    def state(self) -> ClusterState:
        return ClusterState.unpack(self.image.state)

    def fresh_state(self) -> ClusterState:
        """Asked anew, since something changed."""
        self.__dict__.pop("image", None)
        self.__dict__.pop("state", None)
        return self.state

    def reconnect(self) -> None:
        """After a lost line: what is asked next opens another."""
        self.close()
        for kept in ("line", "image", "state"):
            self.__dict__.pop(kept, None)

    def close(self) -> None:
        if (line := self.__dict__.get("line")) is not None:
            line.close()
