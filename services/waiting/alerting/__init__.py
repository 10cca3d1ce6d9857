"""Nobody who waits is missed: acknowledged by name, else told to who is on duty, and then to the next site."""
