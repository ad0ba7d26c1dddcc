"""`:export FILE`: by its ending an incident, a CIB, the view as a sheet, the screen's picture."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from textual import work

from hatui.cluster.incident import NoIncident, packed
from hatui.cluster.sheet import sheet
from hatui.screens.drawing import Drawing

USAGE = "export FILE [MINUTES]: an incident for hatui replay; FILE.csv, FILE.txt: this view; \
FILE.svg: the screen; FILE.xml: this moment's CIB for hanode simulate"


class Exporting(Drawing):
    """A screen that can be written down."""

    @work(exclusive=True, group="export", exit_on_error=False)
    async def action_export(self, words: str) -> None:
        """Of an incident, the last so many minutes before the moment on the screen."""
        name, _, minutes = words.partition(" ")
        if not name or (minutes and not minutes.isdecimal()):
            self.hatui.say(USAGE, "warning")
            return
        path = Path(os.path.expanduser(name))  # noqa: ASYNC240 - no disk is asked
        try:
            data = await self._told(path.suffix, minutes)
            written(path, data)
        except FileExistsError:
            self.hatui.say(f"{path} exists: choose another name", "error")
        except OSError as error:
            self.hatui.say(f"not exported: {path}: {error.strerror}", "error")
        except NoIncident as error:
            self.hatui.say(f"not exported: {error}", "error")
        else:
            opens = "" if path.suffix in self._forms else f"; hatui replay {path} opens it"
            self.hatui.say(f"{path}: {len(data) // 1024 + 1} KB{opens}")

    @property
    def _forms(self) -> dict[str, Callable[[], str]]:
        return {
            ".csv": lambda: sheet(self.rows.outline.all_rows()),
            ".txt": lambda: "\n".join([*self.rows.text(), ""]),
            ".svg": self.app.export_screenshot,
            ".xml": self._cib,
        }

    def _cib(self) -> str:
        from hatui.output.as_cib import render  # only who asks pays for it

        return render(self.hatui.moment).decode()

    async def _told(self, suffix: str, minutes: str) -> bytes:
        """What the file is to hold. Raises NoIncident."""
        if suffix in self._forms:
            return self._forms[suffix]().encode()
        return await self._incident(minutes)

    async def _incident(self, minutes: str) -> bytes:
        travelling = self.hatui.journey
        journey = travelling or await self._depart()
        if journey is None:
            raise NoIncident("nothing is known yet of what was")
        past = self.hatui.link.past
        last = travelling.at if travelling is not None else journey.last
        first = past.at_time(journey.time - 60 * int(minutes)) if minutes else past.first
        return packed(past, first, last)


def written(path: Path, data: bytes) -> None:
    """Never over what is there, and for its owner alone: a configuration holds passwords. Raises
    FileExistsError, OSError."""
    with open(path, "xb", opener=_for_its_owner) as file:
        file.write(data)


def _for_its_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
