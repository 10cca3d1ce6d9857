"""Members come in by the links of their mails, and by the code of their authenticator app."""

import email
import email.policy
import re
from typing import Any

import pyotp
from playwright.sync_api import Page, expect

from deploy.demo.people import button
from tests.browser.conftest import NewPage
from tests.journeys.client import Mailbox, Member, address, text_of
from tests.journeys.conftest import owner

__all__ = ["owner"]

FIRST, SECOND = "a quiet river in May 17", "another hill at noon 23"


def link(mailbox: Mailbox, to: str, page: str, number: int = 1) -> str:
    message = email.message_from_bytes(mailbox.mail_to(to, number)["raw"], policy=email.policy.default)
    found = re.search(rf"https?://\S+/{page}#[\w-]+", text_of(message))
    assert found, f"a mail to {to} without a link to /{page}"
    return found[0]


def joined(page: Page, owner: Member, mailbox: Mailbox) -> str:
    """Invites somebody, who accepts by the link of the mail and is signed in. Gives their address."""
    to = address()
    owner.post("/api/members/invites", {"email": to, "name": "Nora Lind", "role": "provider"})
    page.goto(link(mailbox, to, "welcome"))
    expect(page.get_by_text(to)).to_be_visible()
    assert "#" not in page.url
    expect(page.get_by_label("Your name")).to_have_value("Nora Lind")
    page.get_by_label("New password").fill(FIRST)
    button(page, "Continue").click()
    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()
    return to


def sign_in(page: Page, base: str, to: str, password: str) -> None:
    page.goto(f"{base}/sign-in")
    page.get_by_label("E-mail address").fill(to)
    page.get_by_label("Password").fill(password)
    button(page, "Sign in").click()


def test_an_invited_member_joins_and_chooses_another_password_by_mail(
    new_page: NewPage, stack: dict[str, Any], owner: Member, mailbox: Mailbox
) -> None:
    to = joined(new_page(), owner, mailbox)
    page = new_page()
    page.goto(f"{stack['base_url']}/sign-in")
    page.get_by_role("link", name="Forgot your password?").click()
    page.get_by_label("E-mail address").fill(to)
    button(page, "Send the link").click()
    expect(page.get_by_role("status")).to_contain_text("on its way")
    page.goto(link(mailbox, to, "new-password", 2))
    page.get_by_label("New password").fill(SECOND)
    button(page, "Save the password").click()
    expect(page.get_by_role("status")).to_contain_text("is saved")
    assert "#" not in page.url
    sign_in(page, stack["base_url"], to, SECOND)
    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()


def test_a_member_with_a_second_factor_signs_in_with_a_code(
    new_page: NewPage, stack: dict[str, Any], owner: Member, mailbox: Mailbox
) -> None:
    first = new_page()
    to = joined(first, owner, mailbox)
    ours = {"X-Housecall": "1", "Origin": stack["base_url"]}
    api = f"{stack['base_url']}/api/me/second-factor"
    begun = first.request.post(api, data={}, headers=ours).json()
    code = pyotp.TOTP(begun["secret"]).now()
    confirmed = first.request.post(f"{api}/confirm", data={"code": code}, headers=ours).json()
    page = new_page()
    sign_in(page, stack["base_url"], to, FIRST)
    field = page.get_by_label("Code from your authenticator app, or a recovery code")
    field.fill("000000")
    button(page, "Continue").click()
    expect(page.get_by_role("alert")).to_contain_text("not right")
    # the app's code of this half minute was used up by confirming
    field.fill(confirmed["recovery_codes"][0])
    button(page, "Continue").click()
    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()


def test_a_dead_link_says_what_to_do(new_page: NewPage, stack: dict[str, Any]) -> None:
    page = new_page()
    page.goto(f"{stack['base_url']}/welcome#unknown")
    expect(page.get_by_role("alert")).to_contain_text("Ask the person who invited you")
    page.goto(f"{stack['base_url']}/new-password#unknown")
    page.get_by_label("New password").fill(SECOND)
    button(page, "Save the password").click()
    expect(page.get_by_role("alert")).to_contain_text("ask for a new one")
