"""All that an operator does from the main screen, put together; each part has a file."""

from __future__ import annotations

from hatui.screens.editing import Editing
from hatui.screens.explaining import Explaining
from hatui.screens.plugging import Plugging
from hatui.screens.reaching import Reaching
from hatui.screens.teaching import Teaching
from hatui.screens.travelling import Travelling


class Operating(Editing, Explaining, Travelling, Reaching, Plugging, Teaching):
    """Acting on the cluster, looking for causes, going through time."""
