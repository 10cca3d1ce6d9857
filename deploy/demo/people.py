"""What the people of the article do with the pages: each a few presses, as a person would make them."""

import email
import email.policy
import re
from email.message import EmailMessage

import requests
from playwright.sync_api import Locator, Page, expect

from deploy.demo.stage import PATIENCE_MS, Failed, Person

expect.set_options(timeout=PATIENCE_MS)


def button(place: Page | Locator, name: str) -> Locator:
    """The one button of exactly this name in a page or a part of it."""
    return place.get_by_role("button", name=name, exact=True)


def sign_in(page: Page, base_url: str, account: dict[str, str]) -> None:
    """By e-mail and password, as far as the Dashboard."""
    page.goto(f"{base_url}/sign-in")
    page.get_by_label("E-mail address").fill(account["email"])
    page.get_by_label("Password").fill(account["password"])
    button(page, "Sign in").click()
    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()


def send_invitation(host: Person, recipients: str, title: str, message: str) -> None:
    """Fills the dialog that is open and presses Send."""
    dialog = host.page.get_by_role("dialog", name="Send Invitation")
    dialog.get_by_role("textbox", name="Recipients").fill(recipients)
    dialog.get_by_label("Title").fill(title)
    dialog.get_by_label("Message").fill(message)
    button(dialog, "Send").click()
    expect(dialog).to_be_hidden()


def mail_to(mail_url: str, address: str) -> EmailMessage:
    """The newest mail to an address, as soon as it has come."""
    found = requests.get(f"{mail_url}/messages.json", params={"to": address, "wait": "20"}, timeout=30).json()
    if not found:
        raise Failed(f"no mail came to {address}")
    raw = requests.get(f"{mail_url}/messages/{found[0]['id']}/raw", timeout=30).content
    return email.message_from_bytes(raw, policy=email.policy.default)


def plain_text(message: EmailMessage) -> str:
    """What a mail says to who reads no HTML."""
    body = message.get_body(("plain",))
    if body is None:
        raise Failed("the mail has no plain text")
    return str(body.get_content())


def join_link(message: EmailMessage) -> str:
    """The personal link behind Join the call, found in the HTML that the client sees."""
    body = message.get_body(("html",))
    found = re.search(r'href="([^"]+/join/[\w-]+)"[^>]*>\s*Join the call', str(body.get_content()) if body else "")
    if not found:
        raise Failed("the mail has no Join the call button")
    return found[1]


def come_to_wait(client: Person, link: str) -> None:
    """From the link to the waiting room: three presses."""
    client.page.goto(link)
    button(client.page, "Continue").click()
    client.page.get_by_label("Your name").fill(client.name)
    button(client.page, "Continue").click()
    button(client.page, "I am ready").click()
    expect(client.page.get_by_role("heading", name="You are in.")).to_be_visible()


def manager_of(host: Person) -> Locator:
    """The Call Manager's panel beside the call."""
    return host.page.get_by_role("complementary", name="Call Manager")


def accept(host: Person, client: Person, *, beside: bool = False) -> None:
    """Accepts by the Call Manager; the client is in when the call's stage fills their page. `beside`: a client of another invitation, which has to be confirmed."""
    button(manager_of(host), f"Accept {client.name}").click()
    if beside:
        question = host.page.get_by_role("dialog", name=f"Let {client.name} in?")
        expect(question).to_contain_text("Already in the call")
        button(question, f"Let {client.name} in").click()
    expect(client.page.locator(".stage")).to_be_visible()


def hang_up(host: Person, how: str) -> None:
    """`how` is Leave call or End call."""
    button(host.page, "Hang up").click()
    button(host.page.get_by_role("dialog"), how).click()
    expect(host.page.locator(".stage")).to_be_hidden()
