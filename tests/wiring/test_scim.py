"""A directory keeps members by SCIM: what Entra and Okta send (as their public documentation shows it), and what is refused."""

from collections.abc import Iterator
from typing import Any

import pytest

from contracts import accounts, directory, membership
from contracts.actor import PUBLIC, Actor
from contracts.errors import Forbidden, Gone, NotFound, NotSignedIn
from plumbing.ids import new_id
from tests.patience import eventually
from tests.wiring.scim_scene import GROUP, PATCH, USER, Directory, directory_scene, mailed
from tests.wiring.test_accounts import PASSWORD, address, sign_in
from tests.wiring.two_replicas import member, refusal

EXTENSION = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


@pytest.fixture(scope="module")
def entra(tmp_path_factory: pytest.TempPathFactory, backing: dict[str, Any]) -> Iterator[Directory]:
    with directory_scene(tmp_path_factory.mktemp("scim"), backing) as made:
        yield made


def entra_user(name: str) -> dict[str, Any]:
    """As learn.microsoft.com shows a POST of Entra."""
    return {
        "schemas": [USER, EXTENSION],
        "externalId": f"external-{name}",
        "userName": name,
        "active": True,
        "emails": [{"primary": True, "type": "work", "value": name}],
        "meta": {"resourceType": "User"},
        "name": {"formatted": "Given Family", "familyName": "Family", "givenName": "Given"},
        "roles": [],
        EXTENSION: {"department": "Cardiology"},
    }


def resolved(entra: Directory, token: str) -> dict[str, Any]:
    found: dict[str, Any] = entra.stage.ask(accounts.RESOLVE_SIGN_IN, {"token": token}, PUBLIC)
    return found


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


def test_oktas_groups_become_clinics_and_their_members_come_and_go(entra: Directory) -> None:
    ann, bo = entra.user(address()), entra.user(address())
    name = f"Clinic {new_id()}"
    group = entra.group(name)
    path = f"/Groups/{group['id']}"
    (clinic,) = [each for each in clinics(entra) if each["name"] == name]
    add = {"op": "add", "path": "members", "value": [{"value": each["id"], "display": "x"} for each in (ann, bo)]}
    for _ in range(2):
        shown = entra.patch(path, add)
    assert [each["value"] for each in shown["members"]] == [ann["id"], bo["id"]]
    assert entra.member(ann)["clinic_ids"] == [clinic["id"]]
    for _ in range(2):
        entra.patch(path, {"op": "remove", "path": f'members[value eq "{ann["id"]}"]'})
    assert (entra.member(ann)["clinic_ids"], entra.member(bo)["clinic_ids"]) == ([], [clinic["id"]])
    entra.patch(path, {"op": "replace", "value": {"id": group["id"], "displayName": f"{name} (renamed)"}})
    assert entra.ask("GET", path)["displayName"] == f"{name} (renamed)"
    assert name in [each["name"] for each in clinics(entra)]
    entra.patch(path, {"op": "replace", "path": "members", "value": [{"value": ann["id"]}]})
    assert (entra.member(ann)["clinic_ids"], entra.member(bo)["clinic_ids"]) == ([clinic["id"]], [])
    entra.patch(path, {"op": "Remove", "path": "members", "value": [{"value": ann["id"]}]})
    assert entra.member(ann)["clinic_ids"] == []
    entra.patch(path, add)
    entra.ask("DELETE", path, status=204)
    assert entra.member(ann)["clinic_ids"] == []
    assert clinic["id"] in [each["id"] for each in clinics(entra)]
    entra.ask("GET", path, status=404)
    assert entra.member(entra.ask("GET", f"/Users/{ann['id']}"))["state"] == "invited"


