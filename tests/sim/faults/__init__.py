"""The classes of faults, by what they strike: each class its own method, each of which undoes in
time what does not mend itself. `nemesis` says when they strike."""
