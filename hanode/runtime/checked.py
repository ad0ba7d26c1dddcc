"""The configuration as `hanode run` has checked it, handed to each life of a node's parts.

Until that hanode ends they work by it alone: a slip in the file, or a disk that can't be read just
now, never keeps from starting again what has worked, and no two parts go by different timings.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import pickle
from pathlib import Path

from hanode.runtime.config import DEFAULT_PATH, Config, load

SEALS = fcntl.F_SEAL_SEAL | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE


def keep(config: Config) -> int:
    """A descriptor to hand down. It is sealed: root's parts believe what an unprivileged one has
    in hand, too."""
    descriptor = os.memfd_create("hanode-config", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    os.write(descriptor, pickle.dumps(config))
    fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, SEALS)
    return descriptor


def add_options(parser: argparse.ArgumentParser) -> None:
    """What every part of a node is told when it starts."""
    parser.add_argument(
        "--config", type=Path, default=DEFAULT_PATH, help="as its operator named it"
    )
    parser.add_argument("--checked", type=int, help="descriptor with what it said")
    parser.add_argument("--boot", type=int, required=True)
    parser.add_argument("--life", type=int, default=1)


def configuration(given: argparse.Namespace) -> Config:
    """As it was handed down; read anew only by a part that nobody supervises. Raises
    ConfigError."""
    if given.checked is None:
        return load(given.config)
    # The parts share one offset, so none may move it; and no agent is to inherit the descriptor.
    data = os.pread(given.checked, os.fstat(given.checked).st_size, 0)
    os.close(given.checked)
    config = pickle.loads(data)
    assert isinstance(config, Config)
    return config
