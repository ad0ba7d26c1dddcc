"""Scores held packed say what the decision said; a process of its own reckons the same."""

from __future__ import annotations

import asyncio
import dataclasses

import pytest

from hanode.pe import schedule
from hanode.pe.why import NoSuchResource
from hatui.cluster.fork import fork
from hatui.cluster.scores import Scores
from hatui.cluster.spans import text_of
from hatui.cluster.whatif import explained, look_at, scores
from hatui.cluster.why import why
from hatui.link.aside import scores_aside, why_aside
from tests.console.feed import healthy


def test_they_say_what_the_decision_said() -> None:
    cluster = healthy()
    cluster.fail("web", "n1", "it died")
    moment = look_at(fork(cluster.state), cluster.now)
    decision = schedule(moment.cib, cluster.now)
    packed = Scores.of(decision)
    assert set(packed.names) == {*decision.totals, *decision.scores}
    for name in packed.names:
        reckoning = packed.reckoning(name)
        assert reckoning.totals == decision.totals.get(name, {})
        assert reckoning.reasons == decision.scores.get(name, {})
    assert packed.reckoning("nothing of this name") == ({}, {})


def test_another_process_reckons_the_same() -> None:
    cluster = healthy()
    moment = look_at(fork(cluster.state), cluster.now)
    here = scores(moment, cluster.now)
    there = asyncio.run(scores_aside(cluster.state, cluster.now))
    assert there.to_wire() == here.to_wire()
    told = [why(dataclasses.replace(moment, scores=one), "web", 60) for one in (here, there)]
    assert told[0] == told[1]
    assert any("n1" in text_of(line) for line in told[0])


def test_another_process_explains_the_same() -> None:
    cluster = healthy()
    here = explained(look_at(fork(cluster.state), cluster.now), "web", cluster.now)
    assert asyncio.run(why_aside(cluster.state, cluster.now, "web")) == here
    with pytest.raises(NoSuchResource, match="nobody"):
        asyncio.run(why_aside(cluster.state, cluster.now, "nobody"))


def test_of_several_reasons_the_short_form_tells_the_weightiest() -> None:
    cluster = healthy()
    moment = look_at(fork(cluster.state), cluster.now)
    moment = dataclasses.replace(moment, scores=scores(moment, cluster.now))
    assert moment.scores is not None
    parts = moment.scores.reckoning("web").reasons["n1"]
    assert len(parts) > 1
    most = max(parts, key=lambda part: abs(part.amount))
    said = " ".join(text_of(line).strip() for line in why(moment, "web", 200, brief=True))
    assert most.sentence in said
    assert not any(part.sentence in said for part in parts if part.amount == 0)
