"""The crm process: log, DC, CIB, TE, SSH server; the PE in a worker of its own.

    python -m hanode.runtime.crm --config FILE --checked FD --boot N --life N --stream-fd FD

SIGTERM asks the cluster to let the node leave: what it runs is stopped first, then the process ends
with 0. Its other exit codes tell the supervisor whether to start it again.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import socket
import sqlite3
import sys

from hanode.logd import LogCorrupt
from hanode.runtime import checked, faults, keys, loop_threads, trusted
from hanode.runtime.aside import JournalAside
from hanode.runtime.config import Config, ConfigError
from hanode.runtime.journal import Journal
from hanode.runtime.node_driver import NodeDriver
from hanode.runtime.ssh import quiet


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="hanode.runtime.crm")
    checked.add_options(parser)
    parser.add_argument("--stream-fd", type=int, required=True)
    given = parser.parse_args(argv)
    journal = JournalAside("crm")
    code = _live(given, journal)
    journal.finish()
    return code


def _live(given: argparse.Namespace, journal: Journal) -> int:
    """One life of the process."""
    try:
        config = checked.configuration(given)
        secrets = keys.load(config.identity)
        return asyncio.run(_run(config, given.boot, secrets, journal, given.stream_fd))
    except (ConfigError, keys.BadIdentity, trusted.BadTrust) as error:
        journal.error(str(error))
        return os.EX_CONFIG
    except LogCorrupt as error:
        journal.error(str(error))
        return os.EX_DATAERR
    except (sqlite3.Error, OSError) as error:
        journal.error(f"disk or socket: {error}")
        return os.EX_IOERR


async def _run(
    config: Config, boot: int, secrets: keys.Secrets, journal: Journal, stream: int
) -> int:
    quiet()
    faults.watch(asyncio.get_running_loop(), journal)
    loop_threads.spare(asyncio.get_running_loop())
    return await NodeDriver(config, boot, secrets, journal).run(socket.socket(fileno=stream))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
