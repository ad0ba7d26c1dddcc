"""How a node's own processes cut a byte stream into messages: length (4 bytes), then bytes."""

from __future__ import annotations

HEAD = 4


class BadFrame(Exception):  # noqa: N818 - what came
    """The other end does not speak in frames, or in far too long ones."""


class Frames:
    """Cuts a byte stream into frames."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """The frames that are whole now. Raises BadFrame."""
        self._buffer += data
        whole, start = [], 0
        while len(self._buffer) - start >= HEAD:
            length = int.from_bytes(self._buffer[start : start + HEAD], "big")
            if length > self._limit:
                raise BadFrame(f"a frame of {length} bytes, more than {self._limit}")
            end = start + HEAD + length
            if len(self._buffer) < end:
                break
            whole.append(bytes(self._buffer[start + HEAD : end]))
            start = end
        del self._buffer[:start]
        return whole


def frame(body: bytes) -> bytes:
    """As it travels."""
    return len(body).to_bytes(HEAD, "big") + body
