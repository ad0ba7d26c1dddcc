"""Every story ends on real hosts as it says: the simulator's, and the lab's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lab.stage import stage
from tests.lab.teller import LabTeller
from tests.stories.command import stories
from tests.stories.language import Story

OWN = sorted((Path(__file__).parent / "stories").glob("*.txt"))
ALL = {path.stem: path for path in (*stories(), *OWN)}
"""The lab tells a story of its own where the simulator's of that name rests on its timing."""


@pytest.mark.timeout(600)
@pytest.mark.parametrize("path", list(ALL.values()), ids=list(ALL))
def test_story(path: Path) -> None:
    story = Story(path)
    with stage(story) as cluster:
        LabTeller(story, cluster).tell()
