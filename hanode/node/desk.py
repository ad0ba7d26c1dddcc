"""The desk at which consoles and commands ask: who may, what is answered at once, who is let in."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import TYPE_CHECKING, Any

from hanode.events import MemberAdded
from hanode.inputs import Asked
from hanode.mgmt.protocol import (
    VERSION,
    Command,
    Enrol,
    Entries,
    FetchLog,
    FetchState,
    Hello,
    MakeToken,
    Subscribe,
    Token,
    Welcome,
)
from hanode.mgmt.validity import invalid
from hanode.node.commands import Commands
from hanode.node.enrolment import Enrolment, new_member
from hanode.node.subscribers import BATCH, Subscribers

if TYPE_CHECKING:
    from hanode.node.node import Node


class Desk:
    """Bounded in subscribers, questions and tokens; a client that goes takes its own with it."""

    def __init__(self, node: Node, random: Random) -> None:
        self._node = node
        self.subscribers = Subscribers(node)
        self.commands = Commands(node)
        self._enrolment = Enrolment(random)
        self._handlers: dict[type, Callable[[Asked, Any], None]] = {
            Hello: self._hello,
            Subscribe: self.subscribers.subscribe,
            FetchState: self._fetch_state,
            FetchLog: self._fetch_log,
            Command: self.commands.order,
            MakeToken: self._make_token,
            Enrol: self._enrol,
        }

    def asked(self, asked: Asked) -> None:
        request = asked.request
        handler = self._handlers.get(type(request))
        if handler is None:
            why = f"no request of this kind: {type(request).__name__}"
            self._node.deny(asked, "unknown", why)
        elif asked.role == "join" and not isinstance(request, Hello | Enrol):
            self._node.deny(asked, "forbidden", "a node that joins may only enrol")
        else:
            handler(asked, request)

    def gone(self, client: str) -> None:
        self.subscribers.gone(client)
        self.commands.gone(client)

    def _hello(self, asked: Asked, request: Hello) -> None:
        name = self._node.name
        welcome = Welcome(request.number, VERSION, name, asked.operator, asked.role)
        self._node.answer(asked.client, welcome)

    def _fetch_state(self, asked: Asked, request: FetchState) -> None:
        node = self._node
        image = node.folding.oldest if request.oldest else node.folding.image
        node.answer(asked.client, image(request.number))
        node.answer(asked.client, self.subscribers.pulse(request.number))

    def _fetch_log(self, asked: Asked, request: FetchLog) -> None:
        node = self._node
        first = max(request.first - 1, node.seat.log.base.index)
        entries = node.folding.entries(first, max(1, min(request.count, BATCH)))
        node.answer(asked.client, Entries(request.number, entries, node.state.position.index))

    # ----------------------------------------------------------------------------------- joining

    def _make_token(self, asked: Asked, request: MakeToken) -> None:
        if asked.role != "admin":
            why = f"role {asked.role} can't let nodes in; ask an admin"
            self._node.deny(asked, "forbidden", why)
            return
        token = self._enrolment.make_token(60.0 * request.minutes, self._node.now)
        self._node.answer(asked.client, Token(request.number, token))

    def _enrol(self, asked: Asked, request: Enrol) -> None:
        node = self._node
        if why := self.commands.not_now():  # the token stays good
            node.deny(asked, "no-quorum", why)
            return
        if not self._enrolment.knows(request.token, node.now):
            why = "this token is unknown, used or too old; get a new one: hanode node token"
            node.deny(asked, "forbidden", why)
            return
        member = new_member(request, node.state)
        if no := invalid(node.state, MemberAdded(member)):
            node.deny(asked, "invalid", no)  # here, too
            return
        self._enrolment.spend(request.token)
        self.commands.ask_dc(asked, request.number, MemberAdded(member), None, member)
