"""The digest of an operation's parameters, by which a later change of them is found out.

It is the MD5 of their XML, as an element `parameters` with sorted attributes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

_ESCAPES = str.maketrans(
    {
        "&": "&amp;",
        "<": "&lt;",
        ">": "&gt;",
        '"': "&quot;",
        "\t": "&#9;",
        "\n": "&#10;",
        "\r": "&#13;",
    }
)
_NOT_FOR_AGENTS = (
    "crm_feature_set",
    "op-digest",
    "on_node",
    "id",
)
"""What the cluster itself adds to an operation's attributes."""


def digest(values: Mapping[str, str]) -> str:
    """The digest of parameters."""
    from hashlib import md5  # only where history has digests

    words = "".join(f' {name}="{values[name].translate(_ESCAPES)}"' for name in sorted(values))
    text = f" <parameters{words}/>\n"
    return md5(text.encode(), usedforsecurity=False).hexdigest()


def digested(values: Mapping[str, str], watched_ms: int = 0) -> dict[str, str]:
    """What of an operation's parameters its digest is made of; of a recurring one, its timeout,
    too."""
    kept = {
        name: value
        for name, value in values.items()
        if not name.startswith("CRM_meta_") and name not in _NOT_FOR_AGENTS
    }
    return {**kept, "CRM_meta_timeout": str(watched_ms)} if watched_ms else kept


def without(values: Mapping[str, str], names: Collection[str]) -> dict[str, str]:
    """Those that are left when the ones of these names may change freely."""
    return {name: value for name, value in values.items() if name not in names}
