"""`hatui --once`: one picture, as crm_mon -1 prints it; text, JSON or XML. Never imports textual.

Exit codes are crm_mon's: 0, and 102 when no node could be asked.
"""

from __future__ import annotations

import sys
import time

from hanode.cib.reading import BadCib
from hanode.codec import Garbled
from hanode.state import ClusterState
from hatui.config import Context
from hatui.fetch import Unreachable, fetch
from hatui.output.choice import ALL, ONCE, Choice
from hatui.output.picture import Picture, of_state
from hatui.output.words import clean

DISCONNECTED = 102


def main(context: Context, output: str) -> int:
    """Print a picture of the context's cluster."""
    try:
        picture = take(context)
    except Unreachable as error:
        complain(str(error))
        if output != "text":
            sys.stdout.write(no_picture(str(error), output))
        return DISCONNECTED
    sys.stdout.write(draw(picture, output, ONCE if output == "text" else ALL))
    return 0


def take(context: Context) -> Picture:
    """Ask the cluster. Raises Unreachable."""
    image, pulse, address = fetch(context)
    try:
        return of_state(ClusterState.unpack(image.state), pulse, time.time())
    except (Garbled, BadCib) as error:
        raise Unreachable(f"{address}: its state can't be read: {error}") from None


def draw(picture: Picture, output: str, choice: Choice) -> str:
    """In one of OUTPUTS; only what is needed for it is imported."""
    if output == "json":
        from hatui.output import as_json

        return as_json.render(picture, choice)
    if output == "xml":
        from hatui.output import as_xml

        return as_xml.render(picture, choice)
    from hatui.output import text

    return text.render(picture, choice)


def no_picture(reason: str, output: str) -> str:
    """What stands in a picture's place, in the form that was asked for."""
    if output == "json":
        import json

        return json.dumps({"error": "not connected", "reason": reason, "stale": True}) + "\n"
    if output == "xml":
        from hatui.output import as_xml

        return as_xml.disconnected(reason, DISCONNECTED)
    return f"Not connected to the cluster:\n  * {clean(reason)}\n"


def complain(reason: str) -> None:
    print(f"hatui: not connected to the cluster: {clean(reason)}", file=sys.stderr)
