"""An owner asks everybody for a second step: at the next sign-in the page leads to it, and to nothing else before."""

from typing import Any

import pyotp
from playwright.sync_api import Page, expect

from deploy.demo.people import button
from tests.browser.conftest import NewPage
from tests.browser.pages import Scene
from tests.browser.test_new_organisation import PASSWORD, sign_up
from tests.journeys.client import Mailbox, Member, address


def must_add_second_step(page: Page, scene: Scene) -> None:
    """Of an organisation of its own, whose owner signs in after asking everybody for one."""
    to = address()
    sign_up(page, scene.base, scene.mailbox, to)
    page.goto(f"{scene.base}/settings/sign-in")
    page.get_by_label("Everybody", exact=True).check()
    button(page, "Save").click()
    expect(page.get_by_text("Saved. It holds from the next sign-in on.")).to_be_visible()
    page.context.clear_cookies()
    page.goto(f"{scene.base}/sign-in?next=/settings/members")
    page.get_by_label("E-mail address").fill(to)
    page.get_by_label("Password").fill(PASSWORD)
    button(page, "Sign in").click()
    expect(page.get_by_role("heading", name="Add a second step")).to_be_visible()
    expect(button(page, "Set it up")).to_be_visible()


def test_who_has_added_it_goes_on_to_where_they_wanted(
    new_page: NewPage, stack: dict[str, Any], provider: Member, mailbox: Mailbox
) -> None:
    page = new_page()
    must_add_second_step(page, Scene(stack, provider, mailbox))
    assert page.request.get(f"{stack['base_url']}/api/members").status == 403
    button(page, "Set it up").click()
    page.get_by_text("I cannot read the picture").click()
    app = pyotp.TOTP(page.locator("code.secret").inner_text().replace(" ", ""))
    page.get_by_label("Type the six digits that the app shows").fill(app.now())
    button(page, "Turn it on").click()
    expect(page.get_by_role("heading", name="Keep these recovery codes")).to_be_visible()
    button(page, "I have kept them").click()
    expect(page.get_by_role("heading", name="Members", level=1)).to_be_visible()
