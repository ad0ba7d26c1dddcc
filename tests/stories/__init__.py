"""Small clusters, told in words: one story a file, its trace below it.

A story says what happens and what must come of it:

    nodes 3                          (or 2, 2w, 5; first, if it is not 3)
    start n1 n2 n3                   machines get power, hanode starts
    D is the dc                      from here on D stands for that node's name;
    W is the node of p1              also `a follower`
    power off D      power on D      kill W      kill W lrm      pause W crm      resume W
    cut n1 | n2 n3   cut n1 -> n2    isolate W   heal             reset n1 n2 (their stream)
    switch fails     switch hangs    switch works
    fail p1          sicken p1       standby n1  online n1       move p1 n2       cleanup
    maintenance on   maintenance off             fence n1        remember         wait 10s
    expect dc in n2 n3 within 10s    expect fenced D within 5s   expect nobody fenced
    expect p1 on n2 within 20s       expect p1 nowhere           expect online n1 n2 n3
    expect nothing restarted         (since `remember`)          expect settled within 60s
    expect denied                    (what was asked last)

The lab (tests/lab) tells these stories to real hosts, and others of its own. Only there:

    given two links                  (or broadcast links, multicast links, small disks, watchdogs,
                                     movable clocks, no fencing, a relay; before anything happens)
    stop n1     run n1               hanode leaves; starts again on a host that has power
    abandon n1                       hanode ends at once, what runs stays
    lose 20                          percent of all frames, until `lose 0`
    link 2 of n1 down                (or up) a cable is pulled
    flap n1 3s 24s                   cut off for half of each 3 s, for 24 s
    disk n1 full                     (or read-only, works)
    clock n1 +10y                    (or -1h, +0s) its wall clock jumps
    forks n1 fail                    (or work)
    keep n1     restore n1           its disk, while it is off
    switch slow                      (or lies, late)
    expect reset n1                  by its watchdog; `expect nobody reset`
    expect same crm on n1            that process was not started again (since `remember`)
    expect alarm disk n1             all consoles show it; `expect no alarm`

Whatever a story expects, in the lab nothing may ever be active on two hosts.

The lines below `---` are the trace as of the last `python -m tests stories --update`: for people.
Tests hold a story to its `expect` lines alone.
"""
