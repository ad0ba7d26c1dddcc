"""The language of stories: lines of words, names that stand for nodes, verbs that do or expect."""

from __future__ import annotations

import re
from pathlib import Path

BORDER = "---"
HEADINGS = ("nodes", "given")


class Unfulfilled(AssertionError):  # noqa: N818 - the word that its readers know
    """The story expects something that does not come."""


class Story:
    """What a file tells."""

    def __init__(self, path: Path) -> None:
        self.name = path.stem
        lines = [line.strip() for line in path.read_text().splitlines()]
        self._lines = lines[: lines.index(BORDER)] if BORDER in lines else lines

    @property
    def shape(self) -> str:
        """How many nodes, as `nodes 2w` says it."""
        return next((words[0] for words in self._headings("nodes")), "3")

    @property
    def given(self) -> list[str]:
        """What is special about the hosts: `given small disks`."""
        return [" ".join(words) for words in self._headings("given")]

    @property
    def steps(self) -> list[tuple[int, str]]:
        """What happens, with its line's number."""
        return [
            (number, line)
            for number, line in enumerate(self._lines, 1)
            if line and not line.startswith("#") and line.split()[0] not in HEADINGS
        ]

    def _headings(self, word: str) -> list[list[str]]:
        return [line.split()[1:] for line in self._lines if line.startswith(f"{word} ")]


class Telling:
    """Tells a story to a cluster of some kind; what a line means is the cluster's matter."""

    VERBS: tuple[str, ...] = ()
    """The methods that a line may begin with."""
    STEP = 0.05
    """Seconds between two looks at what is expected."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self._names: dict[str, str] = {}

    def play(self) -> None:
        """To its end. Raises Unfulfilled."""
        for number, line in self.story.steps:
            self.note(f"> {line}")
            try:
                self._line(line)
            except Unfulfilled as error:
                raise Unfulfilled(f"line {number}: {line}: {error}") from None

    def note(self, text: str) -> None:
        """For the trace."""
        raise NotImplementedError

    def meant(self, words: list[str]) -> str:
        """The node that these words describe."""
        raise NotImplementedError

    def wrong(self, words: tuple[str, ...]) -> str:
        """What is other than these words say; empty if nothing is."""
        raise NotImplementedError

    def nodes_of(self, resource: str) -> list[str]:
        """Where it really runs; of a promotable one, where it is promoted."""
        raise NotImplementedError

    def misplaced(self, words: tuple[str, ...]) -> str:
        """The same for words about the place of a resource."""
        match words:
            case (resource, "nowhere"):
                nodes = self.nodes_of(resource)
                return f"{resource} is on {nodes}" if nodes else ""
            case (resource, "on", *names):
                nodes = self.nodes_of(resource)
                fits = nodes and set(nodes) <= set(names)
                return "" if fits else f"{resource} is on {nodes or 'no node'}"
        raise Unfulfilled(f"nobody knows how to expect {' '.join(words)!r}")

    @property
    def now(self) -> float:
        raise NotImplementedError

    def pass_time(self, seconds: float) -> None:
        raise NotImplementedError

    def wait(self, seconds: str) -> None:
        self.pass_time(seconds_of(seconds))

    def expect(self, *words: str) -> None:
        within = 0.0
        if len(words) > 2 and words[-2] == "within":
            within, words = seconds_of(words[-1]), words[:-2]
        until = self.now + within
        while (wrong := self.wrong(words)) and self.now < until:
            self.pass_time(self.STEP)
        if wrong:
            raise Unfulfilled(f"at {self.now:.1f} s {wrong}")

    def _line(self, line: str) -> None:
        first, *rest = line.split()
        words = [self._names.get(word, word) for word in rest]
        if len(words) > 1 and words[0] == "is":
            self._names[first] = self.meant(words[1:])
        elif first in self.VERBS:
            getattr(self, first)(*words)
        else:
            raise Unfulfilled(f"no verb {first!r}; see tests/stories/__init__.py")


def seconds_of(word: str) -> float:
    if not re.fullmatch(r"[0-9.]+s", word):
        raise Unfulfilled(f"{word!r} is no time; write 10s")
    return float(word[:-1])
