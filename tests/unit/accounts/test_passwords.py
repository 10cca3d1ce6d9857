"""Passwords are kept as argon2id, and a wrong one takes as long as an unknown address."""

from services.accounts.passwords import hash_password, is_password


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
