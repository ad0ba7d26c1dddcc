"""What consoles and commands are answered."""

from __future__ import annotations

import pytest

from hanode.attributes import PER_NODE
from hanode.effects import Answer, AskPe, Say
from hanode.events import (
    AttributeSet,
    CibChanged,
    DcElected,
    Edit,
    FencingIntended,
    HistoryCleared,
    Member,
    MemberAdded,
)
from hanode.identity import Identity, certificate
from hanode.inputs import ClientGone, Decided
from hanode.messaging.wire import MEMBERS_LIMIT
from hanode.mgmt.joint import joint
from hanode.mgmt.protocol import (
    VERSION,
    Command,
    Denied,
    Done,
    Enrol,
    Enrolled,
    Entries,
    FetchLog,
    FetchState,
    Hello,
    MakeToken,
    Pulse,
    StateImage,
    Subscribe,
    Token,
    Welcome,
    command,
)
from hanode.state import ClusterState, open_and_apply

from .alone import Alone


@pytest.fixture
def alone() -> Alone:
    return Alone()


def change(alone: Alone, base: str | None = None, **more: object) -> Command:
    edit = Edit("set", "web", name="description", value="shop front")
    event = CibChanged(base or alone.node.state.version, (edit,))
    return command(7, event, **more)  # type: ignore[arg-type]


def test_one_node_is_its_own_majority(alone: Alone) -> None:
    assert alone.node.role == "dc"
    assert alone.node.state.nodes["n1"].online


def test_hello_tells_who_one_is(alone: Alone) -> None:
    assert alone.ask(Hello(1)) == [Welcome(1, VERSION, "n1", "ann", "admin")]


def test_a_pulse_tells_who_is_attached_the_time_and_the_head_of_the_log(alone: Alone) -> None:
    _, pulse = alone.ask(Subscribe(3))
    assert pulse.attached == ("ann",)
    assert pulse.head == alone.node.seat.log.hash_at(pulse.commit)
    assert pulse.clock == pytest.approx(alone.node.clock(), abs=0.001)
    alone.tell(ClientGone("c1"))
    _, passing = alone.ask(Subscribe(4, telemetry=False))
    assert passing.attached == ()


def test_a_console_hears_for_how_long_a_decision_has_been_made(alone: Alone) -> None:
    alone.ask(Subscribe(3))
    alone.ask(change(alone))
    asked = next(e for e in reversed(alone.said) if isinstance(e, AskPe))
    alone.said.clear()
    alone.wait(3.2)
    thought = [a.message.deciding for a in alone.all(Answer) if isinstance(a.message, Pulse)]
    assert thought[-1] >= 2.0
    assert len(thought) >= 3
    alone.tell(Decided(asked.question, None, "given up"))
    assert alone.ask(FetchState(1))[-1].deciding == 0.0


def test_a_subscription_begins_with_an_image_and_goes_on_with_entries(alone: Alone) -> None:
    image, pulse = alone.ask(Subscribe(3))
    assert isinstance(image, StateImage)
    assert isinstance(pulse, Pulse)
    assert ClusterState.unpack(image.state) == alone.node.state
    answers = alone.ask(change(alone))
    entries = [a for a in answers if isinstance(a, Entries)]
    assert entries[-1].last == alone.node.state.position.index


def test_a_console_that_comes_back_gets_only_what_it_missed(alone: Alone) -> None:
    (image, _) = alone.ask(FetchState(1))
    alone.ask(change(alone))
    answers = alone.ask(Subscribe(4, after=image.position), client="c2")
    assert not [a for a in answers if isinstance(a, StateImage)]
    assert [a for a in answers if isinstance(a, Entries)]


def test_a_change_is_done_once_it_is_committed(alone: Alone) -> None:
    (done,) = alone.ask(change(alone))
    assert isinstance(done, Done)
    assert "shop front" in alone.node.state.cib
    assert alone.node.state.cib_changed_by == "ann"


