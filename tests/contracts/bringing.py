"""What no journey causes of members who are brought: by a table, and by a directory."""

from typing import Any

from tests.journeys.client import Visitor, address, eventually
from tests.journeys.directory import Directory


def bring_members(owner: Visitor, stack: dict[str, Any]) -> None:
    """A table with a line of each fate, and a directory that makes, changes and removes."""
    _import(owner)
    made = owner.post("/api/directory-tokens", {"name": "Entra", "invite": True, "default_role": "provider"})
    owner.get("/api/directory-tokens")
    _keep(Directory(stack, made["token"]))
    owner.get("/api/directory-tokens")
    owner.request("DELETE", f"/api/directory-tokens/{made['id']}").raise_for_status()


def _import(owner: Visitor) -> None:
    known = owner.get("/api/me")["member"]["email"]
    other = {"email": address(), "name": "Carl Coordinator", "role": "coordinator"}
    owner.post("/api/members", other)
    table = f"email,name,role,clinics,shoe\n{address()},Ann,provider,Practice,38\n{known},,,,\nnobody,Bo,captain,,\n"
    table += f"{other['email']},,provider,,\n"
    owner.post("/api/members/import?dry_run=true", {"text": table})
    begun = owner.post("/api/members/import?dry_run=false", {"text": table})
    path = f"/api/members/imports/{begun['id']}"
    eventually(lambda: owner.get(path)["state"], lambda state: state == "done", "the import is done")


def _keep(directory: Directory) -> None:
    name = {"givenName": "Dana", "familyName": "Directory"}
    user = directory.user(address(), "Dana Directory", name=name, externalId="d-1", preferredLanguage="de")
    path = f"/Users/{user['id']}"
    directory.ask("GET", f'/Users?filter=userName eq "{user["userName"]}"&startIndex=1&count=10')
    directory.ask("PUT", path, {**user, "displayName": "Dana D."})
    directory.patch(path, {"op": "replace", "path": "active", "value": False})
    group = directory.group("A clinic by a directory", user)
    at = f"/Groups/{group['id']}"
    directory.ask("GET", '/Groups?filter=displayName co "directory"&startIndex=1&count=10')
    directory.ask("GET", at)
    directory.ask("PUT", at, {**group, "externalId": "g-1"})
    directory.patch(at, {"op": "remove", "path": f'members[value eq "{user["id"]}"]'})
    directory.ask("GET", path)
    directory.ask("DELETE", at)
    directory.ask("DELETE", path)
