"""Organisations, members and sign-ins: what may become of them, and what is said of it."""

import datetime as dt
from typing import Any

import pytest

from contracts.accounts import EVENTS
from contracts.actor import system
from contracts.errors import Forbidden, Invalid, Outdated
from contracts.organisations import OrganisationView
from contracts.people import MemberView
from services.accounts import member as rules
from services.accounts import organisation as organisations
from services.accounts.founding import FINISHED_BY_OTHERS_AFTER, GIVEN_UP_AFTER, Fate, fate, found
from services.accounts.member import EXPECTED, activate, added, may_add
from services.accounts.sign_in import LASTS, begin, end, hash_of, is_open, new_token
from services.accounts.views import member_view, organisation_view
from tests.unit.accounts.things import CLINIC, ID, NOW, actor, member, organisation

PLAN = {"name": "Premium", "policy_version": 1}


def request(**changes: Any) -> dict[str, Any]:
    owner = {"email": "Olive@example.com", "name": "Olive Owner", "language": None, "password": "x" * 12}
    asked = {
        "name": "Example Health",
        "plan": "clinic",
        "zone": "Australia/Sydney",
        "language": "en",
        "clinic_name": "Example Clinic",
        "contact_phone": None,
        "contact_email": None,
        "owner": owner,
    }
    return {**asked, **changes}


def test_an_organisation_made_again_has_the_same_ids() -> None:
    first, second = (found(request(), PLAN, organisation_id=ID, now=NOW) for _ in range(2))
    assert first == second
    assert first.owner.clinic_ids == (first.organisation.clinics[0].id,)
    assert first.owner.role == "owner"


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [({"zone": "Mars/Olympus"}, "/zone"), ({"contact_email": "reception"}, "/contact_email")],
)
def test_what_does_not_fit_is_refused_at_its_field(changes, pointer) -> None:
    with pytest.raises(Invalid) as refusal:
        found(request(**changes), PLAN, organisation_id=ID, now=NOW)
    assert refusal.value.extra["errors"][0]["pointer"] == pointer


def test_an_expected_owner_is_left_to_their_own_process_then_finished_or_given_up() -> None:
    assert fate(NOW, True, NOW) is Fate.WAIT
    assert fate(NOW, True, NOW + FINISHED_BY_OTHERS_AFTER) is Fate.FINISH
    assert fate(NOW, False, NOW + FINISHED_BY_OTHERS_AFTER) is Fate.WAIT
    assert fate(NOW, False, NOW + GIVEN_UP_AFTER) is Fate.GIVE_UP


def test_an_expected_member_becomes_one_once() -> None:
    change = activate(member(state=EXPECTED))
    assert change is not None
    assert [event.type for event in change.events] == ["member.added"]
    assert activate(change.state) is None


def test_events_hold_no_name_and_no_address() -> None:
    said = [*organisations.created(organisation()), added(member())]
    for event in said:
        assert EVENTS[event.type]().validate(dict(event.data)) == {}
        assert not {"Dr Smith", "smith@example.com", "Example Health", "Example Clinic"}.intersection(
            str(value) for value in event.data.values()
        )


def test_a_clinic_of_somebody_else_is_refused_at_its_place() -> None:
    with pytest.raises(Invalid) as refusal:
        organisations.known_clinics(organisation(), [CLINIC.id, ID])
    assert refusal.value.extra["errors"][0]["pointer"] == "/clinic_ids/1"


def test_only_an_owner_makes_another_owner() -> None:
    may_add("owner", actor("owner"))
    may_add("owner", system("operator"))
    may_add("admin", actor("admin"))
    with pytest.raises(Forbidden):
        may_add("owner", actor("admin"))


def test_a_sign_in_ends_by_itself_or_by_signing_out() -> None:
    sign_in = begin(member().id, ID, "token", id=ID, now=NOW)
    assert is_open(sign_in, NOW + LASTS - dt.timedelta(seconds=1))
    assert not is_open(sign_in, NOW + LASTS)
    change = end(sign_in, NOW)
    assert change is not None
    assert [event.type for event in change.events] == ["sign_in.ended"]
    assert EVENTS["sign_in.ended"]().validate(dict(change.events[0].data)) == {}
    assert not is_open(change.state, NOW)
    assert end(change.state, NOW) is None


def test_a_token_has_256_bits_and_is_not_what_is_kept() -> None:
    token = new_token()
    assert len(token) == 43
    assert token != new_token()
    assert begin(member().id, ID, token, id=ID, now=NOW).token_hash == hash_of(token) != token


def test_views_are_as_their_contracts_say_and_keep_the_hash_to_ourselves() -> None:
    assert set(member_view(member())) == set(MemberView().fields)
    shown = OrganisationView().dump(organisation_view(organisation()))
    assert set(shown) == set(OrganisationView().fields)


def test_a_change_of_what_somebody_changed_meanwhile_is_refused_with_the_version() -> None:
    first = rules.change(member(), {"name": "Another"})
    assert first is not None
    assert first.state.revision == 1
    with pytest.raises(Outdated) as refused:
        rules.change(first.state, {"name": "A third"}, revision=0)
    assert refused.value.extra["version"] == 1
    assert rules.change(first.state, {"name": "Another"}, revision=0) is None, "what is so already is no change"
    assert rules.change(first.state, {"name": "A third"}, revision=1) is not None


def test_codes_used_and_duties_taken_are_no_changes_by_people() -> None:
    before = member(clinic_ids=(CLINIC.id,))
    duty = rules.set_availability(before, [], "on_duty", NOW)
    assert duty is not None
    assert duty.state.revision == before.revision
