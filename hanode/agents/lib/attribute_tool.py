"""crm_master, crm_attribute, attrd_updater, crm_node: what agents ask them, asked of our LRM.

One datagram with one JSON object to the LRM's attribute socket, one back: that is what agents need
most, attributes of their own node that last until its reboot. What concerns other nodes, or lasts,
is asked of the cluster by `hanode.cli.for_agents`, in a process that stays for the next question
(tool_server.py). What neither knows is refused, not ignored. This file imports little, since agents
call it often.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False  # as in typing, whose import would cost more than the rest
if TYPE_CHECKING:
    from typing import NoReturn

ANSWER_LIMIT = 5.0
"""Seconds to wait for the LRM."""
SERVER_LIMIT = 30.0
"""Seconds for what has to be committed: longer than an election and its own patience."""
OK, FAILED, USAGE, NOT_FOUND = 0, 1, 64, 105
FLAGS = {
    "-D": "delete", "--delete": "delete", "-G": "query", "--query": "query",
    "-Q": "quiet", "-q": "quiet", "--quiet": "quiet", "-V": "verbose", "--verbose": "verbose",
    "-z": "utilization", "--utilization": "utilization",
}  # fmt: skip
VALUES = {
    "-v": "value", "--attr-value": "value", "--update": "value", "-n": "name", "--name": "name",
    "--attr-name": "name", "-l": "lifetime", "--lifetime": "lifetime", "-N": "node",
    "--node": "node", "-U": "value", "-d": "delay", "--delay": "delay", "-t": "type",
    "--type": "type", "-s": "set", "--set-name": "set", "-r": "resource",
    "--resource": "resource", "-S": "section", "--set": "section", "-B": "both",
    "--update-both": "both", "-Y": "delay only", "--update-delay": "delay only",
}  # fmt: skip
PER_TOOL = {
    "crm_attribute": {"-d": "default", "--default": "default"},
    "attrd_updater": {"-Q": "query", "--query": "query", "-q": "quiet"},
}


def main(tool: str, arguments: list[str]) -> int:
    if tool == "crm_node" and arguments in (["-n"], ["--name"]):
        print(here())
        return OK
    if tool in ("crm_node", "crm_resource", "crm_mon"):
        return ask_cluster(tool, arguments)
    said = read_arguments(tool, arguments)
    if isinstance(said, str):
        return complain(tool, USAGE, said)
    if concerns_cluster(said):
        return ask_cluster(tool, arguments)
    if "both" in said:
        said["value"] = said["both"]
    name = attribute(tool, said)
    if not name:
        return complain(tool, USAGE, "which attribute? give its name")
    if "value" not in said and "delete" not in said:
        return query(tool, name, said, arguments)
    value = None if "delete" in said else said["value"]
    question = {"set": name, "value": value}
    if said.get("delay", "0") not in ("0", "0s"):
        question["delay"] = str(seconds(said["delay"]))
    answer = ask(question)
    return OK if answer.get("ok") else complain(tool, FAILED, answer.get("error", "no answer"))


def read_arguments(tool: str, arguments: list[str]) -> dict[str, str] | str:
    said: dict[str, str] = {}
    own = PER_TOOL.get(tool, {})
    rest = list(arguments)
    while rest:
        word = rest.pop(0)
        word, equals, value = word.partition("=") if word.startswith("--") else (word, "", "")
        if word in ("-p", "--promotion"):
            said["promotion"] = value
            continue
        if word.startswith("-") and not word.startswith("--") and len(word) > 2:
            word, value, equals = word[:2], word[2:], "="
        key = own.get(word) or FLAGS.get(word) or VALUES.get(word)
        if key is None:
            return f"option {word} isn't known to this stand-in"
        if key in FLAGS.values():
            said[key] = "yes"
            if equals and value:  # several letters in one word
                rest.insert(0, "-" + value)
        elif equals:
            said[key] = value
        elif rest:
            said[key] = rest.pop(0)
        else:
            return f"option {word} needs a value"
    return said


def concerns_cluster(said: dict[str, str]) -> bool:
    """More than this node's own attributes until its reboot."""
    lasting = said.get("lifetime", "reboot") not in ("reboot", "transient")
    elsewhere = said.get("node", here()) not in (here(), "")
    section = said.get("type", "status") not in ("status", "transient")
    return lasting or elsewhere or section or "utilization" in said


def ask_cluster(tool: str, arguments: list[str]) -> int:
    """The whole command once more, with all of hanode at hand: in the process that has it loaded,
    or, until there is one, in this process's place."""
    code = ask_server(tool, arguments)
    return become(tool, arguments) if code is None else code


