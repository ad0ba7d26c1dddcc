"""The console's command line, read by hand: argparse would cost as much time as the whole rest."""

from __future__ import annotations

FLAGS = ("--once", "--readonly", "--ascii")
VALUES: dict[str, tuple[str, ...]] = {
    "--config": (),
    "--theme": (),
    "--output": ("text", "json", "xml"),
    "--output-as": ("text", "json", "xml"),
    "--mouse": ("auto", "on", "off"),
}
"""Options that take a value, with the values that there are (none: any)."""


class BadOptions(ValueError):  # noqa: N818 - the word that callers know
    """This command line means nothing: why."""


class Options:
    """What was asked for."""

    def __init__(self) -> None:
        self.where = ""
        self.config = ""
        self.theme = ""
        self.output = "text"
        self.mouse = ""
        self.once = False
        self.readonly = False
        self.ascii = False


def read(words: list[str]) -> Options:
    """`[options] [WHERE]`, in any order; `--` ends the options. Raises BadOptions."""
    found, left, named = Options(), list(words), False
    while left:
        word = left.pop(0)
        if word == "--" or not word.startswith("-"):
            word = left.pop(0) if word == "--" and left else word
            if named:
                raise BadOptions(f"one WHERE at a time: {found.where!r} or {word!r}?")
            found.where, named = word, True
            continue
        option, equals, value = word.partition("=")
        if option in FLAGS and not equals:
            setattr(found, option[2:], True)
        elif option in VALUES:
            _set(found, option, value if equals else _next(left, option))
        else:
            raise BadOptions(f"unknown option {word!r}")
    return found


def _next(left: list[str], option: str) -> str:
    if not left:
        raise BadOptions(f"{option} needs a value")
    return left.pop(0)


def _set(found: Options, option: str, value: str) -> None:
    allowed = VALUES[option]
    if allowed and value not in allowed:
        raise BadOptions(f"{option} {value!r}: give one of {', '.join(allowed)}")
    setattr(found, option[2:].removesuffix("-as"), value)
