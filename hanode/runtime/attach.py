"""`hanode attach`: joins stdin and stdout to this node's console socket.

For going through the system's own sshd: `ssh root@node hanode attach` is a console connection.
"""

from __future__ import annotations

import argparse
import os
import select
import socket
import sys
from pathlib import Path

from hanode.runtime.config import DEFAULT_PATH, ConfigError, load

CHUNK = 1 << 16


def main(argv: list[str], config_path: str | None = None) -> int:
    """The command."""
    argparse.ArgumentParser(prog="hanode attach", description=__doc__).parse_args(argv)
    try:
        path = load(Path(config_path) if config_path else DEFAULT_PATH).console_socket
    except ConfigError as error:
        print(f"hanode attach: {error}", file=sys.stderr)
        return os.EX_CONFIG
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as node:
        try:
            node.connect(str(path))
        except OSError as error:
            why = error.strerror
            print(f"hanode attach: {path}: {why}; is hanode running here?", file=sys.stderr)
            return os.EX_UNAVAILABLE
        return relay(node, 0, 1)


def relay(node: socket.socket, source: int, sink: int) -> int:
    """Until either side ends."""
    while True:
        ready = select.select([node.fileno(), source], [], [])[0]
        if node.fileno() in ready:
            data = node.recv(CHUNK)
            if not data:
                return 0
            _write_all(sink, data)
        if source in ready:
            data = os.read(source, CHUNK)
            if not data:
                return 0
            node.sendall(data)


def _write_all(sink: int, data: bytes) -> None:
    while data:
        data = data[os.write(sink, data) :]
