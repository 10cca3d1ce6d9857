"""A security key on the page: added, asked for at the next sign-in, and removed."""

import datetime as dt
from typing import Any

from playwright.sync_api import Page, expect
from pymongo import MongoClient

from deploy.demo.people import button, sign_in
from plumbing.clock import now
from tests.browser.conftest import NewPage
from tests.browser.test_own_account import account, first_step
from tests.journeys.conftest import owner

__all__ = ["account", "owner"]
_BUILT_IN = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def with_key(page: Page) -> None:
    """A key built into this browser's device."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": _BUILT_IN})


def signed_in_an_hour_ago(stack: dict[str, Any], account: dict[str, str]) -> None:
    """As if every sign-in of theirs were that old."""
    client: MongoClient[dict[str, Any]] = MongoClient(stack["mongo_uri"], tz_aware=True)
    with client:
        database = client["housecall_accounts"]
        who = database["members"].find_one({"email_key": account["email"]})
        assert who
        began = {"created_at": now() - dt.timedelta(hours=1)}
        assert database["sign_ins"].update_many({"member_id": who["_id"]}, {"$set": began}).modified_count


def add(page: Page, name: str) -> None:
    button(page, "Add a security key").click()
    page.get_by_label("Name of the key").fill(name)
    button(page, "Continue").click()


def test_a_key_is_added_on_the_page_and_signs_in_beside_the_password(
    new_page: NewPage, stack: dict[str, Any], account: dict[str, str]
) -> None:
    page = new_page()
    with_key(page)
    sign_in(page, stack["base_url"], account)
    page.goto(f"{stack['base_url']}/settings/second-step")
    add(page, "This computer")
    expect(page.get_by_role("heading", name="Keep these recovery codes")).to_be_visible()
    assert page.locator(".recovery-codes code").count() == 10
    button(page, "I have kept them").click()
    expect(page.get_by_text("not used yet")).to_be_visible()
    add(page, "The same again")
    expect(page.get_by_text("This security key is added already.")).to_be_visible()
    button(page, "Cancel").click()

    page.context.clear_cookies()
    first_step(page, stack, account)
    button(page, "Use a security key").click()
    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()

    page.goto(f"{stack['base_url']}/settings/second-step")
    expect(page.get_by_text("last used")).to_be_visible()
    button(page, "Rename This computer").click()
    page.get_by_label("Name of the key").fill("My laptop")
    button(page, "Save").click()
    signed_in_an_hour_ago(stack, account)
    button(page, "Remove My laptop").click()
    dialog = page.get_by_role("dialog")
    button(dialog, "Remove").click()
    dialog.get_by_label("Password").fill("not the password")
    button(dialog, "Remove").click()
    expect(page.get_by_text("The password is not right.")).to_be_visible()
    dialog.get_by_label("Password").fill(account["password"])
    button(dialog, "Remove").click()
    expect(page.get_by_text("The security key is removed.")).to_be_visible()
    expect(page.get_by_text("My laptop")).to_have_count(0)
    other = new_page()
    sign_in(other, stack["base_url"], account)


def test_who_has_no_key_here_comes_in_by_a_code(
    new_page: NewPage, stack: dict[str, Any], account: dict[str, str]
) -> None:
    page = new_page()
    with_key(page)
    sign_in(page, stack["base_url"], account)
    page.goto(f"{stack['base_url']}/settings/second-step")
    add(page, "This computer")
    recovery = page.locator(".recovery-codes code").first.inner_text()
    other = new_page()
    with_key(other)
    first_step(other, stack, account)
    button(other, "Use a security key").click()
    expect(other.get_by_role("alert")).to_contain_text("No security key answered")
    other.get_by_label("Code").fill(recovery)
    button(other, "Continue").click()
    expect(other.get_by_role("heading", name="Dashboard")).to_be_visible()
