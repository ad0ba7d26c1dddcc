"""The past that a console holds: folded anew, gone through, written down, and its breaks."""

from __future__ import annotations

import dataclasses

import pytest

from hanode.events import Signed
from hanode.state import ClusterState
from hatui.cluster.compare import compared
from hatui.cluster.incident import MAGIC, NoIncident, packed, unpacked
from hatui.cluster.journey import Journey
from hatui.cluster.past import SPACING, Past
from hatui.cluster.spans import text_of
from hatui.cluster.whatif import look_at
from tests.console.feed import Cluster, healthy, outage


def whole(cluster: Cluster) -> Past:
    past = Past()
    past.anchor(ClusterState())
    past.earlier(cluster.entries)
    return past


def test_every_moment_can_be_folded_anew() -> None:
    cluster = healthy()
    past = whole(cluster)
    last = past.state_at(past.last)
    assert last is not None
    assert last.digest() == cluster.state.digest()
    early = past.state_at(5)
    assert early is not None
    assert early.position.index == 5
    assert not past.breaks


def test_a_past_without_a_state_tells_none() -> None:
    cluster = healthy()
    past = Past()
    past.earlier(cluster.entries[10:])
    assert past.reach is None
    assert past.state_at(past.last) is None
    past.anchor(cluster.state)
    assert past.state_at(past.first) is None
    assert past.state_at(past.last) is not None


def test_it_grows_at_both_ends_and_never_with_a_gap() -> None:
    cluster = healthy()
    past = Past()
    for entry in cluster.entries[20:30]:
        past.append(entry)
    past.earlier(cluster.entries[:25])
    assert (past.first, past.last) == (1, 30)
    past.append(cluster.entries[29])
    past.earlier(cluster.entries[:3])
    assert len(past.entries) == 30
    past.append(cluster.entries[40])  # something between is missing: a new past begins
    assert (past.first, past.last) == (41, 41)


def test_states_are_kept_on_the_way() -> None:
    cluster = healthy()
    for _ in range(SPACING):
        cluster.ran("web", "monitor", "n1", 1000)
    past = whole(cluster)
    assert past.state_at(SPACING + 20) is not None
    nearer = past.state_at(SPACING + 30)
    assert nearer is not None
    assert nearer.position.index == SPACING + 30


def test_a_changed_record_is_found() -> None:
    cluster = healthy()
    entry = cluster.entries[30]
    payload = entry.signed.payload
    forged = dataclasses.replace(entry, signed=Signed(payload, bytes(64)))
    cluster.entries[30] = forged
    past = whole(cluster)
    past.state_at(past.last)
    assert past.breaks[31].startswith("not signed by")
    assert "does not follow from entry 31" in past.breaks[32]


def test_steps_walks_and_times() -> None:
    cluster = outage()
    journey = Journey(whole(cluster))
    assert journey.at == journey.last
    assert journey.step(-1) == ""
    before = journey.at
    assert journey.step(-1) == ""
    assert journey.at < before
    assert journey.step(1) == ""
    assert journey.at == before
    assert journey.walk(-1) == ""
    assert journey.go("#5") == ""
    assert journey.at == 5
    assert "are known here" in journey.go("#9999")
    assert journey.at == journey.last
    assert journey.go("-2s") == ""
    assert journey.at < journey.last
    assert journey.go("12:00:00") == ""
    assert journey.go("2026-11-21 12:00:01") == ""
    assert "not 'yesterday'" in journey.go("yesterday")
    assert "not '25:00'" in journey.go("25:00")
    journey.go("#1")
    assert "no earlier event" in journey.step(-1)


def test_the_bar_fits_and_marks_faults_and_breaks() -> None:
    cluster = outage()
    past = whole(cluster)
    journey = Journey(past)
    journey.step(-1)
    for cells in (40, 80, 200):
        assert len(text_of(journey.bar(cells, cluster.now))) == cells
    drawn = text_of(journey.bar(120, cluster.now, ascii_only=True))
    assert drawn.isascii()
    assert "!" in drawn
    past.breaks[journey.at] = "not signed by n1"
    assert "BROKEN: not signed by n1" in text_of(journey.bar(120, cluster.now))


def test_an_incident_is_a_slice_that_plays_back() -> None:
    cluster = outage()
    past = whole(cluster)
    data = packed(past, 20, past.last)
    assert data.startswith(f"{MAGIC} demo entries 20-{past.last} Nov 21 12:00-".encode())
    again = unpacked(data)
    assert (again.first, again.last, again.reach) == (20, past.last, 19)
    state = again.state_at(again.last)
    assert state is not None
    assert state.digest() == cluster.state.digest()
    assert not again.breaks


def test_what_is_no_incident_is_refused() -> None:
    data = packed(whole(healthy()), 1, 30)
    for wrong in (b"", b"PNG\n", data[:-40] + b"\xff" * 40, data.partition(b"\n")[0] + b"\n"):
        with pytest.raises(NoIncident):
            unpacked(wrong)
    empty = Past()
    with pytest.raises(NoIncident, match="nothing in this stretch"):
        packed(empty, 1, 5)


def test_then_and_now() -> None:
    cluster = outage()
    past = whole(cluster)
    before = past.state_at(past.last - 2)
    assert before is not None
    then, now = look_at(before, before.at), look_at(cluster.state, cluster.now)
    said = [text_of(line) for line in compared(then, now, 100)]
    (row,) = [line for line in said if line.startswith("n3")]
    assert "online" in row
    assert "fencing" in row
    (same,) = [text_of(line) for line in compared(now, now, 100)][-1:]
    assert same == "nothing is different"


def test_a_past_of_another_day_says_which() -> None:
    cluster = healthy()
    past = Past()
    for entry in cluster.entries:
        past.append(entry)
    journey = Journey(past)
    assert "Nov" not in text_of(journey.bar(120, cluster.now))
    assert text_of(journey.bar(120, cluster.now + 2 * 86_400)).startswith(" PAST Nov 21 ")
    past.anchor(ClusterState())
    title = packed(past, 1, past.last).split(b"\n")[0].decode()
    assert "Nov 21" in title
