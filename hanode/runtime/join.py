"""`hanode join TOKEN`: makes this machine a member of a cluster, by a one-time token.

The token (printed by `hanode node token` on a member) names the seed node and pins its keys, so
that neither side has to trust the network. What comes back is all that `hanode run` needs.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from pathlib import Path
from typing import Any

from hanode.codec import LIMIT, Garbled
from hanode.events import Member
from hanode.ids import is_node_name
from hanode.mgmt.protocol import ANSWERS, REQUESTS, Denied, Enrol, Enrolled
from hanode.runtime import keys, trusted
from hanode.runtime.config import ROLES, ConfigError
from hanode.runtime.layout import (
    BadWish,
    Wish,
    add_options,
    take_timing,
    wish_of,
    write_config,
)
from hanode.runtime.lines import Line
from hanode.runtime.ssh import (
    CONSOLE_SUBSYSTEM,
    DIALLING,
    JOIN_USER,
    ClientSession,
    LineSession,
    private_key,
    public_bytes,
    quiet,
)
from hanode.runtime.sshlib import asyncssh
from hanode.runtime.token import JoinToken, parse_token, pin_of

ANSWER_LIMIT = 20.0
"""Seconds until the cluster must have committed the new member."""
AGAIN = 0.5
"""Seconds between two attempts while the cluster has no quorum."""


class CantJoin(Exception):  # noqa: N818 - said to the operator
    """It did not come to pass; the text says why, and what to do."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


def main(argv: list[str], config_path: str | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="hanode join", description=__doc__)
    parser.add_argument("token", help="as `hanode node token` on a member printed it")
    parser.add_argument("--role", choices=ROLES, default="data")
    add_options(parser)
    given = parser.parse_args(argv)
    try:
        token = parse_token(given.token)
        wish = wish_of(given, config_path, given.role)
        return join(token, wish)
    except (ValueError, BadWish) as error:
        return _complain(str(error), os.EX_USAGE)
    except (ConfigError, keys.BadIdentity, OSError) as error:
        return _complain(str(error), os.EX_CONFIG)
    except CantJoin as error:
        return _complain(str(error), error.code)


def join(token: JoinToken, wish: Wish) -> int:
    """Enrol, then write this node's files."""
    config = write_config(wish)
    try:
        secrets = _secrets(config.identity)
        # Before the token is spent: where nothing can be written, nobody is to become a member.
        trusted.save_cluster(config.trusted, token.cluster)
        answer = asyncio.run(enrol(token, wish, secrets))
        members = checked(answer, token, wish, secrets)
        refused = take_timing(wish, answer.timing)
        for member in members:
            trusted.save_member(config.trusted, member)
    except BaseException:
        config.path.unlink()
        raise
    names = ", ".join(member.name for member in members)
    print(f"{wish.node} is a member of cluster {answer.name} ({names}).")
    for name in refused:
        print(f"Its {name} is the cluster's: {answer.timing[name]:g} s, the same on all nodes.")
    print(f"Now start it: hanode --config {config.path} run")
    return 0


async def enrol(token: JoinToken, wish: Wish, secrets: keys.Secrets) -> Enrolled:
    """Ask the seed node to take us in. Raises CantJoin."""
    quiet()
    request = _request(token, wish, secrets)
    try:
        async with asyncio.timeout(ANSWER_LIMIT):
            answer = await _ask_once(token, request, secrets)
            while isinstance(answer, Denied) and answer.code == "no-quorum":
                await asyncio.sleep(AGAIN)  # it elects its DC just now, perhaps
                answer = await _ask_once(token, request, secrets)
    except TimeoutError:
        raise CantJoin(
            f"{token.seed}: no answer within {ANSWER_LIMIT:.0f} s; has the cluster quorum "
            "(hanode status on a member)?",
            os.EX_UNAVAILABLE,
        ) from None
    except (OSError, asyncssh.Error) as error:
        raise CantJoin(
            f"{token.seed}: {error}; is hanode running there, and reachable by TCP?",
            os.EX_UNAVAILABLE,
        ) from None
    if isinstance(answer, Denied):
        raise CantJoin(f"{token.seed} refused: {answer.message}", os.EX_NOPERM)
    if not isinstance(answer, Enrolled):
        raise CantJoin(f"{token.seed} did not answer with an enrolment: {answer}", os.EX_DATAERR)
    return answer


