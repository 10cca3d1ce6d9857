"""Every address of the API leads to commands of the contracts, and asks who it is before it does."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from joserfc.jwk import OKPKey

from contracts import accounts, catalogue, directory
from contracts.actor import PUBLIC, Actor
from contracts.command import Command
from contracts.errors import NotFound
from contracts.permissions import allowed
from gateway.api import create_app
from gateway.hall import Hall
from gateway.identity import Identity, SignIns
from gateway.rate_limits import RateLimits
from plumbing.ids import new_id
from plumbing.settings import load

KNOWN = {command.name for speaker in catalogue.SERVICES for command in catalogue.commands(speaker).values()}
# what describes the API is for everybody
DESCRIPTION = {"/api/asyncapi.json", "/api/docs", "/api/openapi.json", "/fhir/metadata", "/fhir/<path:rest>"}
# a body that every hand-written view finds what it needs in
BODY = {"name": "Mia", "display_name": "Mia", "email": "mia@example.com", "password": "a long password"}
MEMBER: dict[str, Any] = {
    "id": new_id(),
    "organisation_id": new_id(),
    "name": "Olive",
    "role": "owner",
    "clinic_ids": [],
}


class Services:
    """Our own port to the services: knows one sign-in, finds nothing else, and keeps what it was asked, and for whom."""

    def __init__(self) -> None:
        self.asked: list[tuple[Command, Actor]] = []

    def call(self, command: Command, payload: dict[str, Any], actor: Actor, **options: Any) -> dict[str, Any]:
        if command == accounts.RESOLVE_SIGN_IN:
            return {"sign_in_id": new_id(), "expires_at": "2099-01-01T00:00:00.000Z", "member": MEMBER}
        self.asked.append((command, actor))
        if command == directory.RESOLVE_DIRECTORY_TOKEN:
            return {"token_id": new_id(), "organisation_id": MEMBER["organisation_id"]}
        raise NotFound

    ask = call


@pytest.fixture(scope="module")
def services() -> Services:
    return Services()


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, services: Services) -> Flask:
    folder: Path = tmp_path_factory.mktemp("gateway")
    (folder / "actor.pem").write_bytes(OKPKey.generate_key("Ed25519").as_pem(private=True))
    (folder / "cookie.key").write_bytes(os.urandom(32).hex().encode())
    settings = {
        "AMQP_URI": "amqp://nobody:nothing@127.0.0.1:1/none",
        "MONGO_URI": "mongodb://127.0.0.1:1/?replicaSet=none",
        "BASE_URL": "http://localhost",
        "LIVE_URL": "ws://localhost/live",
        "ACTOR_PRIVATE_KEY": str(folder / "actor.pem"),
        "COOKIE_KEY": str(folder / "cookie.key"),
        "ENVIRONMENT": "test",
    }
    made = create_app(load("gateway_api", settings))
    hall: Hall = made.extensions["housecall"]
    hall.rpc.stop()
    made.extensions["housecall_hearing"].stop()
    port: Any = services
    made.extensions["housecall"] = replace(hall, rpc=port, identity=Identity(hall.identity.cookies, SignIns(port)))
    return made


@pytest.fixture
def client(app: Flask, services: Services) -> Iterator[FlaskClient]:
    services.asked.clear()
    with app.test_client() as opened:
        yield opened


def addresses(app: Flask) -> list[tuple[str, str]]:
    """Method and an address of every route of the API, its parts filled in."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith(("/api/", "/scim/", "/fhir/")) and rule.rule not in DESCRIPTION:
            parts = {name: new_id() for name in rule.arguments}
            with app.test_request_context():
                path = app.url_map.bind("localhost").build(rule.endpoint, parts)
            found += [(method, path) for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}]
    return found


def sign_in(app: Flask, client: FlaskClient) -> None:
    """As a member and as a guest who arrived."""
    cookies = app.extensions["housecall"].identity.cookies
    guest = Actor("guest", "device", MEMBER["organisation_id"], caller_id=new_id(), device_id="device")
    with app.test_request_context():
        answer = app.make_response("")
        cookies.set_sign_in(answer, "a token", 60)
        cookies.set_guest(answer, "a link", guest)
    for name, value in (line.split(";")[0].split("=", 1) for line in answer.headers.getlist("Set-Cookie")):
        client.set_cookie(name, value)


def ask(client: FlaskClient, method: str, path: str, token: str | None = None, body: Any = BODY) -> int:
    body = None if method == "GET" else body
    headers = {"X-Housecall": "1"} | ({"Authorization": f"Bearer {token}"} if token else {})
    return client.open(path, method=method, json=body, headers=headers).status_code


def test_every_address_leads_to_a_command_of_the_contracts(app: Flask, client: FlaskClient, services: Services) -> None:
    sign_in(app, client)
    for method, path in addresses(app):
        services.asked.clear()
        status = ask(client, method, path, "a token of a directory" if path.startswith("/scim/") else None)
        if not services.asked:
            # what it does not know is refused before anybody is asked
            status = ask(client, method, path, body={})
        assert services.asked, f"{method} {path} answers {status} and has asked nobody"
        assert {command.name for command, _ in services.asked} <= KNOWN


def test_who_is_not_signed_in_reaches_only_what_the_table_opens_to_anybody(
    app: Flask, client: FlaskClient, services: Services
) -> None:
    for method, path in addresses(app):
        services.asked.clear()
        status = ask(client, method, path)
        assert services.asked or status == 401, f"{method} {path} answers {status}"
        for command, actor in services.asked:
            assert actor == PUBLIC, f"{method} {path} speaks for {actor.kind}"
            assert allowed(command.permission, actor), f"{method} {path} asks {command.name}"


def test_a_member_who_asks_too_often_waits_and_what_is_open_to_all_stays_so(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited = replace(app.extensions["housecall"], rate_limits=RateLimits(2))
    monkeypatch.setitem(app.extensions, "housecall", limited)
    sign_in(app, client)
    # nothing is found, which is answered and counted all the same; the guest of this browser is nobody's member
    assert [ask(client, "GET", path) for path in ("/api/rooms", "/api/plan", "/api/rooms")] == [404, 404, 429]
    assert ask(client, "GET", "/api/caller") == 404
    assert ask(client, "POST", "/api/password-resets") != 429
