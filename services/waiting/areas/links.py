"""The link of a Waiting Area: letters that nobody guesses and that can be read out or copied by hand."""

from collections.abc import Callable

# without letters and digits that are taken for each other
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
LETTERS = 16


def new_link(choose: Callable[[str], str]) -> str:
    """16 letters of 31, about 79 bits. `choose` picks one of the alphabet at random."""
    return "".join(choose(ALPHABET) for _ in range(LETTERS))


def as_written(link: str) -> str:
    """The link that somebody meant who typed it with capitals or spaces around it."""
    return link.strip().casefold()
