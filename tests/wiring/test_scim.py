"""What holds of users and groups alike when a directory keeps them by SCIM: addresses, filters, versions, refusals."""

from collections.abc import Iterator
from typing import Any

import pytest

from contracts import directory
from contracts.actor import PUBLIC, Actor
from contracts.errors import Forbidden, NotFound
from plumbing.ids import new_id
from tests.wiring.scim_scene import (
    GROUP,
    PATCH,
    USER,
    Directory,
    directory_scene,
    entra_user,
)
from tests.wiring.test_accounts import address
from tests.wiring.two_replicas import member, refusal


@pytest.fixture(scope="module")
def entra(tmp_path_factory: pytest.TempPathFactory, backing: dict[str, Any]) -> Iterator[Directory]:
    with directory_scene(tmp_path_factory.mktemp("scim"), backing) as made:
        yield made


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


def test_only_a_directory_says_what_a_directory_says(entra: Directory) -> None:
    ours = entra.made["id"]
    for actor in (member(ours, "owner"), Actor("api_client", new_id(), ours, scopes=("members:read",)), PUBLIC):
        refusal(Forbidden, entra.stage, directory.FIND_DIRECTORY_USERS, {}, actor)
    assert GROUP.endswith("Group")


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
