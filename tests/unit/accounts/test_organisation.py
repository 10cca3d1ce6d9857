"""An organisation's own page, and its clinics: what may be changed, and what is said of it."""

from dataclasses import replace
from typing import Any

import pytest

from contracts.accounts import EVENTS
from contracts.errors import Conflict, Invalid, NotFound, Outdated
from services.accounts.clinics import add_clinic, remove_clinic, rename_clinic
from services.accounts.organisation import Clinic, change
from tests.unit.accounts.things import CLINIC, organisation

NORTH = Clinic("01920000-0000-7000-8000-0000000000c2", "North")
BOTH = organisation(clinics=(CLINIC, NORTH))


def test_what_is_given_changes_and_the_event_names_it_without_saying_it() -> None:
    changed = change(organisation(), {"name": "Larger Health", "process_note": "Ring twice."}, None)
    assert changed is not None
    assert (changed.state.name, changed.state.process_note) == ("Larger Health", "Ring twice.")
    (event,) = changed.events
    assert event.data["changed"] == ["name", "process_note"]
    assert EVENTS[event.type]().validate(dict(event.data)) == {}


def test_an_empty_note_is_none_and_nothing_new_is_no_change() -> None:
    assert change(organisation(), {"process_note": "", "name": organisation().name}, None) is None
    changed = change(organisation(process_note="Ring twice."), {"process_note": ""}, None)
    assert changed is not None
    assert changed.state.process_note is None


@pytest.mark.parametrize(("wanted", "kind"), [({"zone": "Mars/Olympus"}, Invalid), ({"name": "Other"}, Outdated)])
def test_an_unknown_zone_and_a_stale_version_are_refused(wanted: dict[str, Any], kind: type[Exception]) -> None:
    with pytest.raises(kind):
        change(organisation(version=4), wanted, 3 if kind is Outdated else 4)


def test_a_clinic_is_added_once() -> None:
    added = add_clinic(organisation(), NORTH)
    assert added is not None
    assert added.state.clinics == (CLINIC, NORTH)
    assert added.events[0].subject == f"clinic/{NORTH.id}"
    assert add_clinic(added.state, NORTH) is None


@pytest.mark.parametrize("name", ["Example Clinic", "EXAMPLE  clinic", "Ｅxample Clinic"])
def test_a_name_that_looks_like_another_clinics_is_refused(name: str) -> None:
    with pytest.raises(Conflict) as refusal:
        add_clinic(organisation(), replace(NORTH, name=name))
    assert refusal.value.extra["errors"][0]["pointer"] == "/name"
    with pytest.raises(Conflict):
        rename_clinic(BOTH, NORTH.id, name)


def test_a_clinic_is_renamed_also_to_its_own_name_in_other_letters() -> None:
    renamed = rename_clinic(BOTH, NORTH.id, "NORTH")
    assert renamed is not None
    assert renamed.state.clinics == (CLINIC, replace(NORTH, name="NORTH"))
    assert [event.type for event in renamed.events] == ["clinic.changed"]
    assert rename_clinic(BOTH, NORTH.id, "North") is None


def test_an_empty_clinic_is_removed() -> None:
    removed = remove_clinic(BOTH, NORTH.id, members=0, rooms=0)
    assert removed.state.clinics == (CLINIC,)
    assert [event.type for event in removed.events] == ["clinic.removed"]


@pytest.mark.parametrize(("members", "rooms", "within"), [(1, 0, BOTH), (0, 2, BOTH), (0, 0, organisation())])
def test_a_clinic_with_somebody_or_a_room_in_it_and_the_last_one_stay(members: int, rooms: int, within: Any) -> None:
    with pytest.raises(Conflict):
        remove_clinic(within, CLINIC.id, members, rooms)


def test_a_clinic_that_there_is_not_is_not_found() -> None:
    with pytest.raises(NotFound):
        remove_clinic(organisation(), NORTH.id, 0, 0)
    with pytest.raises(NotFound):
        rename_clinic(organisation(), NORTH.id, "South")
