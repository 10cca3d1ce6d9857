"""Real Chromium on the whole stack: members and guests, each in a context of their own."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from deploy.demo.people import sign_in
from deploy.demo.stage import FLAGS, PATIENCE_MS, PHONE, WIDE, chromium
from tests.journeys.client import Guest, Mailbox, Member, Visitor
from tests.journeys.conftest import mailbox, provider, stack, visitor

__all__ = ["Guest", "Mailbox", "Member", "Visitor", "mailbox", "provider", "stack", "visitor"]

GALLERY = Path(__file__).parents[2] / ".run" / "gallery"

NewPage = Callable[..., Page]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, "executable_path": chromium(), "args": list(FLAGS)}


@pytest.fixture
def new_page(browser: Browser) -> Iterator[NewPage]:
    """Opens a page in a new context: `phone`, `dark`, `language`, and whether the camera is allowed."""
    opened: list[BrowserContext] = []

    def new(*, phone: bool = False, dark: bool = False, language: str = "en-GB", camera: bool = True) -> Page:
        context = browser.new_context(
            viewport=PHONE if phone else WIDE,
            has_touch=phone,
            is_mobile=phone,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            locale=language,
            permissions=["camera", "microphone", "clipboard-read", "clipboard-write"] if camera else [],
        )
        context.set_default_timeout(PATIENCE_MS)
        opened.append(context)
        return context.new_page()

    yield new
    for context in opened:
        context.close()


@pytest.fixture
def host_page(new_page: NewPage, stack: dict[str, Any]) -> Page:
    """The provider's browser, signed in, on the Dashboard."""
    return signed_in(new_page(), stack)


def signed_in(page: Page, stack: dict[str, Any], role: str = "provider") -> Page:
    account = next(member for member in stack["members"] if member["role"] == role)
    sign_in(page, stack["base_url"], account)
    return page
