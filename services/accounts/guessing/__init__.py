"""How often passwords and codes may be guessed, and from which devices a member is known to come."""
