"""Passwords are kept as argon2id, and a wrong one takes as long as an unknown address."""

import pytest
from pwdlib.hashers.argon2 import Argon2Hasher
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from contracts.errors import Invalid
from services.accounts.passwords import SHORTEST, check_password, hash_password, is_outdated, is_password


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
        "eleven char",
        "password1234",
        "qwertyuiop12",
        "aaaaaaaaaaaaaaaa",
        "iloveyou1234567",
        "Summer2024!!",
        "Password123!@#",
        "P@ssw0rd123456",
        "Welcome2024!",
        "Krankenhaus2024!",
        "2024?مستشفى2024",
        "123456789012345",
        "Housecall2026!",
        "Northside-2026!",
        "owner.olive.2026",
        "smith-example-1",
        "smith@example.com",
        "Olive Owner X"[:11],
    ],
)
def test_what_is_short_common_or_ones_own_is_refused_and_not_repeated(password: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check_password(password, ("Olive Owner", "smith@example.com", "Northside Clinic"))
    assert refusal.value.extra["errors"][0]["pointer"] == "/password"
    assert password not in str(refusal.value.extra)


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "3KfjGQ-xn2Lb",
        "xKfjGQnLbq37",
        "kettlegreensings7",
        "Grüße aus dem Wald, wo siebzehn stille Leuchttürme Schach gegen Nebelkrähen und einen Bagger spielen",
    ],
)
def test_some_words_that_do_not_belong_together_are_good(password: str) -> None:
    check_password(password, ("Olive Owner", "smith@example.com"))


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("short", "password_too_short"),
        ("northside clinic", "password_is_own"),
        ("Krankenhaus2024!", "password_one_word"),
        ("1q2w3e4r5t6y", "password_too_easy"),
    ],
)
def test_a_refusal_says_why(password: str, reason: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check_password(password, ("Olive Owner", "smith@example.com", "Northside Clinic"))
    assert refusal.value.extra["reason"] == reason


def test_the_leaked_passwords_that_come_with_zxcvbn_are_refused() -> None:
    long_enough = [each for each in FREQUENCY_LISTS["passwords"] if len(each) >= SHORTEST]
    assert len(long_enough) > 200
    for each in long_enough:
        with pytest.raises(Invalid):
            check_password(each, ())


def test_a_hash_with_other_parameters_is_outdated() -> None:
    earlier = Argon2Hasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash("correct horse battery")
    assert is_password("correct horse battery", earlier)
    assert is_outdated(earlier)
    assert not is_outdated(hash_password("correct horse battery"))
