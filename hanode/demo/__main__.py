"""`hatui demo`: a cluster of real parts on this machine, gone without a trace when it ends."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

from hanode.demo import plan as planning
from hanode.demo.plan import Plan, Taken, Unplannable
from hanode.demo.prepare import prepare
from hanode.demo.session import Failed, Session, claim

CONSOLE_CONTEXT = "ssh"


def main(argv: list[str]) -> int:
    """Show a demo; the exit code."""
    args = _arguments(argv)
    try:
        if args.dir is not None:
            return _show(args, args.dir.absolute(), temporary=False)
        folder = Path(tempfile.mkdtemp(prefix="hanode-demo-"))
        try:
            return _show(args, folder, temporary=True)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    except Unplannable as problem:
        return _complain(problem, os.EX_USAGE)
    except (Taken, Failed) as problem:
        return _complain(problem, os.EX_UNAVAILABLE)
    except OSError as error:
        return _complain(f"{error.filename or args.dir}: {error.strerror}", os.EX_CANTCREAT)


def _show(args: argparse.Namespace, folder: Path, temporary: bool) -> int:
    planning.check(folder, args.nodes, args.port)
    lock = claim(folder)
    plan = planning.make(folder, args.nodes, args.port)
    prepare(plan)
    session = Session(plan, lock, temporary)
    starting = f"{len(plan.nodes)} nodes are starting in {plan.folder}"
    print(_guide(plan) if args.no_console else starting, flush=True)
    return session.show([] if args.no_console else _console(plan))


def _arguments(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="hatui demo",
        description="A small cluster of real parts on this machine: nodes on loopback addresses, "
        "real heartbeats, SSH, agents and fencing. Needs no root; ends without a trace.",
    )
    parser.add_argument("--nodes", type=int, default=3, metavar="N", help="how many (default 3)")
    parser.add_argument("--dir", type=Path, help="where; kept afterwards (default: a passing one)")
    parser.add_argument(
        "--port", type=int, default=8080, help="of the service web at 127.77.0.10 (default 8080)"
    )
    parser.add_argument(
        "--no-console", action="store_true", help="no console: run until SIGTERM or Ctrl-C"
    )
    return parser.parse_args(argv)


def _console(plan: Plan) -> list[str]:
    return [sys.executable, "-m", "hatui", "--config", str(plan.console_config), CONSOLE_CONTEXT]


def _guide(plan: Plan) -> str:
    first, last = plan.nodes[0], plan.nodes[-1]
    bin_ = Path(sys.executable).parent
    return f"""\
{len(plan.nodes)} nodes in {plan.folder}; the service web: {plan.web_url}
  {bin_}/hatui --config {plan.console_config}
  {bin_}/hatui --config {plan.console_config} --once
  {bin_}/hanode --config {first.config} resource move web {last.name}
  kill -9 -$(cat {last.pid_file})
  curl {plan.web_url}
In the console: :tour is for newcomers, X makes trouble.
Ctrl-C or SIGTERM ends it all."""


def _complain(problem: object, code: int) -> int:
    print(f"hatui demo: {problem}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
