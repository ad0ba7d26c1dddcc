"""`hanode init`: makes this machine the first node of a new cluster."""

from __future__ import annotations

import argparse
import os
import secrets as chance
import sqlite3
import sys
import time
from pathlib import Path

from hanode.effects import Persist
from hanode.events import Operator
from hanode.logd import LogStore
from hanode.node import found
from hanode.runtime import keys, trusted
from hanode.runtime.config import NAME, Config, ConfigError
from hanode.runtime.layout import BadWish, Wish, add_options, wish_of, write_config
from hanode.runtime.token import CLUSTER_BYTES


def main(argv: list[str], config_path: str | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="hanode init", description=__doc__)
    parser.add_argument("--name", default="cluster", help="the cluster's name, for people")
    parser.add_argument(
        "--operator",
        action="append",
        default=[],
        metavar="[NAME=]FILE.pub",
        help="an operator's OpenSSH public key (Ed25519), with the role admin",
    )
    parser.add_argument("--cib", type=Path, help="a configuration to begin with")
    parser.add_argument(
        "--like",
        metavar="KIND",
        help="begin as a cluster of this kind: active-passive, active-active, n-plus-m, n-to-n",
    )
    parser.add_argument("--nodes", default="", help="with --like: n1,n2,... (this one first)")
    parser.add_argument("--spares", type=int, default=1, help="with n-plus-m: M (default 1)")
    parser.add_argument(
        "--address", default="192.0.2.10", help="with --like: the first floating address"
    )
    add_options(parser)
    given = parser.parse_args(argv)
    try:
        if not NAME.fullmatch(given.name):
            raise BadWish(f"{given.name!r} can't be a cluster's name; give another with --name")
        operators = tuple(operator_of(text) for text in given.operator)
        wish = wish_of(given, config_path)
        cib = cib_of(given, wish.node)
        config = init(wish, given.name, operators, cib)
        if given.like:
            example = config.path.with_name(f"{given.like}.xml")
            example.write_text(cib)
            print(f"{example}: what it begins with, and why")
    except BadWish as error:
        return _complain(str(error), os.EX_USAGE)
    except (ConfigError, keys.BadIdentity, OSError) as error:
        return _complain(str(error), os.EX_CONFIG)
    except sqlite3.Error as error:
        return _complain(f"the log can't be written: {error}", os.EX_CONFIG)
    print(next_steps(config, given.name))
    return 0


def cib_of(given: argparse.Namespace, node: str) -> str:
    """The configuration to begin with, if one is wished for. Raises BadWish, OSError."""
    if given.like and given.cib:
        raise BadWish("--cib and --like exclude each other")
    if not given.like:
        return _checked(given.cib) if given.cib else ""
    from hanode.runtime.likes import like

    named = tuple(name for name in given.nodes.split(",") if name)
    nodes = named if node in named else (node, *named)
    for name in nodes:
        if not NAME.fullmatch(name):
            raise BadWish(f"--nodes: {name!r} can't be a node's name")
    return like(given.like, nodes, given.spares, given.address)


def _checked(path: Path) -> str:
    from hanode.mgmt.proposal import CannotOrder
    from hanode.mgmt.whole import checked

    try:
        xml, warnings = checked(path.read_bytes())
    except CannotOrder as error:
        raise BadWish(f"--cib {path}: {error}") from None
    for warning in warnings:
        print(f"warning: {path}: {warning}", file=sys.stderr)
    return xml


def init(wish: Wish, name: str, operators: tuple[Operator, ...] = (), cib: str = "") -> Config:
    """Write a new cluster's first node: configuration, keys, and a log of one entry. What comes to
    nothing is not in the way of the next attempt."""
    config = write_config(wish)
    try:
        secrets = keys.create(config.identity)
        try:
            _found(config, secrets, wish, name, operators, cib)
        except BaseException:
            for made in (config.identity, *config.state.glob(f"{config.log_database.name}*")):
                made.unlink(missing_ok=True)
            raise
    except BaseException:
        config.path.unlink()
        raise
    return config


def _found(
    config: Config,
    secrets: keys.Secrets,
    wish: Wish,
    name: str,
    operators: tuple[Operator, ...],
    cib: str,
) -> None:
    cluster = chance.token_bytes(CLUSTER_BYTES)
    links = tuple(str(link.address) for link in wish.links)
    member = keys.member(secrets, wish.node, 1, wish.role, links, str(wish.stream), cluster)
    saved = found(
        secrets.identity, wish.node, cluster, name, (member,), operators, cib, time.time()
    )
    trusted.save_member(config.trusted, member)
    trusted.save_cluster(config.trusted, cluster)
    config.state.mkdir(0o700, parents=True, exist_ok=True)
    store = LogStore.open(config.log_database)
    store.write(Persist(vote=saved.vote, entries=saved.entries, snapshot=saved.snapshot))
    store.close()


def operator_of(text: str) -> Operator:
    """An operator from `[NAME=]FILE.pub`. Raises BadWish."""
    name, equals, path = text.partition("=")
    file = Path(path if equals else text).expanduser()
    try:
        line = file.read_text("utf-8")
        public = trusted.parse_public_key(line)
    except (OSError, ValueError) as error:
        raise BadWish(f"--operator {text}: {error}") from None
    comment = line.split()[2:3] or [file.stem]
    return Operator(name if equals else comment[0].partition("@")[0], public)


def next_steps(config: Config, name: str) -> str:
    """What the operator does now."""
    hanode = (
        "hanode"
        if config.path == Path("/etc/hanode/hanode.toml")
        else (f"hanode --config {config.path}")
    )
    return "\n".join(
        (
            f"{config.name} is the first node of cluster {name}. Now",
            f"  start it:            {hanode} run",
            f"  add a node:          {hanode} node token   (then, there: hanode join TOKEN)",
            f"  look at it:          {hanode} status",
            f"Its settings are in {config.path}.",
        )
    )


def _complain(problem: str, code: int) -> int:
    print(f"hanode init: {problem}", file=sys.stderr)
    return code
