"""The heartbeat process begins: precedence over everything else on the machine, then the loop.

On a machine that is overloaded, the imports alone would take longer than deadtime; so they come
after the real-time priority. See hanode.runtime.heart_driver.
"""

from __future__ import annotations

import sys

from hanode.runtime.realtime import take_precedence


def main(arguments: list[str]) -> int:
    """The process."""
    refused = take_precedence()
    from hanode.runtime import heart_driver

    return heart_driver.main(arguments, refused)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
