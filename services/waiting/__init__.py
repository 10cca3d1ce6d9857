"""Waiting: callers on their path, and the decisions of the Call Manager about them."""
