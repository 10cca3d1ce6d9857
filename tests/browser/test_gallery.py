"""Every page, wide and on a phone, light and dark: a picture of each is kept, and axe-core finds nothing to mend."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from deploy.demo.people import button, sign_in
from tests.browser.area_pages import AREA_GUESTS, AREA_SETTINGS, AREA_STAFF
from tests.browser.conftest import GALLERY, NewPage, signed_in
from tests.browser.pages import PUBLIC, STAFF, Bring, Scene
from tests.browser.room_pages import ROOM_GUESTS, ROOM_SETTINGS, ROOM_STAFF
from tests.browser.session_pages import SESSIONS
from tests.browser.settings_pages import SETTINGS
from tests.browser.test_own_account import account
from tests.browser.test_required_step import must_add_second_step
from tests.browser.test_security_keys import with_key
from tests.journeys.client import Mailbox, Member
from tests.journeys.conftest import owner

__all__ = ["account", "owner"]

LOOKS = [
    pytest.param({"phone": phone, "dark": dark}, id=f"{'phone' if phone else 'wide'}-{'dark' if dark else 'light'}")
    for phone in (False, True)
    for dark in (False, True)
]
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}


@pytest.fixture
def scene(stack: dict[str, Any], provider: Member, mailbox: Mailbox) -> Iterator[Scene]:
    yield Scene(stack, provider, mailbox)
    for caller in provider.get("/api/callers")["items"]:
        provider.request("POST", f"/api/callers/{caller['id']}/refuse", {})


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize(
    "bring", [*PUBLIC, *ROOM_GUESTS, *AREA_GUESTS, must_add_second_step], ids=lambda bring: bring.__name__
)
def test_a_guest_page(new_page: NewPage, scene: Scene, bring: Bring, look: dict[str, bool], request: Any) -> None:
    page = new_page(**look)
    bring(page, scene)
    _look_at(page, request.node.callspec.id)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("bring", [*STAFF, *ROOM_STAFF, *AREA_STAFF, *SESSIONS], ids=lambda bring: bring.__name__)
def test_a_staff_page(new_page: NewPage, scene: Scene, bring: Bring, look: dict[str, bool], request: Any) -> None:
    page = signed_in(new_page(**look), scene.stack)
    bring(page, scene)
    _look_at(page, request.node.callspec.id)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("bring", [*SETTINGS, *ROOM_SETTINGS, *AREA_SETTINGS], ids=lambda bring: bring.__name__)
def test_a_page_of_settings(new_page: NewPage, scene: Scene, bring: Bring, look: dict[str, bool], request: Any) -> None:
    page = signed_in(new_page(**look), scene.stack, "owner")
    bring(page, scene)
    _look_at(page, request.node.callspec.id)


@pytest.mark.parametrize("look", LOOKS)
def test_the_pages_of_ones_own_second_step(
    new_page: NewPage, stack: dict[str, Any], account: dict[str, str], look: dict[str, bool], request: Any
) -> None:
    page, name = new_page(**look), request.node.callspec.id
    with_key(page)
    sign_in(page, stack["base_url"], account)
    page.goto(f"{stack['base_url']}/settings/second-step")
    button(page, "Add a security key").click()
    expect(page.get_by_label("Name of the key")).to_be_visible()
    _look_at(page, f"own_security_key_added-{name}")
    page.get_by_label("Name of the key").fill("This computer")
    button(page, "Continue").click()
    expect(page.get_by_role("heading", name="Keep these recovery codes")).to_be_visible()
    _look_at(page, f"own_recovery_codes-{name}")
    button(page, "I have kept them").click()
    button(page, "Remove This computer").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    _look_at(page, f"own_security_key_removed-{name}")


@pytest.mark.parametrize("language", ["de-DE", "ar"])
@pytest.mark.parametrize("path", ["/sign-in", "/patient-information"])
def test_a_page_in_another_language(new_page: NewPage, scene: Scene, path: str, language: str) -> None:
    page = new_page(phone=True, language=language)
    page.goto(scene.base + path)
    root = page.locator("html")
    assert root.get_attribute("lang") == language.partition("-")[0]
    assert root.get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
    _look_at(page, f"{path.strip('/')}-{language}")


def _look_at(page: Page, name: str) -> None:
    GALLERY.mkdir(parents=True, exist_ok=True)
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    page.screenshot(path=GALLERY / f"{name}.png", full_page=True)
    _nothing_sticks_out(page)
    found = Axe().run(page, options=RULES).response["violations"]
    said = [f"{rule['id']}: {rule['help']}: {[node['target'] for node in rule['nodes']]}" for rule in found]
    assert not said, "\n".join(said)


def _nothing_sticks_out(page: Page) -> None:
    """No page scrolls sideways."""
    wide, seen = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide <= seen, f"the page is {wide} px wide in a window of {seen} px"


def test_the_gallery_is_kept_out_of_the_repository() -> None:
    ignored = (Path(__file__).parents[2] / ".gitignore").read_text()
    assert ".run" in ignored
