"""A member's own account, on the page: the second step with a code of an app, and where they are signed in."""

import datetime as dt
from typing import Any

import pyotp
import pytest
from playwright.sync_api import Page, expect

from deploy.demo.people import button, sign_in
from tests.browser.conftest import NewPage
from tests.journeys.client import Member, address
from tests.journeys.conftest import owner

__all__ = ["owner"]
PASSWORD = "seven green kettles hum"


@pytest.fixture
def account(owner: Member) -> dict[str, str]:
    """Somebody new, whose second step and sign-ins disturb nobody."""
    somebody = {"email": address(), "name": "Nora New", "password": PASSWORD}
    owner.post("/api/members", {**somebody, "role": "provider"})
    return somebody


def first_step(page: Page, stack: dict[str, Any], account: dict[str, str]) -> None:
    page.goto(f"{stack['base_url']}/sign-in")
    page.get_by_label("E-mail address").fill(account["email"])
    page.get_by_label("Password").fill(account["password"])
    button(page, "Sign in").click()


def test_the_second_step_is_set_up_on_the_page_and_asked_for_from_then_on(
    new_page: NewPage, stack: dict[str, Any], account: dict[str, str]
) -> None:
    page = new_page()
    sign_in(page, stack["base_url"], account)
    page.goto(f"{stack['base_url']}/settings/second-step")
    button(page, "Set it up").click()
    page.get_by_text("I cannot read the picture").click()
    app = pyotp.TOTP(page.locator("code.secret").inner_text().replace(" ", ""))
    code = page.get_by_label("Type the six digits that the app shows")
    code.fill("000000" if app.now() != "000000" else "000001")
    button(page, "Turn it on").click()
    expect(page.get_by_text("The code is not right")).to_be_visible()
    code.fill(app.now())
    button(page, "Turn it on").click()
    expect(page.get_by_role("heading", name="Keep these recovery codes")).to_be_visible()
    recovery = page.locator(".recovery-codes code").all_inner_texts()
    assert len(set(recovery)) == 10
    button(page, "I have kept them").click()
    expect(page.get_by_text("On. After your password")).to_be_visible()

    other = new_page()
    first_step(other, stack, account)
    # the code of this half minute was used a moment ago; one of the next is good already, for phones whose clock is ahead
    other.get_by_label("Code").fill(app.at(dt.datetime.now(dt.UTC), counter_offset=1))
    button(other, "Continue").click()
    expect(other.get_by_role("heading", name="Dashboard")).to_be_visible()


def test_a_browser_that_is_signed_out_from_another_one_is_thrown_out_at_once(
    new_page: NewPage, stack: dict[str, Any], account: dict[str, str]
) -> None:
    lost, here = new_page(), new_page()
    sign_in(lost, stack["base_url"], account)
    sign_in(here, stack["base_url"], account)
    here.goto(f"{stack['base_url']}/settings/sign-ins")
    expect(here.get_by_text("this browser")).to_be_visible()
    here.get_by_role("button", name="Sign out Chrome on Linux").click()
    expect(here.get_by_text("It is signed out.")).to_be_visible()
    lost.wait_for_url("**/sign-in?next=**")
    expect(here.get_by_role("heading", name="Where you are signed in")).to_be_visible()


def test_a_new_password_is_asked_for_from_then_on(
    new_page: NewPage, stack: dict[str, Any], account: dict[str, str]
) -> None:
    page = new_page()
    sign_in(page, stack["base_url"], account)
    page.goto(f"{stack['base_url']}/settings/password")
    page.get_by_label("Current password").fill(account["password"])
    page.get_by_label("New password").fill("short")
    button(page, "Change the password").click()
    expect(page.locator("#own-new-password-problem")).to_be_visible()
    page.get_by_label("New password").fill("nine blue lanterns wait")
    button(page, "Change the password").click()
    expect(page.get_by_text("Your password is changed.")).to_be_visible()
    other = new_page()
    first_step(other, stack, account)
    expect(other.get_by_role("alert")).to_be_visible()
    sign_in(other, stack["base_url"], {**account, "password": "nine blue lanterns wait"})
