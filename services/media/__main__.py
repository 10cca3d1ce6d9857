"""Runs media: `python -m services.media`, and `python -m services.media migrate` before the first time."""

from plumbing.services.process import main

if __name__ == "__main__":
    main("media")
