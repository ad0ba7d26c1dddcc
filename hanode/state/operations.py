"""What a node's operations leave behind: latest results and fail counts.

The same keys that Pacemaker's status section has: `last_0` for the newest operation that does not
recur, `monitor_10000` for a recurring one, `last_failure_0` for the newest failure; two of our own:
`began_0`, for the start behind a promotion or demotion, since it is the start's parameters that a
service runs with, and `promoted_0`, for the promotion behind a demotion or stop that failed, since
what was not demoted may be promoted still; and the transient attributes
`fail-count-RSC#OP_INTERVAL` and `last-failure-RSC#OP_INTERVAL` (Pacemaker Explained, "Resource
operations" and "Failure counts").
"""

from __future__ import annotations

import dataclasses

from hanode.cib.score import INFINITY, add, read, show
from hanode.events import OperationFinished
from hanode.state.records import NodeRecord, Results

NOT_PERMITTED = 4
"""OCF_ERR_PERM: with status "error", what an LRM answers that can't write its term to disk."""

_FATAL = ("start", "stop")
_CHANGE_OF_ROLE = ("promote", "demote")


def running(node: NodeRecord) -> int:
    """How many resources run there."""
    return len(active(node))


def active(node: NodeRecord) -> dict[str, OperationFinished]:
    """What runs there, by the latest result of each."""
    last = ((name, results.get("last_0")) for name, results in node.history.items())
    return {name: done for name, done in last if done is not None and _active(done)}


def ending(node: NodeRecord) -> tuple[str, ...]:
    """What it told to be just stopping, or being demoted, and not the end of."""
    last = ((name, results.get("last_0")) for name, results in node.history.items())
    return tuple(name for name, done in last if done is not None and _ending(done))


def _ending(done: OperationFinished) -> bool:
    return done.status == "pending" and done.task in ("stop", "demote")


def _active(done: OperationFinished) -> bool:
    begun = done.task in ("start", "promote", "demote", "migrate_from", "monitor")
    return begun and done.status == "done" and done.rc in (0, 8)


def record(
    node: NodeRecord,
    done: OperationFinished,
    *,
    count_failures: bool = False,
    start_is_fatal: bool = True,
) -> None:
    """Remember a result, unless a later one of the same kind is known.

    An order that the LRM refused has no result, and a notification leaves none; only the DC needs
    to hear of them. A probe that could not be executed says nothing of the resource: it is still to
    be done.
    """
    if done.status != "pending":
        node.calls = max(node.calls, done.call_id)
    if done.status == "refused" or done.task == "notify":
        return
    if is_probe(done) and done.status == "error":
        return
    done = _found_running(node, done)
    kept = dict(node.history.get(done.resource, ()))
    key = history_key(done)
    known = kept.get(key)
    if done.task == "reload-agent" and done.status in ("pending", "done", "timeout"):
        _reloaded(kept, done)
    elif known is None or _is_news(done, known):
        _remember(kept, key, done)
    if failed(done) or _hopeless(done):
        last = kept.get("last_failure_0")
        if last is None or done.call_id >= last.call_id:
            kept["last_failure_0"] = done
    if failed(done) and count_failures:
        _count(node, done, start_is_fatal)
    if kept:
        node.history[done.resource] = kept
    else:
        node.history.pop(done.resource, None)


def failed(done: OperationFinished) -> bool:
    """Whether this result is a failure of the resource (not of the node, nor a probe's news)."""
    if done.status == "timeout":
        return True
    if done.status == "not-installed":
        return not is_probe(done)
    if done.status != "done" or is_probe(done):
        return False
    return done.rc != done.expected_rc


def _hopeless(done: OperationFinished) -> bool:
    """The node's own trouble, and it would be so again here: known beyond the stop that follows,
    or its end would pass for a cure."""
    return done.status == "error" and done.rc == NOT_PERMITTED and not is_probe(done)


def is_probe(done: OperationFinished) -> bool:
    return done.task == "monitor" and done.interval_ms == 0


def watches(key: str) -> bool:
    """Whether this key is a recurring operation's."""
    return not key.endswith("_0")


def history_key(done: OperationFinished) -> str:
    return f"{done.task}_{done.interval_ms}" if done.interval_ms else "last_0"


def clear(node: NodeRecord, resource: str, *, failures_only: bool = False) -> None:
    """`cleanup`: forget history and failures of a resource (of all, if it is empty)."""
    if failures_only:
        node.history = {
            name: _without(kept, "last_failure_0") if resource in ("", name) else kept
            for name, kept in node.history.items()
        }
    else:
        forget(node, [resource] if resource else list(node.history))
    for name in [n for n in node.attributes if _counts(n, resource)]:
        del node.attributes[name]


