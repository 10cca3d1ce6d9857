"""Who is told that somebody waits whom nobody has seen: when, in which clinic, and when no more."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from contracts.errors import Conflict, Invalid
from contracts.waiting import EVENTS
from services.waiting import path
from services.waiting.alerting import alarm
from services.waiting.areas.area import Area, check_next_clinic
from services.waiting.caller import Caller
from tests.unit.waiting.people import LATER, NOW, caller

HERE, NEXT = "01920000-0000-7000-8000-0000000000c1", "01920000-0000-7000-8000-0000000000c2"
SMITH: dict[str, Any] = {"member_id": "01920000-0000-7000-8000-0000000000f1", "member_name": "Dr Smith"}


def desk(**changes: Any) -> Area:
    made = Area("area", "organisation", HERE, "Desk", "link", "UTC", NOW, next_clinic_id=NEXT, next_clinic_minutes=7)
    return replace(made, **changes)


def ringing(area: Area | None, **changes: Any) -> Caller:
    return alarm.rung(caller(area_id="01920000-0000-7000-8000-0000000000a1", **changes), area, NOW)


def after(change: path.Decision) -> Caller:
    assert change is not None
    for event in change.events:
        assert not EVENTS[event.type]().validate(event.data)
    return change.state


def minutes(number: float) -> Any:
    return NOW + timedelta(minutes=number)


def test_who_is_on_duty_is_told_after_a_while_and_then_the_next_site() -> None:
    area = desk()
    mia = ringing(area)
    assert mia.alert_at == minutes(3)
    assert alarm.alerted(mia, area=area, told=2, now=minutes(2.9)) is None
    told = after(alarm.alerted(mia, area=area, told=2, now=minutes(3)))
    assert (told.alerted[0].stage, told.alerted[0].clinic_id, told.alert_at) == ("on_duty", HERE, minutes(10))
    last = after(alarm.alerted(told, area=area, told=1, now=minutes(10)))
    assert (last.alerted[1].stage, last.alerted[1].clinic_id, last.alert_at) == ("next_site", NEXT, None)
    assert alarm.alerted(last, area=area, told=1, now=minutes(60)) is None


def test_where_nobody_is_on_duty_the_next_site_is_told_without_waiting() -> None:
    area = desk()
    told = after(alarm.alerted(ringing(area), area=area, told=0, now=minutes(3)))
    assert (told.alerted[0].told, told.alert_at) == (0, minutes(3))
    stage = alarm.next_stage(area, told)
    assert stage is not None
    assert stage.clinic_id == NEXT


def test_one_clinic_alone_is_told_once_and_an_area_without_alerts_never() -> None:
    alone = desk(next_clinic_id=None)
    assert after(alarm.alerted(ringing(alone), area=alone, told=1, now=minutes(3))).alert_at is None
    assert ringing(desk(alert_minutes=0)).alert_at is None
    assert ringing(None).alert_at is None


def test_once_seen_nobody_is_told_and_the_first_name_stays() -> None:
    area = desk()
    seen = after(alarm.acknowledge(ringing(area), **SMITH, now=LATER))
    assert (seen.acknowledged and seen.acknowledged.member_name, seen.alert_at) == ("Dr Smith", None)
    assert alarm.acknowledge(seen, member_id="jones", member_name="Dr Jones", now=LATER) is None
    assert alarm.alerted(seen, area=area, told=1, now=minutes(60)) is None


@pytest.mark.parametrize("state", ["admitted", "in_call", "left"])
def test_who_waits_no_more_is_not_acknowledged(state: str) -> None:
    with pytest.raises(Conflict, match="waits no more"):
        alarm.acknowledge(caller(state=state), **SMITH, now=LATER)


def test_who_is_let_in_or_leaves_rings_no_more() -> None:
    mia = ringing(desk())
    assert after(path.accept(mia, **SMITH, now=LATER)).alert_at is None
    assert after(path.leave(mia, now=LATER)).alert_at is None


@pytest.mark.parametrize("off", [0, 3])
def test_who_feels_worse_rings_anew_at_once_whoever_has_seen_them_and_where_alerts_are_off(off: int) -> None:
    area = desk(alert_minutes=off)
    seen = after(alarm.acknowledge(ringing(area), **SMITH, now=LATER))
    worse = alarm.rung(replace(seen, worse_at=LATER), area, LATER, worse=True)
    assert (worse.acknowledged, worse.alert_at) == (None, LATER)
    told = after(alarm.alerted(worse, area=area, told=1, now=LATER))
    assert told.alert_at == LATER + timedelta(minutes=7)


def test_who_was_told_of_before_a_transfer_is_told_of_anew_elsewhere() -> None:
    told = after(alarm.alerted(ringing(desk()), area=desk(), told=1, now=minutes(3)))
    there = desk(id="there", clinic_id=NEXT, next_clinic_id=None)
    moved = alarm.rung(told, there, minutes(4))
    stage = alarm.next_stage(there, moved)
    assert stage is not None
    assert (stage.clinic_id, moved.alert_at) == (NEXT, minutes(7))


def test_an_area_that_is_no_more_alerts_nobody() -> None:
    change = alarm.alerted(ringing(desk()), area=None, told=0, now=minutes(3))
    assert change is not None
    assert (change.state.alert_at, change.events) == (None, ())


@pytest.mark.parametrize("wanted", [HERE, "another"])
def test_the_next_site_is_another_clinic_of_the_organisation(wanted: str) -> None:
    check_next_clinic(HERE, {"next_clinic_id": NEXT}, [HERE, NEXT])
    check_next_clinic(HERE, {"next_clinic_id": None}, [])
    with pytest.raises(Invalid):
        check_next_clinic(HERE, {"next_clinic_id": wanted}, [HERE, NEXT])
