"""Who may host in a room, receive for it, and change it."""

import datetime as dt
from dataclasses import replace

import pytest

from contracts.actor import ROLES, Actor
from contracts.errors import Forbidden, NotFound
from contracts.rooms import RoomView
from services.rooms.occupancy import Occupancy, Presence
from services.rooms.reading import (
    ROLES_WITH_USER_ROOM,
    changeable_by,
    found_for,
    in_menu_order,
    may_host,
    may_receive,
    room_view,
    visible_to,
)
from services.rooms.room import MEETING, USER
from tests.unit.rooms.things import NOW, ORGANISATION, SMITH, member, room

GUEST = Actor(kind="guest", id="g", organisation_id=ORGANISATION, room_id=room().id)


@pytest.mark.parametrize("role", ROLES)
def test_only_its_owner_hosts_in_a_user_room(role: str) -> None:
    assert may_host(room(USER), member(role, SMITH)) is (role != "reporter")
    assert not may_host(room(USER), member(role))


@pytest.mark.parametrize("role", ROLES)
def test_every_hosting_member_hosts_in_a_meeting_room(role: str) -> None:
    assert may_host(room(MEETING), member(role)) is (role != "reporter")


def test_coordinators_receive_for_a_user_room_without_hosting_in_it() -> None:
    assert may_receive(room(USER), member("coordinator"))
    assert not may_host(room(USER), member("coordinator"))


@pytest.mark.parametrize("role", ["owner", "admin", "provider", "reporter"])
def test_nobody_else_receives_for_a_user_room(role: str) -> None:
    assert not may_receive(room(USER), member(role))


def test_a_reporter_receives_nobody_and_has_no_room() -> None:
    assert not may_receive(room(MEETING), member("reporter"))
    assert set(ROLES) - ROLES_WITH_USER_ROOM == {"reporter"}


def test_a_guest_finds_only_the_room_of_their_link() -> None:
    assert found_for(room(), GUEST) == room()
    with pytest.raises(NotFound):
        found_for(room(), replace(GUEST, room_id=None))
    assert visible_to([room(), room(USER, id="another")], GUEST) == [room()]


def test_a_guest_is_not_told_of_others() -> None:
    busy = room(occupancy=Occupancy((Presence("a", "waiting", 1), Presence("b", "in_call", 1))))
    seen = room_view(busy, GUEST, meeting_rooms_renamed=False)
    assert (seen["waiting"], seen["in_call"], seen["may_host"], seen["may_receive"]) == (0, 0, False, False)
    assert room_view(busy, member("provider"), meeting_rooms_renamed=False)["waiting"] == 1


def test_who_may_not_host_changes_nothing() -> None:
    for found, actor in ((room(USER), member("coordinator")), (room(MEETING), member("reporter"))):
        with pytest.raises(Forbidden):
            changeable_by(found, actor)


def test_the_view_tells_whether_the_plan_lets_it_be_renamed() -> None:
    provider = member("provider")
    assert room_view(room(MEETING), provider, meeting_rooms_renamed=True)["may_rename"]
    assert not room_view(room(MEETING), provider, meeting_rooms_renamed=False)["may_rename"]
    assert room_view(room(USER), member("provider", SMITH), meeting_rooms_renamed=False)["may_rename"]


def test_a_room_is_read_as_its_contract_says() -> None:
    seen = room_view(room(USER), member("provider", SMITH), meeting_rooms_renamed=True)
    assert set(seen) == set(RoomView().fields)
    assert RoomView().validate(RoomView().dump(seen)) == {}


def test_the_menu_begins_with_the_own_room_and_the_meeting_rooms() -> None:
    own, jones = room(USER, id="3"), room(USER, id="2", name="Dr Jones", owner_member_id="jones")
    first, second = room(id="5"), room(id="4", name="Annex", created_at=NOW + dt.timedelta(milliseconds=1))
    assert in_menu_order([jones, second, own, first], member("provider", SMITH)) == [own, first, second, jones]
