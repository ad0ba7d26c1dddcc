"""What of an operator's orders still holds: each is a card that says what, and who."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from hanode.events import CibChanged, Event
from hanode.mgmt import orders
from hanode.mgmt.proposal import Proposal
from hatui.cluster.past import Past
from hatui.cluster.resource_tree import resource_tree
from hatui.cluster.spans import text_of
from hatui.cluster.undo import Card, cards
from hatui.cluster.whatif import look_at
from tests.console.feed import CIB, Cluster, healthy


def by(cluster: Cluster, who: str, *events: Event) -> None:
    for event in events:
        assert isinstance(event, CibChanged)
        cluster.say(replace(event, by=who))


def card(cluster: Cluster, key: str) -> Card:
    past = Past()
    for entry in cluster.entries:
        past.append(entry)
    moment = look_at(cluster.state, cluster.now)
    return next(one for one in cards(moment, past) if one.key == key)


def test_a_card_names_who_did_it_and_not_who_did_the_like_to_another() -> None:
    cluster = Cluster(("n1", "n2", "n10"), CIB.replace('"n3"', '"n10"'))
    by(cluster, "anna", *orders.standby(cluster.state, "n1", True).events)
    by(cluster, "bob", *orders.standby(cluster.state, "n10", True).events)
    assert card(cluster, "standby.n1").who == "anna"
    assert card(cluster, "standby.n10").who == "bob"
    by(cluster, "carl", *orders.target_role(cluster.state, "front", "Stopped").events)
    by(cluster, "dora", *orders.target_role(cluster.state, "front-ip", "Stopped").events)
    assert card(cluster, "target-role.front").who == "carl"
    by(cluster, "eve", *orders.ban(cluster.state, "backup", "n1").events)
    by(cluster, "fred", *orders.ban(cluster.state, "backup", "n10").events)
    assert card(cluster, "cli-ban-backup-on-n1").who == "eve"


@pytest.mark.parametrize("order", [orders.ban, orders.move])
def test_what_has_expired_binds_no_more(order: Callable[..., Proposal]) -> None:
    """As the policy engine sees it; its card stays, for its rule is still written there."""
    cluster = healthy()
    until = cluster.now + 3600
    cluster.order(order(cluster.state, "backup", "n3", until=until).events[0])

    def drawn(now: float) -> tuple[str, str]:
        seen = look_at(cluster.state, now)
        (item,) = (item for item in resource_tree(seen) if item.name == "backup")
        (left,) = cards(seen, Past())
        return text_of(item.note), left.what

    chip, what = drawn(until - 1)
    assert "n3" in chip
    assert what.startswith("backup is ")
    chip, what = drawn(until + 1)
    assert "n3" not in chip
    assert what.startswith("backup was ")
