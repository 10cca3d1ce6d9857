"""Room links can be read, and not be guessed."""

import itertools
import random
import re

import pytest

from services.rooms.links import ALPHABET, RANDOM_LETTERS, as_written, new_link


def choose_from(letters: str):
    cycle = itertools.cycle(letters)
    return lambda _: next(cycle)


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("Dr Smith", "dr-smith"),
        ("Dr. Zoë  O’Brien-Müller", "dr-zoe-o-brien-muller"),
        ("Straße 12", "strasse-12"),
        ("Łukasz Ødegård", "lukasz-odegard"),
        ("عيادة", "room"),
        ("--- !", "room"),
        ("x" * 80, "x" * 40),
    ],
)
def test_a_link_begins_with_the_name(name: str, part: str) -> None:
    assert new_link(name, choose_from("k3f9w2xh")) == f"{part}-k3f9w2xh"


def test_a_link_is_lower_case_ascii_that_needs_no_escaping() -> None:
    assert re.fullmatch(r"[a-z0-9-]{1,49}", new_link("Überraschung & Co. KG /?#", random.Random(1).choice))


def test_the_random_end_says_nothing_that_is_misread_and_has_39_bits() -> None:
    assert not set("01ilo").intersection(ALPHABET)
    assert len(ALPHABET) ** RANDOM_LETTERS > 2**39


def test_a_link_typed_with_capitals_and_spaces_is_the_same_link() -> None:
    assert as_written(" Dr-Smith-K3F9W2XH ") == "dr-smith-k3f9w2xh"
