"""What comes from the terminal and is no text is passed over: noise on a line ends no console."""

from __future__ import annotations

from textual._parser import ParseError
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver


class Patient(LinuxDriver):
    """Textual's own ends the app with a traceback at the first byte that is no UTF-8."""

    def run_input_thread(self) -> None:
        while True:
            try:
                return super().run_input_thread()
            except (ValueError, ParseError) as error:  # what was read with it is lost
                self._app.log.warning(f"noise on the line: {error}")


def patient(driver: type[Driver]) -> type[Driver]:
    """That in the place of Textual's own; a test's is left alone."""
    return Patient if driver is LinuxDriver else driver
