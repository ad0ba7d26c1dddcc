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

The lines below `---` are the trace as of the last `python -m tests stories --update`: for people.
Tests hold a story to its `expect` lines alone.
"""
