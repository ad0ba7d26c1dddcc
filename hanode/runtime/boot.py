"""The boot counter: how often hanode was started here, durably, so that no start repeats one."""

from __future__ import annotations

from pathlib import Path

from hanode.runtime.trusted import write_durably

FILE = "boot"


class BadBoot(Exception):  # noqa: N818 - what the file is
    """The counter can't be believed; the text says where and what to do."""


def last_boot(state: Path) -> int:
    """The boot that was counted last; 0 before the first. Raises BadBoot."""
    path = state / FILE
    try:
        text = path.read_text("ascii").strip()
    except FileNotFoundError:
        return 0
    except (OSError, UnicodeDecodeError) as error:
        raise BadBoot(f"{path}: can't be read: {error}") from None
    if not text.isdecimal():
        raise BadBoot(f"{path}: {text[:20]!r} is no number; write one above all that it ever was")
    return int(text)


def skip_boots(state: Path, heard: int) -> None:
    """A boot of this number was heard of, which this disk has forgotten: the next one is later.
    Raises BadBoot."""
    if heard <= last_boot(state):
        return
    try:
        write_durably(state / FILE, f"{heard}\n".encode(), 0o644)
    except OSError as error:
        raise BadBoot(f"{state / FILE}: can't be written: {error.strerror}") from None


def count_boot(state: Path) -> int:
    """Begin a new boot: its number is on disk before anything of it happens. Raises BadBoot."""
    boot = last_boot(state) + 1
    try:
        write_durably(state / FILE, f"{boot}\n".encode(), 0o644)
    except OSError as error:
        raise BadBoot(f"{state / FILE}: can't be written: {error.strerror}") from None
    return boot
