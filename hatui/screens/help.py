"""The keys of a view, by what they are for; as the user has bound them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from hatui.cluster.safe import fit
from hatui.cluster.spans import BLANK, Line, Span, wrap
from hatui.cluster.view import View
from hatui.commandline import VERBS, WORDS
from hatui.keymap import Key
from hatui.rebinding import keys_of

LEGEND = (
    ("state", "● started  ◆ promoted  ◇ unpromoted  ○ stopped, disabled  ✖ failed  ■ blocked"),
    ("", "▲ unclean: its node is lost  ◐ not on every node  ◌ under way"),
    ("preview", "+ starts   - stops   > moves   ~ restarts   ! suffers"),
)


def help_text(
    keys: Iterable[Key], rebound: Mapping[str, str], view: View | None = None
) -> list[Line]:
    """What this view shows, then one line per key, under the heading of its group."""
    lines: list[Line] = []
    if view is not None:
        lines += [BLANK, (Span(f"  {view.title}", "title"),)]
        lines += [(Span("  "), *line) for line in wrap(view.about, 74, "dim")]
    group = ""
    for key in keys:
        if key.group != group:
            group = key.group
            lines += [BLANK, (Span(f"  {group}", "accent"),)]
        names = fit("  ".join(keys_of(key, rebound)), 18)
        lines.append((Span("  "), Span(names, "key"), Span(key.help)))
    lines += [BLANK, (Span("  commands, after :", "accent"),)]
    told = [(name, VERBS[name].usage if name in VERBS else "") for name in sorted(WORDS)]
    plain = ", ".join(name for name, usage in told if not usage)
    lines += [(Span(f"  {fit(name, 18)}", "key"), Span(usage)) for name, usage in told if usage]
    lines += [(Span("  "), *line) for line in wrap(plain, 74, "dim")]
    lines += [BLANK, (Span("  signs", "accent"),)]
    lines += [(Span(f"  {fit(name, 18)}", "dim"), Span(text)) for name, text in LEGEND]
    return lines
