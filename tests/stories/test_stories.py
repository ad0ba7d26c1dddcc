"""Every story ends as it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.stories.command import stories
from tests.stories.teller import Teller


@pytest.mark.parametrize("path", stories(), ids=lambda path: path.stem)
def test_story(path: Path) -> None:
    Teller(path).tell()
