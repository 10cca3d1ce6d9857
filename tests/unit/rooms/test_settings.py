"""Room settings, inherited from organisation and clinic, and locked above."""

from typing import Any

import pytest
from marshmallow import ValidationError

from contracts.errors import Conflict, Outdated
from contracts.room_settings import SETTINGS, EffectiveSettings, EntryField, InheritedSettings, LevelChange
from services.rooms.room import change
from services.rooms.settings import (
    ClinicLevel,
    Inherited,
    Level,
    change_inherited,
    changed,
    effective,
    inherited_view,
)
from tests.unit.rooms.things import ORGANISATION, room

CLINIC = "01920000-0000-7000-8000-0000000000c1"
BIRTH = {"key": "date_of_birth", "label": "Date of birth", "kind": "date", "required": True}


def inherited(organisation: Level | None = None, clinic: Level | None = None) -> Inherited:
    clinics = (ClinicLevel(CLINIC, clinic),) if clinic else ()
    return Inherited(ORGANISATION, ORGANISATION, organisation or Level(), clinics, version=3)


def load(**given: Any) -> dict[str, Any]:
    loaded: dict[str, Any] = LevelChange().load(given)
    return loaded


def test_nothing_set_is_nothing_asked() -> None:
    found = effective(None, None, Level())
    assert EffectiveSettings().validate(found) == {}
    assert (found["entry_fields"], found["consent_text"], found["confirm_before_joining"]) == ([], "", False)
    assert set(found["given_by"].values()) == {"default"}


def test_the_nearest_level_that_gives_a_setting_decides_it() -> None:
    above = inherited(
        Level(consent_text="Of all", waiting_content="Please wait", largest_number=4), Level(consent_text="Ours")
    )
    found = effective(above, CLINIC, Level(largest_number=6))
    assert (found["consent_text"], found["waiting_content"], found["largest_number"]) == ("Ours", "Please wait", 6)
    assert found["given_by"]["consent_text"] == "clinic"
    assert found["given_by"]["waiting_content"] == "organisation"
    assert found["given_by"]["largest_number"] == "room"


def test_a_room_outside_the_clinic_inherits_of_the_organisation_alone() -> None:
    above = inherited(Level(consent_text="Of all"), Level(consent_text="Ours"))
    assert effective(above, None, Level())["consent_text"] == "Of all"


def test_an_empty_text_below_takes_away_what_is_given_above() -> None:
    assert effective(inherited(Level(consent_text="Of all")), None, Level(consent_text=""))["consent_text"] == ""


def test_what_is_locked_above_holds_whatever_is_given_below_and_comes_back_unlocked() -> None:
    own = Level(consent_text="Mine")
    locked = inherited(Level(consent_text="Of all", locked=frozenset({"consent_text"})))
    found = effective(locked, None, own)
    assert (found["consent_text"], found["locked_by"]) == ("Of all", {"consent_text": "organisation"})
    assert effective(inherited(Level(consent_text="Of all")), None, own)["consent_text"] == "Mine"


def test_a_locked_setting_is_refused_below_and_named() -> None:
    locked = inherited(Level(locked=frozenset({"largest_number"})))
    with pytest.raises(Conflict) as refused:
        change(room(), {"settings": load(largest_number=9)}, locked)
    assert refused.value.extra == {"locked_by": "organisation", "settings": ["largest_number"]}
    with pytest.raises(Conflict):
        change_inherited(locked, CLINIC, load(largest_number=9), None, None)
    assert change_inherited(locked, None, load(largest_number=9), None, None) is not None


def test_a_clinic_locks_for_its_rooms_and_not_for_others() -> None:
    locked = inherited(clinic=Level(locked=frozenset({"consent_text"})))
    with pytest.raises(Conflict):
        change(room(clinic_id=CLINIC), {"settings": load(consent_text="Mine")}, locked)
    assert change(room(), {"settings": load(consent_text="Mine")}, locked) is not None


def test_a_change_leaves_what_it_does_not_name_and_null_inherits_again() -> None:
    given = changed(Level(consent_text="A", largest_number=3), load(consent_text=None, waiting_content="W"))
    assert (given.consent_text, given.waiting_content, given.largest_number) == (None, "W", 3)


def test_entry_fields_of_every_kind_are_kept_each_under_a_key() -> None:
    given = load(
        entry_fields=[
            BIRTH,
            {"label": "How are you?", "kind": "text"},
            {"label": "Interpreter?", "kind": "yes_no"},
            {"label": "Clinic day", "kind": "choice", "choices": ["Monday", "Friday"], "key": "field-1"},
        ]
    )
    kept = changed(Level(), given).entry_fields
    assert kept is not None
    assert [field.key for field in kept] == ["date_of_birth", "field-2", "field-3", "field-1"]
    shown = effective(None, None, Level(entry_fields=kept))["entry_fields"]
    assert shown[0] == {**BIRTH, "choices": ()}
    assert shown[3]["choices"] == ("Monday", "Friday")


@pytest.mark.parametrize(
    "wrong",
    [
        {"label": "x", "kind": "colour"},
        {"label": "", "kind": "text"},
        {"label": "x", "kind": "choice"},
        {"label": "x", "kind": "choice", "choices": ["a", "a"]},
        {"label": "x", "kind": "text", "choices": ["a", "b"]},
        {"label": "x", "kind": "text", "key": "Not a key"},
        {"label": "x", "kind": "text", "colour": "red"},
    ],
)
def test_an_entry_field_that_does_not_fit_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        EntryField().load(wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"entry_fields": [BIRTH, BIRTH]},
        {"entry_fields": [{"label": "x", "kind": "text"}] * 21},
        {"largest_number": 1},
        {"largest_number": "3"},
        {"consent_text": "x" * 5001},
        {"colour": "red"},
    ],
)
def test_settings_that_do_not_fit_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        load(**wrong)


def test_settings_based_on_an_old_version_are_refused_and_the_same_again_is_no_change() -> None:
    known = inherited(Level(consent_text="A"))
    with pytest.raises(Outdated):
        change_inherited(known, None, load(consent_text="B"), None, 2)
    assert change_inherited(known, None, load(consent_text="B"), None, 3) is not None
    assert change_inherited(known, None, load(consent_text="A"), None, 2) is None


def test_the_locks_of_a_level_are_replaced_or_left() -> None:
    known = inherited(Level(locked=frozenset({"consent_text"})))
    replaced = change_inherited(known, None, {}, ["largest_number"], None)
    assert replaced is not None
    assert replaced.state.organisation.locked == {"largest_number"}
    left = change_inherited(known, None, load(largest_number=5), None, None)
    assert left is not None
    assert left.state.organisation.locked == {"consent_text"}
    assert [event.data for event in left.events] == [{"clinic_id": None}]


def test_what_is_inherited_is_read_as_its_contract_says() -> None:
    view = inherited_view(inherited(Level(locked=frozenset(SETTINGS)), Level(consent_text="Ours")))
    assert InheritedSettings().validate(InheritedSettings().dump(view)) == {}
    assert view["clinics"][0]["clinic_id"] == CLINIC


def test_a_room_changes_all_at_once_or_not_at_all() -> None:
    wanted = {"name": "Speech", "locked": True, "settings": load(largest_number=4)}
    done = change(room(version=2), wanted, None)
    assert done is not None
    assert [event.type for event in done.events] == ["room.renamed", "room.locked", "room.settings_changed"]
    assert change(done.state, wanted, None) is None
    with pytest.raises(Outdated):
        change(room(version=5, edited_version=5), {**wanted, "version": 4}, None)