def checked(
    answer: Enrolled, token: JoinToken, wish: Wish, secrets: keys.Secrets
) -> tuple[Member, ...]:
    """The members that the answer names, each certified, we among them. Raises CantJoin."""
    if answer.cluster != token.cluster:
        raise CantJoin("the answer is of another cluster than the token; ask anew", os.EX_DATAERR)
    try:
        members = tuple(trusted.WORDS.unpack(data) for data in answer.members)
    except Garbled as error:
        raise CantJoin(f"the answer can't be read: {error}", os.EX_DATAERR) from None
    for member in members:
        if not is_node_name(member.name):
            raise CantJoin(f"{member.name!r} is no name for a node", os.EX_DATAERR)
        if not keys.certificate_holds(member, token.cluster):
            raise CantJoin(f"the keys of {member.name} are not certified", os.EX_DATAERR)
    own = next((member for member in members if member.name == wish.node), None)
    if own is None or own.public != secrets.identity.public:
        raise CantJoin(f"the answer does not have {wish.node} with our keys", os.EX_DATAERR)
    return members


class _Pinned(asyncssh.SSHClient):
    """Believes the one host key that the token pins."""

    def __init__(self, pin: bytes) -> None:
        self._pin = pin

    def validate_host_public_key(
        self, host: str, addr: str, port: int, key: asyncssh.SSHKey
    ) -> bool:
        raw = public_bytes(key)
        return raw is not None and pin_of(raw) == self._pin


async def _ask_once(token: JoinToken, request: Enrol, secrets: keys.Secrets) -> Any:
    answered: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    async with await _connect(token, secrets) as connection:
        await connection.create_session(
            lambda: ClientSession(lambda session: _ask(session, request, answered)),
            subsystem=CONSOLE_SUBSYSTEM,
            request_pty=False,
            encoding=None,
        )
        return await answered


async def _connect(token: JoinToken, secrets: keys.Secrets) -> asyncssh.SSHClientConnection:
    return await asyncssh.connect(
        token.seed.host,
        token.seed.port,
        client_factory=lambda: _Pinned(token.pin),
        username=JOIN_USER,
        client_keys=[private_key(secrets.host_seed)],
        known_hosts=([], [], []),
        **DIALLING,
    )


def _ask(session: LineSession, request: Enrol, answered: asyncio.Future[Any]) -> None:
    def take(body: bytes) -> None:
        try:
            answer = ANSWERS.unpack(body)
        except Garbled as error:
            answer = Denied(0, "invalid", f"its answer can't be read: {error}")
        if not answered.done():
            answered.set_result(answer)

    def lost(reason: str) -> None:
        if not answered.done():
            answered.set_exception(OSError(f"the connection broke: {reason}"))

    session.line = Line(session.channel, take, lost, LIMIT, LIMIT)
    session.line.send(REQUESTS.pack(request))


def _request(token: JoinToken, wish: Wish, secrets: keys.Secrets) -> Enrol:
    links = tuple(str(link.address) for link in wish.links)
    own = keys.member(secrets, wish.node, 0, wish.role, links, str(wish.stream), token.cluster)
    return Enrol(
        1, token.secret, wish.node, own.public, own.kex, own.host_key, own.certificate, links,
        own.stream, wish.role,
    )  # fmt: skip


def _secrets(path: Path) -> keys.Secrets:
    """Made once; a second attempt to join uses the same."""
    return keys.load(path) if path.exists() else keys.create(path)


def _complain(problem: str, code: int) -> int:
    print(f"hanode join: {problem}", file=sys.stderr)
    return code
