"""Operations of a PATCH on a user or a group, as the RFC, Entra and Okta say them."""

from typing import Any

import pytest

from contracts.errors import Invalid
from services.accounts.directory.attributes import GROUPS, USERS, read
from services.accounts.directory.patch import patched

WORK = {"value": "w@example.com", "type": "work", "primary": True}
HOME = {"value": "h@example.com", "type": "home"}
ANN: dict[str, Any] = {"userName": "ann", "name": {"givenName": "Ann", "familyName": "Archer"}, "emails": [WORK, HOME]}


def after(*operations: dict[str, Any], before: dict[str, Any] = ANN) -> dict[str, Any]:
    once = patched(before, list(operations), USERS)
    assert patched(once, list(operations), USERS) == once, "repeated, it does more"
    return once


def test_a_part_is_replaced_and_the_rest_stays() -> None:
    said = after({"op": "replace", "path": "name.familyName", "value": "Berg"})
    assert said["name"] == {"givenName": "Ann", "familyName": "Berg"}
    assert after({"op": "replace", "path": "name", "value": {"familyName": "Berg"}}) == said


def test_names_are_the_same_in_any_case_and_behind_the_schemas_urn() -> None:
    urn = "urn:ietf:params:scim:schemas:core:2.0:User"
    for path in ("USERNAME", f"{urn}:userName", f"{urn.lower()}:username"):
        assert after({"Op": "RePlace", "Path": path, "Value": "bo"})["userName"] == "bo"


def test_a_new_primary_value_takes_it_from_the_old_one() -> None:
    new = {"value": "n@example.com", "type": "other", "primary": True}
    emails = after({"op": "add", "path": "emails", "value": [new]})["emails"]
    assert [each["value"] for each in emails if each.get("primary")] == ["n@example.com"]
    assert len(emails) == 3


@pytest.mark.parametrize("value", [{"value": "x@example.com"}, "x@example.com"])
def test_a_value_that_a_filter_chooses_is_replaced(value: Any) -> None:
    emails = after({"op": "replace", "path": 'emails[type eq "work"]', "value": value})["emails"]
    assert emails == [{"value": "x@example.com", "type": "work", "primary": True}, HOME]


def test_entra_adds_to_a_value_that_is_not_there_yet_and_it_is_made_as_the_filter_says() -> None:
    emails = after({"op": "Add", "path": 'emails[type eq "other"].value', "value": "o@example.com"})["emails"]
    assert emails[2] == {"type": "other", "value": "o@example.com"}
    with pytest.raises(Invalid) as refused:
        after({"op": "replace", "path": 'emails[type co "o" and not (type eq "work")].value', "value": "x"}, before={})
    assert refused.value.extra["scim_type"] == "noTarget"


def test_what_is_removed_is_gone_and_what_was_not_there_is_no_error() -> None:
    assert after({"op": "remove", "path": 'emails[type eq "home"]'})["emails"] == [WORK]
    assert after({"op": "remove", "path": 'emails[type eq "fax"]'})["emails"] == [WORK, HOME]
    assert "emails" not in after({"op": "remove", "path": "emails"})
    assert after({"op": "remove", "path": "name.givenName"})["name"] == {"familyName": "Archer"}
    assert after({"op": "replace", "path": "name", "value": None}) == {"userName": "ann", "emails": [WORK, HOME]}


def test_a_value_without_a_path_names_paths_dotted_and_with_filters() -> None:
    value = {"name.givenName": "Bo", 'emails[type eq "home"].value': "b@example.com", "id": "x", "nickName": "B"}
    said = after({"op": "replace", "value": value})
    assert (said["name"]["givenName"], said["emails"][1]["value"]) == ("Bo", "b@example.com")
    assert set(said) == set(ANN)


def test_members_come_once_and_go_in_both_ways_of_saying_it() -> None:
    def of(before: list[str], **operation: Any) -> list[str]:
        said = {"displayName": "x", **({"members": [{"value": each} for each in before]} if before else {})}
        return [each["value"] for each in patched(said, [operation], GROUPS).get("members", [])]

    assert of(["a"], op="add", path="members", value=[{"value": "a", "display": "A"}, {"value": "b"}]) == ["a", "b"]
    assert of(["a", "b"], op="remove", path='members[value eq "a"]') == ["b"]
    assert of(["a", "b"], op="Remove", path="members", value=[{"value": "b"}]) == ["a"]
    assert of(["a", "b"], op="remove", path="members") == []
    assert of(["a"], op="replace", path="members", value=[{"value": "c"}]) == ["c"]
    assert of(["a"], op="replace", value={"members": []}) == []


def test_nothing_is_done_to_what_was_given() -> None:
    before = read({"userName": "ann", "emails": [WORK]}, USERS)
    patched(before, [{"op": "replace", "path": "emails", "value": []}], USERS)
    assert before["emails"] == [WORK]


def test_types_are_held_and_unknown_attributes_passed_over() -> None:
    said = {"USERNAME": "ann", "Active": "True", "shoeSize": 38, "id": "x", "groups": [{"value": "x"}], "title": None}
    assert read(said, USERS) == {"userName": "ann", "active": True}
    for wrong in (
        {"userName": 1},
        {"active": "maybe"},
        {"name": "x"},
        {"emails": [1]},
        {"emails": [{"primary": "yes"}]},
    ):
        with pytest.raises(Invalid):
            read(wrong, USERS)


def test_members_are_taken_out_by_the_thousand_and_filters_that_cost_too_much_are_refused_first() -> None:
    ids = [f"0199{each:04}" for each in range(1200)]
    group = {"displayName": "North", "members": [{"value": each} for each in ids]}
    gone: list[dict[str, Any]] = [{"op": "remove", "path": f'members[value eq "{each}"]'} for each in ids[:-1]]
    assert patched(group, gone, GROUPS)["members"] == [{"value": ids[-1]}]
    costly = [{"op": "remove", "path": f'members[value ew "x{each}"]'} for each in ids]
    with pytest.raises(Invalid) as refused:
        patched(group, costly, GROUPS)
    assert refused.value.extra["scim_type"] == "tooMany"
    hidden = {f'members[value ew "{each[-3:]}"]': {"type": "User"} for each in ids[:1000]}
    with pytest.raises(Invalid) as refused:
        patched(group, [{"op": "add", "value": hidden}], GROUPS)
    assert refused.value.extra["scim_type"] == "tooMany"
