"""Warm handovers: who is offered to a colleague, while the two speak the caller is on hold, and then comes in once."""
