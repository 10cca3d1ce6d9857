"""Passwords are kept as argon2id, and a wrong one takes as long as an unknown address."""

import pytest
from pwdlib.hashers.argon2 import Argon2Hasher

from contracts.errors import Invalid
from services.accounts.passwords import check_password, hash_password, is_outdated, is_password


def test_the_right_password_is_told_from_a_wrong_one() -> None:
    kept = hash_password("correct horse battery")
    assert is_password("correct horse battery", kept)
    assert not is_password("correct horse", kept)


def test_two_hashes_of_one_password_differ() -> None:
    assert hash_password("correct horse battery") != hash_password("correct horse battery")


def test_it_is_argon2id_of_at_least_19_mib() -> None:
    assert hash_password("correct horse battery").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_nobody_has_a_password() -> None:
    assert not is_password("", None)
    assert not is_password("services.accounts.passwords", None)


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "password1234",
        "qwertyuiop12",
        "aaaaaaaaaaaaaaaa",
        "iloveyou1234567",
        "smith@example.com",
        "Olive Owner X"[:11],
    ],
)
def test_what_is_short_common_or_ones_own_is_refused_and_not_repeated(password: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check_password(password, ("Olive Owner", "smith@example.com"))
    assert refusal.value.extra["errors"][0]["pointer"] == "/password"
    assert password not in str(refusal.value.extra)


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "3KfjGQ-xn2Lb",
        "Grüße aus dem Wald, wo siebzehn stille Leuchttürme Schach gegen Nebelkrähen und einen Bagger spielen",
    ],
)
def test_some_words_that_do_not_belong_together_are_good(password: str) -> None:
    check_password(password, ("Olive Owner", "smith@example.com"))


def test_a_hash_with_other_parameters_is_outdated() -> None:
    earlier = Argon2Hasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash("correct horse battery")
    assert is_password("correct horse battery", earlier)
    assert is_outdated(earlier)
    assert not is_outdated(hash_password("correct horse battery"))
