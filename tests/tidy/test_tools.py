"""Ruff, mypy --strict and the floors have nothing to say."""

from __future__ import annotations

import pytest

from tests.tidy import tools


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", tools.TOOLS)
def test_nothing_to_say(name: str) -> None:
    status, said = tools.run(name)
    assert status == 0, said
