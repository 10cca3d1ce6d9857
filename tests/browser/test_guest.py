"""A client with one link: what they meet when all is well, and when it is not."""

import re
from typing import Any

from playwright.sync_api import Page, expect

from deploy.demo.people import button
from tests.browser.conftest import NewPage
from tests.browser.pages import Scene, about_you, camera_and_microphone, waiting
from tests.journeys.client import Mailbox, Member, eventually

REFUSE_CAMERA = """
navigator.mediaDevices.getUserMedia = (wished) => wished.video
  ? Promise.reject(new DOMException('denied', 'NotAllowedError')) : %s
"""


def scene_of(stack: dict[str, Any], provider: Member, mailbox: Mailbox) -> Scene:
    return Scene(stack, provider, mailbox)


def test_three_presses_lead_from_the_link_to_waiting(
    new_page: NewPage, stack: dict[str, Any], provider: Member, mailbox: Mailbox
) -> None:
    page = new_page(phone=True)
    presses: list[str] = []

    def note(text: str) -> None:
        presses.append(text)

    page.expose_function("pressed", note)
    page.add_init_script(
        "addEventListener('click', event => event.isTrusted && window.pressed(event.target.textContent), true)"
    )
    waiting(page, scene_of(stack, provider, mailbox))
    assert len([press for press in presses if press.strip()]) <= 3


def test_a_reload_keeps_the_place(new_page: NewPage, stack: dict[str, Any], provider: Member, mailbox: Mailbox) -> None:
    page = new_page(phone=True)
    waiting(page, scene_of(stack, provider, mailbox))
    before = provider.get("/api/callers")["items"]
    page.reload()
    expect(page.get_by_role("heading", name="You are in.")).to_be_visible()
    after = provider.get("/api/callers")["items"]
    assert [row["id"] for row in after] == [row["id"] for row in before]
    refuse_all(provider)


def test_a_refused_camera_says_what_to_press_and_lets_in_with_sound_only(
    new_page: NewPage, stack: dict[str, Any], provider: Member, mailbox: Mailbox
) -> None:
    page = new_page(phone=True)
    page.add_init_script(
        "const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);"
        + REFUSE_CAMERA % "real(wished)"
    )
    about_you(page, scene_of(stack, provider, mailbox))
    page.get_by_label("Your name").fill("Mia K.")
    button(page, "Continue").click()
    ready = button(page, "I am ready, with sound only")
    expect(ready).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("Switch Camera and Microphone on.")
    ready.click()
    expect(page.get_by_role("heading", name="You are in.")).to_be_visible()
    caller = eventually(lambda: provider.get("/api/callers")["items"], bool, "the caller")[0]
    assert caller["device_test"] == {"camera": False, "microphone": True}
    refuse_all(provider)


def test_somebody_without_camera_and_microphone_still_comes_to_wait(
    new_page: NewPage, stack: dict[str, Any], provider: Member, mailbox: Mailbox
) -> None:
    page = new_page(phone=True)
    denied = "Promise.reject(new DOMException('denied', 'NotAllowedError'))"
    page.add_init_script(REFUSE_CAMERA % denied)
    about_you(page, scene_of(stack, provider, mailbox))
    page.get_by_label("Your name").fill("Mia K.")
    button(page, "Continue").click()
    button(page, "Go on without a microphone").click()
    expect(page.get_by_role("heading", name="You are in.")).to_be_visible()
    refuse_all(provider)


def test_a_guest_page_is_small(new_page: NewPage, stack: dict[str, Any], provider: Member, mailbox: Mailbox) -> None:
    page = new_page(phone=True)
    sizes: list[int] = []
    page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
    camera_and_microphone(page, scene_of(stack, provider, mailbox))
    assert sum(sizes) < 150_000


def test_the_host_sees_an_arrival_without_touching_anything(
    host_page: Page, new_page: NewPage, stack: dict[str, Any], provider: Member, mailbox: Mailbox
) -> None:
    expect(host_page.get_by_role("heading", name="Dashboard")).to_be_visible()
    waiting(new_page(phone=True), scene_of(stack, provider, mailbox))
    expect(button(host_page, "Accept Mia K.").first).to_be_visible()
    expect(host_page).to_have_title(re.compile(r"\(1\)"))
    refuse_all(provider)
    expect(button(host_page, "Accept Mia K.")).to_have_count(0)


def test_who_feels_worse_reads_what_to_do_and_the_staff_know_at_once(
    host_page: Page, new_page: NewPage, stack: dict[str, Any], provider: Member, mailbox: Mailbox
) -> None:
    page = new_page(phone=True)
    waiting(page, scene_of(stack, provider, mailbox))
    expect(button(host_page, "Accept Mia K.").first).to_be_visible()
    button(page, "I feel worse").click()
    expect(page.get_by_text("call the emergency number now")).to_be_visible()
    expect(page.get_by_text("The clinic has been told.")).to_be_visible()
    expect(host_page.get_by_text("Mia K. feels worse.").first).to_be_visible()
    expect(host_page.get_by_text("feels worse since").first).to_be_visible()
    page.reload()
    expect(page.get_by_text("The clinic has been told.")).to_be_visible()
    refuse_all(provider)


def refuse_all(provider: Member) -> None:
    for caller in provider.get("/api/callers")["items"]:
        provider.request("POST", f"/api/callers/{caller['id']}/refuse", {})
