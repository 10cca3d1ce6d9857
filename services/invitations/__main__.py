"""`python -m services.invitations` runs the service; with the argument `migrate` it makes what the service needs and ends."""

from plumbing.services.process import main

if __name__ == "__main__":
    main("invitations")
