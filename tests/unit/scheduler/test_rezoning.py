"""A session booked in local time stays at it when its zone's rules are changed."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from contracts.scheduler import EVENTS
from services.scheduler import reminders
from services.scheduler.planned import computed_again, plan
from services.scheduler.rezoning import note_clashes, rezone
from services.scheduler.session import CANCELLED, SENT, STARTED, Session
from services.scheduler.zone_rules import rules_version
from tests.other_rules import LATER, rules_of, without_summer_time
from tests.unit.scheduler.things import NOW, session

LEADS = (1440, 60)
SUMMER = "2027-07-01T10:00"


def invited(at: str = SUMMER) -> Session:
    return reminders.plan(session(1, at, invitation_id="01920000-0000-7000-8000-0000000000e1"), LEADS, NOW)


def test_it_stays_at_its_local_time_and_all_that_hangs_on_the_instant_follows(tmp_path: Path) -> None:
    before = invited()
    with rules_of(without_summer_time(tmp_path)):
        decided = rezone(before, rules_version(), LEADS, NOW)
    assert decided is not None
    after = decided.state
    assert (after.planned.local_start, after.planned.zone, after.planned.rules) == (SUMMER, "Europe/Berlin", LATER)
    assert after.planned.starts_at - before.planned.starts_at == timedelta(hours=1)
    assert after.planned.ends_at - after.planned.starts_at == timedelta(minutes=30)
    assert [each.due_at for each in after.reminders] == [
        after.planned.starts_at - timedelta(minutes=lead) for lead in LEADS
    ]
    assert after.sequence == before.sequence + 1
    (event,) = decided.events
    assert (event.type, event.data["changed"], event.data["reason"]) == ("session.updated", ["time"], "zone_rules")
    assert not EVENTS[event.type]().validate(EVENTS[event.type]().dump(event.data))


def test_it_is_done_once(tmp_path: Path) -> None:
    before = invited()
    with rules_of(without_summer_time(tmp_path)):
        decided = rezone(before, rules_version(), LEADS, NOW)
        assert decided is not None
        assert rezone(decided.state, rules_version(), LEADS, NOW) is None


def test_where_the_instant_stays_only_the_version_is_noted(tmp_path: Path) -> None:
    winter = reminders.plan(invited("2026-11-30T10:00"), LEADS, NOW)
    told = replace(winter, reminders=tuple(replace(each, state=SENT) for each in winter.reminders))
    with rules_of(without_summer_time(tmp_path)):
        decided = rezone(told, rules_version(), LEADS, NOW)
    assert decided is not None
    assert not decided.events
    assert decided.state == replace(told, planned=replace(told.planned, rules=LATER))


def test_older_rules_undo_nothing_that_newer_ones_said(tmp_path: Path) -> None:
    with rules_of(without_summer_time(tmp_path)):
        newer = session(1, SUMMER)
    assert newer.planned.rules == LATER
    assert rezone(newer, rules_version(), LEADS, NOW) is None


@pytest.mark.parametrize("state", [CANCELLED, STARTED, "finished"])
def test_what_is_not_to_come_stays_as_it_was(state: str, tmp_path: Path) -> None:
    planned = session(1, SUMMER)
    with rules_of(without_summer_time(tmp_path)):
        assert rezone(planned, LATER, LEADS, NOW) is not None
        assert rezone(replace(planned, state=state), LATER, LEADS, NOW) is None
        assert rezone(planned, LATER, LEADS, planned.planned.starts_at) is None


def test_what_it_then_clashes_with_is_named_and_it_is_kept(tmp_path: Path) -> None:
    moved, other = session(1, SUMMER), session(2, "2027-07-01T11:15")
    assert note_clashes(moved, [other]).clashes == ()
    with rules_of(without_summer_time(tmp_path)):
        again = replace(moved, planned=computed_again(moved.planned))
    stays = replace(other, planned=replace(other.planned, starts_at=again.planned.starts_at))
    assert note_clashes(again, [stays]).clashes == (other.id,)


def test_a_doubled_hour_keeps_which_of_the_two_was_meant() -> None:
    second = plan("2027-10-31T02:30", "Europe/Berlin", 30, "second", now=NOW)
    assert computed_again(second) == second


def test_a_time_that_new_rules_skip_begins_as_much_later_as_the_clocks_are_set_forward(tmp_path: Path) -> None:
    with rules_of(without_summer_time(tmp_path)):
        planned = plan("2027-03-28T02:30", "Europe/Berlin", 30, now=NOW)
    again = computed_again(planned)
    assert again.local_start == "2027-03-28T02:30"
    assert again.starts_at.isoformat() == "2027-03-28T01:30:00+00:00", "which clocks there show as half past three"
