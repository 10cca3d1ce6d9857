"""A second factor takes each code once, and keeps neither its secret nor its recovery codes in the clear."""

import datetime as dt

import pyotp
import pytest
from cryptography.exceptions import InvalidTag

from services.accounts.second_factor import STEP_SECONDS, SecondFactor, begin, take, uri_of, with_recovery_codes
from tests.unit.accounts.things import ID, NOW

KEY = b"k" * 32
STEP = dt.timedelta(seconds=STEP_SECONDS)


def used(factor: SecondFactor, code: str, now: dt.datetime = NOW) -> SecondFactor:
    after = take(factor, code, KEY, ID, now)
    assert after is not None
    return after


def test_a_code_is_taken_once_and_none_that_is_earlier_afterwards() -> None:
    factor, secret = begin(KEY, ID)
    codes = pyotp.TOTP(secret)
    after = used(factor, codes.at(NOW))
    assert take(after, codes.at(NOW), KEY, ID, NOW) is None
    assert take(after, codes.at(NOW - STEP), KEY, ID, NOW) is None
    assert take(after, codes.at(NOW + STEP), KEY, ID, NOW) is not None


def test_half_a_minute_off_is_taken_and_more_is_not() -> None:
    factor, secret = begin(KEY, ID)
    codes = pyotp.TOTP(secret)
    for off, good in ((-2, False), (-1, True), (0, True), (1, True), (2, False)):
        assert (take(factor, codes.at(NOW + off * STEP), KEY, ID, NOW) is not None) is good


def test_ten_recovery_codes_are_good_once_each_however_they_are_typed() -> None:
    factor, codes = with_recovery_codes(begin(KEY, ID)[0], KEY, ID)
    assert len(set(codes)) == 10
    after = used(factor, codes[0].upper().replace("-", " "))
    assert take(after, codes[0], KEY, ID, NOW) is None
    assert len(used(after, codes[1]).recovery_hashes) == 8


def test_neither_secret_nor_codes_are_kept() -> None:
    factor, secret = begin(KEY, ID)
    factor, codes = with_recovery_codes(factor, KEY, ID)
    assert secret not in str(factor)
    assert not any(code.replace("-", "") in str(factor) for code in codes)


def test_a_secret_copied_to_another_member_opens_nothing() -> None:
    factor, secret = begin(KEY, ID)
    with pytest.raises(InvalidTag):
        take(factor, pyotp.TOTP(secret).at(NOW), KEY, "another member", NOW)


def test_an_app_reads_whose_it_is() -> None:
    assert uri_of(begin(KEY, ID)[1], "smith@example.com").startswith("otpauth://totp/Housecall:smith%40example.com?")
