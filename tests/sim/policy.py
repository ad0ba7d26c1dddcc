"""The policy engine's worker: the real engine, in the same thread, answering a little later."""

from __future__ import annotations

from functools import lru_cache
from random import Random

from hanode import pe
from hanode.cib.configuration import Configuration
from hanode.cib.document import Cib, parse_configuration
from hanode.effects import AskPe
from hanode.transition import Transition


class Policy:
    """Decides as the worker process would."""

    def __init__(self, random: Random) -> None:
        self._random = random

    def delay(self) -> float:
        """How long it thinks: mostly little, now and then a second."""
        return 0.5 * self._random.random() if self._random.random() < 0.05 else 0.01

    def decide(self, question: AskPe) -> Transition:
        return decide(question.cib, question.status, question.at)


def decide(configuration: bytes | str, status: object, at: float) -> Transition:
    """What the engine says of this configuration and status."""
    data = configuration.encode() if isinstance(configuration, str) else configuration
    return pe.schedule(Cib(configuration=_parsed(data), status=status), at)  # type: ignore[arg-type]


@lru_cache(maxsize=512)
def _parsed(data: bytes) -> Configuration:
    return parse_configuration(data)
