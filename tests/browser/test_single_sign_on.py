"""An owner sets the organisation's own provider up and connects to it; somebody new comes in by its form. All by the pages."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from playwright.sync_api import Page, expect

from deploy.demo.people import button
from plumbing.ids import new_id
from tests.browser.conftest import NewPage, signed_in
from tests.journeys.client import Member
from tests.journeys.conftest import owner
from tests.wiring.sign_in_scene import mock_provider

__all__ = ["owner"]


@pytest.fixture
def issuer(owner: Member) -> Iterator[str]:
    """The public mock, for as long as a test; the organisation is without a provider before and after."""
    owner.request("DELETE", "/api/sign-in-provider").raise_for_status()
    with mock_provider() as started:
        yield started
    owner.request("DELETE", "/api/sign-in-provider").raise_for_status()


def at_the_provider(page: Page, issuer: str, sub: str) -> None:
    """Say there who one is."""
    expect(page).to_have_url(re.compile(f"{re.escape(issuer)}/oauth2/authorize"))
    page.get_by_placeholder("sub").fill(sub)
    page.get_by_role("button", name="Authorize").click()


def test_an_owner_sets_it_up_connects_and_comes_back_by_it(
    new_page: NewPage, stack: dict[str, Any], issuer: str
) -> None:
    page, sub = signed_in(new_page(), stack, "owner"), new_id()
    page.goto(f"{stack['base_url']}/settings/sign-in")
    button(page, "Set up your own sign-in").click()
    page.get_by_label("Address of the provider").fill("https://no-such-provider.invalid")
    page.get_by_label("Client ID").fill("housecall")
    page.get_by_label("Client secret").fill("a secret")
    page.get_by_label("Add a domain").fill("clinic.example")
    button(page, "Add").click()
    button(page, "Save the changes").click()
    expect(page.get_by_label("Address of the provider")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Address of the provider").fill(issuer)
    button(page, "Save the changes").click()
    expect(page.get_by_text("Saved. Your provider answers as it should.")).to_be_visible()
    expect(page.get_by_text("Not proved yet")).to_be_visible()
    link = str(page.get_by_text("/sign-in/with/").text_content())
    button(page, "Connect my account").click()
    at_the_provider(page, issuer, sub)
    expect(page.get_by_text("Your own account is connected.")).to_be_visible()

    again = new_page()
    again.goto(link)
    at_the_provider(again, issuer, sub)
    expect(again.get_by_role("heading", name="Dashboard")).to_be_visible()


def test_who_may_not_come_in_reads_why_and_what_to_do(
    new_page: NewPage, stack: dict[str, Any], owner: Member, issuer: str
) -> None:
    wanted = {"issuer": issuer, "client_id": "housecall", "client_secret": "a secret", "adds_members": True}
    owner.request("PUT", "/api/sign-in-provider", wanted).raise_for_status()
    organisation = owner.get("/api/me")["organisation"]["id"]
    sub = new_id()
    claims = {"email": "mia@elsewhere.example", "email_verified": True}
    requests.put(f"{issuer}/users/{sub}", json=claims, timeout=5).raise_for_status()
    page = new_page(phone=True)
    page.goto(f"{stack['base_url']}/sign-in/with/{organisation}?next=/help")
    at_the_provider(page, issuer, sub)
    expect(page.get_by_role("alert")).to_contain_text("not of a domain that your organisation has proved")
    page.get_by_role("link", name="Continue with your organisation").click()
    expect(page).to_have_url(re.compile(f"{re.escape(issuer)}/oauth2/authorize"))
    page.get_by_role("button", name="Deny").click()
    expect(page.get_by_role("alert")).to_contain_text("You stopped at your organisation’s sign-in.")
