"""The house's own rules, kept by tests: tools, floors, what may be imported, how files read."""
