# A service made of one sleeping process: real enough to be killed, fenced, and found by a probe.
# Its state file holds the process id, the process's start time (so that a process id that was
# given away again is not taken for it), and its role. Sourced by Dummy and Stateful.

STATE="${OCF_RESKEY_state:-${HA_RSCTMP:-/run/resource-agents}/${0##*/}-$OCF_RESOURCE_INSTANCE.state}"

OCF_SUCCESS=0 OCF_ERR_GENERIC=1 OCF_ERR_ARGS=2 OCF_ERR_UNIMPLEMENTED=3
OCF_NOT_RUNNING=7 OCF_RUNNING_PROMOTED=8

fail() { # CODE REASON
    echo "ocf-exit-reason:$2" >&2
    exit "$1"
}

start_time_of() { # PID; sets `born`, or leaves it empty: no such process, or only its corpse
    born=
    { read -r line < "/proc/$1/stat"; } 2>/dev/null || return 0
    set -- ${line##*) }
    [ "$1" = Z ] || born=${20}
}

read_state() { # sets `pid` and `role`; `pid` is empty if it doesn't run
    pid= role=
    [ -r "$STATE" ] || return 0
    read -r pid since role < "$STATE" || :
    [ -n "$pid" ] || return 0
    start_time_of "$pid"
    [ "$born" = "$since" ] || pid=
}

write_state() { # ROLE; of the process $pid, born $born
    echo "$pid $born $1" > "$STATE.$$" && mv -f "$STATE.$$" "$STATE" ||
        fail $OCF_ERR_GENERIC "can't write $STATE: make its directory writable, or set 'state'"
}

begin_process() { # ROLE
    [ -d "${STATE%/*}" ] || mkdir -p "${STATE%/*}" ||
        fail $OCF_ERR_ARGS "there is no directory ${STATE%/*}: make it, or set 'state'"
    setsid sleep 2147483647 < /dev/null > /dev/null 2>&1 &
    pid=$!
    start_time_of "$pid"
    [ -n "$born" ] || fail $OCF_ERR_GENERIC "the process ended at once"
    write_state "$1"
}

end_process() {
    kill "$pid" 2> /dev/null
    while start_time_of "$pid"; [ -n "$born" ] && [ "$born" = "$since" ]; do sleep 0.005; done
    rm -f "$STATE"
}

fail_if_asked() { # ACTION; 'fail_on' is a list of ACTION or ACTION:CODE
    for word in $OCF_RESKEY_fail_on; do
        case $word in
            "$1") fail $OCF_ERR_GENERIC "fail_on names $1" ;;
            "$1":*) fail "${word#*:}" "fail_on names $1" ;;
        esac
    done
}

take_time() {
    case ${OCF_RESKEY_op_sleep:-0} in 0) ;; *) sleep "$OCF_RESKEY_op_sleep" ;; esac
}
