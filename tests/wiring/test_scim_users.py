"""A directory keeps members by SCIM: what Entra sends (as its public documentation shows it), and what is refused."""

from collections.abc import Iterator
from typing import Any

import pytest

from contracts import accounts, membership
from contracts.actor import PUBLIC
from contracts.errors import Gone, NotSignedIn
from tests.patience import eventually
from tests.wiring.scim_scene import (
    EXTENSION,
    USER,
    Directory,
    directory_scene,
    entra_user,
    mailed,
)
from tests.wiring.test_accounts import PASSWORD, address, sign_in
from tests.wiring.two_replicas import refusal


@pytest.fixture(scope="module")
def entra(tmp_path_factory: pytest.TempPathFactory, backing: dict[str, Any]) -> Iterator[Directory]:
    with directory_scene(tmp_path_factory.mktemp("scim"), backing) as made:
        yield made


def test_a_user_of_the_directory_is_invited_by_mail_and_has_no_password(entra: Directory) -> None:
    name = address()
    made = entra.ask("POST", "/Users", entra_user(name), 201)
    assert made["schemas"] == [USER]
    assert (made["userName"], made["active"], made["name"]["givenName"]) == (name, True, "Given")
    assert "password" not in str(made)
    assert EXTENSION not in made
    seen = entra.member(made)
    assert (seen["email"], seen["name"], seen["state"], seen["role"]) == (name, "Given Family", "invited", "provider")
    assert seen["external_id"] == f"external-{name}"
    eventually(lambda: [each for each in mailed if each["address"] == name], what="the invitation is written")
    assert made["meta"]["location"].endswith(f"/scim/v2/Users/{made['id']}")


def test_who_signs_in_at_the_networks_own_place_gets_no_mail(entra: Directory) -> None:
    quiet = entra.elsewhere(invite=False, default_role="coordinator")
    made = quiet.user(address())
    seen = quiet.member(made)
    assert (seen["state"], seen["role"]) == ("active", "coordinator")
    refusal(NotSignedIn, quiet.stage, accounts.SIGN_IN, {"email": seen["email"], "password": "a guess"}, PUBLIC)


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "Replace", "path": "active", "value": "False"},
        {"op": "replace", "value": {"active": False}},
        {"op": "Replace", "value": {"active": "False"}},
        {"op": "REPLACE", "path": f"{USER}:active", "value": False},
    ],
    ids=["entra", "okta", "entra without a path", "with the schema"],
)
def test_active_false_in_whatever_form_ends_where_they_are_signed_in(
    entra: Directory, operation: dict[str, Any]
) -> None:
    email = address()
    asked = {"email": email, "name": "Dr Smith", "role": "provider", "password": PASSWORD}
    known = entra.stage.ask(accounts.ADD_MEMBER, asked, entra.owner)
    token = sign_in(entra.stage, email)["token"]
    found = entra.ask("GET", f'/Users?filter=userName eq "{email.upper()}"')
    assert [each["id"] for each in found["Resources"]] == [known["id"]]
    for _ in range(2):
        assert entra.patch(f"/Users/{known['id']}", operation)["active"] is False
    assert entra.member(known)["state"] == "suspended"
    refusal(NotSignedIn, entra.stage, accounts.RESOLVE_SIGN_IN, {"token": token}, PUBLIC)
    again = {"email": email, "password": PASSWORD, "network": None}
    refusal(NotSignedIn, entra.stage, accounts.SIGN_IN, again, PUBLIC)
    assert entra.patch(f"/Users/{known['id']}", {"op": "replace", "value": {"active": True}})["active"] is True
    assert sign_in(entra.stage, email)["token"]


def test_who_was_suspended_before_they_accepted_is_invited_again(entra: Directory) -> None:
    name = address()
    made = entra.user(name)
    eventually(lambda: len([each for each in mailed if each["address"] == name]) == 1, what="one mail")
    entra.patch(f"/Users/{made['id']}", {"op": "replace", "path": "active", "value": False})
    assert entra.member(made)["state"] == "suspended"
    entra.patch(f"/Users/{made['id']}", {"op": "replace", "path": "active", "value": True})
    assert entra.member(made)["state"] == "invited"
    eventually(lambda: len([each for each in mailed if each["address"] == name]) == 2, what="another mail")
    first, second = (each["link"].partition("#")[2] for each in mailed if each["address"] == name)
    opened = entra.stage.ask(membership.OPEN_MEMBER_INVITE, {"token": second}, PUBLIC)
    assert opened["email"] == name
    refusal(Gone, entra.stage, membership.OPEN_MEMBER_INVITE, {"token": first}, PUBLIC)


