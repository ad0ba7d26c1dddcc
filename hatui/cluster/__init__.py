"""What the screen shows, as plain values: pure view models of the fold and the policy engine.

Invariant: nothing here knows Textual, sockets or the time of day; all of it is tested without a
terminal.
"""
