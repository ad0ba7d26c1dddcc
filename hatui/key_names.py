"""What keys are called: by Textual in its bindings, by people on their screens."""

from __future__ import annotations

import string
from typing import Any

from textual.binding import Binding, InvalidBinding
from textual.keys import Keys, key_to_character

_KNOWN = frozenset(key.value for key in Keys)
SYMBOLS = 0x2000
"""From here on signs are on no keyboard, and have names such as `banana`."""
_SHORT = {"escape": "esc", "pagedown": "PgDn", "pageup": "PgUp"}
_SIGNS = {
    binding.key: sign
    for sign in string.punctuation.replace(",", "")
    for binding in Binding.make_bindings([Binding(sign, "x")])
}


def shown(name: str) -> str:
    """As people know it: `[` for left_square_bracket, ^d for ctrl+d."""
    if name.startswith("ctrl+"):
        return f"^{name.removeprefix('ctrl+')}"
    return _SHORT.get(name) or _SIGNS.get(name, name)


def names_of(value: Any) -> list[str]:
    """As Textual calls them, from what a user has written in a file. Raises ValueError."""
    if not isinstance(value, str):
        raise ValueError('give the name of a key in quotes, as "f6"')
    try:
        names = [binding.key for binding in Binding.make_bindings([Binding(value, "x")])]
    except InvalidBinding:
        raise ValueError('no key; write like "f6", "ctrl+t" or "["') from None
    if strange := next((name for name in names if not _known(name)), ""):
        raise ValueError(f'no key is called {strange!r}; write like "f6", "ctrl+t" or "["')
    return names


def _known(name: str) -> bool:
    """Whether a keyboard may have a key of this name."""
    bare = name.removeprefix("ctrl+").removeprefix("shift+")
    sign = key_to_character(bare)
    return name in _KNOWN or bare in _KNOWN or (sign is not None and ord(sign) < SYMBOLS)
