"""How one, this and the following, or all of a series are booked, moved and cancelled."""

import datetime as dt
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from contracts.errors import Conflict, Invalid, Outdated
from services.scheduler import guests
from services.scheduler.changing import Wanted
from services.scheduler.series.changing import Decided, cancel, change, invite, place
from services.scheduler.series.rule import Recurrence, expand
from services.scheduler.series.series import Series, book_all, occurrences, series_of
from services.scheduler.session import CANCELLED, Session
from tests.unit.scheduler.things import JONES, NOW, SMITH, member, session

US = member("coordinator")


def weekly(count: int = 4, at: str = "2026-12-01T09:00") -> tuple[Series, list[Session]]:
    rule = Recurrence("weekly", weekdays=("tu",), count=count)
    expanded = expand(rule, {"local_start": at, "zone": "Europe/Berlin", "minutes": 30}, now=NOW)
    first = session(at=at)
    return series_of(first, rule, expanded), occurrences(first, expanded)


def to(at: str) -> dict[str, Any]:
    return {"local_start": at, "zone": "Europe/Berlin", "minutes": 30}


def after(sessions: list[Session], decided: Decided | None) -> list[Session]:
    assert decided
    changed = {each.state.id: each.state for each in decided.sessions}
    return [changed.get(each.id, each) for each in sessions]


def starts(sessions: list[Session]) -> list[str]:
    return [each.planned.local_start[5:] for each in sessions]


def changed(sessions: list[Session], which: int, scope: str, wanted: Wanted, now: dt.datetime = NOW) -> list[Session]:
    series, _ = weekly()
    return after(sessions, change(series, sessions, sessions[which].id, scope, wanted, US, now=now))


def test_taken_dates_refuse_all_and_are_named() -> None:
    _, wanted = weekly()
    other = session(99, at="2026-12-08T09:15")
    with pytest.raises(Conflict) as refused:
        book_all(wanted, lambda _: [other], override=False, leave_out=False)
    (conflict,) = refused.value.extra["conflicts"]
    assert (conflict["local_start"], conflict["session_id"]) == ("2026-12-08T09:00", other.id)
    assert "2026-12-08" in refused.value.detail


def test_taken_dates_are_left_out_or_booked_all_the_same_on_purpose() -> None:
    _, wanted = weekly()
    other = session(99, at="2026-12-08T09:15")
    left = book_all(wanted, lambda _: [other], override=False, leave_out=True)
    assert starts(left) == ["12-01T09:00", "12-15T09:00", "12-22T09:00"]
    overridden = book_all(wanted, lambda _: [other], override=True, leave_out=False)
    assert [each.overrode for each in overridden] == [(), (other.id,), (), ()]


def test_a_series_without_a_free_date_is_refused() -> None:
    _, wanted = weekly(1)
    with pytest.raises(Conflict):
        book_all(wanted, lambda _: [session(99, at="2026-12-01T09:00")], override=False, leave_out=True)


def test_one_is_moved_and_keeps_that_when_all_are() -> None:
    _, sessions = weekly()
    one = changed(sessions, 1, "one", Wanted(planned=to("2026-12-10T14:00")))
    assert starts(one) == ["12-01T09:00", "12-10T14:00", "12-15T09:00", "12-22T09:00"]
    assert one[1].exceptional == ("time",)
    all_of_them = changed(one, 0, "all", Wanted(planned=to("2026-12-01T10:00"), title="Clinic"))
    assert starts(all_of_them) == ["12-01T10:00", "12-10T14:00", "12-15T10:00", "12-22T10:00"]
    assert {each.title for each in all_of_them} == {"Clinic"}
    assert [each.recurrence_id for each in all_of_them] == [each.recurrence_id for each in sessions]


def test_this_and_the_following_move_by_as_many_days_and_keep_their_clock_across_its_change() -> None:
    _, sessions = weekly(18)
    moved = changed(sessions, 15, "following", Wanted(planned=to("2027-03-18T10:00"), host_member_ids=(JONES,)))
    assert starts(moved)[14:] == ["03-09T09:00", "03-18T10:00", "03-25T10:00", "04-01T10:00"]
    assert [each.planned.starts_at.hour for each in moved[15:]] == [9, 9, 8]
    assert [each.host_member_ids for each in moved[14:]] == [(SMITH,), (JONES,), (JONES,), (JONES,)]


def test_what_has_begun_is_not_changed_with_the_others() -> None:
    _, sessions = weekly()
    now = sessions[1].planned.starts_at + dt.timedelta(minutes=1)
    moved = changed(sessions, 2, "all", Wanted(planned=to("2026-12-15T11:00")), now)
    assert starts(moved) == ["12-01T09:00", "12-08T09:00", "12-15T11:00", "12-22T11:00"]
    series, _ = weekly()
    decided = cancel(series, sessions, sessions[3].id, "all", None, US, now=now)
    assert [each.state for each in after(sessions, decided)] == ["planned", "planned", CANCELLED, CANCELLED]
    with pytest.raises(Conflict):
        cancel(series, sessions, sessions[0].id, "all", None, US, now=now)


