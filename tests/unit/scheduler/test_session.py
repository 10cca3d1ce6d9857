"""Booking sessions."""

import pytest

from contracts.actor import Actor, system
from contracts.errors import Conflict, Invalid, NotFound
from contracts.scheduler import EVENTS, SessionView
from services.scheduler.session import (
    CANCELLED,
    book,
    created,
    found_for,
    hosts_of,
    in_the_way,
    may_be_host,
    visible_to,
)
from services.scheduler.views import session_view
from tests.unit.scheduler.things import JONES, ORGANISATION, OTHER_ROOM, ROOM, SMITH, member, session

USER_ROOM = {"id": ROOM, "owner_member_id": SMITH}
MEETING_ROOM = {"id": ROOM, "owner_member_id": None}
GUEST = Actor(kind="guest", id="g", organisation_id=ORGANISATION, session_id=session(1).id)


@pytest.mark.parametrize(
    ("other", "clashes"),
    [
        (session(2, "2026-11-30T10:15"), True),
        (session(2, "2026-11-30T09:45"), True),
        (session(2, "2026-11-30T09:00", minutes=180), True),
        (session(2, "2026-11-30T10:10", minutes=5), True),
        (session(2, "2026-11-30T10:30"), False),
        (session(2, "2026-11-30T09:30"), False),
        (session(2, room_id=OTHER_ROOM), True),
        (session(2, host_member_ids=(JONES,)), True),
        (session(2, room_id=OTHER_ROOM, host_member_ids=(JONES,)), False),
        (session(2, state=CANCELLED), False),
        (session(1), False),
    ],
)
def test_sessions_clash_in_time_by_room_or_by_host(other, clashes) -> None:
    assert bool(in_the_way(session(1), [other])) is clashes


def test_a_clash_names_what_is_in_the_way_and_not_why_they_meet() -> None:
    other = session(2, "2026-11-30T10:15", room_id=OTHER_ROOM)
    with pytest.raises(Conflict) as refusal:
        book(session(1), [other], override=False)
    assert refusal.value.extra["conflicts"] == [
        {
            "session_id": other.id,
            "starts_at": "2026-11-30T09:15:00.000Z",
            "ends_at": "2026-11-30T09:45:00.000Z",
            "room_id": None,
            "host_member_ids": [SMITH],
        }
    ]
    assert other.title not in refusal.value.detail


def test_an_override_books_all_the_same_and_is_recorded() -> None:
    other = session(2)
    assert book(session(1), [other], override=True).overrode == (other.id,)
    assert book(session(1), [], override=True).overrode == ()


def test_the_owner_of_a_user_room_hosts_whoever_books() -> None:
    assert hosts_of([], USER_ROOM, member("coordinator", JONES)) == (SMITH,)


def test_who_books_a_meeting_room_hosts_unless_others_are_named() -> None:
    assert hosts_of([], MEETING_ROOM, member("provider", JONES)) == (JONES,)
    assert hosts_of([SMITH, JONES, SMITH], MEETING_ROOM, member("provider", JONES)) == (SMITH, JONES)


@pytest.mark.parametrize(
    ("asked", "room", "actor"),
    [
        ([JONES], USER_ROOM, member("provider")),
        ([], MEETING_ROOM, system("invitations")),
        ([], MEETING_ROOM, Actor(kind="api_client", id="c", organisation_id=ORGANISATION)),
    ],
)
def test_a_session_without_a_fitting_host_is_refused_at_its_field(asked, room, actor) -> None:
    with pytest.raises(Invalid) as refusal:
        hosts_of(asked, room, actor)
    assert refusal.value.extra["errors"][0]["pointer"] == "/host_member_ids"


def test_a_reporter_does_not_host() -> None:
    may_be_host({"id": JONES, "role": "coordinator"})
    with pytest.raises(Invalid):
        may_be_host({"id": JONES, "role": "reporter"})


def test_a_guest_finds_only_their_own_session() -> None:
    assert found_for(session(1), GUEST) == session(1)
    with pytest.raises(NotFound):
        found_for(session(2), GUEST)
    assert visible_to([session(1), session(2)], GUEST) == [session(1)]
    assert visible_to([session(1), session(2)], member("reporter")) == [session(1), session(2)]


def test_what_is_said_is_as_its_contract_says_and_holds_no_title() -> None:
    event = created(session())
    assert set(event.data) == set(EVENTS[event.type]().fields)
    assert session().title not in map(str, event.data.values())


def test_a_session_is_read_as_its_contract_says() -> None:
    assert set(SessionView().dump(session_view(session()))) == set(SessionView().fields)
