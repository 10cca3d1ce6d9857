"""An organisation with two clinics and five members of all roles, set up from the pages alone, as a new user would."""

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from deploy.demo.people import button
from tests.browser.conftest import NewPage
from tests.journeys.client import Mailbox, address, link_in

PASSWORD = "a quiet river in May 17"
NOTE = "Ring reception first.\nThen use the room of your clinic."
# the owner is the fifth
ROLES = ("Admin", "Coordinator", "Provider", "Reporter")


def dialog(page: Page, name: str) -> Locator:
    return page.get_by_role("dialog", name=name)


def side(page: Page) -> Locator:
    return page.get_by_role("navigation", name="Main menu")


def section(page: Page, name: str) -> None:
    side(page).get_by_role("link", name="Settings").click()
    page.get_by_role("navigation", name="Settings").get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()


def sign_up(page: Page, base: str, mailbox: Mailbox, to: str) -> None:
    """From the sign-in page to the Dashboard, by the link of a mail."""
    page.goto(f"{base}/sign-in")
    page.get_by_role("link", name="Set up a new organisation").click()
    page.get_by_label("E-mail address").fill(to)
    button(page, "Send the link").click()
    expect(page.get_by_role("status")).to_contain_text("on its way")
    page.goto(link_in(mailbox.mail_to(to), "sign-up"))
    page.get_by_label("Name of the organisation").fill("Lake Health")
    page.get_by_label("Name of the first clinic").fill("Lake Clinic")
    page.get_by_label("Your name").fill("Olga Owner")
    page.get_by_label("New password").fill(PASSWORD)
    button(page, "Set up the organisation").click()
    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()


def add_clinic(page: Page) -> None:
    section(page, "Clinics")
    button(page, "Add a clinic").click()
    dialog(page, "Add a clinic").get_by_label("Name of the clinic").fill("Hill Clinic")
    button(dialog(page, "Add a clinic"), "Add").click()
    expect(page.get_by_role("heading", name="Hill Clinic")).to_be_visible()


def say_how_it_is_done(page: Page) -> None:
    section(page, "Organisation")
    page.get_by_label("Process note").fill(NOTE)
    page.get_by_label("Phone").fill("+49 30 5550")
    button(page, "Save the changes").click()
    expect(page.get_by_text("Every member sees it now.")).to_be_visible()


def change_plan(page: Page, to: str) -> None:
    section(page, "Plan")
    button(page, f"Change to {to}").click()
    expect(page.get_by_role("dialog").get_by_text("This is what would change")).to_be_visible()
    button(page.get_by_role("dialog"), "Change the plan").click()
    # pushed, without loading the page again
    expect(page.locator(".plan-now .plan-name")).to_have_text(to)
    expect(button(side(page), f"{to} plan")).to_be_visible()


def invite(page: Page, role: str, to: str) -> None:
    section(page, "Members")
    button(page, "Invite members").click()
    shown = dialog(page, "Invite members")
    shown.get_by_label("E-mail addresses").fill(f"{role} Person <{to}>")
    shown.get_by_role("radio", name=re.compile(f"^{role}")).check()
    shown.get_by_role("checkbox", name="Hill Clinic").check()
    button(shown, "Send the invitation").click()
    expect(shown.get_by_text("The invitation is on its way.")).to_be_visible()
    button(shown.locator(".dialog-foot"), "Close").click()
    expect(row(page, to)).to_contain_text("invited")


def row(page: Page, to: str) -> Locator:
    return page.get_by_role("row").filter(has_text=to)


def accept(page: Page, mailbox: Mailbox, to: str) -> None:
    page.goto(link_in(mailbox.mail_to(to), "welcome"))
    page.get_by_label("New password").fill(PASSWORD)
    button(page, "Continue").click()
    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()


def test_an_organisation_is_set_up_from_the_pages_alone(
    new_page: NewPage, stack: dict[str, Any], mailbox: Mailbox
) -> None:
    owner, emails = new_page(), {role: address() for role in ROLES}
    sign_up(owner, stack["base_url"], mailbox, address())
    expect(owner.get_by_role("heading", name="Set Lake Health up")).to_be_visible()
    add_clinic(owner)
    say_how_it_is_done(owner)
    change_plan(owner, "Premium")
    for role, to in emails.items():
        invite(owner, role, to)
    pages = {role: new_page() for role in ROLES}
    for role, page in pages.items():
        accept(page, mailbox, emails[role])
        # live, on the page that the owner has open
        expect(row(owner, emails[role])).to_contain_text("active")
        expect(row(owner, emails[role])).to_contain_text(role)
        expect(page.get_by_text(NOTE.splitlines()[1])).to_be_visible()
    expect(side(pages["Provider"]).get_by_role("link", name="Provider Person")).to_be_visible()
    button(side(pages["Provider"]), "You are away").click()
    expect(button(side(pages["Provider"]), "You are on duty")).to_be_visible()
    section(owner, "Clinics")
    expect(owner.get_by_text("on duty since")).to_be_visible()
    section(pages["Reporter"], "Members")
    expect(button(pages["Reporter"], "Invite members")).to_have_count(0)
    button(side(owner), "Add a Meeting Room").click()
    dialog(owner, "Add a Meeting Room").get_by_label("Name of the room").fill("Hill Room")
    button(dialog(owner, "Add a Meeting Room"), "Add").click()
    for page in pages.values():
        expect(side(page).get_by_role("link", name="Hill Room")).to_be_visible()
    # all steps are done
    side(owner).get_by_role("link", name="Dashboard").click()
    expect(owner.get_by_role("heading", name="Dashboard")).to_be_visible()
    expect(owner.get_by_role("heading", name="Set Lake Health up")).to_have_count(0)


def test_a_link_makes_one_organisation_and_a_known_address_is_told_so_by_mail_only(
    new_page: NewPage, stack: dict[str, Any], mailbox: Mailbox
) -> None:
    to, page = address(), new_page()
    sign_up(page, stack["base_url"], mailbox, to)
    other, typed = new_page(), to.replace("client", "Client")
    other.goto(f"{stack['base_url']}/sign-up")
    other.get_by_label("E-mail address").fill(typed)
    button(other, "Send the link").click()
    expect(other.get_by_role("status")).to_contain_text("on its way")
    assert b"account already" in mailbox.mail_to(typed)["raw"]
