"""The world: the only place with sockets, files, processes, clocks."""
