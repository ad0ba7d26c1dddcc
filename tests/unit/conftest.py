"""A real lrm process, for whoever tests one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.runtime.lrm_process import LrmProcess


@pytest.fixture
def lrm(tmp_path: Path) -> Iterator[LrmProcess]:
    process = LrmProcess(tmp_path)
    process.start()
    process.take_term()
    yield process
    process.end()
