"""Participants of API clients' sessions: whose they are, what their link opens, and its end."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from contracts.actor import Actor
from contracts.errors import Conflict, Forbidden, Gone, NotFound
from plumbing.ids import new_id
from services.invitations.participants import participant as rules

NOW = datetime(2026, 11, 30, 10, tzinfo=UTC)
CLIENT = Actor("api_client", new_id(), new_id())
SESSION: dict[str, Any] = {
    "id": new_id(), "organisation_id": CLIENT.organisation_id, "client_id": CLIENT.id, "clinic_id": new_id(), "room_id": new_id(),
    "state": "planned", "over": False, "title": "Check-up", "planned": {"ends_at": "2026-11-30T11:00:00.000Z"},
}  # fmt: skip
HOUSE = {"name": "Example Health", "language": "de"}


def made(role: str = "guest", **more: Any) -> rules.Participant:
    return rules.made({"role": role, "display_name": "Mia", **more}, SESSION, "a hash", id=new_id(), now=NOW)


@pytest.mark.parametrize(("role", "comes_as"), [("guest", "client"), ("participant", "client"), ("host", "clinician")])
def test_a_link_opens_the_session_and_a_host_signs_in(role: str, comes_as: str) -> None:
    opened = rules.opened_view(made(role), SESSION, HOUSE, ())
    assert (opened["role"], opened["invited_name"], opened["title"]) == (comes_as, "Mia", "Check-up")
    assert opened["invitation_id"] is None


@pytest.mark.parametrize(
    ("flags", "url", "label"),
    [
        (["return-url;https://clinic.example/a?b=1;c", "return-label;Back"], "https://clinic.example/a?b=1;c", "Back"),
        (["customisation;exit-url;http://clinic.example"], "http://clinic.example", None),
        (["session;enforce-participant-uniqueness", "return-label;Back"], None, None),
        (["return-url;javascript:alert(1)", "return-label;Back"], None, None),
        (["return-url;//clinic.example"], None, None),
        (["return-url;https://[broken"], None, None),
        (["return-url"], None, None),
    ],
)
def test_guests_go_on_to_an_address_of_the_web_or_nowhere(flags: list[str], url: str | None, label: str | None) -> None:
    assert rules.return_to(flags) == {"return_url": url, "return_label": label}


def test_a_link_ends_with_a_cancelled_session_and_a_day_after_its_end() -> None:
    end = datetime.fromisoformat(SESSION["planned"]["ends_at"])
    rules.check_link(SESSION, end + timedelta(hours=23))
    for session, now in (({**SESSION, "state": "cancelled"}, NOW), (SESSION, end + timedelta(hours=24))):
        with pytest.raises(Gone):
            rules.check_link(session, now)


def test_who_is_removed_stays_so_and_their_link_opens_nothing() -> None:
    change = rules.remove(made(), NOW)
    assert change
    assert (change.state.removed_at, change.state.link_hash) == (NOW, None)
    assert rules.remove(change.state, NOW) is None
    with pytest.raises(NotFound):
        rules.change(change.state, {"state": "back"})


def test_a_change_takes_what_is_given_and_says_no_names() -> None:
    change = rules.change(made(), {"state": "seen", "unknown": 1})
    assert change
    assert (change.state.state, change.state.display_name) == ("seen", "Mia")
    assert "Mia" not in str(change.events)
    assert rules.change(made(), {"display_name": "Mia"}) is None


def test_a_session_that_is_over_or_cancelled_takes_nobody() -> None:
    with pytest.raises(Conflict):
        rules.check_open({**SESSION, "over": True})
    with pytest.raises(NotFound):
        rules.check_open({**SESSION, "state": "cancelled"})


def test_they_are_of_the_client_that_made_the_session_in_a_clinic_that_it_reaches() -> None:
    assert rules.own(made(), CLIENT)
    for other in (replace(CLIENT, id=new_id()), replace(CLIENT, clinic_ids=(new_id(),))):
        with pytest.raises(Forbidden):
            rules.own(made(), other)
        with pytest.raises(Forbidden):
            rules.check_own(SESSION, other)
