"""What becomes of a Waiting Area, who sees it, and what who comes to a closed one is told."""

import datetime as dt
from dataclasses import replace

import pytest

from contracts.actor import Actor, system
from contracts.errors import Conflict, NotFound, Outdated
from contracts.waiting_areas import EVENTS
from services.waiting import access, path
from services.waiting.areas import area as rules
from services.waiting.areas.area import Area
from services.waiting.areas.hours import Opening
from services.waiting.areas.links import ALPHABET, as_written, new_link
from services.waiting.areas.reading import area_view, clinics_seen, found_for
from services.waiting.caller import place_of
from services.waiting.views import caller_view
from tests.unit.waiting.people import LATER, NOW, ROOM, caller

NORTH, SOUTH = "01920000-0000-7000-8000-0000000000d1", "01920000-0000-7000-8000-0000000000d2"
# NOW is a Sunday
DESK = Area(
    id="01920000-0000-7000-8000-0000000000a1",
    organisation_id="01920000-0000-7000-8000-0000000000bb",
    clinic_id=NORTH,
    name="North",
    link="k3f9w2xhk3f9w2xh",
    zone="UTC",
    created_at=NOW,
)
WEEKDAYS = replace(DESK, hours=(Opening("monday", "09:00", "17:00"),))
OWNER = Actor("member", "owner", DESK.organisation_id, roles=("owner",))
SMITH = Actor("member", "smith", DESK.organisation_id, roles=("provider",), clinic_ids=(NORTH,))
JONES = Actor("member", "jones", DESK.organisation_id, roles=("provider",), clinic_ids=(SOUTH,))


def test_a_change_keeps_what_it_leaves_out_and_says_so() -> None:
    change = rules.change(
        DESK, {"name": "Desk", "hours": [{"weekday": "monday", "opens": "09:00", "closes": "17:00"}]}, 1
    )
    assert change is not None
    assert (change.state.name, change.state.zone, change.state.hours) == ("Desk", "UTC", WEEKDAYS.hours)
    assert [event.type for event in change.events] == ["area.changed"]
    assert not EVENTS["area.changed"]().validate(change.events[0].data)


def test_what_is_so_already_is_no_change_also_of_an_old_version() -> None:
    assert rules.change(DESK, {"name": "North"}, 0) is None
    with pytest.raises(Outdated):
        rules.change(DESK, {"name": "Desk"}, 0)


def test_questions_without_a_key_get_one_that_is_free() -> None:
    asked = {"kind": "text", "required": False, "choices": []}
    change = rules.change(
        DESK, {"entry_fields": [{**asked, "label": "A", "key": "field-1"}, {**asked, "label": "B"}]}, None
    )
    assert change is not None
    assert [question.key for question in change.state.entry_fields] == ["field-1", "field-2"]


def test_out_of_hours_who_comes_is_told_when_it_opens_and_in_which_zone() -> None:
    with pytest.raises(Conflict) as refused:
        rules.check_open(WEEKDAYS, NOW)
    assert refused.value.extra == {
        "closed_by": "hours",
        "opens_at": "2026-11-23T09:00:00Z",
        "zone": "UTC",
        "closed_message": "",
    }
    rules.check_open(WEEKDAYS, dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC))


def test_suspended_it_says_its_message_and_nothing_of_hours() -> None:
    change = rules.suspend(WEEKDAYS, "Back on Tuesday.")
    assert change is not None
    notice = rules.closing_notice(change.state, NOW)
    assert (notice["closed_by"], notice["opens_at"], notice["closed_message"]) == (
        "suspended",
        None,
        "Back on Tuesday.",
    )
    assert rules.suspend(change.state, "Back on Tuesday.") is None
    resumed = rules.resume(change.state)
    assert resumed is not None
    assert (resumed.state.suspended, resumed.state.suspended_message) == (False, "")
    assert rules.resume(resumed.state) is None


def test_without_the_plan_it_takes_nobody_and_with_it_it_is_as_before() -> None:
    left = rules.take_plan(DESK, False)
    assert left is not None
    assert rules.closed_by(left.state, NOW) == "plan"
    back = rules.take_plan(left.state, True)
    assert back is not None
    assert back.state == DESK
    assert rules.take_plan(DESK, True) is None


def test_staff_see_the_areas_of_their_clinics_and_who_runs_it_all_of_them() -> None:
    assert clinics_seen(OWNER) is None
    assert clinics_seen(SMITH) == (NORTH,)
    assert clinics_seen(replace(SMITH, roles=("reporter",))) == ()
    assert found_for(DESK, SMITH) is DESK
    with pytest.raises(NotFound):
        found_for(DESK, JONES)
    assert (area_view(DESK, OWNER, 3, NOW)["may_change"], area_view(DESK, SMITH, 3, NOW)["may_change"]) == (True, False)


def test_who_is_let_out_of_an_area_is_in_the_hosts_room_and_keeps_their_place() -> None:
    waits = caller(room_id=DESK.id, area_id=DESK.id, clinic_id=NORTH, recipient_id=None)
    waits = replace(waits, place=place_of("waiting", DESK.id, None, "phone"))
    assert (waits.in_area, waits.room) == (True, None)
    assert caller_view(waits, SMITH)["room_id"] is None
    change = path.accept(waits, member_id="smith", member_name="Dr Smith", now=LATER, room_id=ROOM)
    assert change is not None
    assert (change.state.room, change.state.area_id, change.state.place) == (ROOM, DESK.id, waits.place)
    (said,) = change.events
    assert (said.data["room_id"], said.data["area_id"], said.data["clinic_id"]) == (ROOM, DESK.id, NORTH)


def test_who_waits_in_an_area_is_none_of_another_clinics_business() -> None:
    waits = caller(room_id=DESK.id, area_id=DESK.id, clinic_id=NORTH)
    access.check_sees_area(waits, SMITH)
    assert access.of_own_area(waits, OWNER)
    with pytest.raises(NotFound):
        access.check_sees_area(waits, JONES)
    assert not access.of_own_area(caller(), OWNER)
    assert access.of_own_area(waits, system("media"))


def test_a_host_lets_them_into_their_own_open_room() -> None:
    own = {"kind": "user", "owner_member_id": "smith", "may_host": True}
    shared = {"kind": "meeting", "owner_member_id": None, "may_host": True}
    assert access.own_room([shared, own], SMITH) is own
    with pytest.raises(Conflict):
        access.own_room([shared, {**own, "owner_member_id": "jones", "may_host": False}], SMITH)


def test_a_link_is_of_letters_that_are_not_taken_for_each_other() -> None:
    assert new_link(lambda letters: letters[0]) == ALPHABET[0] * 16
    assert not set("01loiIO") & set(ALPHABET)
    assert as_written(" K3F9 ".replace(" ", "  ")) == "k3f9"
