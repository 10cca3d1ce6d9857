"""The Session API v1 as an existing client of others uses it: a base URL, Basic, a form, dates of RFC 1123, and nothing of ours."""

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from authlib.integrations.requests_client import OAuth2Session

from tests.journeys.client import Member, Visitor, eventually

FLAGS = ["return-url;https://clinic.example/done", "return-label;Back to the clinic"]
SCOPES = ["sessions:read", "sessions:write", "waiting:read"]


class Program:
    """An integrator's client, written for somebody else's server."""

    def __init__(self, base: str, key: str, secret: str) -> None:
        self.base, self._known = f"{base}/v1", (key, secret)
        self.grant = self.token(grant_type="client_credentials").json()

    def token(self, **form: str) -> requests.Response:
        return requests.post(f"{self.base}/auth/token", data=form, auth=self._known, timeout=20)

    def ask(self, method: str, path: str, body: Any = None, **query: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.grant['access_token']}"}
        return requests.request(method, self.base + path, json=body, params=query, headers=headers, timeout=20)

    def get(self, path: str, **query: Any) -> Any:
        answer = self.ask("GET", path, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def send(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.ask(method, path, body)
        assert answer.status_code == 200, answer.text
        return answer.json()


def make_client(owner: Member, scopes: list[str], **more: Any) -> dict[str, Any]:
    return dict(owner.post("/api/api-clients", {"name": "Other People's Bookings", "scopes": scopes, **more}))


@pytest.fixture(scope="module")
def owner(stack: dict[str, Any]) -> Iterator[Member]:
    with Member(stack, "owner") as member:
        yield member


@pytest.fixture(scope="module")
def program(stack: dict[str, Any], owner: Member) -> Iterator[Program]:
    made = make_client(owner, SCOPES)
    yield Program(stack["base_url"], made["id"], made["key_secret"])
    owner.request("DELETE", f"/api/api-clients/{made['id']}")


def at(minutes: int) -> str:
    """So many minutes from now, as the API writes dates."""
    return format_datetime(datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=minutes), usegmt=True)


def session(program: Program, *people: dict[str, Any], begins: int = 600, **more: Any) -> dict[str, Any]:
    body = {"session_name": "Check-up", "start_time": at(begins), "end_time": at(begins + 30), **more}
    return dict(program.send("POST", "/sessions", {**body, "participants": list(people), "unknown_field": 1}))


def test_a_token_decodes_without_our_key_and_can_be_refreshed(program: Program, owner: Member) -> None:
    grant = program.grant
    assert grant["token_type"] == "Bearer"
    assert grant["scope"].split() == SCOPES
    body = grant["access_token"].split(".")[1]
    assert json.loads(base64.urlsafe_b64decode(body + "=="))["userId"] == owner.me["member"]["id"]
    again = program.token(grant_type="refresh_token", refresh_token=grant["refresh_token"]).json()
    assert again["expires_in"] > 0
    assert again["access_token"] != grant["access_token"]
    for form, error in (
        ({"grant_type": "refresh_token", "refresh_token": grant["access_token"]}, "invalid_grant"),
        ({"grant_type": "authorization_code", "code": "x"}, "invalid_grant"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
    ):
        refused = program.token(**form)
        assert (refused.status_code, refused.json()["error"]) == (400, error)


def test_a_library_that_knows_oauth_fetches_a_token_and_asks(
    program: Program, stack: dict[str, Any], owner: Member
) -> None:
    made = make_client(owner, ["rooms:read"])
    with OAuth2Session(made["id"], made["key_secret"], token_endpoint_auth_method="client_secret_basic") as library:
        library.fetch_token(f"{stack['base_url']}/oauth2/token", grant_type="client_credentials", scope="rooms:read")
        assert library.get(f"{stack['base_url']}/api/rooms").json()["items"]
    owner.request("DELETE", f"/api/api-clients/{made['id']}")


def test_a_session_is_made_changed_found_and_cancelled(program: Program, owner: Member) -> None:
    made = session(program, picture="https://example.com/a.png", feature_flags=["return-url;https://example.com"])
    assert made["team_id"] == program.get("/user/team")["team_id"]
    assert made["participants"] == []
    path, began = f"/sessions/{made['session_id']}", made["start_time"]
    assert program.get(path) == made
    later = program.send("PUT", path, {"session_name": "Longer", "end_time": at(700)})
    assert (later["session_name"], later["start_time"]) == ("Longer", began)
    assert later["picture"] == made["picture"]

    def in_the_calendar() -> list[dict[str, Any]]:
        found = owner.get("/api/sessions")["items"]
        return [each for each in found if each["id"] == made["session_id"]]

    (shown,) = in_the_calendar()
    assert shown["title"] == "Longer"
    assert datetime.fromisoformat(shown["planned"]["starts_at"]) == parsedate_to_datetime(began)
    assert program.send("DELETE", path) == {"ok": True}
    assert program.ask("GET", path).status_code == 404
    assert in_the_calendar()[0]["state"] == "cancelled"


def test_a_participants_entry_url_opens_the_call_for_them_alone(program: Program, stack: dict[str, Any]) -> None:
    made = session(
        program,
        {"display_name": "Mia", "role": "Guest", "state": "checked"},
        {"role": "HOST"},
        begins=5,
        feature_flags=FLAGS,
    )
    mia, host = made["participants"]
    assert (mia["role"], mia["state"], mia["session_id"]) == ("GUEST", "checked", made["session_id"])
    parsedate_to_datetime(mia["created"])
    token = urlsplit(mia["entry_url"]).path.rpartition("/")[2]
    for _ in range(3):
        # a scanner looks, again and again
        assert requests.get(mia["entry_url"], timeout=20).status_code == 200
    with Visitor(stack) as guest, Member(stack, "provider") as provider:
        hello = guest.get(f"/api/join/{token}")
        assert (hello["invited_name"], hello["title"]) == ("Mia", "Check-up")
        assert (hello["return_url"], hello["return_label"]) == ("https://clinic.example/done", "Back to the clinic")
        caller = guest.post(f"/api/join/{token}/arrivals", {"display_name": "Mia"})
        assert caller["session_id"] == made["session_id"]
        waiting = eventually(
            lambda: [each["id"] for each in provider.get("/api/callers")["items"]],
            lambda ids: caller["id"] in ids,
            "the host sees who waits",
        )
        assert waiting
        team = f"/waiting/{made['team_id']}"
        (call,) = [each for each in program.get(team) if each["callId"] == caller["id"]]
        assert (call["sessionId"], call["callType"], call["answeredAt"]) == (made["session_id"], "video", None)
        assert json.loads(call["details"]) == {"name": "Mia"}
        assert call in program.get(f"{team}/queue/{call['waitingQueueId']}")
        assert provider.post(f"/api/callers/{caller['id']}/accept")["state"] == "admitted"
        answered = program.get(f"{team}/calls/{caller['id']}")
        parsedate_to_datetime(answered["answeredAt"])
        assert call["callId"] not in [each["callId"] for each in program.get(team)]
        assert (
            program.ask("GET", f"{team[:-1]}{'0' if team[-1] != '0' else '1'}/calls/{caller['id']}").status_code == 404
        )
        as_host = guest.get(f"/api/join/{urlsplit(host['entry_url']).path.rpartition('/')[2]}")
        assert as_host["sign_in_for"].startswith("/rooms/")
        guest.post("/api/caller/leave")

        def left() -> dict[str, Any]:
            (visit, _) = program.get(f"/sessions/{made['session_id']}/summary")["participants"]
            return visit["exit_time"] or {}

        parsedate_to_datetime(eventually(left, bool, "the summary says when she left")["left_at"])


def test_participants_come_change_and_go_for_good(program: Program) -> None:
    path = f"/sessions/{session(program)['session_id']}"
    one = program.send("POST", f"{path}/participants", {"role": "participant", "display_name": "Ben", "extra": {}})
    changed = program.send("PUT", f"/participants/{one['participant_id']}", {"state": "arrived"})
    assert (changed["state"], changed["display_name"], changed["role"]) == ("arrived", "Ben", "PARTICIPANT")
    assert program.get(f"{path}/participants") == [changed]
    assert [each["session_id"] for each in program.get("/sessions", state="arrived")["content"]] == [path[10:]]
    assert program.send("DELETE", f"/participants/{one['participant_id']}") == {"ok": True}
    assert program.get(f"{path}/participants") == []
    assert program.ask("GET", f"/participants/{one['participant_id']}").status_code == 404
    (removed,) = program.get(f"{path}/participants", deleted_participants="true")
    assert removed["deleted_at"]
    assert requests.get(one["entry_url"], timeout=20).status_code in (404, 410)
    summary = program.get(f"{path}/summary", deleted_participants="true")
    assert [(each["participant_id"], each["entry_time"]) for each in summary["participants"]] == [
        (one["participant_id"], None)
    ]


def test_the_list_has_pages_an_order_and_bounds(stack: dict[str, Any], owner: Member) -> None:
    made = make_client(owner, SCOPES)
    other = Program(stack["base_url"], made["id"], made["key_secret"])
    ids = [session(other, begins=begins)["session_id"] for begins in (900, 600, 800)]

    def listed(**query: Any) -> tuple[list[str], bool]:
        found = other.get("/sessions", **query)
        return [each["session_id"] for each in found["content"]], found["more"]

    assert listed() == (ids, False)
    assert listed(page_size=2) == (ids[:2], True)
    assert listed(page_size=2, page=1) == (ids[2:], False)
    assert listed(order="reverse") == (ids[::-1], False)
    assert listed(start_time=at(1)) == ([ids[1], ids[2], ids[0]], False)
    assert listed(start_time=at(700), end_time=at(850)) == ([ids[2]], False)
    other.send("DELETE", f"/sessions/{ids[0]}")
    assert listed() == (ids[1:], False)
    assert listed(include_canceled="true") == (ids, False)
    owner.request("DELETE", f"/api/api-clients/{made['id']}")


def test_another_client_is_refused_what_it_did_not_make(program: Program, stack: dict[str, Any], owner: Member) -> None:
    foreign = session(program, {"role": "guest"})
    made = make_client(owner, SCOPES)
    other = Program(stack["base_url"], made["id"], made["key_secret"])
    person = f"/participants/{foreign['participants'][0]['participant_id']}"
    path = f"/sessions/{foreign['session_id']}"
    for method, address, body in (
        ("GET", path, None), ("PUT", path, {"session_name": "Mine"}), ("DELETE", path, None),
        ("GET", f"{path}/participants", None), ("POST", f"{path}/participants", {"role": "guest"}), ("GET", person, None),
        ("PUT", person, {"state": "mine"}), ("DELETE", person, None), ("GET", f"{path}/summary", None),
    ):  # fmt: skip
        assert other.ask(method, address, body).status_code == 403, f"{method} {address}"
    assert other.get("/sessions")["content"] == []
    owner.request("DELETE", f"/api/api-clients/{made['id']}")


def test_a_session_whose_people_are_refused_is_not_made(program: Program, owner: Member) -> None:
    good = {"session_name": "Half-made", "start_time": at(60), "end_time": at(90)}
    for people in ([{"role": "guest"}, {"role": "guest", "state": "x" * 3000}], [{"role": "guest"}] * 101):
        assert program.ask("POST", "/sessions", {**good, "participants": people}).status_code == 400
    assert "Half-made" not in [each["title"] for each in owner.get("/api/sessions")["items"]]


def test_every_refusal_is_json_with_its_own_status(program: Program) -> None:
    good = {"session_name": "x", "start_time": at(60), "end_time": at(90)}
    wrong: list[tuple[str, str, Any, int]] = [
        ("POST", "/sessions", {**good, "session_name": None}, 400),
        ("POST", "/sessions", {**good, "start_time": "2026-11-30T10:00:00Z"}, 400),
        ("POST", "/sessions", {**good, "start_time": at(-5)}, 400),
        ("POST", "/sessions", {**good, "end_time": at(30)}, 400),
        ("POST", "/sessions", {**good, "participants": [{"display_name": "nobody says as what"}]}, 400),
        ("POST", "/sessions", [], 400),
        ("GET", "/sessions?page=x", None, 400),
        ("GET", "/sessions/01a207e2-60f6-733a-b7d3-bd6f9115c4fd", None, 404),
        ("GET", "/sessions/nothing", None, 404),
        ("GET", "/nothing", None, 404),
        ("GET", "/", None, 404),
        ("PATCH", "/sessions", {}, 405),
    ]
    for method, path, body, status in wrong:
        answer = program.ask(method, path, body)
        assert answer.status_code == status, f"{method} {path} {answer.text}"
        assert answer.json()["message"]
    nobody = requests.get(f"{program.base}/sessions", timeout=20)
    assert (nobody.status_code, nobody.json()["ok"]) == (401, False)
