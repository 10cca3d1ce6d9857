"""What is never shown or written down: others' data, and links."""

from typing import Any

import pytest

from contracts.actor import Actor
from contracts.command import Command
from contracts.errors import Invalid, NotFound
from gateway.api.join import hello_view
from gateway.hall import origin_of
from gateway.links import open_link
from gateway.requests_log import redacted

TOKEN = "dGhpcy1pcy1hLXBlcnNvbmFsLWxpbms"


@pytest.mark.parametrize(
    ("path", "written"),
    [
        (f"/join/{TOKEN}", "/join/…"),
        (f"/api/join/{TOKEN}", "/api/join/…"),
        (f"/api/join/{TOKEN}/arrivals", "/api/join/…/arrivals"),
        ("/join/room/dr-smith-x7k2", "/join/…"),
        ("/api/join/room/dr-smith-x7k2/opened", "/api/join/…/opened"),
        (f"/join//{TOKEN}", "/join/…"),
        (f"//JOIN/{TOKEN}", "//join/…"),
        ("/join//room//dr-smith-x7k2", "/join/…"),
        ("/join/area/front-desk-x7k2", "/join/…"),
        ("/api/join/area/front-desk-x7k2/arrivals", "/api/join/…/arrivals"),
        (f"/calendar/{TOKEN}.ics", "/calendar/…"),
        ("/api/calendar-feed", "/api/calendar-feed"),
        ("/api/rooms", "/api/rooms"),
    ],
)
def test_links_are_not_written_down(path: str, written: str) -> None:
    assert redacted(path) == written


def test_a_stranger_with_a_link_sees_the_clinic_and_nobody_else() -> None:
    organisation = {
        "name": "Example Health", "language": "en", "contact_phone": "+61 2 5550 0000", "contact_email": None,
        "plan": "premium", "id": "org", "clinics": [{"name": "secret"}], "process_note": "for staff",
    }  # fmt: skip
    room: dict[str, Any] = {
        "room_name": "Dr Smith",
        "room_state": "open",
        "entry_fields": [],
        "consent_text": "",
        "consent_version": None,
        "waiting_content": "Please wait.",
        "waiting": 4,
        "in_call": 2,
        "owner_member_id": "smith",
        "link": "dr-smith",
    }
    view = hello_view(
        {"sender_name": "Dr Smith", "invited_name": "Mia", "title": "T", "message": "M"}, room, organisation
    )
    assert set(view) == {
        "organisation_name", "room_name", "room_open", "sender_name", "invited_name", "title", "message", "planned", "language",
        "contact_phone", "contact_email", "role", "sign_in_for", "entry_fields", "consent_text", "consent_version", "waiting_content",
        "emergency_text", "closed_by", "opens_at", "zone", "closed_message", "return_url", "return_label",
    }  # fmt: skip
    for hidden in ("secret", "premium", "for staff", "smith", 4):
        assert hidden not in view.values()


class Rooms:
    """Our own port to the services: finds nothing fit for what it is asked."""

    def call(self, command: Command, payload: dict[str, Any], actor: Actor) -> dict[str, Any]:
        raise Invalid(errors=[{"pointer": "/token", "detail": "too odd"}])


@pytest.mark.parametrize("link", ["", "room/", "\x00", "x" * 65, "room/" + "x" * 121, "a"])
def test_what_cannot_be_a_link_is_not_found_like_any_other(link: str) -> None:
    with pytest.raises(NotFound):
        open_link(Rooms(), link)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://localhost:8000/", "http://localhost:8000"),
        ("https://Call.Example.org", "https://call.example.org"),
        ("https://call.example.org:443/x", "https://call.example.org"),
        ("http://call.example.org:80", "http://call.example.org"),
    ],
)
def test_an_origin_is_written_as_browsers_do(url: str, origin: str) -> None:
    assert origin_of(url) == origin
