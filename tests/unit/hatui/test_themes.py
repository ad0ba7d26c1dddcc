"""Every theme is complete, and can be read: by anybody, in any light."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.color import Color

from hatui.cluster import looks
from hatui.cluster.spans import INKS
from hatui.dress import Dressed
from hatui.themes import BadTheme, folders, load, load_all

THEMES, PROBLEMS = load_all(folders()[:2])
NAMES = {"hatui-dark", "hatui-light", "high-contrast", "deuteranopia", "tritanopia", "ansi", "mono"}


def test_they_are_all_there() -> None:
    assert PROBLEMS == []
    assert THEMES.keys() == NAMES


def luminance(color: Color) -> float:
    def part(value: int) -> float:
        share = value / 255
        return share / 12.92 if share <= 0.03928 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = color.get_truecolor()
    return 0.2126 * part(red) + 0.7152 * part(green) + 0.0722 * part(blue)


def contrast(one: Color, other: Color) -> float:
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("name", sorted(NAMES - {"ansi", "mono"}))
def test_contrast(name: str) -> None:
    inks = THEMES[name]
    assert inks.theme.background is not None
    back = Color.parse(inks.theme.background)
    cursor = inks.styles["cursor"].bgcolor
    assert cursor is not None
    least = 7.0 if name == "high-contrast" else 4.5
    for ink in INKS:
        style = inks.styles[ink]
        if style.color is None:
            continue
        on = style.bgcolor or back
        wanted = 3.0 if ink in ("faint", "off") else least
        if ink in ("alarm", "stale", "tab"):
            wanted = 4.5
        assert contrast(style.color, on) >= wanted, (ink, contrast(style.color, on))
        if style.bgcolor is None and ink not in ("faint", "off"):
            assert contrast(style.color, cursor) >= 3.0, (ink, "on the cursor's bar")


def test_mono_and_ansi_take_the_terminals_own_colours() -> None:
    assert all(style.color is None or style.color.is_default
               for style in THEMES["mono"].styles.values())  # fmt: skip
    for style in THEMES["ansi"].styles.values():
        for color in (style.color, style.bgcolor):
            assert color is None or color.is_default or (color.number or 0) < 16


def test_states_differ_without_any_colour() -> None:
    resources = [looks.STARTED, looks.PROMOTED, looks.UNPROMOTED, looks.STOPPED, looks.FAILED,
                 looks.BLOCKED, looks.DOUBT, looks.PARTIAL, looks.BUSY]  # fmt: skip
    assert len({look.shape for look in resources}) == len(resources)
    assert len({look.plain for look in resources}) == len(resources)
    nodes = [looks.ONLINE, looks.STANDBY, looks.MAINTENANCE, looks.OFFLINE, looks.FENCING,
             looks.UNCLEAN, looks.JOINING]  # fmt: skip
    assert len({look.shape for look in nodes}) == len(nodes)
    assert len({look.plain for look in nodes}) == len(nodes)


def test_a_bad_theme_says_what_it_lacks(tmp_path: Path) -> None:
    good = (folders()[1] / "hatui-dark.toml").read_text()
    for text, said in (("", "colors"), ("[colors", "can't be read"),
                       (good.replace("alarm", "alram"), "lacks alarm"),
                       (good.replace('"bold #11141a on #f47b7b"', '"shiny"'), "no style"),
                       (good.replace('name = "hatui-dark"', ""), "name is missing")):  # fmt: skip
        (tmp_path / "x.toml").write_text(text)
        with pytest.raises(BadTheme, match=said):
            load(tmp_path / "x.toml")
    themes, problems = load_all([tmp_path])
    assert themes == {}
    assert len(problems) == 1


def test_a_theme_that_is_gone_before_it_was_looked_at_is_no_theme(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    own = tmp_path / ".config" / "hatui" / "themes"
    own.mkdir(parents=True)
    (own / "gone.toml").symlink_to(tmp_path / "nowhere")
    assert Dressed._fingerprint() == ()