def cleared(node: NodeRecord, done: OperationFinished) -> bool:
    """Whether the history of this boot is past a result, and of its resource has nothing as old."""
    kept = node.history.get(done.resource, {}).values()
    return done.call_id <= node.calls and all(done.call_id < one.call_id for one in kept)


def _remember(kept: Results, key: str, done: OperationFinished) -> None:
    if done.status == "cancelled":
        kept.pop(key, None)
        return
    if key == "last_0":
        _note_beginning(kept, done)
        _note_promotion(kept, done)
    kept[key] = done
    if done.task == "stop" and done.status == "done" and done.rc == 0:
        for monitor in [k for k in kept if watches(k)]:
            del kept[monitor]  # a stopped resource is not monitored


def forget(node: NodeRecord, resources: list[str]) -> None:
    """Histories go, and all will be probed. What a service runs with, no probe can tell."""
    for name in resources:
        kept = node.history.get(name, {})
        began = kept.get("began_0", kept.get("last_0"))
        if began is not None and _active(began) and began.digest:
            node.began[name] = began
    node.history = {name: kept for name, kept in node.history.items() if name not in resources}


def _is_news(done: OperationFinished, known: OperationFinished) -> bool:
    """Later than what is known, not the same told once more."""
    if done.call_id == known.call_id:
        return done.task != known.task
    return done.call_id > known.call_id


def _found_running(node: NodeRecord, done: OperationFinished) -> OperationFinished:
    """A probe after the history was cleared was called with the present parameters; the service,
    with those that it was started with."""
    if done.interval_ms or done.task == "notify" or done.resource not in node.began:
        return done
    began = node.began.pop(done.resource)
    if not is_probe(done) or not _active(done):
        return done
    return dataclasses.replace(
        done, digest=began.digest, reloadable=began.reloadable, restart_digest=began.restart_digest
    )


def _note_beginning(kept: Results, done: OperationFinished) -> None:
    last = kept.get("last_0")
    if done.task not in _CHANGE_OF_ROLE:
        kept.pop("began_0", None)
    elif last is not None and last.task not in _CHANGE_OF_ROLE and _active(last):
        kept["began_0"] = last


def _note_promotion(kept: Results, done: OperationFinished) -> None:
    """(From Pacemaker, a failed demotion hides that the instance was promoted: where its stop fails
    as well, and nobody can be fenced, another one is promoted beside it.)"""
    last = kept.get("last_0")
    if done.task not in ("demote", "stop") or (done.status == "done" and done.rc == 0):
        kept.pop("promoted_0", None)
    elif "promoted_0" in kept:  # the failure of a stop takes the place of the demotion's
        kept.pop("last_failure_0", None)
    elif last is not None and (last.task == "promote" or (last.task, last.rc) == ("monitor", 8)):
        # A promotion that failed may have come about as well.
        kept["promoted_0"] = dataclasses.replace(
            last, task="promote", status="done", rc=0, expected_rc=0
        )


def _reloaded(kept: Results, done: OperationFinished) -> None:
    """It runs as before, and is now held to other parameters: also where they did not do it good,
    which is a failure like any other. One under way has changed nothing yet."""
    last = kept.get("last_0")
    if last is None or done.call_id < last.call_id or done.status == "pending":
        return
    began = "began_0" if "began_0" in kept else "last_0"
    if began != "last_0":
        kept["last_0"] = dataclasses.replace(last, digest="", reloadable=(), restart_digest="")
    kept[began] = dataclasses.replace(
        kept[began], digest=done.digest, reloadable=done.reloadable,
        restart_digest=done.restart_digest,
    )  # fmt: skip


def _without(kept: Results, key: str) -> Results:
    return {known: done for known, done in kept.items() if known != key}


def _count(node: NodeRecord, done: OperationFinished, start_is_fatal: bool) -> None:
    """One more failure; each is counted once, however often its fact is told."""
    what = f"{done.resource}#{done.task}_{done.interval_ms}"
    if done.call_id <= node.counted.get(what, 0):
        return
    node.counted[what] = done.call_id
    name = f"fail-count-{what}"
    fatal = done.task in _FATAL and (done.task == "stop" or start_is_fatal)
    before = max(0, read(node.attributes.get(name)))  # a person may have written anything there
    node.attributes[name] = show(INFINITY if fatal else add(before, 1))
    node.attributes[f"last-failure-{what}"] = str(int(done.at))


def _counts(attribute: str, resource: str) -> bool:
    for prefix in ("fail-count-", "last-failure-"):
        if attribute.startswith(prefix):
            return not resource or attribute.removeprefix(prefix).partition("#")[0] == resource
    return False
