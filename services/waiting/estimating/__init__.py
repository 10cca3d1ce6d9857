"""How many wait before somebody, and how long it will probably take."""
