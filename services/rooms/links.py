"""The readable part of a room's address: the room's name as it is heard in a link, and a random end that nobody guesses."""

import re
import unicodedata
from collections.abc import Callable

# Without letters and digits that are taken for each other when a link is read out or copied by hand.
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
RANDOM_LETTERS = 8
LONGEST_NAME_PART = 40
_PLAIN = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
_NOT_IN_LINKS = re.compile(r"[^a-z0-9]+")


def new_link(name: str, choose: Callable[[str], str]) -> str:
    """A link for a room of this name, as `dr-smith-k3f9w2xh`. `choose` picks one letter of the alphabet at random."""
    ending = "".join(choose(ALPHABET) for _ in range(RANDOM_LETTERS))
    return f"{name_part(name)}-{ending}"


def name_part(name: str) -> str:
    """The name in lower-case ASCII with hyphens; `room` where nothing of it can be written so."""
    letters = unicodedata.normalize("NFKD", name.casefold().translate(_PLAIN))
    ascii_letters = "".join(letter for letter in letters if not unicodedata.combining(letter))
    part = _NOT_IN_LINKS.sub("-", ascii_letters).strip("-")[:LONGEST_NAME_PART].strip("-")
    return part or "room"


def as_written(link: str) -> str:
    """The link that somebody meant who typed it with capitals or spaces around it."""
    return link.strip().casefold()
