"""Sign-ups: closed unless opened, by a link that is good once and for a while."""

import datetime as dt

import pytest

from contracts.errors import Forbidden, Gone
from services.accounts.addresses import read_address
from services.accounts.founding import found
from services.accounts.joining import hash_of
from services.accounts.signing_up import sign_up
from tests.unit.accounts.things import ID, NOW

KEY = b"k" * 40
UNTIL = NOW + sign_up.LASTS_BY_MAIL
ASKED = {
    "organisation_name": "New Practice",
    "clinic_name": "First Clinic",
    "zone": "Europe/Berlin",
    "language": "de",
    "contact_phone": None,
    "name": "Nora New",
}


def begun() -> sign_up.SignUp:
    return sign_up.begin(read_address("Nora@Example.com"), sign_up.TRIAL, "de", KEY, id=ID, until=UNTIL, mail_due=True)


def test_strangers_make_none_unless_it_is_open() -> None:
    sign_up.check_open(sign_up.OPEN)
    with pytest.raises(Forbidden):
        sign_up.check_open(sign_up.CLOSED)


def test_the_link_is_behind_the_hash_and_only_its_digest_is_kept() -> None:
    link = sign_up.link_of(begun(), "https://clinic.example/", KEY)
    before, _, token = link.partition("#")
    assert before == "https://clinic.example/sign-up"
    assert hash_of(token) == begun().token_hash
    assert token not in str(begun())


def test_a_link_that_is_too_old_or_never_was_opens_nothing() -> None:
    assert sign_up.opened(begun(), UNTIL - dt.timedelta(seconds=1)) == begun()
    for found_one, now in ((begun(), UNTIL), (None, NOW)):
        with pytest.raises(Gone):
            sign_up.opened(found_one, now)


def test_what_is_founded_has_the_sign_ups_address_as_its_owners_whatever_is_asked() -> None:
    asked = sign_up.as_founding(begun(), {**ASKED, "email": "somebody-else@example.com"})
    made = found(asked, {"name": "Standard", "policy_version": 1}, organisation_id=begun().id, now=NOW)
    assert (made.owner.role, made.owner.email_key) == ("owner", begun().email_key)
    assert made.organisation.id == begun().id
    assert [clinic.name for clinic in made.organisation.clinics] == ["First Clinic"]
