"""Which screens an event concerns, and who may follow what."""

import pytest

from contracts.actor import Actor
from contracts.catalogue import SERVICES, events
from contracts.errors import Forbidden, Invalid
from gateway.live.topics import (
    Changed,
    Subject,
    Topic,
    call_followed,
    changed_by,
    changes_every_room,
    check_follows,
    keys_of,
    parse,
    shows_rooms,
)

HOST = Actor("member", "smith", "org", roles=("provider",))
GUEST = Actor("guest", "mia", "org", room_id="r", caller_id="c", device_id="d")
# kinds of things that have a view; other events (who signed in, what a plan includes) are for programs
SHOWN = {"room", "caller", "call", "participant", "invitation", "session", "organisation", "clinic", "member", "area"}


def event(kind: str, subject: str, **data: str) -> dict[str, object]:
    return {"type": kind, "subject": subject, "organisationid": "org", "sequence": "7", "data": data}


@pytest.mark.parametrize(
    ("said", "followed"),
    [
        (event("room.renamed", "room/r", room_id="r"), {"rooms", "room:r"}),
        (event("caller.waiting", "caller/c", caller_id="c", room_id="r"), {"waiting", "room:r", "caller:c"}),
        (event("call.started", "call/k", call_id="k", room_id="r"), {"room:r", "guests:r"}),
        (
            event("participant.joined", "participant/p", call_id="k", participant_id="p", room_id="r"),
            {"room:r", "guests:r"},
        ),
        (event("invitation.opened", "invitation/i", invitation_id="i", room_id="r"), {"room:r", "invitation:i"}),
        (event("session.created", "session/s", session_id="s", room_id="r"), {"sessions"}),
        (event("organisation.plan_changed", "organisation/org", organisation_id="org"), {"organisation"}),
        (event("clinic.changed", "clinic/c", clinic_id="c"), {"organisation"}),
        (event("member.changed", "member/m", member_id="m"), {"members"}),
        (
            event(
                "call.transfer_offered",
                "handover/h",
                handover_id="h",
                from_member_id="a",
                to_member_id="b",
                room_id="r",
            ),
            {"handovers:a", "handovers:b"},
        ),
        (event("member.availability_changed", "member/m", member_id="m"), {"on_duty"}),
    ],
)
def test_an_event_concerns_the_screens_that_show_it(said: dict[str, object], followed: set[str]) -> None:
    changed = changed_by(said)
    assert changed is not None
    assert set(changed.keys()) == followed


@pytest.mark.parametrize(
    "kind", [kind for service in SERVICES for kind in events(service) if kind.partition(".")[0] in SHOWN]
)
def test_every_event_of_a_thing_with_a_view_is_shown(kind: str) -> None:
    ids = {
        f"{name}_id": name
        for name in (
            "room",
            "caller",
            "call",
            "participant",
            "invitation",
            "session",
            "organisation",
            "member",
            "line",
            "area",
            "handover",
            "from_member",
            "to_member",
        )
    }
    assert changed_by(event(kind, "x/y", **ids)) is not None


@pytest.mark.parametrize("kind", ["sign_in.ended", "quota.exceeded", "settings.changed"])
def test_what_no_screen_shows_is_passed_over(kind: str) -> None:
    assert changed_by(event(kind, "x/y", member_id="m")) is None


def test_a_participants_number_is_not_taken_for_its_calls() -> None:
    said = event("participant.joined", "participant/p", call_id="k", participant_id="p", room_id="r")
    assert changed_by(said) == Changed(Subject("call", "k"), "org", "r", None)


def test_a_guest_is_found_by_their_own_place_and_their_rooms_call() -> None:
    assert set(keys_of(GUEST, Topic("caller"))) == {"caller:c", "guests:r"}


def test_a_handover_is_followed_by_the_two_whom_it_concerns() -> None:
    assert keys_of(HOST, Topic("handovers")) == (f"handovers:{HOST.id}",)


@pytest.mark.parametrize("text", ["rooms", "waiting", "sessions", "caller", "room:7", "invitation:7"])
def test_topics_are_read_as_they_are_written(text: str) -> None:
    assert str(parse(text)) == text


@pytest.mark.parametrize(
    "text", ["", "room", "room:", "rooms:7", "guests:r", "caller:c", "sessions:", "x:y", None, 7, ["rooms"]]
)
def test_what_is_no_topic_is_refused(text: object) -> None:
    with pytest.raises(Invalid):
        parse(text)


def test_a_guest_follows_their_own_place_and_nothing_else() -> None:
    check_follows(GUEST, parse("caller"))
    for text in ("rooms", "room:r", "waiting", "sessions", "invitation:i"):
        with pytest.raises(Forbidden):
            check_follows(GUEST, parse(text))


def test_a_member_has_no_place_of_a_guest() -> None:
    with pytest.raises(Forbidden):
        check_follows(HOST, parse("caller"))


def test_settings_and_plans_change_every_room_and_the_topics_that_show_rooms_are_known() -> None:
    assert changes_every_room(event("settings.changed", "settings/org"))
    assert changes_every_room(event("quota.changed", "quota/org"))
    assert not changes_every_room(event("quota.exceeded", "quota/org"))
    assert [shows_rooms(Topic(*each)) for each in (("rooms",), ("room", "r"), ("waiting",))] == [True, True, False]


def test_a_guest_follows_the_call_of_the_room_into_which_they_were_let() -> None:
    place, let_in = Subject("caller", "mia"), {"room_id": "room-9"}
    assert call_followed(Topic("caller"), [(place, let_in)]) == "guests:room-9"
    assert call_followed(Topic("caller"), [(place, {"room_id": None})]) is None
    assert call_followed(Topic("waiting"), [(place, let_in)]) is None


def test_a_waiting_area_that_changed_is_shown_to_who_follows_areas() -> None:
    event = {
        "type": "area.suspended", "subject": "area/1", "organisationid": "org", "sequence": "3", "data": {"area_id": "1"},
    }  # fmt: skip
    changed = changed_by(event)
    assert changed is not None
    assert (changed.keys(), changed.room_id) == (("areas",), None)
