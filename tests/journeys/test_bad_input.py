"""What bad input gets: a clear answer, and nothing half done."""

import uuid

import pytest

from tests.journeys.client import Mailbox, Member, Visitor, address


def test_a_malformed_body_names_its_field(provider: Member) -> None:
    answer = provider.request("POST", "/api/invitations", {"room_id": "nope", "recipients": "a@example.com"})
    assert answer.status_code == 422
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/room_id"]


def test_json_that_is_none_is_a_plain_400(provider: Member) -> None:
    answer = provider.http.post(
        provider.base + "/api/invitations", data="{", headers={"Content-Type": "application/json"}, timeout=10
    )
    assert answer.status_code == 400
    assert answer.headers["Content-Type"].startswith("application/problem+json")


def test_who_is_not_signed_in_is_asked_to(visitor: Visitor) -> None:
    answer = visitor.request("GET", "/api/rooms")
    assert answer.status_code == 401


def test_a_room_that_is_not_yours_is_not_found(provider: Member) -> None:
    assert provider.request("GET", f"/api/rooms/{uuid.uuid4()}").status_code == 404


@pytest.mark.parametrize("path", ["/join/" + "x" * 32, "/join/room/no-such-room", "/join/%00"])
def test_an_unknown_link_is_a_plain_page_that_says_what_to_do(visitor: Visitor, path: str) -> None:
    answer = visitor.http.get(visitor.base + path, timeout=10)
    assert answer.status_code == 404
    assert answer.headers["Content-Type"].startswith("text/html")


def test_a_revoked_link_stops_at_once_and_says_nothing_of_whose_it_was(
    provider: Member, mailbox: Mailbox, visitor: Visitor
) -> None:
    to = address()
    sent = provider.invite(provider.user_room()["id"], f"Mia Kessler <{to}>")["invitation"]
    link = mailbox.join_link(to)
    provider.post(f"/api/invitations/{sent['id']}/recipients/{sent['recipients'][0]['id']}/revoke")
    answer = visitor.http.get(link, timeout=10)
    assert answer.status_code in (404, 410)
    for word in ("Mia", "Kessler", to, provider.me["member"]["name"]):
        assert word not in answer.text


def test_a_frame_that_is_none_gets_an_error_and_the_connection_lives(provider: Member) -> None:
    screen = provider.live()
    for nonsense in ("{", "[]", '"x"', '{"type": 7}', '{"type":"dance"}', '{"type":"subscribe","topic":[1]}'):
        screen.send(nonsense)
        assert screen.wait_for(lambda frame: frame["type"] == "error", f"an error for {nonsense}")
    assert screen.ask(type="subscribe", topic="rooms")["type"] == "snapshot"


def test_a_topic_of_somebody_elses_room_is_refused(provider: Member) -> None:
    answer = provider.live().ask(type="subscribe", topic=f"room:{uuid.uuid4()}")
    assert answer["type"] == "error"
    assert answer["problem"]["status"] == 404


def test_a_change_from_another_site_is_refused(provider: Member) -> None:
    provider.http.headers.pop("X-Housecall")
    answer = provider.request(
        "POST",
        "/api/rooms",
        {"name": "Trap"},
        headers={"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
    )
    assert answer.status_code == 403
