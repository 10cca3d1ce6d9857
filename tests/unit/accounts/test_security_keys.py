"""A security key answers for our address and our question only, and one that may have a copy is refused."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pyotp
import pytest

from contracts.errors import Conflict, Invalid, NotFound, NotSignedIn
from services.accounts.second_factor import SecondFactor, SecurityKey, begin, take_at_sign_in, with_recovery_codes
from services.accounts.security_keys.key import (
    MOST_KEYS,
    added,
    creation_options,
    place_of,
    read_new,
    read_use,
    removed,
    renamed,
    request_options,
    used,
    used_by,
)
from tests.software_key import SoftwareKey
from tests.unit.accounts.things import ID, NOW

PLACE = place_of("https://Clinic.example:8443/")
CHALLENGE = secrets.token_bytes(32)
APP_KEY = b"k" * 32


def options() -> dict[str, Any]:
    return creation_options(PLACE, ID, "smith@example.com", "Dr Smith", (), CHALLENGE)


def device() -> SoftwareKey:
    return SoftwareKey(PLACE.origin, PLACE.rp_id)


def enrolled(software: SoftwareKey, id: str = "one") -> SecurityKey:
    return read_new(software.create(options()), PLACE, CHALLENGE, id=id, name="Blue", now=NOW)


def test_a_key_answers_for_the_host_and_origin_of_our_address() -> None:
    assert (PLACE.rp_id, PLACE.origin) == ("clinic.example", "https://clinic.example:8443")
    software = device()
    key = enrolled(software)
    asked = request_options(PLACE, (key,), CHALLENGE)
    assert [each["id"] for each in asked["allowCredentials"]] == [key.credential_id]
    assert read_use(software.get(asked), key, PLACE, CHALLENGE) == 2


def test_options_name_the_member_and_exclude_their_keys() -> None:
    key = enrolled(device())
    made = creation_options(PLACE, ID, "smith@example.com", "Dr Smith", (key,), CHALLENGE)
    assert [each["id"] for each in made["excludeCredentials"]] == [key.credential_id]
    assert (made["attestation"], made["rp"]["id"]) == ("none", "clinic.example")
    assert made["authenticatorSelection"]["userVerification"] == "preferred"


def elsewhere() -> SoftwareKey:
    return SoftwareKey("https://clinic.example.evil.example", PLACE.rp_id)


def other_host() -> SoftwareKey:
    return SoftwareKey(PLACE.origin, "evil.example")


@pytest.mark.parametrize("made", [elsewhere, other_host])
def test_what_was_made_elsewhere_is_refused(made: Callable[[], SoftwareKey]) -> None:
    with pytest.raises(Invalid):
        enrolled(made())
    key = enrolled(device())
    with pytest.raises(NotSignedIn):
        read_use(made().get({"challenge": options()["challenge"]}), key, PLACE, CHALLENGE)


def test_an_answer_to_another_question_or_of_another_key_is_refused() -> None:
    software = device()
    key = enrolled(software)
    asked = request_options(PLACE, (key,), CHALLENGE)
    with pytest.raises(NotSignedIn):
        read_use(software.get(asked), key, PLACE, secrets.token_bytes(32))
    other = device()
    other.credential_id = software.credential_id
    with pytest.raises(NotSignedIn):
        read_use(other.get(asked), key, PLACE, CHALLENGE)
    with pytest.raises(NotSignedIn, match="not one of yours"):
        used_by(device().get(asked), (key,))


@pytest.mark.parametrize(
    "part", [{}, {"response": None}, {"response": {"clientDataJSON": "e30", "attestationObject": "oA"}}, {"id": []}]
)
def test_what_is_no_answer_at_all_is_refused_in_words(part: dict[str, Any]) -> None:
    software = device()
    key = enrolled(software)
    for broken in ({}, {**software.create(options()), **part} if part else {"id": 1}):
        with pytest.raises(Invalid):
            read_new(broken, PLACE, CHALLENGE, id="one", name="Blue", now=NOW)
        with pytest.raises(NotSignedIn):
            read_use(broken, key, PLACE, CHALLENGE)


def test_a_count_that_does_not_rise_is_refused_and_one_that_stays_nought_is_not() -> None:
    factor = added(None, replace(enrolled(device()), sign_count=5))
    assert used(factor, "one", 6, NOW).keys[0].sign_count == 6
    for count in (5, 4, 0):
        with pytest.raises(NotSignedIn, match="copy"):
            used(factor, "one", count, NOW)
    silent = added(None, replace(enrolled(device()), sign_count=0))
    assert used(silent, "one", 0, NOW).keys[0].used_at == NOW


def test_keys_are_renamed_and_removed_and_without_the_last_nothing_is_left() -> None:
    factor = added(added(None, enrolled(device(), "one")), enrolled(device(), "two"))
    assert [key.name for key in renamed(factor, "two", "Green").keys] == ["Blue", "Green"]
    left = removed(factor, "one")
    assert left is not None
    assert removed(left, "two") is None
    with pytest.raises(NotFound):
        removed(left, "one")
    with_app = added(SecondFactor(sealed_secret="sealed", confirmed=True), enrolled(device()))
    assert removed(with_app, "one") is not None


def test_there_are_ten_keys_at_most() -> None:
    factor = None
    key = enrolled(device())
    for number in range(MOST_KEYS):
        factor = added(factor, replace(key, id=str(number)))
    with pytest.raises(Conflict):
        added(factor, key)


def test_an_app_that_was_not_confirmed_does_not_open_what_keys_hold() -> None:
    begun, secret = begin(APP_KEY, ID)
    factor, codes = with_recovery_codes(added(begun, enrolled(device())), APP_KEY, ID)
    factor = replace(factor, confirmed=False)
    assert take_at_sign_in(factor, pyotp.TOTP(secret).at(NOW), APP_KEY, ID, NOW) is None
    after = take_at_sign_in(factor, codes[0], APP_KEY, ID, NOW)
    assert after is not None
    assert len(after.keys) == 1
