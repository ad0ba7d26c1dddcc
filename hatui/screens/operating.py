"""All that an operator does from the main screen, put together; each part has a file."""

from __future__ import annotations

from hatui.screens.editing import Editing
from hatui.screens.explaining import Explaining


class Operating(Editing, Explaining):
    """Acting on the cluster, looking for causes, going through time."""
