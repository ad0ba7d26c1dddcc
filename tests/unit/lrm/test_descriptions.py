"""What agents say of themselves, and what results say by it of later changes."""

from __future__ import annotations

from hanode import effects, inputs
from hanode.cib.digest import digest
from tests.unit.lrm.stage import Stage

MODERN = b"""<resource-agent name="x"><version>1.1</version><parameters>
<parameter name="text" reloadable="1"><content type="string"/></parameter>
<parameter name="port"><content type="integer"/></parameter></parameters>
<actions><action name="start" timeout="5s"/><action name="reload-agent" timeout="5s"/></actions>
</resource-agent>"""
LEGACY = MODERN.replace(b"1.1", b"1.0").replace(b'reloadable="1"', b'unique="0"').replace(
    b"reload-agent", b"reload"
)  # fmt: skip
GIVEN = {"text": "hello", "port": "80", "CRM_meta_timeout": "20000"}


def stage(metadata: bytes | None = MODERN) -> Stage:
    made = Stage()
    made.metadata = metadata
    made.take_term()
    return made


def asked(stage: Stage) -> list[int]:
    """Tokens of agents that were asked, since last looked."""
    spawned = stage.wanted(effects.Spawn)
    return [spawn.token for spawn in spawned if "meta-data" in spawn.argv]


def test_a_result_says_which_changes_need_no_restart() -> None:
    lrm = stage()
    lrm.order("start", parameters=GIVEN, digest="d")
    lrm.end(0)
    (fact,) = lrm.facts()
    assert fact.reloadable == ("text",)
    assert fact.restart_digest == digest({"port": "80"})


def test_an_agent_without_reload_says_nothing() -> None:
    lrm = stage(b"")
    lrm.order("start", parameters=GIVEN, digest="d")
    lrm.end(0)
    (fact,) = lrm.facts()
    assert (fact.reloadable, fact.restart_digest) == ((), "")


def test_what_recurs_says_nothing_of_it() -> None:
    lrm = stage()
    lrm.order("monitor", interval_ms=1000, parameters=GIVEN, digest="d")
    lrm.end(0)
    (fact,) = lrm.facts()
    assert fact.reloadable == ()


def test_a_reload_is_what_the_agent_calls_it() -> None:
    for metadata, action in ((MODERN, "reload-agent"), (LEGACY, "reload")):
        lrm = stage(metadata)
        lrm.order("reload-agent", parameters=GIVEN, digest="e")
        assert lrm.at_work() == [("r1", action)]
        lrm.end(0)
        (fact,) = lrm.facts()
        assert (fact.task, fact.digest, fact.rc) == ("reload-agent", "e", 0)


def test_an_agent_is_asked_beside_its_first_probe_and_a_start_waits_for_that() -> None:
    lrm = stage(None)
    lrm.order("monitor")
    assert [task for _, task in lrm.at_work()] == ["meta-data", "monitor"]
    (token,) = asked(lrm)
    lrm.end(7, next(t for t in lrm.spawned if t != token))
    lrm.order("start")
    assert [task for _, task in lrm.at_work()] == ["meta-data"]
    lrm.end(0, token, MODERN)
    assert [task for _, task in lrm.at_work()] == ["start"]


def test_a_stop_never_waits_for_it() -> None:
    lrm = stage(None)
    lrm.order("stop")
    assert [task for _, task in lrm.at_work()] == ["meta-data", "stop"]


def test_an_agent_that_says_nothing_holds_up_a_start_briefly() -> None:
    lrm = stage(None)
    lrm.order("start")
    (token,) = asked(lrm)
    lrm.wait(2.1)
    assert [(kill.token, kill.hard) for kill in lrm.wanted(effects.Kill)] == [(token, True)]
    assert ("r1", "start") in lrm.at_work()
    lrm.end(-9, token)
    lrm.end(0)
    (fact,) = lrm.facts()
    assert (fact.status, fact.reloadable) == ("done", ())


def test_an_agent_that_isnt_there_holds_up_nothing() -> None:
    lrm = stage(None)
    lrm.order("start")
    (token,) = asked(lrm)
    del lrm.spawned[token]
    lrm.give(inputs.SpawnFailed(token, True, "no such file"))
    assert lrm.at_work() == [("r1", "start")]


def test_it_is_asked_again_after_a_while_with_the_next_operation() -> None:
    lrm = stage(b"")
    lrm.order("start")
    lrm.end(0)
    assert len(asked(lrm)) == 1
    lrm.metadata = MODERN
    lrm.order("stop")
    lrm.end(0)
    assert asked(lrm) == []
    lrm.wait(61.0)
    lrm.order("start")
    lrm.end(0)
    assert asked(lrm) == []
    lrm.order("stop")
    lrm.end(0)
    assert len(asked(lrm)) == 1
    lrm.order("start", parameters=GIVEN, digest="d")
    lrm.end(0)
    assert lrm.facts()[-1].reloadable == ("text",)


def test_other_classes_have_no_parameters_to_ask_about() -> None:
    lrm = stage(None)
    for agent in ("systemd:web", "lsb:web", "stonith:fence_dummy"):
        lrm.order("start", agent, agent=agent)
    assert asked(lrm) == []


def test_one_is_asked_at_a_time() -> None:
    lrm = stage(None)
    for name in ("a", "b", "c"):
        lrm.order("monitor", name, agent=f"ocf:x:{name}")
    (first,) = asked(lrm)
    lrm.end(0, first, MODERN)
    assert len(asked(lrm)) == 1
