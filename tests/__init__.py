"""Everything that is claimed of hanode and hatui, checked; `python -m tests` is the one door."""