def become(tool: str, arguments: list[str]) -> NoReturn:
    ask({"serve": "tools"}, os.environ.get("HANODE_RUN", "") + "/attributes.sock")  # for the next
    python = os.environ.get("HANODE_PYTHON", "python3")
    command = [python, "-P", "-m", "hanode.cli.for_agents", tool, *arguments]
    if tool == "crm_mon":
        where = os.environ.get("HANODE_CONSOLE", "")
        command = [python, "-P", "-m", "hatui", "mon", *arguments, where]
    os.execv(python, command)


def ask_server(tool: str, arguments: list[str]) -> int | None:
    """The exit code; None if nobody serves. It writes straight to our output."""
    import _socket

    wire = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
    try:
        wire.settimeout(ANSWER_LIMIT)
        wire.connect(os.environ.get("HANODE_RUN", "") + "/tools.sock")
    except OSError:
        wire.close()
        return None
    ours = [f"{k}={v}" for k, v in os.environ.items() if k.startswith(("HANODE_", "OCF_"))]
    said = "\0".join([tool, str(len(arguments)), *arguments, *ours])
    streams = b"".join(number.to_bytes(4, sys.byteorder) for number in (1, 2))
    try:
        wire.settimeout(SERVER_LIMIT)
        wire.sendmsg(
            [said.encode("utf-8", "surrogateescape")],
            [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, streams)],
        )
        code = wire.recv(1)
    except OSError as error:
        return complain(tool, FAILED, f"the cluster did not answer: {error}")
    finally:
        wire.close()
    return code[0] if code else complain(tool, FAILED, "the answer was broken off")


def seconds(text: str) -> float:
    """A dampening as agents write it: 5, 5s, 500ms, 1min."""
    for unit, factor in (("ms", 0.001), ("min", 60.0), ("sec", 1.0), ("s", 1.0), ("m", 60.0)):
        if text.endswith(unit):
            text, scale = text[: -len(unit)], factor
            break
    else:
        scale = 1.0
    return float(text) * scale if text.strip().isdigit() else 0.0


def attribute(tool: str, said: dict[str, str]) -> str:
    if tool != "crm_master" and "promotion" not in said:
        return said.get("name", "")
    instance = os.environ.get("OCF_RESOURCE_INSTANCE", "")
    resource = said.get("promotion") or said.get("resource") or instance
    return "master-" + resource.partition(":")[0] if resource else ""


def query(tool: str, name: str, said: dict[str, str], arguments: list[str]) -> int:
    answer = ask({"get": name})
    if answer.get("value") is None and os.environ.get("HANODE_REMOTE"):
        return ask_cluster(tool, arguments)  # another node may have had the connection before
    value = answer.get("value", said.get("default"))
    if not answer.get("ok"):
        return complain(tool, FAILED, answer.get("error", "no answer"))
    if value is None:
        return complain(tool, NOT_FOUND, f"{here()} has no attribute {name}")
    if tool == "attrd_updater":
        print(f'name="{name}" host="{here()}" value="{value}"')
    elif "quiet" in said:
        print(value)
    else:
        print(f"scope=status  name={name} value={value}")
    return OK


def here() -> str:
    return os.environ.get("HANODE_NODE", "")


def ask(question: dict[str, str | None], path: str = "") -> dict[str, str]:
    """Agents wait for this: `socket` and `json` would take two thirds of its time, so it uses the
    C module below the one, and knows the usual words by heart."""
    import _socket

    path = path or os.environ.get("HANODE_ATTR_SOCKET", "")
    wire = _socket.socket(_socket.AF_UNIX, _socket.SOCK_DGRAM)
    try:
        wire.bind("")  # an address of its own for the answer
        wire.settimeout(ANSWER_LIMIT)
        wire.connect(path)
        wire.send(to_json(question))
        return from_json(wire.recv(65536))
    except (OSError, ValueError) as error:
        return {"error": f"the LRM can't be asked at {path or 'HANODE_ATTR_SOCKET'}: {error}"}
    finally:
        wire.close()


def to_json(question: dict[str, str | None]) -> bytes:
    words = [word for pair in question.items() for word in pair]
    if all(word is not None and word.isascii() and _plain(word) for word in words):
        return ("{" + ", ".join(f'"{k}": "{v}"' for k, v in question.items()) + "}").encode()
    import json

    return json.dumps(question).encode()


def from_json(answer: bytes) -> dict[str, str]:
    if answer == b'{"ok": true}':
        return {"ok": "yes"}
    head, quote, rest = answer.partition(b'{"ok": true, "value": "')
    if not head and quote and rest.endswith(b'"}') and _plain(value := rest[:-2].decode("ascii")):
        return {"ok": "yes", "value": value}
    import json

    said = json.loads(answer)
    return said if isinstance(said, dict) else {}


def _plain(word: str) -> bool:
    return word.translate({45: None, 46: None, 58: None, 95: None}).isalnum()  # besides - . : _


def complain(tool: str, code: int, text: str) -> int:
    print(f"{tool}: {text}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
