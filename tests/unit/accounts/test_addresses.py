"""What counts as one e-mail address."""

import pytest

from contracts.errors import Invalid
from services.accounts.addresses import key_of_typed, read_address


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Smith@example.com", "smith@EXAMPLE.com"),
        ("zoë@example.com", "zoe\u0308@example.com"),
        ("a@bücher.example", "a@xn--bcher-kva.example"),
        ("STRAẞE@example.com", "straße@example.com"),
        ("İnci@example.com", "i\u0307nci@example.com"),
        ("ΟΔΟΣ@example.com", "οδος@example.com"),
        ("\u212aim@example.com", "kim@example.com"),
    ],
)
def test_two_ways_to_write_one_address_are_one(one: str, other: str) -> None:
    assert read_address(one).key == read_address(other).key


def test_letters_that_only_look_related_are_two_addresses() -> None:
    assert read_address("straße@example.com").key != read_address("strasse@example.com").key


def test_an_address_is_shown_as_it_was_written() -> None:
    assert read_address("Dr.Smith@Example.COM").text == "Dr.Smith@example.com"


@pytest.mark.parametrize(
    "text", ["smith", "smith@", "@example.com", "a b@example.com", "a@example.com, b@example.com", "a@b"]
)
def test_what_is_no_address_is_refused_at_its_field(text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_address(text, "/owner/email")
    assert refusal.value.extra["errors"][0]["pointer"] == "/owner/email"


def test_a_refusal_does_not_repeat_what_was_typed() -> None:
    with pytest.raises(Invalid) as refusal:
        read_address("mia.keller@")
    assert "mia" not in str(refusal.value.detail) + str(refusal.value.extra)


def test_what_was_typed_to_sign_in_always_has_a_key() -> None:
    assert key_of_typed("  Smith@Example.com ") == "smith@example.com"
    assert key_of_typed("nobody") == "nobody"
