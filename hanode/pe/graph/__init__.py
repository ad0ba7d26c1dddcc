"""The last stage: what is to be done, as values for the one who does it."""