def test_a_group_takes_the_clinic_that_is_there_by_that_name(entra: Directory) -> None:
    before = clinics(entra)
    group = entra.group("NORTH")
    assert clinics(entra) == before
    ann = entra.user(address())
    entra.patch(f"/Groups/{group['id']}", {"op": "add", "path": "members", "value": [{"value": ann["id"]}]})
    assert entra.member(ann)["clinic_ids"] == [before[0]["id"]]
    assert entra.ask("GET", f"/Users/{ann['id']}")["groups"][0]["display"] == "NORTH"


def test_groups_named_as_roles_give_the_strongest_and_take_it_again(entra: Directory) -> None:
    named = entra.elsewhere(role_groups={"admin": "TH-Admins", "coordinator": "TH-Reception"})
    ann = named.user(address())
    admins, reception = named.group("TH-Admins", ann), named.group("th-reception", ann)
    assert named.member(ann)["role"] == "admin"
    assert len(clinics(named)) == 1
    gone = {"op": "remove", "path": f'members[value eq "{ann["id"]}"]'}
    named.patch(f"/Groups/{admins['id']}", gone)
    assert named.member(ann)["role"] == "coordinator"
    named.patch(f"/Groups/{reception['id']}", gone)
    assert named.member(ann)["role"] == "provider"


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


