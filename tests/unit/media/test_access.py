from dataclasses import replace
from typing import Any

import pytest

from contracts.actor import Actor
from contracts.errors import Conflict, Forbidden, Gone, NotFound
from services.media import access
from services.media.views import call_view
from tests.unit.media.people import MIA, MIA_SEAT, SMITH, SMITH_SEAT, consultation

ROOM = {"id": "room", "kind": "user", "state": "open", "may_host": True, "may_receive": True}
LET_IN = {
    "caller_id": MIA.caller_id,
    "room_id": "room",
    "state": "admitted",
    "display_name": "Mia",
    "device_id": "phone",
}
DR_SMITH = Actor("member", SMITH.member_id or "", "organisation", name="Dr Smith")
GUEST = Actor("guest", "phone", "organisation", room_id="room", caller_id=MIA.caller_id, device_id="phone")


def test_a_host_is_seated_under_their_own_name() -> None:
    assert access.member(DR_SMITH, ROOM, "desk") == SMITH


def test_who_does_not_host_does_not_enter() -> None:
    with pytest.raises(Forbidden, match="Only the owner enters a User Room"):
        access.member(DR_SMITH, {**ROOM, "may_host": False}, "desk")


def test_nobody_enters_a_room_that_is_not_open() -> None:
    with pytest.raises(Conflict):
        access.member(DR_SMITH, {**ROOM, "state": "suspended"}, "desk")


def test_a_call_in_a_room_that_was_suspended_goes_on_for_those_in_it() -> None:
    suspended = {**ROOM, "state": "suspended"}
    assert access.member(DR_SMITH, suspended, "desk", consultation()) == SMITH
    with pytest.raises(Conflict):
        access.member(replace(DR_SMITH, id="dr-jones"), suspended, "desk", consultation())


@pytest.mark.parametrize("state", ["admitted", "in_call"])
def test_who_was_let_in_is_seated_under_the_name_they_gave(state: str) -> None:
    assert access.guest(GUEST, {**LET_IN, "state": state}) == MIA


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"state": "waiting"}, Conflict),
        ({"state": "left"}, Gone),
        ({"device_id": "tablet"}, Conflict),
        ({"caller_id": "another"}, NotFound),
    ],
)
def test_a_guest_without_a_seat_to_take_is_told_why(changes: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        access.guest(GUEST, {**LET_IN, **changes})


def test_nobody_gives_up_the_seat_of_another() -> None:
    call = consultation()
    assert access.own_seat(call, MIA_SEAT, GUEST).id == MIA_SEAT
    assert access.own_seat(call, SMITH_SEAT, DR_SMITH).id == SMITH_SEAT
    for seat, actor in ((SMITH_SEAT, GUEST), (MIA_SEAT, DR_SMITH), ("unknown", GUEST)):
        with pytest.raises(NotFound):
            access.own_seat(call, seat, actor)


def test_a_guest_without_a_caller_owns_no_members_seat() -> None:
    with pytest.raises(NotFound):
        access.own_seat(consultation(), SMITH_SEAT, replace(GUEST, caller_id=None))


def test_a_guest_sees_who_is_there_and_no_ids_of_staff() -> None:
    seen = call_view(consultation(), GUEST)["participants"]
    assert [one["display_name"] for one in seen] == ["Dr Smith", "Mia"]
    assert [one["member_id"] for one in seen] == [None, None]
    assert seen[1]["caller_id"] == MIA.caller_id
    assert call_view(consultation(), DR_SMITH)["participants"][0]["member_id"] == SMITH.member_id


def test_a_call_is_seen_by_who_receives_for_its_room() -> None:
    access.check_receives(ROOM)
    with pytest.raises(Forbidden):
        access.check_receives({**ROOM, "may_receive": False})


def test_a_guest_sees_the_call_in_which_they_have_a_seat_and_no_other() -> None:
    access.check_seated(consultation(), GUEST)
    for other in (replace(GUEST, caller_id="another"), replace(GUEST, caller_id=None)):
        with pytest.raises(NotFound):
            access.check_seated(consultation(), other)


def test_who_was_put_out_of_a_call_to_wait_does_not_go_on_reading_it() -> None:
    call = consultation()
    moved = [
        replace(seat, state="left", left_reason="moved") if seat.caller_id == GUEST.caller_id else seat
        for seat in call.participants
    ]
    with pytest.raises(NotFound):
        access.check_seated(replace(call, participants=tuple(moved)), GUEST)


def test_who_hands_somebody_over_enters_the_colleagues_room_and_finds_back_to_their_seat() -> None:
    theirs = {**ROOM, "may_host": False}
    assert access.member(DR_SMITH, theirs, "desk", by_handover=True) == SMITH
    assert access.member(DR_SMITH, theirs, "desk", consultation()) == SMITH
    with pytest.raises(Forbidden):
        access.member(replace(DR_SMITH, id="dr-jones"), theirs, "desk", consultation())
