"""What scanners of mail do to a personal link: look, in every way they have. It changes nothing but that a machine has looked."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from contracts import invitations, waiting
from gateway.wrong_links import AT_ONCE
from plumbing.ids import new_id
from plumbing.keys import read_secret
from services.invitations.links import token_of
from tests.patience import eventually
from tests.wiring.front import GUEST, NOBODY, Front
from tests.wiring.one_service import Stage

pytest_plugins = ["tests.wiring.front_fixtures"]

SCANNERS: list[dict[str, str]] = [
    {"User-Agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) BarracudaCentral/2.1"},
    {"User-Agent": "Mozilla/5.0 (compatible; Microsoft Office Existence Discovery)"},
    {"User-Agent": "Mozilla/5.0 (compatible; proofpoint; urldefense)"},
    {"User-Agent": "Mozilla/5.0 (compatible; Mimecast)"},
    {"User-Agent": "GoogleImageProxy", "Via": "1.1 google"},
    {"User-Agent": "Mozilla/5.0 (iPhone) AppleWebKit/605.1.15", "Purpose": "prefetch", "Sec-Purpose": "prefetch;prerender"},
    {"User-Agent": "Slackbot-LinkExpanding 1.0"},
    {"User-Agent": "curl/8.5.0"},
    {},
]  # fmt: skip


@pytest.fixture(scope="module")
def invited(every: Stage, front: Front) -> dict[str, Any]:
    """An invitation of one, with its `token`."""
    asked = {"room_id": front.ours.room["id"], "recipients": f"{new_id()}@example.com"}
    sent = every.ask(invitations.SEND_INVITATION, asked, front.ours.owner, timeout=20.0, command_id=new_id())
    folder = Path(every.environment("invitations", 0)["ACTOR_PUBLIC_KEYS"]).parent
    key = read_secret(str(folder / "link.key"))
    return {**sent["invitation"], "token": token_of(key, sent["invitation"]["recipients"][0]["id"], 1)}


def kept(every: Stage, front: Front, invited: dict[str, Any]) -> dict[str, Any]:
    """The invitation as it is now, without what the delivery of its mail changes meanwhile."""
    found = every.ask(invitations.GET_INVITATION, {"invitation_id": invited["id"]}, front.ours.owner)
    (person,) = found["recipients"]
    return {name: person[name] for name in ("id", "link_state", "opened", "arrived_at") if name in person}


def waits(every: Stage, front: Front) -> list[dict[str, Any]]:
    listed = every.ask(waiting.LIST_CALLERS, {"room_id": front.ours.room["id"]}, front.ours.owner)
    return list(listed["items"])


def test_a_hundred_looks_by_scanners_change_nothing_but_that_a_machine_looked(
    every: Stage, front: Front, invited: dict[str, Any]
) -> None:
    before, inside = kept(every, front, invited), waits(every, front)
    looks = [
        (method, path, scanner)
        for method in ("GET", "HEAD")
        for path in (f"/join/{invited['token']}", f"/api/join/{invited['token']}")
        for scanner in SCANNERS
    ]
    barrier = threading.BoundedSemaphore(10)

    def look(number: int) -> int:
        method, path, scanner = looks[number % len(looks)]
        with barrier:
            return front.ask(NOBODY, method, path, headers=scanner).status_code

    with ThreadPoolExecutor(10) as crowd:
        assert set(crowd.map(look, range(100))) == {200}
    after = eventually(lambda: kept(every, front, invited), lambda now: now["opened"] == "machine", what="it is noted")
    assert after == {**before, "opened": "machine"}
    assert waits(every, front) == inside, "nobody waits who only looked"


def test_nothing_that_looks_can_join(front: Front, invited: dict[str, Any]) -> None:
    for method in ("GET", "HEAD"):
        for place in ("arrivals", "opened"):
            assert front.ask(NOBODY, method, f"/api/join/{invited['token']}/{place}").status_code in (404, 405)


def test_links_that_never_were_are_told_from_each_other_by_nothing(front: Front, invited: dict[str, Any]) -> None:
    wrong = ["A" * len(invited["token"]), invited["token"][::-1], "qzv-qzv", "A" * 300]
    said = []
    for token in wrong:
        answer = front.ask(NOBODY, "GET", f"/join/{token}")
        said.append((answer.status_code, answer.data.replace(token.encode(), b"")))
    assert {status for status, _ in said} == {404}
    assert len({body for _, body in said}) == 1


def test_whoever_tries_many_links_is_asked_to_wait_and_a_known_device_behind_the_same_address_is_not(
    front: Front, invited: dict[str, Any]
) -> None:
    there = {"REMOTE_ADDR": "192.0.2.77"}

    def get(path: str, who: str = NOBODY) -> TestResponse:
        return front.ask(who, "GET", path, environ_overrides=there)

    statuses = [get(f"/api/join/room/reception-{number:07d}").status_code for number in range(AT_ONCE)]
    assert set(statuses) == {404}
    path = f"/api/join/{invited['token']}"
    # a few more, for what came back meanwhile
    refused = next(answer for number in range(AT_ONCE) if (answer := get(f"/api/join/a{number}")).status_code == 429)
    assert int(refused.headers["Retry-After"]) >= 1
    assert get(f"/join/{invited['token']}").status_code == 200, "the page itself says it"
    assert get(path, GUEST).status_code == 200


def test_a_person_opens_the_link_that_scanners_looked_at_and_a_revoked_one_stops_at_once(
    every: Stage, front: Front, invited: dict[str, Any]
) -> None:
    opened = front.ask(NOBODY, "POST", f"/api/join/{invited['token']}/opened", json={})
    assert opened.status_code == 204, opened.text
    assert kept(every, front, invited)["opened"] == "person"
    asked = {"invitation_id": invited["id"], "recipient_id": invited["recipients"][0]["id"]}
    every.ask(invitations.REVOKE_LINK, asked, front.ours.owner, command_id=new_id())
    for path in (f"/join/{invited['token']}", f"/api/join/{invited['token']}"):
        assert front.ask(NOBODY, "GET", path).status_code == 410
    arrival = front.ask(NOBODY, "POST", f"/api/join/{invited['token']}/arrivals", json={"display_name": "Mia"})
    assert arrival.status_code == 410
