"""The api process on a real broker: each address is one command of whoever asks; the services are played by the test."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from contracts import accounts, invitations, media, membership, rooms, scheduler, second_factor, signing_in, waiting
from contracts.command import Command
from contracts.errors import Conflict, LimitReached, Reused, TooMany
from plumbing.ids import new_id
from tests.patience import eventually
from tests.wiring.gateway_door import LATER, ORGANISATION, OURS, RECIPIENT, TOKEN, Door, door, member, sign_in_id
from tests.wiring.one_service import Events

A, B = new_id(), new_id()
SMITH = member("Smith", "provider")
CREDENTIALS = {"email": "smith@example.com", "password": "correct horse"}
LIMIT = {"limit": "meeting_rooms", "used": 1, "allowed": 1, "plan": "Essentials", "allowed_by": "Standard"}

# method and address → the command, and what it is asked with
ROUTES: list[tuple[str, str, dict[str, Any] | None, Command, dict[str, Any]]] = [
    ("GET", "/api/members", None, accounts.LIST_MEMBERS, {}),
    ("POST", "/api/members", {"name": "n"}, accounts.ADD_MEMBER, {"name": "n"}),
    ("GET", f"/api/members/{A}", None, accounts.GET_MEMBER, {"member_id": A}),
    ("POST", "/api/members/invites", {"email": "e"}, membership.INVITE_MEMBER, {"email": "e"}),
    ("POST", f"/api/members/{A}/invite", {}, membership.INVITE_AGAIN, {"member_id": A}),
    ("POST", "/api/me/password", {"password": "p"}, signing_in.CHANGE_PASSWORD, {"password": "p"}),
    ("POST", f"/api/members/{A}/second-factor/reset", {}, second_factor.RESET_SECOND_FACTOR, {"member_id": A}),
    ("POST", "/api/me/second-factor/confirm", {"code": "1"}, second_factor.CONFIRM_SECOND_FACTOR, {"code": "1"}),
    ("POST", "/api/me/second-factor/disable", {"password": "p"}, second_factor.DISABLE_SECOND_FACTOR, {"password": "p"}),
    ("PATCH", f"/api/members/{A}", {"role": "admin"}, membership.CHANGE_MEMBER, {"member_id": A, "role": "admin"}),
    ("POST", f"/api/members/{A}/suspend", {}, membership.SUSPEND_MEMBER, {"member_id": A}),
    ("POST", f"/api/members/{A}/restore", {}, membership.RESTORE_MEMBER, {"member_id": A}),
    ("DELETE", f"/api/members/{A}", None, membership.REMOVE_MEMBER, {"member_id": A}),
    ("GET", "/api/sign-ins", None, signing_in.LIST_SIGN_INS, {}),
    ("DELETE", f"/api/sign-ins/{A}", None, signing_in.END_SIGN_IN, {"sign_in_id": A}),
    ("DELETE", "/api/sign-ins", None, signing_in.END_OTHER_SIGN_INS, {}),
    ("GET", "/api/rooms", None, rooms.LIST_ROOMS, {}),
    ("GET", f"/api/rooms/{A}/callers", None, waiting.LIST_CALLERS, {"room_id": A}),
    ("GET", f"/api/rooms/{A}/invitations", None, invitations.LIST_INVITATIONS, {"room_id": A}),
    ("GET", f"/api/rooms/{A}/call", None, media.FIND_CALL, {"room_id": A}),
    ("POST", f"/api/rooms/{A}/link", {}, rooms.ROTATE_LINK, {"room_id": A}),
    ("POST", f"/api/rooms/{A}/owner", {"member_id": B}, rooms.HAND_OVER_ROOM, {"room_id": A, "member_id": B}),
    ("GET", "/api/plans", None, rooms.LIST_PLANS, {}),
    ("GET", "/api/plan/preview?plan=Essentials", None, rooms.PREVIEW_PLAN_CHANGE, {"plan": "Essentials"}),
    ("PUT", "/api/plan", {"plan": "Premium"}, accounts.CHANGE_PLAN, {"plan": "Premium"}),
    ("POST", "/api/invitations/check", {"recipients": "a"}, invitations.CHECK_RECIPIENTS, {"recipients": "a"}),
    ("POST", "/api/invitations", {"room_id": A, "recipients": "a"}, invitations.SEND_INVITATION, {"room_id": A, "recipients": "a"}),
    ("GET", f"/api/invitations/{A}", None, invitations.GET_INVITATION, {"invitation_id": A}),
    (
        "POST", f"/api/invitations/{A}/recipients/{B}/resend", {}, invitations.RESEND_INVITATION,
        {"invitation_id": A, "recipient_id": B},
    ),
    ("POST", f"/api/invitations/{A}/recipients/{B}/revoke", {}, invitations.REVOKE_LINK, {"invitation_id": A, "recipient_id": B}),
    ("GET", "/api/sessions?room_id=" + A, None, scheduler.LIST_SESSIONS, {"room_id": A}),
    ("POST", "/api/sessions", {"room_id": A}, scheduler.CREATE_SESSION, {"room_id": A}),
    ("GET", f"/api/sessions/{A}", None, scheduler.GET_SESSION, {"session_id": A}),
    ("POST", f"/api/sessions/{A}/cancel", {}, scheduler.CANCEL_SESSION, {"session_id": A}),
    (
        "POST", f"/api/sessions/{A}/outcome", {"outcome": "completed", "reason": "r"}, scheduler.CORRECT_OUTCOME,
        {"session_id": A, "outcome": "completed", "reason": "r"},
    ),
    ("GET", "/api/callers", None, waiting.LIST_CALLERS, {}),
    ("GET", f"/api/callers/{A}", None, waiting.GET_CALLER, {"caller_id": A}),
    ("POST", f"/api/callers/{A}/accept", {}, waiting.ACCEPT_CALLER, {"caller_id": A}),
    ("POST", f"/api/callers/{A}/refuse", {"message": "m"}, waiting.REFUSE_CALLER, {"caller_id": A, "message": "m"}),
    ("GET", f"/api/calls/{A}", None, media.GET_CALL, {"call_id": A}),
    ("POST", f"/api/calls/{A}/end", {}, media.END_CALL, {"call_id": A}),
    ("POST", f"/api/calls/{A}/participants/{B}/remove", {}, media.REMOVE_PARTICIPANT, {"call_id": A, "participant_id": B}),
]  # fmt: skip


@pytest.fixture(scope="module")
def open_door(tmp_path_factory: pytest.TempPathFactory, backing: dict[str, Any]) -> Iterator[Door]:
    from tests.backing import make_virtual_host, remove_virtual_host

    host = make_virtual_host(backing)
    with door(Path(tmp_path_factory.mktemp("gateway")), host.uri, backing["mongo_uri"]) as made:
        echoed = {command for *_, command, _ in ROUTES} - {rooms.LIST_ROOMS}
        for command in echoed:
            made.told.answer(command, lambda payload, _actor: {"echo": payload})
        made.world.room("Reception")
        made.told.answer(
            waiting.GET_CALLER,
            lambda payload, actor: (
                made.world.get_caller(payload, actor) if actor.kind == "guest" else {"echo": payload}
            ),
        )
        made.told.answer(rooms.CREATE_MEETING_ROOM, refuse_or_make)
        made.told.answer(
            rooms.GET_ENTITLEMENTS, lambda _payload, _actor: {"plan": {"name": "Premium"}, "meeting_rooms_used": 1}
        )
        made.told.answer(accounts.SIGN_OUT, lambda _payload, _actor: {"ok": True})
        made.told.answer(accounts.SIGN_IN, lambda payload, _actor: signed_in(made, payload))
        made.told.answer(waiting.LEAVE, lambda payload, _actor: {**payload, "state": "left"})
        made.told.start()
        with made.running("api"):
            yield made
    remove_virtual_host(host)


def refuse_or_make(payload: dict[str, Any], _actor: Any) -> dict[str, Any]:
    match payload["name"]:
        case "limit":
            raise LimitReached("Premium has as many as you like.", **LIMIT)
        case "conflict":
            raise Conflict("Not now.")
        case "Used before":
            raise Reused
        case "often":
            raise TooMany(retry_after_seconds=30)
    return {"name": payload["name"]}


def signed_in(made: Door, payload: dict[str, Any]) -> dict[str, Any]:
    assert payload["network"] == "127.0.0.1"
    return {"token": made.world.sign_in(SMITH), "expires_at": LATER, "member": SMITH}


@pytest.fixture
def smith(open_door: Door) -> requests.Session:
    return open_door.browser(SMITH)


def call(
    open_door: Door, browser: requests.Session, method: str, path: str, body: Any = None, **more: Any
) -> requests.Response:
    return browser.request(method, open_door.base_url + path, json=body, timeout=20, **more)


@pytest.mark.parametrize(
    ("method", "path", "body", "command", "asked"), ROUTES, ids=lambda value: getattr(value, "name", None)
)
def test_an_address_is_one_command_of_whoever_is_signed_in(
    open_door: Door, smith: requests.Session, method: str, path: str, body: Any, command: Command, asked: dict[str, Any]
) -> None:
    answer = call(open_door, smith, method, path, body)
    assert answer.ok, answer.text
    name, payload, actor = open_door.told.asked[-1]
    assert (name, payload) == (command.name, asked)
    assert (actor.kind, actor.id, actor.organisation_id, actor.roles) == ("member", SMITH["id"], OURS, ("provider",))


@pytest.mark.parametrize(
    ("method", "path", "body", "command", "asked"), ROUTES, ids=lambda value: getattr(value, "name", None)
)
def test_nothing_is_asked_for_whom_is_not_signed_in(
    open_door: Door, method: str, path: str, body: Any, command: Command, asked: dict[str, Any]
) -> None:
    before = len(open_door.told.asked)
    assert call(open_door, open_door.browser(), method, path, body).status_code == 401
    assert len(open_door.told.asked) == before


def test_signing_in_gives_a_cookie_and_keeps_the_token_from_scripts(open_door: Door) -> None:
    browser = open_door.browser()
    answer = call(open_door, browser, "POST", "/api/sign-ins", CREDENTIALS)
    assert answer.status_code == 201
    token = browser.cookies["housecall"]
    assert token not in answer.text
    assert answer.json() == {"expires_at": LATER, "member": SMITH}
    me = call(open_door, browser, "GET", "/api/me").json()
    assert (me["member"], me["organisation"]) == (SMITH, ORGANISATION)
    assert me["entitlements"]["meeting_rooms_used"] == 1


def test_signing_out_counts_at_once(open_door: Door) -> None:
    browser = open_door.browser()
    call(open_door, browser, "POST", "/api/sign-ins", CREDENTIALS)
    token = browser.cookies["housecall"]
    assert call(open_door, browser, "DELETE", "/api/sign-ins/current").status_code == 204
    assert "housecall" not in browser.cookies
    del open_door.world.members[token]
    assert call(open_door, requests.Session(), "GET", "/api/rooms", cookies={"housecall": token}).status_code == 401


def test_a_sign_in_that_ended_elsewhere_is_heard_of(open_door: Door) -> None:
    browser = open_door.browser(SMITH)
    token = browser.cookies["housecall"]
    assert call(open_door, browser, "GET", "/api/rooms").ok
    del open_door.world.members[token]
    events = Events(open_door.stage.amqp_uri, "accounts")
    events.say(
        "accounts", "sign_in.ended", f"sign_in/{A}", OURS, {"sign_in_id": sign_in_id(token), "member_id": SMITH["id"]}
    )
    # well before the ten seconds for which it would be remembered
    eventually(
        lambda: call(open_door, browser, "GET", "/api/rooms").status_code, lambda status: status == 401, seconds=5
    )
    events.close()


def test_a_refusal_comes_as_problem_details(open_door: Door, smith: requests.Session) -> None:
    answer = call(open_door, smith, "POST", "/api/rooms", {"name": "limit"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (403, "application/problem+json")
    problem = answer.json()
    assert problem["detail"] == "Premium has as many as you like."
    assert {key: problem[key] for key in LIMIT} == LIMIT
    assert call(open_door, smith, "POST", "/api/rooms", {"name": "conflict"}).status_code == 409
    often = call(open_door, smith, "POST", "/api/rooms", {"name": "often"})
    assert (often.status_code, often.headers["Retry-After"]) == (429, "30")


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [(b"{", "application/json", 400), (b"[]", "application/json", 400), (b"a=1", "application/x-www-form-urlencoded", 415),
     (b'{"name":"' + b"x" * 1_000_001 + b'"}', "application/json", 413)],
)  # fmt: skip
def test_a_bad_body_is_refused_before_anything_is_asked(
    open_door: Door, smith: requests.Session, body: bytes, content_type: str, status: int
) -> None:
    call(open_door, smith, "GET", "/api/rooms")
    before = len(open_door.told.asked)
    answer = smith.post(
        open_door.base_url + "/api/rooms", data=body, headers={"Content-Type": content_type}, timeout=20
    )
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")
    assert len(open_door.told.asked) == before


@pytest.mark.parametrize("path", ["/api/rooms/nope", "/api/rooms/7/call", "/api/nowhere", f"/api/rooms/{A.upper()}"])
def test_what_is_no_address_is_not_found(open_door: Door, smith: requests.Session, path: str) -> None:
    answer = call(open_door, smith, "GET", path)
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")


def test_a_change_from_another_sites_page_is_refused(open_door: Door, smith: requests.Session) -> None:
    headers = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    before = len(open_door.told.asked)
    assert call(open_door, smith, "POST", "/api/rooms", {"name": "x"}, headers=headers).status_code == 403
    assert len(open_door.told.asked) == before


def test_a_key_makes_a_repetition_the_same_command(open_door: Door, smith: requests.Session) -> None:
    def command_id(browser: requests.Session, key: str | None, name: str = "x") -> str:
        headers = {"Idempotency-Key": key} if key else {}
        assert call(open_door, browser, "POST", "/api/rooms", {"name": name}, headers=headers).status_code == 201
        return open_door.told.command_ids[-1]

    for key in (new_id(), "order 17"):
        assert command_id(smith, key) == command_id(smith, key)
        assert command_id(smith, key) != command_id(smith, key + "b")
        other = open_door.browser(member("Jones", "provider"))
        assert command_id(smith, key) != command_id(other, key)
    assert command_id(smith, None) != command_id(smith, None)


def test_a_key_in_quotes_is_the_same_key(open_door: Door, smith: requests.Session) -> None:
    seen = set()
    for key in ("invoice-7", '"invoice-7"'):
        call(open_door, smith, "POST", "/api/rooms", {"name": "x"}, headers={"Idempotency-Key": key})
        seen.add(open_door.told.command_ids[-1])
    assert len(seen) == 1


@pytest.mark.parametrize("key", ["", '""', "k" * 256, "a, b", 'half"', '"half', "back\\slash", "sch\u00f6n".encode()])
def test_a_key_that_is_none_is_a_plain_400_and_nothing_is_done(
    open_door: Door, smith: requests.Session, key: str | bytes
) -> None:
    call(open_door, smith, "GET", "/api/rooms")
    before = len(open_door.told.asked)
    answer = call(open_door, smith, "POST", "/api/rooms", {"name": "x"}, headers={"Idempotency-Key": key})
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json")
    assert len(open_door.told.asked) == before


def test_a_key_that_was_used_for_another_body_is_422(open_door: Door, smith: requests.Session) -> None:
    answer = call(open_door, smith, "POST", "/api/rooms", {"name": "Used before"}, headers={"Idempotency-Key": "k1"})
    assert (answer.status_code, answer.json()["type"]) == (422, "/docs/errors#reused")


def test_a_guest_arrives_by_their_link_and_is_known_again(open_door: Door) -> None:
    phone = open_door.browser()
    hello = call(open_door, phone, "GET", f"/api/join/{TOKEN}").json()
    assert (hello["organisation_name"], hello["sender_name"], hello["title"]) == (
        "Example Health",
        "Dr Smith",
        "First call",
    )
    arrived = call(open_door, phone, "POST", f"/api/join/{TOKEN}/arrivals", {"display_name": "Mia"})
    assert arrived.status_code == 201
    name, payload, actor = open_door.told.asked[-1]
    assert (name, payload["invited_name"], payload["display_name"]) == ("waiting.arrive", "Mia Kessler", "Mia")
    assert (actor.kind, actor.id, actor.recipient_id) == ("guest", RECIPIENT, RECIPIENT)
    own = call(open_door, phone, "GET", "/api/caller", params={"link": TOKEN})
    assert own.json()["id"] == arrived.json()["id"]
    again = call(open_door, phone, "POST", f"/api/join/{TOKEN}/arrivals", {"display_name": "Mia"})
    assert again.json()["device_id"] == arrived.json()["device_id"]
    assert call(open_door, phone, "POST", f"/api/join/{TOKEN}/opened", {}).status_code == 204
    assert open_door.told.asked[-1][1] == {"token": TOKEN, "seen_by": "person"}


def test_a_guest_by_a_room_link_has_a_place_of_their_own_beside(open_door: Door) -> None:
    room = open_door.world.room(f"Room{new_id()[-6:]}")
    phone = open_door.browser()
    first = call(open_door, phone, "POST", f"/api/join/{TOKEN}/arrivals", {"display_name": "Mia"}).json()
    link = f"room/{room['link']}"
    assert call(open_door, phone, "GET", f"/api/join/{link}").json()["room_name"] == room["name"]
    second = call(open_door, phone, "POST", f"/api/join/{link}/arrivals", {"display_name": "Omar"}).json()
    assert open_door.told.asked[-1][2].recipient_id is None
    assert call(open_door, phone, "GET", "/api/caller", params={"link": TOKEN}).json()["id"] == first["id"]
    assert call(open_door, phone, "GET", "/api/caller", params={"link": link}).json()["id"] == second["id"]
    assert call(open_door, phone, "GET", "/api/caller").status_code == 409
    left = call(open_door, phone, "POST", "/api/caller/leave", {}, params={"link": link})
    assert left.json() == {"caller_id": second["id"], "state": "left"}


def test_who_has_no_link_is_nobody(open_door: Door) -> None:
    assert call(open_door, open_door.browser(), "GET", "/api/caller").status_code == 401
    assert call(open_door, open_door.browser(), "GET", "/api/join/" + "x" * 32).status_code == 404
    assert call(open_door, open_door.browser(SMITH), "GET", "/api/caller").status_code == 401


def test_a_guest_is_no_member(open_door: Door) -> None:
    phone = open_door.browser()
    call(open_door, phone, "POST", f"/api/join/{TOKEN}/arrivals", {"display_name": "Mia"})
    assert call(open_door, phone, "GET", "/api/rooms").status_code == 401
    assert call(open_door, phone, "POST", f"/api/callers/{A}/accept", {}).status_code == 401


def test_neither_links_nor_names_nor_tokens_are_logged(open_door: Door) -> None:
    browser = open_door.browser()
    call(open_door, browser, "POST", "/api/sign-ins", CREDENTIALS)
    call(open_door, browser, "POST", f"/api/join/{TOKEN}/arrivals", {"display_name": "Mia Secret"})
    browser.get(f"{open_door.base_url}/join/{TOKEN}", timeout=20)
    log = open_door.log_of("api").read_text()
    assert '"/api/join/…/arrivals"' in log
    for secret in (TOKEN, "Mia", CREDENTIALS["password"], CREDENTIALS["email"], browser.cookies["housecall"]):
        assert secret not in log


@pytest.mark.parametrize(
    "path", ["/api/rooms", "/api/openapi.json", "/api/docs", "/docs/errors", "/sign-in", "/healthz"]
)
def test_every_answer_says_how_it_may_be_used(open_door: Door, smith: requests.Session, path: str) -> None:
    headers = call(open_door, smith, "GET", path).headers
    policy = headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Referrer-Policy" in headers
    assert "camera=(self)" in headers["Permissions-Policy"]


def test_what_is_read_about_people_is_not_kept_by_browsers(open_door: Door, smith: requests.Session) -> None:
    assert "no-store" in call(open_door, smith, "GET", "/api/rooms").headers["Cache-Control"]


def test_the_description_is_openapi(open_door: Door) -> None:
    from openapi_spec_validator import validate

    document = requests.get(open_door.base_url + "/api/openapi.json", timeout=20).json()
    validate(document)
    assert document["openapi"] == "3.1.0"
    text = json.dumps(document["components"]["responses"])
    assert "application/problem+json" in text
    assert '"application/json"' not in text
