"""Hostile text never commands the terminal, never breaks a column."""

from __future__ import annotations

import pytest
from rich.cells import cell_len
from rich.style import Style

from hatui.cluster.safe import LIMIT, clean, clip, fit
from hatui.cluster.spans import Span, fit_line, text_of, wrap
from hatui.output import as_json
from hatui.output.picture import of_state
from hatui.themes import DEFAULT, load_all
from hatui.widgets.inked import strip_of
from tests.console.feed import healthy

HOSTILE = (
    "\x1b[2J\x1b]0;owned\x07web",
    "\u202egnp.exe\u2066\u2069",
    "zero\u200bwidth\ufeff",
    "[bold red]markup[/]",
    "[link=http://x]y[/link]",
    "漢字の名前" * 40,
    "a" * 5000,
    "tab\tnew\nline\r",
    "\x00\x7f\x9b31m",
    "\ud800",
    "e\u0301" * 50,
    "🧨" * 60,
)


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_commands_is_left(text: str) -> None:
    shown = clean(text)
    assert not any(ord(char) < 32 or 127 <= ord(char) < 160 for char in shown)
    assert not any(0x200B <= ord(char) <= 0x200F for char in shown)
    assert not any(0x202A <= ord(char) <= 0x202E for char in shown)
    assert not any(0x2066 <= ord(char) <= 0x2069 for char in shown)
    assert len(shown) <= LIMIT
    shown.encode()


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("cells", [0, 1, 2, 3, 7, 20])
def test_it_fills_just_its_cells(text: str, cells: int) -> None:
    shown = clean(text)
    assert cell_len(fit(shown, cells)) == cells
    assert cell_len(clip(shown, cells)) <= cells
    assert cell_len(text_of(fit_line((Span(shown), Span(shown)), cells))) == cells


@pytest.mark.parametrize("text", HOSTILE)
def test_wrapped_lines_fit(text: str) -> None:
    for line in wrap(clean(text), 24):
        assert cell_len(text_of(line)) <= 24


def test_plain_text_stays() -> None:
    assert clean("no answer on port 8080") == "no answer on port 8080"
    assert clean("größer äöü 漢字") == "größer äöü 漢字"


def test_no_control_byte_is_passed_on_as_json() -> None:
    cluster = healthy()
    cluster.fail("web", "n1", "dead\x9b2J\u202egnp")
    told = as_json.render(of_state(cluster.state, None, cluster.now))
    assert told.isascii()


def test_no_ink_passes_a_control_byte_on() -> None:
    """Whatever a screen forgets to clean, the place where it is drawn does not."""
    strip = strip_of((Span("a\x1b[31mb\x9bc\u202ed"),), load_all()[0][DEFAULT], Style())
    assert strip.text == "a·[31mb·c·d"
