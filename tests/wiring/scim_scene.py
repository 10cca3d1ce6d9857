"""A directory before the api process and two processes of accounts; other services are played by the test."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from contracts import accounts, directory, invitations, rooms
from contracts.actor import Actor
from gateway.api import create_app
from plumbing.settings import load
from tests.patience import eventually
from tests.wiring.one_service import Stage
from tests.wiring.test_accounts import get_plan, organisation
from tests.wiring.two_replicas import member, two_replicas

ORIGIN = "http://localhost"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
EXTENSION = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
mailed: list[dict[str, Any]] = []


def _send_notice(payload: dict[str, Any], actor: Actor) -> dict[str, Any]:
    mailed.append(payload)
    return {"ok": True}


@dataclass
class Directory:
    """An organisation and the token by which its directory comes."""

    app: Flask
    stage: Stage
    made: dict[str, Any]
    token: str
    token_id: str

    @property
    def owner(self) -> Actor:
        """Whoever runs the organisation."""
        return member(self.made["id"], "owner")

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        """One request as a directory sends it."""
        more: dict[str, Any] = {"data": json.dumps(body)} if body is not None else {}
        known = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/scim+json"}
        sent = known | {name.replace("_", "-"): value for name, value in headers.items()}
        return self.app.test_client(use_cookies=False).open(f"/scim/v2{path}", method=method, headers=sent, **more)

    def ask(self, method: str, path: str, body: Any = None, status: int = 200, **headers: str) -> dict[str, Any]:
        """The answer's body; fails for another status."""
        answer = self.send(method, path, body, **headers)
        assert answer.status_code == status, answer.text
        return dict(json.loads(answer.data)) if answer.data else {}

    def patch(self, path: str, *operations: dict[str, Any], status: int = 200, **headers: str) -> dict[str, Any]:
        """The resource after the operations."""
        return self.ask("PATCH", path, {"schemas": [PATCH], "Operations": list(operations)}, status, **headers)

    def user(self, name: str, **more: Any) -> dict[str, Any]:
        """A user of that name, made."""
        said = {"schemas": [USER], "userName": name, "emails": [{"value": name, "type": "work", "primary": True}]}
        return self.ask("POST", "/Users", {**said, **more}, 201)

    def group(self, name: str, *members: dict[str, Any], **more: Any) -> dict[str, Any]:
        """A group of that name, made."""
        values = [{"value": each["id"]} for each in members]
        return self.ask("POST", "/Groups", {"schemas": [GROUP], "displayName": name, "members": values, **more}, 201)

    def member(self, user: dict[str, Any]) -> dict[str, Any]:
        """The member as accounts shows them."""
        found: dict[str, Any] = self.stage.ask(accounts.GET_MEMBER, {"member_id": user["id"]}, self.owner)
        return found

    def elsewhere(self, **wishes: Any) -> "Directory":
        """The directory of another organisation."""
        return _directory(self.app, self.stage, **wishes)


@contextmanager
def directory_scene(folder: Path, backing: dict[str, Any]) -> Iterator[Directory]:
    """All of it, running."""
    replies = {rooms.GET_PLAN: get_plan, invitations.SEND_NOTICE: _send_notice}
    with two_replicas("accounts", folder, backing, replies) as stage:
        (folder / "cookie.key").write_text("c" * 40)
        settings = stage.environment(
            "gateway", 0, BASE_URL=ORIGIN, LIVE_URL="ws://localhost/live", COOKIE_KEY=str(folder / "cookie.key")
        )
        app = create_app(load("gateway_api", settings))
        hall = app.extensions["housecall"]
        eventually(hall.rpc.up.is_set, what="the gateway has its broker")
        try:
            yield _directory(app, stage)
        finally:
            app.extensions["housecall_hearing"].stop()
            hall.rpc.stop()


def _directory(app: Flask, stage: Stage, **wishes: Any) -> Directory:
    made = organisation(stage, clinic_name="North")
    asked = {"name": "Entra", **wishes}
    token = stage.ask(directory.MAKE_DIRECTORY_TOKEN, asked, member(made["id"], "owner"))
    return Directory(app, stage, made, token["token"], token["id"])


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


def clinics(entra: Directory) -> list[dict[str, Any]]:
    """Those of its organisation."""
    found: list[dict[str, Any]] = entra.stage.ask(accounts.GET_ORGANISATION, {}, entra.owner)["clinics"]
    return found
