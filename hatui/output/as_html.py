"""A text as a page: its sections as headings, its points as nested lists."""

from __future__ import annotations

from html import escape

_HEAD = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"/>
{refresh}<title>{title}</title>
{style}</head>
<body>
"""
_STYLE = """<style>
body {{ font-family: system-ui, sans-serif; margin: 2em; color: #1c2430; background: #fbfaf7; }}
h2 {{ font-size: 1.05em; margin: 1.4em 0 .3em; }}
ul {{ margin: .1em 0; padding-left: 1.3em; }}
.online {{ color: #1d7a43; }} .offline {{ color: #8a5a00; }} .unclean, .failed {{ color: #b3261e; }}
</style>
"""


def render(text: str, title: str = "", stylesheet: str = "", refresh: int = 0) -> str:
    """The page; `refresh` in seconds, where somebody writes it anew."""
    again = f'<meta http-equiv="refresh" content="{refresh}"/>\n' if refresh else ""
    link = f'<link rel="stylesheet" href="{escape(stylesheet)}"/>\n'
    style = link if stylesheet else _STYLE.format()
    head = _HEAD.format(refresh=again, title=escape(title or "Cluster status"), style=style)
    body = "\n".join(_section(part) for part in text.split("\n\n"))
    return f"{head}{body}\n</body>\n</html>\n"


def _section(part: str) -> str:
    """A heading and what is below it."""
    first, *rest = part.rstrip("\n").split("\n")
    lines = [f"<h2>{escape(first.rstrip(':'))}</h2>"]
    depth = 0
    for line in rest:
        told = line.lstrip(" ")
        level = (len(line) - len(told)) // 2
        lines += ["<ul>"] * (level - depth) + ["</ul>"] * (depth - level)
        depth = level
        lines.append(f"<li{_marked(told)}>{escape(told.removeprefix('* '))}")
    return "\n".join([*lines, *["</ul>"] * depth])


def _marked(line: str) -> str:
    """A class for what is good or bad at a glance."""
    for word, name in (("FAILED", "failed"), ("UNCLEAN", "unclean"), ("OFFLINE", "offline"),
                       ("Online:", "online")):  # fmt: skip
        if word in line:
            return f' class="{name}"'
    return ""
