"""hatui: the console that operators leave open all night."""
