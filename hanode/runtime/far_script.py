"""What is said to the shell of a remote node: scripts that a plain sshd's `sh` reads from stdin.

Nothing of ours is installed there. Below /run/hanode-remote the far end keeps a token of three
numbers, that of the order by which a cluster node took it over: whoever comes with a later one
takes over and ends what the older one has under way; whoever has an older one is refused. An
operation notes itself before it looks at the token, so it is either refused or found and ended.
"""

from __future__ import annotations

import re
import shlex
import signal
from typing import NamedTuple

from hanode.runtime.far_kit import lay_out

FOLDER = "/run/hanode-remote"
NOT_THERE, NO_FOLDER, OVERTAKEN = 245, 246, 247
PID_LINE = b"hanode-pid "
ENDING = {"stop", "demote", "monitor", "status"}
BEGINNING = {"start", "promote", "migrate_to", "migrate_from"}
"""What agents are told to do, as far as it matters here."""
_ORDER = re.compile(r"(\d{1,15})\.(\d{1,15})\.(\d{1,15})")
_GROUP = re.compile(re.escape(PID_LINE) + rb"([1-9]\d{0,9})")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_BORN = """born() {
    s=$(cat "/proc/$1/stat" 2> /dev/null) || return 1
    set -- ${s##*) }
    echo "${20}"
}"""


class Token(NamedTuple):
    """Later ones are greater: the term, and the place of the order in it."""

    term: int
    walk: int
    action: int

    def __str__(self) -> str:
        return f"{self.term} {self.walk} {self.action}"

    @property
    def first_number(self) -> int:
        """From here on, results are numbered: above those of whoever held the token before."""
        return (self.term << 42) | (self.walk & 0x3FFFFF) << 20 | (self.action & 0xFFF) << 8


def token_of(order: str) -> Token | None:
    """The token that an order's id (`term.walk.action`) stands for."""
    found = _ORDER.fullmatch(order)
    return Token(int(found[1]), int(found[2]), int(found[3])) if found else None


def group_of(line: bytes) -> int:
    """The process group that an operation's first line names; 0: it names none."""
    found = _GROUP.fullmatch(line)
    return int(found[1]) if found else 0


def take_over(token: Token) -> bytes:
    """Be the owner from now on; nothing of an earlier owner is left at work."""
    t, w, a = token
    return f"""umask 077
{_BORN}
mkdir -p {FOLDER}/ops && mkdir -p -m 755 /run/resource-agents || exit {NO_FOLDER}
cd {FOLDER} && exec 9>>lock && flock 9 || exit {NO_FOLDER}
[ -e owner ] || {_written("0 0 0")}
read -r t w a < owner
if [ "$t" -gt {t} ] || {{ [ "$t" -eq {t} ] && {{ [ "$w" -gt {w} ] ||
    {{ [ "$w" -eq {w} ] && [ "$a" -gt {a} ]; }}; }}; }}; then
    echo "order $t.$w.$a has taken it over already" >&2
    exit {OVERTAKEN}
fi
{_written(str(token))} || exit {NO_FOLDER}
for note in ops/*; do
    [ -e "$note" ] || continue
    read -r t w a since < "$note"
    [ "$t $w $a" = "{token}" ] && continue
    pid=${{note##*/}}
    [ -n "$since" ] && [ "$(born "$pid")" = "$since" ] && kill -KILL "-$pid"
    rm -f "$note"
done
{lay_out(FOLDER)} || exit {NO_FOLDER}
exit 0
""".encode()


def _written(token: str) -> str:
    """A command that makes this the owner's token. In place, always as long: where /run is full, a
    file that has its page can be written, a new one can't."""
    return f"printf '%-60s\\n' '{token}' 1<> owner"


def questions(token: Token) -> str:
    """A command that passes on what agents ask: their questions on its stdout, a line each; their
    answers (`NUMBER ANSWER`) on its stdin. Its first line says that it hears. It ends with the
    connection, or is overtaken (unless a full disk took no note of it)."""
    script = f"""{_BORN}
s=$(cat /proc/$$/stat); set -- ${{s##*) }}; group=$3
cd {FOLDER} || exit {NO_FOLDER}
echo {token} "$(born "$group")" > "ops/$group"
trap : HUP TERM
exec 3<> questions
echo hears
cat <&3 &
while IFS= read -r line; do
    [ -p "answers/${{line%% *}}" ] && printf '%s\\n' "${{line#* }}" 1<> "answers/${{line%% *}}"
done
kill $!
rm -f "ops/$group"
"""
    return f"sh -c {shlex.quote(script)}"


def operation(token: Token, argv: tuple[str, ...], env: dict[str, str], stdin: bytes) -> bytes:
    """Run an agent, as long as the token is the owner's. Where a full disk takes no note, what
    brings nothing up goes on without: else nothing could be stopped there any more."""
    words = set(argv[1:])
    must_note = "false" if words & ENDING and not words & BEGINNING else "true"
    command = " ".join(shlex.quote(word) for word in argv)
    settings = "\n".join(
        f"export {name}={shlex.quote(value)}"
        for name, value in env.items()
        if _NAME.fullmatch(name)
    )
    fed = shlex.quote(stdin.decode("utf-8", "surrogateescape"))
    source = f"printf %s {fed} |" if stdin else ""
    rest = "" if stdin else "< /dev/null"
    return f"""{_BORN}
s=$(cat /proc/$$/stat); set -- ${{s##*) }}; group=$3
note={FOLDER}/ops/$group
trap 'rm -f "$note"; exit 143' TERM
echo {token} "$(born "$group")" > "$note" || ! {must_note} || exit {NO_FOLDER}
read -r owner < {FOLDER}/owner
if [ "$owner" != "{token}" ]; then
    rm -f "$note"; echo "order ${{owner}} has taken it over" >&2; exit {OVERTAKEN}
fi
if [ ! -x {shlex.quote(argv[0])} ]; then
    rm -f "$note"; echo {shlex.quote(argv[0])}: not there >&2; exit {NOT_THERE}
fi
echo {PID_LINE.decode()}$group
{settings}
{source} {command} {rest}
rc=$?
rm -f "$note"
exit $rc
""".encode("utf-8", "surrogateescape")


def kill_marked(name: str, value: str) -> bytes:
    """End everything that bears this in its environment: what a resource's agents ever started."""
    mark = shlex.quote(f"{name}={value}")
    return f"""for pass in 1 2 3 4 5; do
    found=$(cd /proc && grep -lzxF {mark} [0-9]*/environ 2> /dev/null) || exit 0
    for one in $found; do kill -KILL "${{one%/environ}}"; done
    sleep 0.1
done
""".encode()


def signal_group(pid: int, number: int) -> bytes:
    """To everything that an operation has under way. Its note is there as long as anything of that
    may be."""
    forget = f"rm -f {FOLDER}/ops/{pid}\n" if number == signal.SIGKILL else ""
    return f"kill -{number} -{pid}\n{forget}exit 0\n".encode()
