"""A weekly clinic from the pages alone."""

import re
import secrets
from typing import Any

from playwright.sync_api import Page, expect

from deploy.demo.people import button
from tests.browser.conftest import NewPage, signed_in
from tests.journeys.test_series import some_tuesday


def rows(page: Page, title: str) -> Any:
    return page.locator("li.session").filter(has=page.get_by_role("heading", name=re.compile(f"^{title}")))


def test_a_coordinator_books_a_weekly_clinic_moves_one_and_cancels_the_following(
    new_page: NewPage, stack: dict[str, Any]
) -> None:
    page = signed_in(new_page(), stack, "coordinator")
    page.goto(f"{stack['base_url']}/sessions")
    first, title = some_tuesday(), f"Clinic {secrets.token_hex(3)}"
    button(page, "Schedule a consultation").first.click()
    dialog = page.get_by_role("dialog", name="Schedule a consultation for later")
    dialog.get_by_label("Title").fill(title)
    dialog.get_by_label("Date", exact=True).fill(first.date().isoformat())
    dialog.get_by_label("Time", exact=True).fill(first.strftime("%H:%M"))
    dialog.get_by_label("Repeats").select_option("Every week")
    expect(dialog.get_by_label("Tuesday")).to_be_disabled()
    expect(dialog.get_by_role("status")).to_contain_text(f"Every Tuesday at {first:%H:%M}, 6 times.")
    button(dialog, "Book the sessions").click()
    expect(page.get_by_text("The sessions are booked.")).to_be_visible()
    expect(rows(page, title)).to_have_count(6)
    expect(rows(page, title).first.get_by_role("img", name="repeats")).to_be_visible()

    button(rows(page, title).nth(1), f"Move session: {title}").click()
    moving = page.get_by_role("dialog", name="Move this session")
    expect(moving.get_by_role("radio", name="Only this one")).to_be_checked()
    moving.get_by_label("Length").select_option("15 minutes")
    button(moving, "Move the session").click()
    expect(rows(page, title).nth(1)).to_contain_text("15 minutes")
    expect(rows(page, title).nth(2)).to_contain_text("30 minutes")

    button(rows(page, title).nth(3), f"Cancel session: {title}").click()
    cancelling = page.get_by_role("dialog", name="Cancel this session?")
    cancelling.get_by_role("radio", name="This and the following ones").check()
    button(cancelling, "Cancel these sessions").click()
    expect(rows(page, title).filter(has_text="cancelled")).to_have_count(3)
    expect(rows(page, title).filter(has_text="planned")).to_have_count(3)
