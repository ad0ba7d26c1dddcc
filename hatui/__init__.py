"""hatui: the console that operators leave open all night."""

__version__ = "0.1.0"
