"""What a clinic lets its mails say, and who gets the replies."""

from dataclasses import replace
from typing import Any

import pytest

from services.invitations.mail_settings import CLINIC, MailSettings, begun, change, worded
from tests.unit.invitations.things import ORGANISATION, SMITH

NAMED = MailSettings(ORGANISATION, ORGANISATION)
NEUTRAL = replace(NAMED, neutral=True)
OFFICE = "office@clinic.example"


@pytest.mark.parametrize(
    ("settings", "clinic_address", "name", "email"),
    [
        (NAMED, OFFICE, "Dr Smith", "smith@clinic.example"),
        (replace(NAMED, reply_to=CLINIC), OFFICE, "Dr Smith", OFFICE),
        (replace(NAMED, reply_to=CLINIC), None, "Dr Smith", "smith@clinic.example"),
        (NEUTRAL, OFFICE, "Northside Clinic", OFFICE),
        (NEUTRAL, None, "Northside Clinic", None),
        (replace(NEUTRAL, shown_name="Northside"), OFFICE, "Northside", OFFICE),
    ],
)
def test_who_is_named_and_who_gets_the_replies(
    settings: MailSettings, clinic_address: str | None, name: str, email: str | None
) -> None:
    sender = worded(SMITH, clinic_address, settings)
    assert (sender.name, sender.email) == (name, email)


def test_another_name_is_shown_for_the_organisation() -> None:
    assert worded(SMITH, None, replace(NAMED, shown_name="Northside")).organisation == "Northside"


def test_a_clinics_first_change_begins_with_the_organisations_settings() -> None:
    first = begun(NEUTRAL, "clinic")
    decided = change(first, {"shown_name": "Northside"})
    assert decided is not None
    assert (decided.state.id, decided.state.clinic_id) == ("clinic", "clinic")
    assert (decided.state.neutral, decided.state.shown_name) == (True, "Northside")
    assert [(event.type, dict(event.data)) for event in decided.events] == [
        ("mail.settings_changed", {"clinic_id": "clinic"})
    ]


@pytest.mark.parametrize("wanted", [{}, {"neutral": False}, {"reply_to": "sender", "shown_name": None}])
def test_what_is_so_already_is_no_change(wanted: dict[str, Any]) -> None:
    assert change(NAMED, wanted) is None
