"""Somebody is invited by a text, comes in by its link, and wants no more of them; a mail comes back."""

import re
from typing import Any

import requests

from plumbing.ids import new_id
from tests.journeys.client import Guest, Member, address
from tests.patience import eventually


def text_to(stack: dict[str, Any], number: str) -> dict[str, Any]:
    url, asked = f"{stack['sms_url']}/texts.json", {"to": number, "wait": "20"}
    found = requests.get(url, params=asked, timeout=30).json()
    assert found, "no text came"
    return dict(found[0])


def recipient(provider: Member, invitation: dict[str, Any]) -> dict[str, Any]:
    return dict(provider.get(f"/api/invitations/{invitation['id']}")["recipients"][0])


def test_a_client_comes_in_by_a_text_and_gets_none_after_stop(stack: dict[str, Any], provider: Member) -> None:
    number = f"+49170{int(new_id()[-6:], 16) % 9_000_00 + 1_000_00}9"
    room = provider.user_room()
    sent = provider.invite(room["id"], f"Mia K. <{number}>")["invitation"]
    text = text_to(stack, number)
    eventually(lambda: recipient(provider, sent)["reported"], lambda said: said == "delivered", "the provider's report")
    link = re.search(r"https?://\S+/join/[\w-]{32}", text["body"])
    assert link
    with Guest(stack, link[0]) as guest:
        assert guest.hello()["invited_name"] == "Mia K."
        caller = guest.arrive("Mia")
        eventually(lambda: recipient(provider, sent)["arrived_at"], bool, "the arrival")
        provider.post(f"/api/callers/{caller['id']}/refuse", {})
    answered = requests.post(f"{stack['sms_url']}/texts/{text['id']}/reply", data={"body": "STOP"}, timeout=30)
    assert answered.status_code == 200
    [verdict] = provider.invite(room["id"], number)["verdicts"]
    assert not verdict["accepted"]
    assert "asked not to be texted" in verdict["reason"]


def test_a_mail_that_comes_back_is_seen_as_bounced(provider: Member) -> None:
    to = address().replace("@", "+returned@")
    sent = provider.invite(provider.user_room()["id"], to)["invitation"]
    found = eventually(lambda: recipient(provider, sent), lambda one: one["reported"] == "bounced", "the report")
    assert (found["delivery"], found["delivery_problem"]) == ("refused", "no_mailbox")
