"""Runs waiting: `python -m services.waiting`, and `python -m services.waiting migrate` before the first time."""

from plumbing.services.process import main

if __name__ == "__main__":
    main("waiting")
