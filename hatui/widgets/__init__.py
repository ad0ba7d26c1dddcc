"""The parts of the screen: each draws what it is given, and posts messages of what was asked."""
