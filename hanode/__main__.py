"""`hanode VERB ...`: finds the module that a verb lives in, and nothing else.

Modules are imported only when their verb is asked for, so that `hanode --version` is instant and
a node's processes carry nothing that they don't use.
"""

from __future__ import annotations

import sys
from importlib import import_module

VERBS = {
    "init": ("hanode.runtime.init", "make this machine the first node of a new cluster"),
    "join": ("hanode.runtime.join", "join a cluster with a one-time token"),
    "run": ("hanode.runtime.run", "run this node, in the foreground"),
    "witness": ("hanode.runtime.witness", "run a witness: a vote without resources"),
    "attach": ("hanode.runtime.attach", "join stdin and stdout to this node's console socket"),
    "status": ("hanode.cli.status", "the cluster at a glance, as crm_mon -1 shows it"),
    "node": ("hanode.cli.node", "nodes: list, standby, online, maintenance, leave, token, remove"),
    "resource": ("hanode.cli.resource", "resources: create, move, ban, start, stop, cleanup, ..."),
    "constraint": ("hanode.cli.constraint", "constraints: location, colocation, order, remove"),
    "property": ("hanode.cli.property", "cluster options and defaults: list, set, unset"),
    "fence": ("hanode.cli.fence", "fencing: devices, levels, history, fence, unfence, confirm"),
    "secret": ("hanode.cli.secret", "passwords for agents on this node: list, set, remove"),
    "ticket": ("hanode.cli.ticket", "tickets: list, grant, revoke, standby, activate"),
    "operator": ("hanode.cli.operator", "who may do what: list, add, remove"),
    "cib": ("hanode.cli.cib", "the configuration as XML: show, check, edit, diff, push"),
    "log": ("hanode.cli.log", "what has happened, from the replicated log"),
    "simulate": ("hanode.simulate", "what the policy engine would do with a CIB"),
}
"""verb: (module with `main(argv, config_path)`, what it does). `simulate` needs a node for --live
alone."""

DEFAULT_CONFIG = "/etc/hanode/hanode.toml"
USAGE = 64


def main(argv: list[str] | None = None) -> int:
    """Dispatch; gives the exit status (sysexits.h's numbers)."""
    try:
        told = _dispatch(list(sys.argv[1:] if argv is None else argv))
        sys.stdout.flush()
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # whoever read our output has seen enough
        import os

        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    return told


def _dispatch(words: list[str]) -> int:
    config = DEFAULT_CONFIG
    while words and words[0].startswith("-"):
        option, equals, value = words.pop(0).partition("=")
        if option == "--version":
            return _version()
        if option in ("-h", "--help"):
            print(usage())
            return 0
        if option != "--config":
            return _complain(f"unknown option {option!r}")
        if not equals and not words:
            return _complain("--config needs the path of a hanode.toml")
        config = value if equals else words.pop(0)
    if not words:
        return _complain("which verb?")
    verb, *rest = words
    if verb == "help":
        print(usage())
        return 0
    if verb not in VERBS:
        return _complain(f"unknown verb {verb!r}{_nearest(verb)}")
    return _run(verb, rest, config)


def usage() -> str:
    """All verbs, one line each."""
    lines = ["usage: hanode [--config PATH/hanode.toml] VERB ...", ""]
    lines += [f"  {verb:<11} {words}" for verb, (_, words) in VERBS.items()]
    lines += ["", "`hanode VERB --help` tells more. `hatui` is the console."]
    return "\n".join(lines)


def _run(verb: str, rest: list[str], config: str) -> int:
    return int(import_module(VERBS[verb][0]).main(rest, config) or 0)


def _version() -> int:
    from hanode import __version__

    print(f"hanode {__version__}")
    return 0


def _complain(problem: str) -> int:
    print(f"hanode: {problem}\n\n{usage()}", file=sys.stderr)
    return USAGE


def _nearest(verb: str) -> str:
    import difflib

    close = difflib.get_close_matches(verb, VERBS, n=1)
    return f"; did you mean {close[0]!r}?" if close else ""


if __name__ == "__main__":
    sys.exit(main())
