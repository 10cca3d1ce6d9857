"""A report names its sending by a token that only we can make."""

import pytest

from services.invitations.reports import Sending, sending_of, token_of
from tests.unit.invitations.things import KEY

SENDING = Sending("01920000-0000-7000-8000-000000000001", 199, 3)


def test_a_token_names_its_sending_in_letters_of_one_case() -> None:
    token = token_of(KEY, SENDING)
    assert sending_of(KEY, token) == SENDING
    assert sending_of(KEY, token.upper()) == SENDING
    assert len(token) == 49


@pytest.mark.parametrize("token", ["", ".", "a.b", "x" * 49, token_of(b"o" * 40, SENDING), token_of(KEY, SENDING)[:-1]])
def test_what_we_did_not_make_names_nothing(token: str) -> None:
    assert sending_of(KEY, token) is None


def test_another_sending_cannot_be_named_with_the_same_proof() -> None:
    mine = token_of(KEY, SENDING)
    other = token_of(KEY, Sending(SENDING.invitation_id, 198, 3))
    assert sending_of(KEY, f"{other.partition('.')[0]}.{mine.partition('.')[2]}") is None
