"""Rooms as people set them, and what guests meet because of it."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from deploy.demo.people import button
from tests.browser.conftest import NewPage, signed_in
from tests.browser.pages import Scene
from tests.browser.room_pages import NAME, arrived, asking_room, waiting_with_something_to_read
from tests.journeys.client import Mailbox, Member


@pytest.fixture
def room(stack: dict[str, Any]) -> dict[str, Any]:
    found = asking_room(stack)
    with Member(stack, "owner") as owner:
        for caller in owner.get(f"/api/callers?room_id={found['id']}")["items"]:
            owner.request("POST", f"/api/callers/{caller['id']}/refuse", {})
    return found


def test_a_guest_answers_on_a_phone_in_german_and_the_host_reads_it_and_confirms(
    new_page: NewPage, stack: dict[str, Any], room: dict[str, Any]
) -> None:
    phone = new_page(phone=True, language="de-DE")
    phone.goto(f"{stack['base_url']}/join/room/{room['link']}")
    button(phone, "Weiter").click()
    phone.get_by_label("Ihr Name").fill("Mia K.")
    button(phone, "Weiter").click()
    expect(phone.get_by_text("Bitte beantworten Sie das.")).to_have_count(2)
    expect(phone.get_by_label("Date of birth")).to_be_focused()
    phone.get_by_label("Date of birth").fill("1980-02-29")
    phone.get_by_role("radio", name="Poorly").check()
    phone.get_by_role("radio", name="Ja").check()
    phone.get_by_label("Ich habe das gelesen und stimme zu").check()
    button(phone, "Weiter").click()
    button(phone, "Ich bin bereit").click()
    expect(phone.get_by_role("link", name="https://example.com/prepare")).to_have_attribute(
        "rel", "noopener noreferrer nofollow"
    )
    host = signed_in(new_page(), stack)
    host.goto(f"{stack['base_url']}/rooms/{room['id']}")
    card = host.locator("[data-caller-id]").first
    for answer in ("29 February 1980", "Poorly", "Yes", "agreed at"):
        expect(card).to_contain_text(answer)
    button(host, "Accept Mia K.").first.click()
    question = host.get_by_role("dialog", name="Let Mia K. in?")
    expect(question).to_contain_text("29 February 1980")
    button(question, "Let Mia K. in").click()
    expect(phone.locator(".stage")).to_be_visible()
    expect(host.locator(".stage[data-phase=connected]")).to_be_visible()


def test_who_waits_and_the_staff_write_to_each_other(
    new_page: NewPage, stack: dict[str, Any], room: dict[str, Any], provider: Member, mailbox: Mailbox
) -> None:
    phone, host = new_page(phone=True), signed_in(new_page(), stack)
    waiting_with_something_to_read(phone, Scene(stack, provider, mailbox))
    host.goto(f"{stack['base_url']}/rooms/{room['id']}")
    button(host, "Message to Mia K.").click()
    dialog = host.get_by_role("dialog", name="Messages with Mia K.")
    button(dialog, "We are running about five minutes late. Thank you for waiting.").click()
    button(dialog, "Send").click()
    expect(
        phone.get_by_text("We are running about five minutes late. Thank you for waiting.", exact=True)
    ).to_be_visible()
    phone.get_by_label("Write to the clinic").fill("Thank you.")
    button(phone, "Send").click()
    expect(dialog.get_by_role("log")).to_contain_text("Thank you.")
    button(dialog, "Close").last.click()
    expect(host.locator("[data-caller-id]").first).to_contain_text("Thank you.")


def test_questions_are_made_and_ordered_by_the_keyboard_and_every_open_page_follows(
    new_page: NewPage, stack: dict[str, Any]
) -> None:
    with Member(stack, "provider") as provider:
        own = provider.user_room()
        provider.request("PATCH", f"/api/rooms/{own['id']}", {"settings": {"entry_fields": None}}).raise_for_status()
    pages = [signed_in(new_page(), stack) for _ in range(2)]
    for each in pages:
        each.goto(f"{stack['base_url']}/settings/rooms/{own['id']}")
        expect(button(each, "Add a question")).to_be_visible()
    here, there = pages
    for number, words in enumerate(("Which medicine?", "Who is with you?"), 1):
        button(here, "Add a question").focus()
        here.keyboard.press("Enter")
        expect(here.get_by_label(f"Question {number}", exact=True)).to_be_focused()
        here.keyboard.type(words)
    button(here, "Move up: Who is with you?").focus()
    here.keyboard.press("Enter")
    expect(here.get_by_label("Question 1", exact=True)).to_have_value("Who is with you?")
    expect(button(here, "Move down: Who is with you?")).to_be_focused()
    button(here, "Save").focus()
    here.keyboard.press("Enter")
    expect(there.get_by_label("Question 1", exact=True)).to_have_value("Who is with you?")
    expect(there.get_by_label("Question 2", exact=True)).to_have_value("Which medicine?")
    expect(_card(there)).to_contain_text("set for this room")
    button(_card(here), "Use what the level above gives").click()
    expect(_card(there)).to_contain_text("No questions.")


def _card(page: Page) -> Any:
    return page.locator("[data-setting=entry_fields]")


def test_a_room_with_somebody_inside_is_removed_after_asking_twice(
    new_page: NewPage, stack: dict[str, Any], room: dict[str, Any]
) -> None:
    arrived(stack, room)
    page = signed_in(new_page(), stack, "owner")
    page.goto(f"{stack['base_url']}/settings/rooms")
    button(page, f"Remove {NAME}").click()
    button(page, "Remove the room").click()
    expect(page.get_by_role("alert")).to_contain_text("1 person is waiting.")
    button(page, "Remove it and put everybody out").click()
    expect(page.locator(f"[data-room-id='{room['id']}']")).to_have_count(0)
