"""Themes from TOML files: what each ink looks like, and the few colours that Textual itself needs.

They are looked for in the package (`hatui/themes`, where a wheel has them), beside it (`../themes`,
where a checkout has them) and in the user's own ~/.config/hatui/themes, which wins.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from rich.errors import StyleSyntaxError
from rich.style import Style
from textual.theme import Theme

from hatui.cluster.spans import INKS

DEFAULT, MONO = "hatui-dark", "mono"
HERE = Path(__file__).resolve().parent
COLORS = (
    "background", "surface", "panel", "foreground", "primary", "secondary", "accent", "success",
    "warning", "error",
)  # fmt: skip


_ANSI = {
    "ansi-background": "ansi_default", "ansi-foreground": "ansi_default",
    "border-blurred": "ansi_default", "block-cursor-foreground": "ansi_default",
    "block-cursor-background": "ansi_default", "input-cursor-background": "ansi_default",
    "input-cursor-foreground": "ansi_default", "input-cursor-text-style": "reverse",
    "input-selection-background": "ansi_default", "input-selection-foreground": "ansi_default",
    "screen-selection-background": "ansi_default", "screen-selection-foreground": "ansi_default",
}  # fmt: skip
"""What Textual's own widgets ask for where colours are the terminal's."""


class BadTheme(ValueError):  # noqa: N818 - the word that callers know
    """A theme file that can't be used: which, why, and what to do."""


class Inks(NamedTuple):
    """A theme, ready for use: Textual's part and the style of every ink."""

    theme: Theme
    styles: Mapping[str, Style]

    def __getitem__(self, ink: Any) -> Any:
        return self.styles[ink]


def folders() -> tuple[Path, ...]:
    """Where themes are looked for; later ones win."""
    return HERE / "themes", HERE.parent / "themes", Path("~/.config/hatui/themes").expanduser()


def load_all(places: Iterable[Path] | None = None) -> tuple[dict[str, Inks], list[str]]:
    """Every theme by its name, and what was wrong with those that can't be used."""
    themes: dict[str, Inks] = {}
    problems: list[str] = []
    for folder in places if places is not None else folders():
        for file in sorted(folder.glob("*.toml")) if folder.is_dir() else ():
            try:
                inks = load(file)
            except BadTheme as error:
                problems.append(str(error))
            else:
                themes[inks.theme.name] = inks
    return themes, problems


def load(file: Path) -> Inks:
    """One theme. Raises BadTheme."""
    try:
        table = tomllib.loads(file.read_text())
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadTheme(f"{file}: can't be read: {error}") from None
    colors, inks = _strings(table, "colors", file), _strings(table, "inks", file)
    _complete(colors, COLORS, "colors", file)
    _complete(inks, INKS, "inks", file)
    return Inks(_theme(table, colors, file), {name: _style(inks[name], file) for name in INKS})


def _strings(table: dict[str, Any], name: str, file: Path) -> dict[str, str]:
    found = table.get(name)
    if not isinstance(found, dict) or not all(isinstance(v, str) for v in found.values()):
        raise BadTheme(f"{file}: [{name}] is missing or holds more than names and strings")
    return found


def _complete(found: dict[str, str], wanted: Iterable[str], name: str, file: Path) -> None:
    missing = [key for key in wanted if key not in found]
    if missing:
        raise BadTheme(f"{file}: [{name}] lacks {', '.join(missing)}; add them")


def _style(text: str, file: Path) -> Style:
    try:
        return Style.parse(text)
    except StyleSyntaxError as error:
        raise BadTheme(f"{file}: {text!r} is no style ({error}); write like 'bold #rrggbb'") from (
            None
        )


def _theme(table: dict[str, Any], colors: dict[str, str], file: Path) -> Theme:
    name = table.get("name")
    if not isinstance(name, str) or not name:
        raise BadTheme(f"{file}: name is missing")
    given = {key: colors[key] for key in COLORS}
    ansi = table.get("ansi") is True
    if ansi:
        given["boost"] = "ansi_default"
    return Theme(
        name=name,
        dark=table.get("dark") is not False,
        ansi=ansi,
        variables=dict(_ANSI) if ansi else {},
        **given,  # type: ignore[arg-type]
    )
