"""Who is on duty: said for each clinic, and ended by what ends it."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from contracts.accounts import EVENTS
from contracts.actor import Actor
from contracts.errors import Conflict, Invalid
from services.accounts import member as members
from services.accounts.availability import Duty
from services.accounts.member import Member
from services.accounts.views import on_duty_view, sees_clinics
from tests.unit.accounts.things import CLINIC, ID, NOW, actor, member

NORTH = "01920000-0000-7000-8000-0000000000c2"
LATER = NOW + dt.timedelta(hours=1)
OF_TWO = member(clinic_ids=(CLINIC.id, NORTH))
AT_WORK = member(clinic_ids=(CLINIC.id, NORTH), on_duty=(Duty(CLINIC.id, NOW), Duty(NORTH, NOW)))


def clinics_said(change: Any) -> dict[str, str]:
    (event,) = (event for event in change.events if event.type == "member.availability_changed")
    assert EVENTS[event.type]().validate(dict(event.data)) == {}
    return {each["clinic_id"]: each["state"] for each in event.data["clinics"]}


def test_on_duty_is_for_one_clinic_or_for_all_of_them() -> None:
    one = members.set_availability(OF_TWO, [NORTH], "on_duty", NOW)
    assert one is not None
    assert one.state.on_duty == (Duty(NORTH, NOW),)
    assert clinics_said(one) == {NORTH: "on_duty"}
    both = members.set_availability(one.state, [], "on_duty", LATER)
    assert both is not None
    assert both.state.on_duty == (Duty(NORTH, NOW), Duty(CLINIC.id, LATER))
    assert clinics_said(both) == {CLINIC.id: "on_duty"}


def test_saying_the_same_again_changes_nothing() -> None:
    assert members.set_availability(AT_WORK, [], "on_duty", LATER) is None
    assert members.set_availability(OF_TWO, [], "away", LATER) is None


def test_away_is_for_one_clinic_or_for_all_of_them() -> None:
    one = members.set_availability(AT_WORK, [NORTH], "away", LATER)
    assert one is not None
    assert one.state.on_duty == (Duty(CLINIC.id, NOW),)
    everywhere = members.set_availability(AT_WORK, [], "away", LATER)
    assert everywhere is not None
    assert everywhere.state.on_duty == ()
    assert clinics_said(everywhere) == {CLINIC.id: "away", NORTH: "away"}


def test_a_strange_clinic_is_refused_at_its_place_and_who_is_in_none_is_told() -> None:
    with pytest.raises(Invalid) as refusal:
        members.set_availability(OF_TWO, [NORTH, ID], "on_duty", NOW)
    assert refusal.value.extra["errors"][0]["pointer"] == "/clinic_ids/1"
    with pytest.raises(Conflict):
        members.set_availability(member(clinic_ids=()), [], "on_duty", NOW)


@pytest.mark.parametrize(
    ("rule", "left"),
    [
        (members.suspend, ()),
        (members.remove, ()),
        (members.go_off_duty, ()),
        (lambda known: members.change(known, {"role": "reporter"}), ()),
        (lambda known: members.change(known, {"clinic_ids": (NORTH,)}), (Duty(NORTH, NOW),)),
    ],
    ids=["suspended", "removed", "signed out", "a reporter", "another clinic"],
)
def test_what_ends_a_duty(rule: Callable[[Member], Any], left: tuple[Duty, ...]) -> None:
    change = rule(AT_WORK)
    assert change.state.on_duty == left
    gone = {CLINIC.id, NORTH} - {duty.clinic_id for duty in left}
    assert clinics_said(change) == dict.fromkeys(gone, "away")


def test_another_name_ends_none() -> None:
    change = members.change(AT_WORK, {"name": "Dr Jones"})
    assert change is not None
    assert change.state.on_duty == AT_WORK.on_duty
    assert [event.type for event in change.events] == ["member.changed"]


def test_a_reader_sees_who_is_on_duty_in_their_own_clinics_and_who_runs_it_in_all() -> None:
    provider = Actor("member", "x", ID, roles=("provider",), clinic_ids=(NORTH,))
    assert [each["clinic_id"] for each in on_duty_view(AT_WORK, sees_clinics(provider))["clinics"]] == [NORTH]
    assert len(on_duty_view(AT_WORK, sees_clinics(actor("admin")))["clinics"]) == 2
