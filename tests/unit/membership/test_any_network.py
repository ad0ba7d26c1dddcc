"""Whatever the network does, once it stops changing so do the views, and they fit together."""

from __future__ import annotations

from itertools import combinations
from random import Random
from typing import Any

import pytest

Links = set[tuple[str, str]]


def storm(cluster: Any, random: Random) -> Links:
    """Chaos for a while; the directed links that work at the end, for good."""
    names = sorted(cluster.machines)
    cluster.loss = random.choice((0.0, 0.1, 0.3))
    cluster.start(*random.sample(names, random.randrange(1, len(names) + 1)))
    dead: Links = set()
    for _ in range(random.randrange(2, 12)):
        cluster.run(random.uniform(0.05, 3.0))
        name = random.choice(names)
        if cluster[name].heart is None:
            random.choice((cluster.start, cluster.reboot))(name)
        elif random.random() < 0.4:
            cluster.kill(name)
        elif cluster[name].asleep:
            cluster.resume(name)
        elif random.random() < 0.2:
            cluster.stop(name)
        pairs = [(a, b) for a in names for b in names if a != b]
        dead = set(random.sample(pairs, random.randrange(0, len(pairs) // 2)))
        cluster.passes = lambda a, b, link, dead=dead: (a, b) not in dead
    for name in names:
        if cluster[name].asleep:
            cluster.resume(name)
        if cluster[name].heart is None and random.random() < 0.7:
            cluster.start(name)
    cluster.loss = 0.0
    alive = [name for name in names if cluster[name].heart is not None]
    return {(a, b) for a in alive for b in alive if a != b and (a, b) not in dead}


def cliques(nodes: list[str], links: Links) -> list[set[str]]:
    """All largest sets that hear each other, the slow and obvious way."""
    for size in range(len(nodes), 0, -1):
        found = [
            set(some)
            for some in combinations(nodes, size)
            if all((a, b) in links and (b, a) in links for a, b in combinations(some, 2))
        ]
        if found:
            return found
    return []


@pytest.mark.parametrize("seed", range(12))
def test_views_settle_and_fit_together(cluster_of: Any, seed: int) -> None:
    random = Random(seed)
    cluster = cluster_of(random.randrange(2, 7), seed=seed)
    links = storm(cluster, random)
    alive = [name for name in sorted(cluster.machines) if cluster[name].heart is not None]
    cluster.run(25.0)
    before = [cluster[name].view for name in alive]
    cluster.run(15.0)
    views = [cluster[name].view for name in alive]
    assert views == before
    assert all(name in cluster[name].view.names for name in alive)
    for view in views:
        assert not view.quorate or all(cluster[name].view == view for name in view.names)
    assert len({view for view in views if view.quorate}) <= 1
    for name in alive:
        assert (cluster[name].lease > cluster.now) == cluster[name].view.quorate
    best = cliques(alive, links)
    if best and len(best[0]) > len(cluster.machines) / 2:
        assert any(view.quorate and set(view.names) in best for view in views)


def free_to_vote_against(cluster: Any, name: str) -> int:
    """How many voters cluster rule 3 lets vote for another DC while `name` is one: those whose
    agreed view lacks it, one time-out after their own last echo to it, or after their boot."""
    free = 0
    for voter in cluster.machines.values():
        if voter.name == name or voter.heart is None or voter.asleep or not voter.heard:
            continue
        said = voter.heard[-1]
        echoed = [pulse.echoed_at for pulse in said.peers if pulse.name == name]
        since = max(voter.booted, *echoed) if echoed else cluster.now
        if name not in said.view.names and cluster.now > since + cluster.timing.election:
            free += 1
    return free


@pytest.mark.parametrize("seed", range(12))
def test_no_lease_outlives_the_votes_that_it_rests_on(cluster_of: Any, seed: int) -> None:
    random = Random(seed)
    cluster = cluster_of(random.randrange(2, 6), seed=seed)
    enough = len(cluster.machines) // 2 + 1

    def watch() -> None:
        for machine in cluster.machines.values():
            if machine.lease > cluster.now:
                assert free_to_vote_against(cluster, machine.name) < enough

    cluster.watch = watch
    storm(cluster, random)
    cluster.run(5.0)