def test_an_address_or_a_name_that_somebody_has_is_409(entra: Directory) -> None:
    name = address()
    ann, bo = entra.user(name), entra.user(address())
    for body in ({"schemas": [USER], "userName": name.upper()}, entra_user(name)):
        taken = entra.ask("POST", "/Users", body, 409)
        assert (taken["scimType"], taken["status"]) == ("uniqueness", "409")
    assert taken["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]
    operation = {"op": "replace", "path": "userName", "value": name}
    assert entra.patch(f"/Users/{bo['id']}", operation, status=409)["scimType"] == "uniqueness"
    group = f"Group {new_id()}"
    entra.group(group)
    assert entra.ask("POST", "/Groups", {"displayName": group.upper()}, 409)["scimType"] == "uniqueness"
    entra.ask("DELETE", f"/Users/{ann['id']}", status=204)
    entra.ask("GET", f"/Users/{ann['id']}", status=404)
    entra.ask("DELETE", f"/Users/{ann['id']}", status=404)
    assert entra.user(name)["id"] != ann["id"]


@pytest.mark.parametrize(
    ("method", "path", "body", "scim_type"),
    [
        ("POST", "/Users", {"userName": 5}, "invalidValue"),
        ("POST", "/Users", {"userName": "ann"}, "invalidValue"),
        ("POST", "/Users", {"userName": "a@example.com", "emails": [7]}, "invalidValue"),
        ("POST", "/Users", {"userName": "a@example.com", "name": "Ann"}, "invalidValue"),
        ("POST", "/Users", {"userName": "a" * 2000}, "invalidValue"),
        ("POST", "/Users", {"userName": "a@example.com", "roles": [{"value": "king"}]}, "invalidValue"),
        ("POST", "/Groups", {"displayName": "x", "members": [{"value": new_id()}]}, "invalidValue"),
        ("POST", "/Groups", {"displayName": "x", "members": [{"value": "x" * 50}]}, "invalidValue"),
        ("GET", "/Users?filter=userName eq", None, "invalidFilter"),
        ("GET", "/Users?filter=" + "(" * 900, None, "invalidFilter"),
        ("GET", "/Users?startIndex=one", None, "invalidValue"),
        ("PATCH", "/Users/{id}", {"Operations": [{"op": "add"}]}, "invalidSyntax"),
        ("PATCH", "/Users/{id}", {"schemas": [PATCH], "Operations": "x"}, "invalidSyntax"),
        ("PATCH", "/Users/{id}", {"schemas": [PATCH], "Operations": [{"op": "copy"}]}, "invalidSyntax"),
        ("PATCH", "/Users/{id}", {"schemas": [PATCH], "Operations": [{"op": "remove"}]}, "noTarget"),
        ("PATCH", "/Users/{id}", {"schemas": [PATCH], "Operations": [{"op": "add", "path": "a[", "value": 1}]}, "invalidPath"),
        ("PATCH", "/Users/{id}", {"schemas": [PATCH], "Operations": [{"op": "replace", "path": "groups", "value": []}]}, "mutability"),
        ("PATCH", "/Users/{id}", {"schemas": [PATCH], "Operations": [{"op": "remove", "path": "userName"}]}, "invalidValue"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_400_with_its_type(
    entra: Directory, method: str, path: str, body: Any, scim_type: str
) -> None:
    if "{id}" in path:
        path = path.format(id=entra.user(address())["id"])
    answer = entra.ask(method, path, body, 400)
    assert (answer["scimType"], answer["status"]) == (scim_type, "400")


def test_filters_pages_and_selected_attributes(entra: Directory) -> None:
    own = entra.elsewhere()
    names = [f"{letter}-{new_id()}@example.com" for letter in "abc"]
    made = [own.user(name, externalId=f"id-{name}", displayName=name[:1].upper()) for name in names]

    def found(text: str) -> list[str]:
        return [each["id"] for each in own.ask("GET", f"/Users?filter={text}")["Resources"]]

    ids = [each["id"] for each in made]
    assert found(f'userName eq "{names[0].upper()}"') == ids[:1]
    assert found(f'externalId eq "id-{names[1]}"') == ids[1:2]
    assert found(f'externalId eq "ID-{names[1]}"') == []
    assert found(f'emails.value eq "{names[2]}"') == ids[2:]
    assert found(f'emails[type eq "work" and value eq "{names[2]}"]') == ids[2:]
    assert found('userName sw "a-" or displayName co "c"') == [ids[0], ids[2]]
    assert found('externalId pr and not (userName sw "b-")') == [ids[0], ids[2]]
    assert found("active eq false") == []
    assert found('nickName eq "x"') == []
    page = own.ask("GET", "/Users?startIndex=2&count=2")
    assert (page["totalResults"], page["startIndex"], page["itemsPerPage"]) == (4, 2, 2)
    assert [each["id"] for each in page["Resources"]] == ids[:2]
    assert own.ask("GET", "/Users?count=0")["Resources"] == []
    slim = own.ask("GET", f"/Users/{ids[0]}?attributes=userName,emails.value")
    assert set(slim) == {"schemas", "id", "meta", "userName", "emails"}
    assert slim["emails"] == [{"value": names[0]}]
    group = own.group("South", *made)
    assert "members" not in own.ask("GET", f"/Groups/{group['id']}?excludedAttributes=members")
    named = own.ask("GET", '/Groups?filter=displayName eq "south"&excludedAttributes=members')["Resources"]
    assert [each["id"] for each in named] == [group["id"]]
    search = {"schemas": [], "filter": 'userName sw "a-"', "attributes": ["userName"]}
    assert [each["id"] for each in own.ask("POST", "/Users/.search", search)["Resources"]] == ids[:1]


def test_a_stale_version_is_412_and_the_one_that_was_read_is_taken(entra: Directory) -> None:
    quiet = entra.elsewhere(invite=False)
    made = quiet.user(address())
    path, tag = f"/Users/{made['id']}", quiet.send("GET", f"/Users/{made['id']}").headers["ETag"]
    assert quiet.send("GET", path, If_None_Match=tag).status_code == 304
    operation = {"op": "replace", "path": "displayName", "value": "New"}
    quiet.patch(path, operation, If_Match=tag)
    quiet.patch(path, operation, status=412, If_Match=tag)
    quiet.ask("DELETE", path, status=412, If_Match=tag)
    group = quiet.group(f"Group {new_id()}")
    old = group["meta"]["version"]
    quiet.patch(
        f"/Groups/{group['id']}", {"op": "add", "path": "members", "value": [{"value": made["id"]}]}, If_Match=old
    )
    quiet.ask("PUT", f"/Groups/{group['id']}", {"displayName": "x"}, 412, If_Match=old)


def test_another_organisations_directory_sees_nothing_of_it(entra: Directory) -> None:
    ann = entra.user(address())
    group = entra.group(f"Group {new_id()}", ann)
    other = entra.elsewhere()
    for path, body in (
        (f"/Users/{ann['id']}", {"userName": address()}),
        (f"/Groups/{group['id']}", {"displayName": "x"}),
    ):
        for method, sent in (("GET", None), ("PUT", body), ("DELETE", None)):
            assert other.ask(method, path, sent, 404)["status"] == "404"
        other.patch(path, {"op": "replace", "value": {"displayName": "x"}}, status=404)
    assert other.ask("GET", f'/Users?filter=userName eq "{ann["userName"]}"')["totalResults"] == 0
    assert other.ask("GET", f'/Users?filter=id eq "{ann["id"]}"')["totalResults"] == 0
    other.ask("POST", "/Groups", {"displayName": "Theirs", "members": [{"value": ann["id"]}]}, 400)
    assert entra.ask("GET", f"/Users/{ann['id']}")["active"] is True


def test_without_a_token_that_is_good_there_is_nothing(entra: Directory) -> None:
    own = entra.elsewhere()
    for path in ("/Users", "/Groups", "/Schemas", "/ResourceTypes", "/ServiceProviderConfig"):
        for said in ("", "Bearer", "Bearer wrong", "Bearer " + "x" * 200, "Basic eDp5"):
            answer = own.send("GET", path, Authorization=said)
            assert (answer.status_code, answer.content_type) == (401, "application/scim+json")
            assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    (known,) = own.stage.ask(directory.LIST_DIRECTORY_TOKENS, {}, own.owner)["items"]
    assert "token" not in known
    own.ask("GET", "/Users")
    assert own.stage.ask(directory.LIST_DIRECTORY_TOKENS, {}, own.owner)["items"][0]["last_used_at"] is not None
    stranger = member(entra.made["id"], "owner")
    refusal(NotFound, own.stage, directory.REVOKE_DIRECTORY_TOKEN, {"token_id": own.token_id}, stranger)
    for role in ("admin", "provider"):
        refusal(Forbidden, own.stage, directory.MAKE_DIRECTORY_TOKEN, {"name": "x"}, member(own.made["id"], role))
    own.stage.ask(directory.REVOKE_DIRECTORY_TOKEN, {"token_id": own.token_id}, own.owner)
    own.ask("GET", "/Users", status=401)
    assert own.stage.ask(directory.LIST_DIRECTORY_TOKENS, {}, own.owner)["items"] == []


def test_a_huge_body_and_another_type_are_refused_in_scims_form(entra: Directory) -> None:
    assert entra.ask("POST", "/Users", {"userName": "x" * 1_100_000}, 413)["status"] == "413"
    assert entra.ask("POST", "/Users", {"userName": "x"}, 415, Content_Type="text/plain")["status"] == "415"
    client = entra.app.test_client(use_cookies=False)
    known = {"Authorization": f"Bearer {entra.token}", "Content-Type": "application/scim+json"}
    for body in (b"{", b"[]", b"\xff"):
        answer = client.post("/scim/v2/Users", data=body, headers=known)
        kind = answer.json["scimType"] if answer.json else "invalidSyntax"
        assert (answer.status_code, kind) == (400, "invalidSyntax")
    for path in ("/Nothing", "/Users/none", "/Me"):
        assert entra.send("GET", path).content_type == "application/scim+json"


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


def clinics(entra: Directory) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = entra.stage.ask(accounts.GET_ORGANISATION, {}, entra.owner)["clinics"]
    return found


def test_only_a_directory_says_what_a_directory_says(entra: Directory) -> None:
    ours = entra.made["id"]
    for actor in (member(ours, "owner"), Actor("api_client", new_id(), ours, scopes=("members:read",)), PUBLIC):
        refusal(Forbidden, entra.stage, directory.FIND_DIRECTORY_USERS, {}, actor)
    assert GROUP.endswith("Group")
