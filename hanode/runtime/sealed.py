"""Sealed values: `sealed://...` in the configuration is a secret that members alone can open.

A value is put into one box (X25519, anonymous sender) for each data member's key, so that the
configuration may be shown, copied and kept in the log. Who joins later can't open it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable

from nacl.bindings import (
    crypto_box_seal,
    crypto_box_seal_open,
    crypto_box_SEALBYTES,
    crypto_scalarmult_base,
)
from nacl.exceptions import CryptoError

from hanode.events import Member

MARK = "sealed://"
_CONTEXT = b"hanode/v1/sealed\0"
_LABEL = 8
"""Bytes by which a member finds its own box."""
_STEP = 32
"""Values are padded to a multiple of this, so that a box doesn't tell how long a password is."""


class NotForUs(Exception):  # noqa: N818 - said to the operator
    """No box here opens with this node's key: why, and what to do."""


def seal(value: str, members: Iterable[Member]) -> str:
    """The value, for all of these and nobody else."""
    plain = _CONTEXT + value.encode()
    plain += b"\0" * (-len(plain) % _STEP)
    boxes = [_label(m.kex) + crypto_box_seal(plain, m.kex) for m in members]
    size = (_LABEL + crypto_box_SEALBYTES + len(plain)).to_bytes(2, "big")
    return MARK + base64.urlsafe_b64encode(size + b"".join(boxes)).decode()


def unseal(text: str, kex_secret: bytes) -> str:
    """What is inside. Raises NotForUs."""
    try:
        data = base64.urlsafe_b64decode(text.removeprefix(MARK))
    except (binascii.Error, ValueError):
        raise NotForUs("a sealed value is torn; seal it anew: hanode secret seal") from None
    public = crypto_scalarmult_base(kex_secret)
    size, boxes = int.from_bytes(data[:2], "big"), data[2:]
    for start in range(0, len(boxes), size) if size else ():
        box = boxes[start : start + size]
        if box[:_LABEL] == _label(public):
            return _opened(box[_LABEL:], public, kex_secret)
    raise NotForUs(
        "a value was sealed for other members than this node; seal it anew for those of today: "
        "hanode secret seal"
    )


def _opened(box: bytes, public: bytes, secret: bytes) -> str:
    try:
        plain = crypto_box_seal_open(box, public, secret)
    except (CryptoError, ValueError, TypeError):
        raise NotForUs("a sealed value was altered; seal it anew: hanode secret seal") from None
    if not plain.startswith(_CONTEXT):
        raise NotForUs("a box of this node's that holds no sealed value; seal it anew")
    return plain.removeprefix(_CONTEXT).rstrip(b"\0").decode("utf-8", "replace")


def _label(public: bytes) -> bytes:
    return hashlib.blake2b(public, digest_size=_LABEL).digest()