def test_entras_patch_of_several_attributes_is_done_as_one_and_again_is_the_same(entra: Directory) -> None:
    quiet = entra.elsewhere(invite=False)
    made, email = quiet.user(address()), address()
    operations: list[dict[str, Any]] = [
        {"op": "Add", "path": "displayName", "value": "Ann Other"},
        {"op": "Replace", "path": 'emails[type eq "work"].value', "value": email},
        {"op": "Replace", "path": "name.familyName", "value": "Other"},
        {"op": "Add", "path": f"{EXTENSION}:department", "value": "Surgery"},
        {"op": "Add", "path": 'phoneNumbers[type eq "mobile"].value', "value": "+49 30 1"},
        {"op": "Replace", "value": {"name.givenName": "Ann", "preferredLanguage": "de-AT", "title": "Dr"}},
        {"op": "Replace", "path": 'roles[primary eq "True"].value', "value": "coordinator"},
    ]
    changed = quiet.patch(f"/Users/{made['id']}", *operations)
    assert changed["name"] == {"familyName": "Other", "givenName": "Ann"}
    assert changed["emails"] == [{"value": email, "type": "work", "primary": True}]
    seen = quiet.member(made)
    assert (seen["name"], seen["email"], seen["language"], seen["role"]) == ("Ann Other", email, "de", "coordinator")
    assert quiet.patch(f"/Users/{made['id']}", *operations) == changed


def test_a_patch_of_which_one_operation_is_wrong_does_nothing(entra: Directory) -> None:
    made = entra.user(address())
    wrong = (
        {"op": "replace", "path": "displayName", "value": "New"},
        {"op": "replace", "path": "active", "value": "maybe"},
    )
    assert entra.patch(f"/Users/{made['id']}", *wrong, status=400)["scimType"] == "invalidValue"
    assert entra.ask("GET", f"/Users/{made['id']}") == made


def test_a_directory_makes_no_owner_readdresses_none_and_the_last_one_stays(entra: Directory) -> None:
    own = entra.elsewhere()
    (owner,) = own.ask("GET", "/Users")["Resources"]
    path = f"/Users/{owner['id']}"
    for answer in (
        own.ask("DELETE", path, status=400),
        own.patch(path, {"op": "replace", "value": {"active": False}}, status=400),
        own.patch(
            path,
            {"op": "replace", "path": "userName", "value": address()},
            {"op": "remove", "path": "emails"},
            status=400,
        ),
    ):
        assert answer["scimType"] == "mutability"
    assert "owner" in own.ask("DELETE", path, status=400)["detail"]
    named = {"schemas": [USER], "userName": address(), "roles": [{"value": "owner"}]}
    assert own.ask("POST", "/Users", named, 400)["scimType"] == "invalidValue"
    shown = own.group("Housecall Admins", owner)
    assert own.member(owner)["role"] == "owner"
    own.ask("DELETE", f"/Groups/{shown['id']}", status=204)
    assert own.member(owner)["role"] == "owner"
    own.patch(path, {"op": "replace", "path": "displayName", "value": "Olive the Owner"})
    assert own.member(owner)["name"] == "Olive the Owner"


def test_a_put_says_everything_but_what_it_leaves_out_of_activity_and_role(entra: Directory) -> None:
    name = address()
    made = entra.ask("POST", "/Users", entra_user(name), 201)
    entra.patch(f"/Users/{made['id']}", {"op": "replace", "path": "active", "value": False})
    put = entra.ask("PUT", f"/Users/{made['id']}", {"schemas": [USER], "userName": name, "displayName": "Ann"})
    assert (put["active"], put.get("externalId"), put.get("name"), put["displayName"]) == (False, None, None, "Ann")
    assert entra.member(made)["email"] == name


def test_who_is_removed_in_housecall_is_gone_for_the_directory_and_may_come_again(entra: Directory) -> None:
    name = address()
    made = entra.user(name)
    entra.stage.ask(membership.REMOVE_MEMBER, {"member_id": made["id"]}, entra.owner)
    entra.ask("GET", f"/Users/{made['id']}", status=404)
    entra.patch(f"/Users/{made['id']}", {"op": "replace", "path": "active", "value": True}, status=404)
    assert entra.user(name)["id"] != made["id"]


def test_the_letter_of_an_invitation_changes_no_version(entra: Directory) -> None:
    name = address()
    made = entra.ask("POST", "/Users", entra_user(name), 201)
    path, version = f"/Users/{made['id']}", made["meta"]["version"]
    eventually(lambda: [each for each in mailed if each["address"] == name], what="the invitation is written")
    eventually(lambda: entra.member(made)["invited_until"], what="it is known until when it is good")
    said = {**entra_user(name), "displayName": "Ann Other"}
    put = entra.ask("PUT", path, said, If_Match=version)
    assert put["displayName"] == "Ann Other"
    assert put["meta"]["version"] != version
    entra.ask("PUT", path, entra_user(name), 412, If_Match=version)
