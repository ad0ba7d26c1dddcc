"""How the console hangs on a cluster: the only input and output of hatui beside the terminal."""
