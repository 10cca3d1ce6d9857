import datetime as dt
from typing import Any

import pytest

from contracts.actor import Actor
from contracts.errors import Conflict, Forbidden, Gone, NotFound
from services.waiting import access, path
from services.waiting.answers import Answer
from services.waiting.arrivals import arriving
from services.waiting.caller import stands
from services.waiting.order import Standing
from services.waiting.views import caller_view
from tests.unit.waiting.people import NOW, ROOM, caller

REQUEST: dict[str, Any] = {
    "room_id": ROOM,
    "display_name": "Tom Berger",
    "invited_name": "Mia Keller",
    "device_test": {"camera": True, "microphone": None},
    "language": "de",
    "answers": {},
    "consent_version": None,
    "role": "client",
    "for_recipient_id": None,
}
NOTHING_ASKED: dict[str, Any] = {"entry_fields": [], "consent_text": "", "waiting_content": "", "emergency_text": ""}
MIA = caller()
GUEST = Actor("guest", "phone", MIA.organisation_id, room_id=ROOM, recipient_id=MIA.recipient_id, device_id="phone")
OWN = Actor(**{**GUEST.claims(), "caller_id": MIA.id})


def test_who_arrives_waits_with_what_their_link_and_device_say() -> None:
    made = arriving(REQUEST, NOTHING_ASKED, GUEST, MIA.id, NOW)
    assert (made.state, made.name_differs, made.recipient_id, made.device_id) == (
        "waiting",
        True,
        MIA.recipient_id,
        "phone",
    )
    assert made.device_test is not None
    assert (made.device_test.camera, made.device_test.microphone) == (True, None)
    assert made.away_since == NOW


def test_how_long_they_should_wait_counts_from_their_appointment_where_they_come_before_it() -> None:
    at = NOW + dt.timedelta(minutes=20)
    target = dt.timedelta(minutes=10)
    assert arriving(REQUEST, NOTHING_ASKED, GUEST, MIA.id, NOW, target).target_at == NOW + target
    early = arriving({**REQUEST, "planned_at": at}, NOTHING_ASKED, GUEST, MIA.id, NOW, target)
    assert early.target_at == at + target
    late = arriving({**REQUEST, "planned_at": NOW - target}, NOTHING_ASKED, GUEST, MIA.id, NOW, target)
    assert late.target_at == NOW + target


def test_a_link_opens_only_its_own_room() -> None:
    with pytest.raises(Forbidden):
        access.check_link(MIA.id, GUEST)
    access.check_link(ROOM, GUEST)


def test_a_device_that_cannot_be_told_from_others_does_not_arrive() -> None:
    with pytest.raises(Forbidden):
        arriving(REQUEST, NOTHING_ASKED, Actor(**{**GUEST.claims(), "device_id": None}), MIA.id, NOW)


def test_the_same_device_finds_its_own_caller_before_the_one_that_waits() -> None:
    inside = caller(id="inside", state="admitted")
    waits = caller(id="waits", device_id="tablet")
    assert path.whose_place([waits, inside], caller()) == inside
    assert path.whose_place([waits, inside], caller(device_id="third")) == waits
    assert path.whose_place([inside], caller(device_id="third")) is None


@pytest.mark.parametrize(("state", "error"), [("removed", Gone), ("suspended", Conflict)])
def test_nobody_waits_where_no_room_is_open(state: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        access.check_open({"state": state})
    access.check_open({"state": "open", "locked": True})


def test_a_guest_sees_nothing_that_is_for_staff() -> None:
    seen = caller_view(caller(name_differs=True, admitted_by_member_id="smith", invitation_id=MIA.id), OWN)
    assert (seen["name_differs"], seen["admitted_by_member_id"], seen["invitation_id"], seen["recipient_id"]) == (
        False,
        None,
        None,
        None,
    )
    assert seen["moved_to_other_device"] is False


def test_the_device_that_lost_the_place_may_read_and_nothing_else() -> None:
    moved = caller(device_id="tablet")
    access.check_own_reading(moved, OWN)
    assert caller_view(moved, OWN)["moved_to_other_device"] is True
    with pytest.raises(Conflict, match="another device"):
        access.check_own(moved, OWN)


def test_somebody_elses_caller_is_not_found() -> None:
    with pytest.raises(NotFound):
        access.check_own_reading(caller(id="another"), OWN)


def test_a_host_confirms_where_the_room_wants_it() -> None:
    room = {"settings": {"confirm_before_joining": True}}
    with pytest.raises(Conflict) as refused:
        access.check_confirmed(room, confirmed=False)
    assert refused.value.extra == {"confirm": "confirm_before_joining"}
    access.check_confirmed(room, confirmed=True)
    access.check_confirmed({"settings": {"confirm_before_joining": False}}, confirmed=False)
    access.check_confirmed({}, confirmed=False)


def test_the_device_that_lost_the_place_does_not_read_the_answers_of_the_other() -> None:
    answered = caller(device_id="tablet", answers=(Answer("why", "Why?", "text", "A cough"),))
    assert caller_view(answered, OWN)["answers"] == []
    assert caller_view(caller(answers=answered.answers), OWN)["answers"] == [
        {"key": "why", "label": "Why?", "kind": "text", "value": "A cough"}
    ]


def test_where_the_room_goes_by_appointment_who_arrives_stands_at_theirs() -> None:
    planned = NOW + dt.timedelta(minutes=20)
    request = {**REQUEST, "planned_at": planned}
    by_appointment = arriving(request, {**NOTHING_ASKED, "order": "appointment"}, GUEST, MIA.id, NOW)
    assert stands(by_appointment) == Standing(planned, "appointment")
    assert stands(arriving(request, NOTHING_ASKED, GUEST, MIA.id, NOW)) == Standing(NOW, "arrival")
