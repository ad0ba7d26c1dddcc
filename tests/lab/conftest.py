"""Where the lab can't be, its tests say so."""

from __future__ import annotations

import pytest

from tests.lab.needs import missing


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    why = missing()
    for item in items:
        if item.path.parent.name == "lab":
            item.add_marker(pytest.mark.lab)
            if why:
                item.add_marker(pytest.mark.skip(reason=why))
