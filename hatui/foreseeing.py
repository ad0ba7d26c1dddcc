"""What the policy engine thinks of the moment, asked when it is quiet: losses of nodes, scores."""

from __future__ import annotations

import dataclasses
import time
from typing import Any

from textual import work
from textual.timer import Timer

from hanode.cib.document import BadCib
from hatui.cluster.arrival import Arrival
from hatui.cluster.blast import Blast
from hatui.cluster.lock import Lock
from hatui.config import Context
from hatui.receiving import Receiving

SMALL = 100
"""Resources up to which the scores are asked for at every moment that shows them."""
LARGE = 5
"""So many times as long is waited where thoughts are long."""
UNKNOWN = Blast()
QUIET = 1.0
"""Seconds without news before the losses of nodes are worked out."""


class Foreseeing(Receiving):
    """An app that thinks ahead, and never lets a key wait for it."""

    def __init__(self, *told: Any) -> None:
        super().__init__(*told)
        self.patience = QUIET
        self._foreseen = Blast()
        self._blast_timer: Timer | None = None
        self._decide_timer: Timer | None = None
        self._stirred_at = 0.0
        """When something last happened: by the monotonic clock."""

    def begin(self, context: Context, lock: Lock) -> None:
        super().begin(context, lock)
        self._foreseen = Blast()
        for thought in ("blast", "decide"):  # of the cluster before
            self.workers.cancel_group(self, thought)

    def stirred(self, arrival: Arrival) -> None:
        if arrival.events:
            self._stirred_at = time.monotonic()
        if arrival.events or arrival.moment is not None:
            self.moment_changed()

    @property
    def blast(self) -> Blast:
        """The losses of nodes as things stand; those of an earlier state would be false comfort."""
        return self._foreseen if self.moment.sure and not self.foreseeing else UNKNOWN

    def moment_changed(self) -> None:
        """Soon, when nothing new has come meanwhile."""
        if self._blast_timer is not None:
            self._blast_timer.stop()
        if self._foreseen.basis != self.moment.state.basis:
            many = LARGE if len(self.moment.views) > SMALL else 1
            self._blast_timer = self.set_timer(many * self.patience, self.work_out_losses)

    @property
    def foreseeing(self) -> bool:
        """The losses of nodes are not those of the moment yet."""
        state = self.moment.state
        return bool(state.position.index) and not self.moment.problem and (
            self._foreseen.basis != state.basis
        )  # fmt: skip

    @work(exclusive=True, group="blast", exit_on_error=False)
    async def work_out_losses(self) -> None:
        """What each node's loss would do now; a newer question ends this one."""
        moment = self.moment
        if moment.problem or not moment.state.position.index:
            return
        try:
            found = await self.thinker.blast(moment.state)
        except (BadCib, OSError) as error:
            self.log.error(f"no blast radius: {error}")
            found = Blast(moment.state.basis)
        if found.basis == self.moment.state.basis:
            self._foreseen = found
            self.show_again()

    # --------------------------------------------------------------------------------- scores

    def decide(self, now: bool = False) -> None:
        """Have the scores of the moment; of a large cluster, once it is quiet, or now."""
        if self.moment.scores is not None or not self.moment.state.position.index:
            return
        if self._decide_timer is not None:
            self._decide_timer.stop()
        if now or len(self.moment.views) <= SMALL:
            self.ask_scores()
        else:
            self._decide_timer = self.set_timer(LARGE * self.patience, self._ask_if_quiet)

    def _ask_if_quiet(self) -> None:
        """A storm that this machine can hardly follow is no quiet."""
        if time.monotonic() - self._stirred_at >= LARGE * self.patience:
            self.ask_scores()

    @work(exclusive=True, group="decide", exit_on_error=False)
    async def ask_scores(self) -> None:
        """Of the policy engine, with all its reasons."""
        moment = self.moment
        if moment.scores is not None:
            return
        try:
            scores = await self.thinker.scores(moment)
        except OSError as error:
            self.log.error(f"no scores: {error}")
            return
        if moment.state.basis == self.moment.state.basis:
            self.moment = dataclasses.replace(self.moment, scores=scores)
            self.show_again()
