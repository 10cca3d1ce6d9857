"""API clients before every real service: tokens for secrets, what scopes and clinics let them see, and how they end."""

import base64
from typing import Any

import pytest
from werkzeug.test import TestResponse

from plumbing.ids import new_id
from tests.patience import eventually
from tests.wiring.front import NOBODY, Front

pytest_plugins = ["tests.wiring.front_fixtures"]
FORM = "application/x-www-form-urlencoded"
ROOMS = ["rooms:read", "rooms:write", "sessions:read", "sessions:write"]


def made(front: Front, scopes: list[str] = ROOMS, **more: Any) -> dict[str, Any]:
    """A client of ours, with its secret."""
    answer = front.ask("owner", "POST", "/api/api-clients", json={"name": "Bookings", "scopes": scopes, **more})
    assert answer.status_code == 201, answer.text
    return dict(answer.json or {})


def basic(key: str, secret: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{key}:{secret}".encode()).decode()}


def token_answer(front: Front, client: dict[str, Any], **form: str) -> TestResponse:
    """As a program asks that has nothing to do with our pages: no header of ours, no cookie."""
    asked = {"grant_type": "client_credentials", **form}
    opened = front.app.test_client(use_cookies=False)
    return opened.post("/oauth2/token", data=asked, headers=basic(client["id"], client["key_secret"]))


def token(front: Front, client: dict[str, Any], **form: str) -> str:
    answer = token_answer(front, client, **form)
    assert answer.status_code == 200, answer.text
    return str((answer.json or {})["access_token"])


def ask(front: Front, bearer: str, method: str, path: str, **more: Any) -> TestResponse:
    opened = front.app.test_client(use_cookies=False)
    return opened.open(path, method=method, headers={"Authorization": f"Bearer {bearer}"}, **more)


def add_clinic(front: Front, name: str) -> str:
    return str((front.ask("owner", "POST", "/api/clinics", json={"name": name}).json or {})["id"])


def test_a_secret_is_exchanged_for_a_token_that_asks_as_far_as_its_scopes_go(front: Front) -> None:
    client = made(front, ["rooms:read", "sessions:read"])
    answer = token_answer(front, client)
    said = answer.json or {}
    assert said["token_type"] == "Bearer"
    assert said["expires_in"] == 3600
    assert said["scope"] == "rooms:read sessions:read"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "refresh_token" not in said
    rooms = ask(front, said["access_token"], "GET", "/api/rooms")
    assert front.ours.room["id"] in [room["id"] for room in (rooms.json or {})["items"]]
    refused = ask(front, said["access_token"], "POST", "/api/rooms", json={"name": "No"})
    assert refused.status_code == 403
    assert (refused.json or {})["scope"] == "rooms:write"
    assert refused.headers["WWW-Authenticate"] == 'Bearer error="insufficient_scope", scope="rooms:write"'
    less = token(front, client, scope="sessions:read")
    assert ask(front, less, "GET", "/api/rooms").status_code == 403
    assert front.theirs.room["id"] not in rooms.text
    assert ask(front, said["access_token"], "GET", f"/api/rooms/{front.theirs.room['id']}").status_code == 404


def test_what_only_members_do_is_refused_to_a_client_whatever_cookie_comes_with_it(front: Front) -> None:
    bearer = token(front, made(front))
    headers = {"Authorization": f"Bearer {bearer}", "Cookie": front.cookies["owner"], "Origin": "http://evil.example"}
    opened = front.app.test_client(use_cookies=False)
    assert opened.post("/api/api-clients", json={"name": "x", "scopes": ROOMS}, headers=headers).status_code == 403
    assert opened.get("/api/me", headers=headers).status_code == 401
    assert opened.get("/api/caller", headers=headers).status_code == 401


@pytest.mark.parametrize("bad", ["", "no token", "a.b.c", "x" * 5000])
def test_a_bad_token_is_refused_as_bearer_tokens_are(front: Front, bad: str) -> None:
    answer = ask(front, bad, "GET", "/api/rooms")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'


def test_every_wrong_request_for_a_token_gets_its_own_error(front: Front) -> None:
    client = made(front, ["rooms:read"])
    right = basic(client["id"], client["key_secret"])
    grant = "grant_type=client_credentials"
    wrong: list[tuple[dict[str, str], str, str, int]] = [
        (right, "", "invalid_request", 400),
        (right, f"{grant}&grant_type=password", "invalid_request", 400),
        (right, "grant_type=password&username=a&password=b", "unsupported_grant_type", 400),
        (right, f"{grant}&scope=members:read", "invalid_scope", 400),
        (right, f"{grant}&client_secret=x", "invalid_request", 400),
        ({}, grant, "invalid_client", 401),
        (basic(client["id"], "hckey_wrong"), grant, "invalid_client", 401),
        (basic(new_id(), client["key_secret"]), grant, "invalid_client", 401),
        (basic("x" * 300, "y" * 300), grant, "invalid_client", 401),
        ({"Authorization": "Basic ÿ"}, grant, "invalid_client", 401),
    ]
    opened = front.app.test_client(use_cookies=False)
    for headers, body, error, status in wrong:
        answer = opened.post("/oauth2/token", data=body, content_type=FORM, headers=headers)
        assert (answer.status_code, (answer.json or {})["error"]) == (status, error), body
        assert answer.headers["Cache-Control"] == "no-store"
        assert ("WWW-Authenticate" in answer.headers) is (status == 401)
    by_form = f"{grant}&client_id={client['id']}&client_secret={client['key_secret']}"
    assert opened.post("/oauth2/token", data=by_form, content_type=FORM).status_code == 200


def test_a_secret_is_replaced_without_a_gap_and_its_tokens_end_with_it(front: Front) -> None:
    client = made(front)
    path = f"/api/api-clients/{client['id']}"
    second = {**client, "key_secret": (front.ask("owner", "POST", f"{path}/secrets").json or {})["key_secret"]}
    old, new = token(front, client), token(front, second)
    first_id = client["secrets"][0]["id"]
    assert front.ask("owner", "DELETE", f"{path}/secrets/{first_id}").status_code == 200
    assert token_answer(front, client).status_code == 401
    eventually(lambda: ask(front, old, "GET", "/api/rooms").status_code == 401, what="tokens of the old secret end")
    assert ask(front, new, "GET", "/api/rooms").status_code == 200


def test_a_revoked_client_asks_for_nothing_more_and_a_changed_one_by_its_new_scopes(front: Front) -> None:
    client = made(front)
    path, bearer = f"/api/api-clients/{client['id']}", token(front, client)
    assert ask(front, bearer, "GET", "/api/rooms").status_code == 200
    front.ask("owner", "PATCH", path, json={"scopes": ["sessions:read"]})
    eventually(lambda: ask(front, bearer, "GET", "/api/rooms").status_code == 403, what="the scope is gone")
    assert front.ask("owner", "DELETE", path).status_code == 200
    eventually(lambda: ask(front, bearer, "GET", "/api/sessions").status_code == 401, what="the client is gone")
    assert token_answer(front, client).status_code == 401
    listed = (front.ask("owner", "GET", "/api/api-clients").json or {})["items"]
    assert client["id"] not in [each["id"] for each in listed]


def test_a_client_of_one_clinic_sees_and_changes_nothing_of_another(front: Front) -> None:
    north, south = add_clinic(front, "North"), add_clinic(front, "South")
    bearer = token(front, made(front, [*ROOMS, "organisation:read", "waiting:read"], clinic_ids=[north]))
    own = ask(front, bearer, "POST", "/api/rooms", json={"name": "North room"})
    assert own.status_code == 201
    assert (own.json or {})["clinic_id"] == north
    made_south = front.ask("owner", "POST", "/api/rooms", json={"name": "South room", "clinic_id": south})
    other = f"/api/rooms/{(made_south.json or {})['id']}"
    own_id, other_id = (own.json or {})["id"], (made_south.json or {})["id"]
    planned = {"local_start": "2027-07-01T10:00", "zone": "UTC", "minutes": 30}
    host = front.ours.owner.id
    book = {"planned": planned, "host_member_ids": [host]}
    foreign = front.ask("owner", "POST", "/api/sessions", json={"room_id": other_id, **book, "override": True})
    session = f"/api/sessions/{(foreign.json or {})['id']}"

    assert [room["id"] for room in (ask(front, bearer, "GET", "/api/rooms").json or {})["items"]] == [own_id]
    assert [each["id"] for each in (ask(front, bearer, "GET", "/api/organisation").json or {})["clinics"]] == [north]
    for method, path, body in (
        ("GET", other, None), ("PATCH", other, {"name": "Mine"}), ("DELETE", other, None), ("POST", f"{other}/link", None),
        ("GET", f"{other}/callers", None), ("GET", session, None), ("PATCH", session, {"title": "Mine"}),
        ("POST", f"{session}/cancel", {}), ("POST", "/api/sessions", {"room_id": other_id, **book}),
    ):  # fmt: skip
        more = {"json": body} if body is not None else {}
        assert ask(front, bearer, method, path, **more).status_code == 404, f"{method} {path}"
    for path, body in (
        ("/api/rooms", {"name": "x", "clinic_id": south}),
        (f"/api/rooms/{own_id}", {"clinic_id": south}),
    ):
        method = "POST" if path == "/api/rooms" else "PATCH"
        assert ask(front, bearer, method, path, json=body).status_code == 422
    booked = ask(front, bearer, "POST", "/api/sessions", json={"room_id": own_id, **book, "override": True})
    assert booked.status_code == 201, booked.text
    listed = ask(
        front, bearer, "GET", "/api/sessions?starts_from=2027-07-01T00:00:00Z&starts_until=2027-07-02T00:00:00Z"
    )
    assert [each["id"] for each in (listed.json or {})["items"]] == [(booked.json or {})["id"]]
    assert ask(front, bearer, "GET", "/api/settings/rooms").status_code == 403


def test_who_does_not_run_the_organisation_makes_no_client_and_nobody_one_of_a_foreign_clinic(front: Front) -> None:
    asked = {"name": "x", "scopes": ROOMS}
    for who in ("provider", "coordinator", "reporter"):
        assert front.ask(who, "POST", "/api/api-clients", json=asked).status_code == 403
    assert front.ask(NOBODY, "GET", "/api/api-clients").status_code == 401
    theirs = {**asked, "clinic_ids": [front.theirs.ids["clinic_id"]]}
    assert front.ask("admin", "POST", "/api/api-clients", json=theirs).status_code == 422
    assert front.ask("admin", "POST", "/api/api-clients", json={**asked, "scopes": ["scim"]}).status_code == 422
    reaching = {"name": "x", "scopes": ["events:read"], "clinic_ids": [front.ours.ids["clinic_id"]]}
    assert front.ask("admin", "POST", "/api/api-clients", json=reaching).status_code == 422


def test_a_network_that_tries_wrong_secrets_waits_and_the_program_elsewhere_does_not(front: Front) -> None:
    client = made(front, ["rooms:read"])
    opened = front.app.test_client(use_cookies=False)

    def tried(secret: str, network: str) -> TestResponse:
        form = {"grant_type": "client_credentials"}
        environ = {"REMOTE_ADDR": network}
        return opened.post("/oauth2/token", data=form, headers=basic(client["id"], secret), environ_base=environ)

    # 100 at once, and one more in 30 s: however slow the machine, it comes
    wrong = (tried("hckey_wrong", "198.51.100.7") for _ in range(1000))
    slowed = next(answer for answer in wrong if answer.status_code != 401)
    assert (slowed.status_code, (slowed.json or {})["error"]) == (429, "slow_down")
    assert int(slowed.headers["Retry-After"]) > 0
    assert tried(client["key_secret"], "203.0.113.9").status_code == 200
