"""A directory keeps groups by SCIM, each a clinic or a role: what Okta and Entra send."""

from collections.abc import Iterator
from typing import Any

import pytest

from plumbing.ids import new_id
from tests.wiring.scim_scene import (
    Directory,
    clinics,
    directory_scene,
)
from tests.wiring.test_accounts import address


@pytest.fixture(scope="module")
def entra(tmp_path_factory: pytest.TempPathFactory, backing: dict[str, Any]) -> Iterator[Directory]:
    with directory_scene(tmp_path_factory.mktemp("scim"), backing) as made:
        yield made


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
