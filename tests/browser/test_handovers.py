"""A warm handover from the pages alone: offered with a note, met, and brought in; everybody recognised by decoded pictures."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from deploy.demo.people import button
from tests.browser import pages
from tests.browser.conftest import GALLERY, NewPage, signed_in
from tests.browser.pages import Scene
from tests.journeys.client import Mailbox, Member, eventually

# how many people's pictures are decoded on this page now
OTHERS = """() => [...document.querySelectorAll('video')].filter(
  video => !video.muted && video.videoWidth > 0 && video.getVideoPlaybackQuality().totalVideoFrames > 2).length"""
NOTE = "Rash on her hand since Monday.\nNo fever."


@pytest.fixture
def scene(stack: dict[str, Any], provider: Member, mailbox: Mailbox) -> Scene:
    return Scene(stack, provider, mailbox)


@pytest.fixture
def client(new_page: NewPage, scene: Scene) -> Iterator[Page]:
    """Somebody on a phone, who waits for the provider."""
    pages.empty_room(scene)
    page = new_page(phone=True)
    pages.waiting(page, scene)
    yield page
    pages.empty_room(scene)


def card(page: Page) -> Any:
    return page.get_by_role("region", name="Handovers").get_by_role("article")


def sees(page: Page, number: int, what: str) -> None:
    eventually(lambda: page.evaluate(OTHERS), lambda seen: seen == number, what)


def look(page: Page, name: str) -> None:
    """A picture for who looks at what was made."""
    page.screenshot(path=GALLERY / f"handover-{name}.png")


def offer(host: Page, colleague: str) -> None:
    button(host, "More for Mia K.").click()
    host.get_by_role("menuitem", name="Transfer").click()
    dialog = host.get_by_role("dialog", name="Transfer Mia K.")
    dialog.get_by_label(colleague).first.check()
    dialog.get_by_label("Note to").fill(NOTE)
    look(host, "offering")
    button(dialog, "Offer handover").click()


def test_a_client_is_handed_over_by_two_clinicians_who_have_met_first(
    host_page: Page, client: Page, new_page: NewPage, stack: dict[str, Any], scene: Scene
) -> None:
    owner = next(member["name"] for member in stack["members"] if member["role"] == "owner")
    provider = scene.provider.me["member"]["name"]
    colleague = signed_in(new_page(), stack, "owner")
    pages.call(host_page, scene)
    button(host_page, "Accept Mia K.").first.click()
    sees(client, 1, "the client sees the provider")

    offer(host_page, owner)
    expect(card(host_page)).to_contain_text("Waiting for the answer")
    expect(card(colleague)).to_contain_text("No fever.")
    look(colleague, "offered")
    button(card(colleague), "Take over").click()
    button(card(host_page), f"Meet {owner}").click()
    expect(client.get_by_text("You are on hold.").first).to_be_visible()
    for page in (host_page, colleague):
        sees(page, 1, "the two see each other")
    look(host_page, "meeting")
    look(colleague, "met")
    look(client, "on-hold")
    assert host_page.get_by_role("button", name="Call Manager").count() == 0

    button(card(host_page), "Bring Mia K. in").click()
    for page in (host_page, colleague, client):
        sees(page, 2, "all three see each other")
    look(host_page, "three")
    look(colleague, "received")
    button(card(host_page), "Leave them").click()
    expect(host_page.get_by_role("button", name="Enter User Room")).to_be_visible()
    sees(client, 1, "two go on")

    button(card(colleague), "Keep the note").click()
    expect(button(card(colleague), "The note is kept")).to_be_visible()
    button(client, "Hang up").click()
    button(client, "Leave the call").click()
    expect(card(colleague)).to_be_hidden()
    button(colleague, "Hang up").click()
    button(colleague, "End call").click()
    colleague.goto(f"{scene.base}/")
    note = colleague.get_by_role("region", name="Notes that were kept")
    expect(note).to_contain_text(f"handed over by {provider}")
    look(colleague, "kept")
    button(note, "Delete the note about Mia K.").click()
    expect(note).to_be_hidden()
