"""Somebody closes the page and is texted when it is nearly their turn: by real texts into the sink of the development."""

import re
from typing import Any

from plumbing.ids import new_id
from tests.journeys.client import Guest, Member, eventually
from tests.journeys.test_texts import text_to


def number() -> str:
    return f"+49170{int(new_id()[-6:], 16) % 9_000_00 + 1_000_00}7"


def test_a_place_is_kept_without_the_page_and_a_text_brings_its_owner_back(
    stack: dict[str, Any], owner: Member
) -> None:
    room = owner.post("/api/rooms", {"name": f"Texts {new_id()[-8:]}"})
    link = f"/join/room/{room['link']}"
    own = f"/api/caller/text-me?link=room/{room['link']}"
    with Guest(stack, link) as first, Guest(stack, link) as second, Guest(stack, link) as mia:
        ahead = [first.arrive("First")["id"], second.arrive("Second")["id"]]
        pages = [guest.live() for guest in (first, second)]
        assert all(each.ask(type="subscribe", topic="caller")["type"] == "snapshot" for each in pages)
        mia_id = mia.arrive("Mia Keller")["id"]
        page = mia.live()
        assert page.ask(type="subscribe", topic="caller")["type"] == "snapshot"
        assert mia.get(own)["offered"]
        wrong = mia.request("POST", own, {"number": "+49 30 1234"})
        assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/number")

        to = number()
        waits = mia.post(own, {"number": to})
        assert waits["text_me"]["number_ends"] == to[-3:]
        assert mia.request("POST", own, {"number": to}).status_code == 429
        code = re.search(r"\b\d{6}\b", text_to(stack, to)["body"])
        assert code
        assert mia.request("POST", own.replace("text-me", "text-me/code"), {"code": "000000"}).status_code == 422
        waits = mia.post(own.replace("text-me", "text-me/code"), {"code": code[0]})
        assert waits["text_me"]["confirmed_at"]
        assert owner.get(f"/api/callers/{mia_id}")["text_me"]["number_ends"] is None

        page.close()
        eventually(lambda: owner.get(f"/api/callers/{mia_id}")["connected"], lambda there: not there, "she is away")
        owner.post(f"/api/callers/{ahead[0]}/refuse", {})

        def said() -> str:
            return str(text_to(stack, to)["body"])

        back = eventually(said, lambda body: f"{stack['base_url']}{link}" in body, "she is texted", seconds=30)
        assert code[0] not in back
        texted = eventually(
            lambda: owner.get(f"/api/callers/{mia_id}")["text_me"], lambda wish: wish["texted_at"], "it"
        )
        assert texted["kept_until"] > texted["texted_at"]
        assert mia.arrive("Mia Keller")["id"] == mia_id
        # pressed by the staff as well, it is the same text
        assert owner.post(f"/api/callers/{mia_id}/text")["text_me"]["texted_at"] == texted["texted_at"]
        assert owner.request("POST", f"/api/callers/{ahead[1]}/text").status_code == 409
        owner.post(f"/api/callers/{mia_id}/accept", {"confirmed": True})
        assert owner.get(f"/api/callers/{mia_id}")["text_me"] is None
    owner.request("DELETE", f"/api/rooms/{room['id']}")


def test_who_changes_their_mind_stays_on_the_page(stack: dict[str, Any], owner: Member) -> None:
    room = owner.user_room()
    with Guest(stack, f"/join/room/{room['link']}") as mia:
        mia.arrive("Mia Keller")
        own = f"/api/caller/text-me?link=room/{room['link']}"
        mia.post(own, {"number": number()})
        assert mia.request("DELETE", own).json()["text_me"] is None
        mia.post("/api/caller/leave")