def test_a_change_based_on_another_version_is_refused(alone: Alone) -> None:
    (denied,) = alone.ask(change(alone, base="9.9.9"))
    assert denied == Denied(
        7, "stale", f"based on version 9.9.9, and it is {alone.node.state.version}; read it again"
    )


def test_an_order_whose_preview_is_out_of_date_is_refused(alone: Alone) -> None:
    (denied,) = alone.ask(change(alone, basis=alone.node.state.basis - 1))
    assert isinstance(denied, Denied)
    assert denied.code == "stale"


def test_without_quorum_nothing_is_changed(alone: Alone) -> None:
    alone.hear(quorate=False)
    (denied,) = alone.ask(change(alone))
    assert (denied.code, denied.message) == ("no-quorum", "no quorum: nothing can be changed now")


def test_a_viewer_changes_nothing(alone: Alone) -> None:
    (denied,) = alone.ask(change(alone), role="viewer")
    assert denied.code == "forbidden"


def test_nobody_can_order_a_fact(alone: Alone) -> None:
    (denied,) = alone.ask(command(1, DcElected(99, "n1")))
    assert denied.code == "forbidden"


def test_garbage_is_answered_in_words(alone: Alone) -> None:
    (denied,) = alone.ask(Command(5, b"\xc1 nonsense"))
    assert denied.code == "invalid"


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (FencingIntended("", "n9", 0, "reboot", ""), "no node is called 'n9'"),
        (FencingIntended("", "n1", 0, "explode", ""), "neither reboot nor off"),
        (HistoryCleared("web", "n9"), "no node is called 'n9'"),
        (MemberAdded(Member("n1", 2, "data", bytes(32))), "a member already"),
        (MemberAdded(Member("a b", 2, "data", bytes(32))), "no name for a node"),
    ],
)
def test_orders_that_make_no_sense_say_why(alone: Alone, event: object, words: str) -> None:
    (denied,) = alone.ask(command(1, event))
    assert denied.code == "invalid"
    assert words in denied.message


def enrolment(alone: Alone, token: str, name: str = "n2") -> Enrol:
    identity = Identity(b"2" * 32)
    kex, host = b"k" * 32, b"h" * 32
    vouched = identity.sign("certificate", alone.node.state.cluster, certificate(name, kex, host))
    return Enrol(9, token, name, identity.public, kex, host, vouched, ("127.0.0.2:694",), "h:1")


def test_a_token_lets_one_node_in_once(alone: Alone) -> None:
    (token,) = alone.ask(MakeToken(2))
    assert isinstance(token, Token)
    (enrolled,) = alone.ask(enrolment(alone, token.token), role="join")
    assert isinstance(enrolled, Enrolled)
    assert alone.node.state.members["n2"].number == 2
    assert enrolled.timing == {"keepalive": 0.1, "warntime": 0.5, "deadtime": 1.0, "initdead": 10.0}
    (denied,) = alone.ask(enrolment(alone, token.token, "n3"), role="join")
    assert denied.code == "forbidden"


def test_keys_that_were_a_members_let_nobody_in_and_the_token_stays_good(alone: Alone) -> None:
    """Simulator, 3 nodes, seed 101504: whoever has an empty disk knows nothing of what it said
    with them, and what it said then must not come again."""
    (token,) = alone.ask(MakeToken(2))
    former = enrolment(alone, token.token)
    alone.node.state.said[former.public] = ()
    (denied,) = alone.ask(former, role="join")
    assert "move its identity file away" in denied.message
    del alone.node.state.said[former.public]
    (enrolled,) = alone.ask(former, role="join")
    assert isinstance(enrolled, Enrolled)


def crowd(alone: Alone) -> None:
    """As many members as a heartbeat has rows for."""
    for number in range(2, MEMBERS_LIMIT + 1):
        member = Member(f"n{number}", number, "data", bytes(32))
        alone.node.state.members[member.name] = member


