"""A small process that runs a command: its seconds, its peak memory in MB, its exit code.

The kernel counts what a process was before it became another program into its peak, so whoever
starts the command has to be small. Run as a program, with nothing imported that isn't needed.
"""

import os
import sys
import time


def main() -> None:
    quiet = os.open(os.devnull, os.O_WRONLY)
    files = [(os.POSIX_SPAWN_DUP2, quiet, 1), (os.POSIX_SPAWN_DUP2, quiet, 2)]
    command = sys.argv[1:]
    begun = time.perf_counter()
    process = os.posix_spawnp(command[0], command, os.environ, file_actions=files)
    _, status, usage = os.wait4(process, 0)
    took = time.perf_counter() - begun
    print(took, usage.ru_maxrss / 1024, os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
