"""One machine with everything on it: what `./run` starts, watches and stops."""