def test_nobody_is_let_in_whom_the_heartbeats_would_have_no_place_for(alone: Alone) -> None:
    """A 33rd member was enrolled; then each heartbeat process that started again fell silent."""
    crowd(alone)
    (token,) = alone.ask(MakeToken(2))
    (denied,) = alone.ask(enrolment(alone, token.token, "n33"), role="join")
    assert denied.code == "invalid"
    assert "there are 32 members" in denied.message


def test_of_two_who_come_in_at_once_one_is_refused(alone: Alone) -> None:
    crowd(alone)
    new = enrolment(alone, "", "n33")
    member = Member("n33", 33, "data", new.public, new.kex, new.host_key, new.certificate)
    alone.node.state_fact(MemberAdded(member), "operator ann")
    alone.wait(3.0)
    assert "n33" not in alone.node.state.members
    assert any("there are 32 members" in said.text for said in alone.all(Say))


def test_an_operator_leaves_room_for_what_agents_say(alone: Alone) -> None:
    held = {f"a{n}": "1" for n in range(PER_NODE // 2)}
    alone.node.state.nodes["n1"].attributes = held
    (denied,) = alone.ask(command(1, AttributeSet("n1", "one-more", "1")))
    assert "attributes already" in denied.message
    alone.node.state_fact(AttributeSet("n1", "an-agents", "1"))
    alone.wait(3.0)
    assert alone.node.state.nodes["n1"].attributes["an-agents"] == "1"


def test_a_token_grows_old(alone: Alone) -> None:
    (token,) = alone.ask(MakeToken(2, minutes=1))
    alone.wait(61.0)
    (denied,) = alone.ask(enrolment(alone, token.token), role="join")
    assert denied.code == "forbidden"


def test_who_joins_may_only_enrol(alone: Alone) -> None:
    (denied,) = alone.ask(FetchState(1), role="join")
    assert denied.code == "forbidden"


def test_keys_that_nobody_vouches_for_do_not_come_in(alone: Alone) -> None:
    (token,) = alone.ask(MakeToken(2))
    forged = Enrol(
        9, token.token, "n2", Identity(b"3" * 32).public, b"k" * 32, b"h" * 32, b"", (), "h:1"
    )
    (denied,) = alone.ask(forged, role="join")
    assert "does not vouch" in denied.message


def test_the_log_can_be_read_from_its_beginning(alone: Alone) -> None:
    (entries,) = alone.ask(FetchLog(1, 1))
    assert [entry.index for entry in entries.entries] == list(range(1, entries.last + 1))


def test_an_order_of_several_counts_on_one_basis(alone: Alone) -> None:
    order = joint([HistoryCleared("web"), FencingIntended("", "n1", 0, "reboot", "drill")])
    stale = alone.ask(command(8, order, basis=alone.node.state.basis - 1))
    assert [type(one) for one in stale] == [Denied]
    assert not alone.node.state.intents
    (done,) = alone.ask(command(9, order, basis=alone.node.state.basis))
    assert isinstance(done, Done)
    (intent,) = alone.node.state.intents.values()
    assert (intent.by, intent.boot) == ("ann", alone.node.state.nodes["n1"].boot)


def test_the_past_can_be_folded_anew(alone: Alone) -> None:
    image, _ = alone.ask(FetchState(1, oldest=True))
    assert isinstance(image, StateImage)
    (answer,) = alone.ask(FetchLog(2, image.position.index + 1))
    assert isinstance(answer, Entries)
    state = ClusterState.unpack(image.state)
    for entry in answer.entries:
        open_and_apply(state, entry)
    assert state.digest() == alone.node.state.digest()


@pytest.mark.parametrize("role", ["viewer", "operator", "fencer"])
def test_only_an_admin_lets_nodes_in(alone: Alone, role: str) -> None:
    (no,) = alone.ask(MakeToken(1), role=role)
    assert isinstance(no, Denied)
    assert no.code == "forbidden"
