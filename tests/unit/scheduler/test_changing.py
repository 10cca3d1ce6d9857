"""Moving, renaming and cancelling sessions."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from contracts.errors import Conflict, Forbidden, Invalid, Outdated
from contracts.scheduler import EVENTS
from services.scheduler.changing import Wanted, cancel, change, may_decide, needs_place
from services.scheduler.session import CANCELLED, STARTED, Session
from tests.unit.scheduler.things import JONES, NOW, SMITH, member, session


def at(local_start: str, minutes: int = 30, zone: str = "Europe/Berlin") -> dict[str, Any]:
    return {"local_start": local_start, "zone": zone, "minutes": minutes}


def changed(known: Session, now: datetime = NOW, **wanted: Any) -> Session:
    decided = change(known, Wanted(**wanted), now=now)
    assert decided is not None
    return decided.state


def test_a_session_moves_and_the_calendar_follows() -> None:
    decided = change(session(), Wanted(planned=at("2026-12-01T14:00", 45)), now=NOW)
    assert decided is not None
    planned = decided.state.planned
    assert (planned.local_start, planned.minutes, decided.state.sequence) == ("2026-12-01T14:00", 45, 1)
    assert planned.ends_at - planned.starts_at == timedelta(minutes=45)
    (event,) = decided.events
    assert (event.type, event.data["changed"], event.data["revision"]) == ("session.updated", ["time"], 1)
    assert not EVENTS[event.type]().validate(EVENTS[event.type]().dump(event.data))


def test_a_move_across_a_change_of_clocks_keeps_the_time_on_the_wall() -> None:
    planned = changed(session(), planned=at("2027-03-29T10:00")).planned
    assert planned.starts_at.hour == 8
    assert session().planned.starts_at.hour == 9


def test_another_title_moves_no_calendar_and_is_not_said() -> None:
    decided = change(session(), Wanted(title="Physiotherapy"), now=NOW)
    assert decided is not None
    assert (decided.state.title, decided.state.sequence) == ("Physiotherapy", 0)
    assert "Physiotherapy" not in str(decided.events)
    assert not needs_place(session(), decided.state)


def test_what_is_so_already_is_no_change() -> None:
    known = session(version=4)
    wanted = Wanted(title=known.title, planned=at("2026-11-30T10:00"), host_member_ids=(SMITH,), version=1)
    assert change(known, wanted, now=NOW) is None


def test_a_change_of_what_somebody_changed_meanwhile_is_refused_with_the_version() -> None:
    with pytest.raises(Outdated) as refused:
        changed(session(version=4), title="Another", version=3)
    assert refused.value.extra["version"] == 4


def test_a_session_that_has_begun_stays_where_it_is_and_may_become_longer() -> None:
    begun = session().planned.starts_at + timedelta(minutes=5)
    with pytest.raises(Conflict):
        changed(session(), begun, planned=at("2026-11-30T15:00"))
    longer = changed(session(), begun, planned=at("2026-11-30T10:00", 60))
    assert longer.planned.ends_at == session().planned.ends_at + timedelta(minutes=30)
    with pytest.raises(Invalid) as refused:
        changed(session(), begun + timedelta(minutes=10), planned=at("2026-11-30T10:00", 10))
    assert refused.value.extra["errors"][0]["pointer"] == "/planned/minutes"


@pytest.mark.parametrize(("state", "late"), [(CANCELLED, 0), ("finished", 0), ("planned", 30)])
def test_what_is_over_or_cancelled_is_not_changed(state: str, late: int) -> None:
    now = session().planned.starts_at + timedelta(minutes=late) if late else NOW
    with pytest.raises(Conflict):
        changed(session(state=state), now, title="Another")


@pytest.mark.parametrize(
    "wrong", [at("2027-03-28T02:30"), at("2026-11-21T10:00"), at("2026-12-01T10:00", zone="Mars/One")]
)
def test_a_time_that_is_none_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        changed(session(), planned=wrong)


@pytest.mark.parametrize(
    ("wanted", "needs"),
    [
        ({"planned": at("2026-11-30T10:00", 20)}, False),
        ({"planned": at("2026-11-30T10:00", 40)}, True),
        ({"planned": at("2026-11-30T09:45", 30)}, True),
        ({"host_member_ids": (SMITH, JONES)}, True),
    ],
)
def test_only_who_takes_more_time_has_to_ask_for_it(wanted: dict[str, Any], needs: bool) -> None:
    assert needs_place(session(), changed(session(), **wanted)) is needs


def test_a_cancelled_session_stays_so_and_the_calendar_knows() -> None:
    decided = cancel(session(), member("provider"), now=NOW)
    assert decided is not None
    assert (decided.state.state, decided.state.sequence) == (CANCELLED, 1)
    assert decided.events[0].type == "session.cancelled"
    assert cancel(decided.state, member("provider"), now=NOW) is None


def test_a_session_that_has_begun_is_not_cancelled() -> None:
    with pytest.raises(Conflict):
        cancel(session(), member("provider"), now=session().planned.starts_at)
    with pytest.raises(Conflict):
        cancel(session(state=STARTED), member("provider"), now=NOW)


@pytest.mark.parametrize("role", ["owner", "admin", "coordinator"])
def test_reception_decides_for_others(role: str) -> None:
    may_decide(session(), member(role, JONES))


def test_another_provider_does_not() -> None:
    with pytest.raises(Forbidden):
        may_decide(session(), member("provider", JONES))
    with pytest.raises(Forbidden):
        cancel(session(), member("provider", JONES), now=NOW)
