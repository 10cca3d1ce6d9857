"""Sessions that API clients make: to the second, over when they are over, and nobody else's."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from contracts.actor import Actor
from contracts.errors import Conflict, Forbidden, Invalid
from plumbing.ids import new_id
from services.scheduler.clients import rules
from services.scheduler.outcomes.verdict import Visit
from services.scheduler.rezoning import rezone
from services.scheduler.session import CANCELLED, MadeByClient, Session

NOW = datetime(2026, 11, 30, 10, tzinfo=UTC)
START, END = NOW + timedelta(hours=1, seconds=7), NOW + timedelta(hours=1, minutes=20, seconds=11)
CLINIC = new_id()
CLIENT = Actor("api_client", new_id(), new_id(), scopes=("sessions:write",))


def session(**changes: Any) -> Session:
    made = Session(
        id=new_id(),
        organisation_id=str(CLIENT.organisation_id),
        room_id=new_id(),
        title="Check-up",
        planned=rules.planned(START, END, NOW),
        host_member_ids=(),
        invitation_id=None,
        created_by=CLIENT.id,
        created_at=NOW,
        client=MadeByClient(CLIENT.id, CLINIC),
    )
    return replace(made, **changes)


def test_its_time_is_kept_to_the_second_also_when_zones_are_looked_at_again() -> None:
    planned = session().planned
    assert (planned.starts_at, planned.ends_at, planned.zone) == (START, END, "UTC")
    assert planned.minutes == 21
    again = rezone(session(planned=replace(planned, rules="")), "2099z", (), NOW)
    assert again
    assert (again.state.planned.starts_at, again.state.planned.rules) == (START, "2099z")
    assert again.events == ()


@pytest.mark.parametrize(
    ("start", "end"),
    [(NOW, END), (START, START), (START, NOW), (START, START + timedelta(hours=25)), (NOW + timedelta(days=2000),) * 2],
)
def test_a_time_that_is_none_is_refused(start: datetime, end: datetime) -> None:
    with pytest.raises(Invalid):
        rules.planned(start, end, NOW)


def test_a_change_says_what_it_changed_and_one_that_is_so_already_is_none() -> None:
    known = session()
    change = rules.change(known, {"name": "Longer", "ends_at": END + timedelta(hours=1), "picture": "p"}, NOW)
    assert change
    assert change.events[0].data["changed"] == ["time", "title", "picture"]
    assert change.state.sequence == 1
    assert rules.change(known, {"name": "Check-up", "starts_at": START}, NOW) is None


def test_one_that_has_begun_is_not_moved_and_one_that_is_over_not_changed() -> None:
    known, begun = session(), START + timedelta(minutes=1)
    with pytest.raises(Conflict):
        rules.change(known, {"starts_at": START + timedelta(hours=2)}, begun)
    assert rules.change(known, {"ends_at": END + timedelta(hours=1)}, begun)
    for over in (
        lambda: rules.change(known, {"name": "x"}, END),
        lambda: rules.change(session(state=CANCELLED), {}, NOW),
    ):
        with pytest.raises(Conflict):
            over()


def test_it_is_the_clients_that_made_it_as_long_as_it_reaches_the_clinic() -> None:
    assert rules.own(session(), CLIENT)
    assert rules.own(session(), replace(CLIENT, clinic_ids=(CLINIC,)))
    for other, known in (
        (replace(CLIENT, id=new_id()), session()),
        (replace(CLIENT, clinic_ids=(new_id(),)), session()),
        (CLIENT, session(client=None)),
    ):
        with pytest.raises(Forbidden):
            rules.own(known, other)


def test_who_came_twice_came_when_they_were_first_in_the_call_and_left_when_they_left_last() -> None:
    minutes = [NOW + timedelta(minutes=each) for each in range(6)]
    first = Visit(
        arrived_at=minutes[0], admitted_at=minutes[1], joined_at=minutes[1], left_at=minutes[2], reason="expired"
    )
    second = Visit(
        arrived_at=minutes[3], admitted_at=minutes[4], joined_at=minutes[4], left_at=minutes[5], reason="completed"
    )
    (view,) = rules.visits_view([("mia", first), ("mia", second)])
    assert (view["joined_at"], view["left_at"], view["reason"]) == (minutes[1], minutes[5], "completed")
