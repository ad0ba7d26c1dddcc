"""A command line that speaks to a node's double, whose cluster is healthy."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hanode.__main__ import main
from tests.unit.cli.node_double import NodeDouble
from tests.unit.mgmt.clusters import healthy

Hanode = Callable[[str], int]
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def node(tmp_path: Path) -> Iterator[NodeDouble]:
    double = NodeDouble(healthy(), tmp_path)
    yield double
    double.close()


@pytest.fixture
def hanode(node: NodeDouble) -> Hanode:
    return lambda line: main(["--config", str(node.config), *shlex.split(line)])
