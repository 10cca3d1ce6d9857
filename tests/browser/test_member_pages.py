"""An organisation of more members than a page of the list: shown on demand, found by the service, followed as they change."""

from typing import Any

from playwright.sync_api import Page, expect

from deploy.demo.people import button
from tests.browser.conftest import NewPage
from tests.browser.test_new_organisation import sign_up
from tests.journeys.client import Mailbox, address, eventually

MEMBERS = 70
PAGE = 50


def post(page: Page, path: str, body: dict[str, Any]) -> Any:
    answer = page.request.post(path, data=body, headers={"X-Housecall": "1"})
    assert answer.ok, answer.text()
    return answer.json()


def bring(page: Page, base: str) -> None:
    """Members with names in the order of the alphabet, by a table."""
    rows = [f"member-{number:02}-{address()},Ann {number:02} Example,provider" for number in range(MEMBERS)]
    begun = post(page, f"{base}/api/members/import?dry_run=false", {"text": "\n".join(["email,name,role", *rows])})
    path = f"{base}/api/members/imports/{begun['id']}"
    eventually(lambda: page.request.get(path).json()["state"], lambda state: state == "done", "all are brought")


def test_a_long_list_is_shown_page_by_page_and_searched_by_the_service(
    new_page: NewPage, stack: dict[str, Any], mailbox: Mailbox
) -> None:
    page, base = new_page(), stack["base_url"]
    sign_up(page, base, mailbox, address())
    bring(page, base)
    page.goto(f"{base}/settings/members")
    rows = page.locator("tr[data-member-id]")
    expect(rows).to_have_count(PAGE)
    expect(page.get_by_role("status").filter(has_text=f"{MEMBERS + 1} members")).to_be_visible()
    button(page, "Show more").click()
    expect(rows).to_have_count(MEMBERS + 1)
    expect(button(page, "Show more")).to_have_count(0)
    page.get_by_role("searchbox").fill("ann 6")
    expect(rows).to_have_count(10)
    page.get_by_role("searchbox").fill("MEMBER-07-")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Ann 07 Example")
    page.get_by_role("searchbox").fill("")
    page.get_by_label("Role").select_option("owner")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Olga Owner")
    # somebody new who does not fit is not shown, and is as soon as they do
    post(page, f"{base}/api/members/invites", {"email": address(), "name": "Aaron Newman", "role": "reporter"})
    page.get_by_label("Role").select_option("reporter")
    expect(rows).to_have_count(1)
    post(page, f"{base}/api/members/invites", {"email": address(), "name": "Abel Newman", "role": "reporter"})
    expect(rows).to_have_count(2)
