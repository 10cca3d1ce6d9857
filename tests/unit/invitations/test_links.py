"""Personal links."""

import base64

from hypothesis import given
from hypothesis import strategies as st

from services.invitations.links import TOKEN_BYTES, TOKEN_LENGTH, hash_of, join_address, token_of

KEY = b"k" * 40


def test_a_token_has_192_bits_in_characters_that_need_no_escaping() -> None:
    token = token_of(KEY, "r", 1)
    assert len(token) == TOKEN_LENGTH
    assert len(base64.urlsafe_b64decode(token)) == TOKEN_BYTES == 24
    assert join_address("https://x.example/", token) == f"https://x.example/join/{token}"


def test_a_token_can_be_made_again_and_only_with_the_same_key_recipient_and_generation() -> None:
    assert token_of(KEY, "r", 1) == token_of(KEY, "r", 1)
    others = {token_of(b"x" * 40, "r", 1), token_of(KEY, "s", 1), token_of(KEY, "r", 2), token_of(KEY, "r1", 1)}
    assert len(others | {token_of(KEY, "r", 1)}) == 5


def test_a_recipient_and_a_generation_do_not_run_into_each_other() -> None:
    assert token_of(KEY, "r1", 2) != token_of(KEY, "r", 12)


@given(st.text())
def test_whatever_is_given_as_a_token_has_a_hash(text: str) -> None:
    assert len(hash_of(text)) == 64