def test_cancelling_following_ones_leaves_the_earlier_and_says_so_once() -> None:
    series, sessions = weekly()
    decided = cancel(series, sessions, sessions[2].id, "following", None, US, now=NOW)
    assert [each.state for each in after(sessions, decided)] == ["planned", "planned", CANCELLED, CANCELLED]
    assert decided
    assert decided.series.state.sequence == 1
    assert [event.type for event in decided.series.events] == ["series.updated"]
    assert cancel(series, after(sessions, decided), sessions[2].id, "following", None, US, now=NOW) is None


def test_a_change_of_what_somebody_changed_meanwhile_is_outdated() -> None:
    series, sessions = weekly()
    known = [replace(each, version=2) for each in sessions]
    for scope in ("one", "following", "all"):
        with pytest.raises(Outdated):
            change(series, known, known[0].id, scope, Wanted(title="Clinic", version=1), US, now=NOW)
        with pytest.raises(Outdated):
            cancel(series, known, known[0].id, scope, 1, US, now=NOW)


def test_a_local_time_that_one_of_them_cannot_have_names_its_date() -> None:
    series, sessions = weekly(18)
    # the Sunday on which clocks are set forward
    wanted = Wanted(planned=to("2026-12-06T02:30"))
    with pytest.raises(Invalid) as refused:
        change(series, sessions, sessions[0].id, "all", wanted, US, now=NOW)
    assert "2027-03-23" in refused.value.detail
    assert refused.value.extra["errors"][0]["pointer"] == "/planned/local_start"


def test_a_whole_series_may_move_onto_its_own_times_but_not_onto_others() -> None:
    series, sessions = weekly()
    decided = change(series, sessions, sessions[0].id, "all", Wanted(planned=to("2026-12-08T09:00")), US, now=NOW)
    assert decided
    moved = after(sessions, place(decided, sessions, lambda _: sessions, override=False))
    assert starts(moved) == ["12-08T09:00", "12-15T09:00", "12-22T09:00", "12-29T09:00"]
    other = session(99, at="2026-12-29T09:00")
    with pytest.raises(Conflict) as refused:
        place(decided, sessions, lambda _: [*sessions, other], override=False)
    assert [each["local_start"] for each in refused.value.extra["conflicts"]] == ["2026-12-29T09:00"]
    forced = after(sessions, place(decided, sessions, lambda _: [*sessions, other], override=True))
    assert forced[3].overrode == (other.id,)


def test_those_that_something_is_in_the_way_of_stay_where_they_are() -> None:
    series, sessions = weekly()
    decided = change(series, sessions, sessions[0].id, "all", Wanted(planned=to("2026-12-01T09:15")), US, now=NOW)
    assert decided
    other = session(99, at="2026-12-15T09:30")
    left = place(decided, sessions, lambda _: [*sessions, other], override=False, leave_out=True)
    assert starts(after(sessions, left)) == ["12-01T09:15", "12-08T09:15", "12-15T09:00", "12-22T09:15"]
    with pytest.raises(Conflict):
        place(decided, sessions, lambda one: [replace(other, planned=one.planned)], override=False, leave_out=True)


def test_who_stays_is_in_the_way_of_who_moves_to_their_time() -> None:
    series, sessions = weekly()
    decided = change(series, sessions, sessions[0].id, "all", Wanted(planned=to("2026-12-08T09:00")), US, now=NOW)
    assert decided
    other = session(99, at="2026-12-29T09:00")
    with pytest.raises(Conflict):
        place(decided, sessions, lambda _: [*sessions, other], override=False, leave_out=True)
    other = session(99, at="2026-12-15T09:00")
    left = place(decided, sessions, lambda _: [*sessions, other], override=False, leave_out=True)
    assert starts(after(sessions, left)) == ["12-01T09:00", "12-08T09:00", "12-22T09:00", "12-29T09:00"]


def test_hosts_of_several_are_said_once_by_the_series() -> None:
    series, sessions = weekly()
    decided = change(series, sessions, sessions[1].id, "following", Wanted(host_member_ids=(SMITH, JONES)), US, now=NOW)
    assert decided
    assert decided.series.events[0].data["hosts_added"] == [JONES]
    assert "hosts_removed" not in decided.series.events[0].data


@pytest.mark.parametrize(("scope", "noted"), [("one", [1]), ("following", [1, 2, 3]), ("all", [0, 1, 2, 3])])
def test_guests_are_noted_by_the_sessions_that_are_meant(scope: str, noted: list[int]) -> None:
    series, sessions = weekly()
    rule = partial(guests.change, invitation_id="i", remind=(60,), actor=US, now=NOW)
    decided = invite(series, sessions, sessions[1].id, scope, rule, now=NOW)
    assert decided
    assert [n for n, each in enumerate(after(sessions, decided)) if each.invitation_id] == noted
    assert decided.series.state.invitation_id == "i"
    known = after(sessions, decided)
    assert invite(decided.series.state, known, known[1].id, scope, rule, now=NOW) is None
