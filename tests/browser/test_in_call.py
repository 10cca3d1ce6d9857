"""In the call: sharing a screen, and being let in before the call's own modules have come."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from deploy.demo.people import button
from tests.browser import pages
from tests.browser.conftest import NewPage
from tests.browser.pages import Scene
from tests.journeys.client import Mailbox, Member, eventually

SCREEN = "video[data-source='screen']"
PLAYS = """selector => [...document.querySelectorAll(selector)].some(
  video => video.videoWidth > 0 && video.getVideoPlaybackQuality().totalVideoFrames > 2)"""
# in place of Chromium's own microphone, which beeps in some processes only
TONE = """
const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async (wished) => {
  const stream = await real(wished);
  if (!wished.audio) return stream;
  const context = new AudioContext();
  const [oscillator, place] = [context.createOscillator(), context.createMediaStreamDestination()];
  oscillator.connect(place);
  oscillator.start();
  return new MediaStream([...stream.getVideoTracks(), ...place.stream.getAudioTracks()]);
};
"""


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


def let_in(host: Page, scene: Scene) -> None:
    pages.call(host, scene)
    button(host, "Accept Mia K.").first.click()


def plays(page: Page, selector: str) -> None:
    eventually(lambda: page.evaluate(PLAYS, selector), bool, "decoded pictures")


def test_a_shared_screen_fills_the_others_stage_until_it_is_stopped(
    host_page: Page, client: Page, scene: Scene
) -> None:
    host_page.add_init_script(TONE)
    let_in(host_page, scene)
    plays(client, "video[data-source='camera']")
    # a phone's browser shares no screen, and is not asked to
    if not client.evaluate("'getDisplayMedia' in navigator.mediaDevices"):
        expect(button(client, "Share screen")).to_have_count(0)
    share = button(host_page, "Share screen")
    share.click()
    expect(button(host_page, "Stop sharing")).to_be_visible()
    plays(client, SCREEN)
    expect(client.locator(".tile.large figcaption")).to_contain_text("Screen of")
    plays(client, "video[data-source='camera']")
    expect(client.locator(".tile.speaks:not(.screen)")).to_be_visible()
    button(host_page, "Stop sharing").click()
    expect(client.locator(SCREEN)).to_have_count(0)
    # and once more, on the lines that are there already
    share.click()
    plays(client, SCREEN)


def test_who_is_let_in_before_the_call_has_come_gets_in_when_it_comes(
    host_page: Page, new_page: NewPage, scene: Scene
) -> None:
    page = new_page(phone=True)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/js/guest/guest-call.js", hold)
    pages.waiting(page, scene)
    let_in(host_page, scene)
    expect(page.get_by_role("heading", name="You are being let in.")).to_be_visible()
    held[0].abort()
    page.unroute("**/js/guest/guest-call.js")
    plays(page, "video[data-source='camera']")


def test_what_is_written_in_the_call_is_read_by_both_and_by_who_comes_back(
    host_page: Page, client: Page, scene: Scene
) -> None:
    let_in(host_page, scene)
    plays(client, "video[data-source='camera']")
    button(client, "Chat").click()
    client.get_by_label("Write to everybody in the call").fill("I cannot hear you")
    client.keyboard.press("Enter")
    expect(client.get_by_role("log", name="What was written")).to_contain_text("I cannot hear you")
    host_page.get_by_role("button", name="Chat 1").click()
    expect(host_page.get_by_role("log", name="What was written")).to_contain_text("Mia K.")
    expect(host_page.get_by_role("log", name="What was written")).to_contain_text("I cannot hear you")
    host_page.get_by_label("Write to everybody in the call").fill("One moment\nI switch it on")
    button(host_page, "Send").click()
    expect(client.get_by_role("log", name="What was written")).to_contain_text("I switch it on")
    client.reload()
    button(client, "Chat").click()
    expect(client.get_by_role("log", name="What was written")).to_contain_text("I switch it on")


def test_hold_mute_and_a_raised_hand_are_seen_on_both_sides(host_page: Page, client: Page, scene: Scene) -> None:
    let_in(host_page, scene)
    plays(client, "video[data-source='camera']")
    person = host_page.get_by_role("complementary", name="Call Manager").locator("li", has_text="Mia K.")
    button(client, "Raise hand").click()
    expect(person).to_contain_text("raises a hand")
    button(person, "Put Mia K. on hold").click()
    expect(client.get_by_text("You are on hold.").first).to_be_visible()
    expect(person).to_contain_text("on hold")
    expect(person).not_to_contain_text("raises a hand")
    button(person, "Take Mia K. back").click()
    plays(client, "video[data-source='camera']")
    expect(client.get_by_text("You hear and see nobody for now")).to_have_count(0)
    button(person, "Mute Mia K.").click()
    microphone = client.get_by_role("toolbar").get_by_role("button", name="Microphone")
    expect(microphone).to_have_attribute("aria-pressed", "false")
    expect(person).to_contain_text("muted")
    microphone.click()
    expect(microphone).to_have_attribute("aria-pressed", "true")
    expect(person).not_to_contain_text("muted")


def test_another_camera_is_taken_in_the_call_and_the_others_see_it(host_page: Page, client: Page, scene: Scene) -> None:
    let_in(host_page, scene)
    plays(client, "video[data-source='camera']")
    button(host_page, "Devices").click()
    dialog = host_page.get_by_role("dialog", name="Camera, microphone and speaker")
    dialog.get_by_label("Microphone", exact=True).select_option(index=1)
    dialog.get_by_label("Speaker").select_option(index=1)
    host_page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    heard = "async () => Object.values((await window.housecall.stats()).remotes)[0]?.audioPackets ?? 0"
    before = client.evaluate(heard)
    eventually(lambda: client.evaluate(heard), lambda now: now > before + 20, "sound of the other microphone")
