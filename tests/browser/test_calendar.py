"""The calendar by week: opened by its address, gone through with the arrow keys, and followed live."""

from typing import Any

from playwright.sync_api import Page, expect

from deploy.demo.people import button
from tests.browser.pages import Scene
from tests.browser.session_pages import busy_day
from tests.journeys.client import Mailbox, Member


def clock_time(page: Page, instant: str) -> str:
    """As the page shows it, in the browser's zone."""
    options = "{ hour: '2-digit', minute: '2-digit' }"
    shown: str = page.evaluate(f"(instant) => new Date(instant).toLocaleTimeString('en-GB', {options})", instant)
    return shown


def test_a_week_is_read_with_the_keyboard_and_follows_what_others_do(
    host_page: Page, stack: dict[str, Any], provider: Member, mailbox: Mailbox
) -> None:
    day, (first, second, short, _cancelled) = busy_day(Scene(stack, provider, mailbox))
    host_page.goto(f"{stack['base_url']}/sessions?view=week&day={day}")
    entries = {one["id"]: host_page.locator(f".week-entry[data-id='{one['id']}']") for one in (first, second, short)}
    entries[first["id"]].focus()
    host_page.keyboard.press("ArrowDown")
    expect(entries[second["id"]]).to_be_focused()
    # those at the same time lie side by side
    boxes = [entries[one["id"]].bounding_box() for one in (first, second)]
    left, right = sorted(((box["x"], box["width"]) for box in boxes if box), key=lambda box: box[0])
    assert left[0] + left[1] <= right[0]

    host_page.keyboard.press("ArrowDown")
    host_page.keyboard.press("Enter")
    sheet = host_page.get_by_role("dialog")
    expect(sheet.get_by_role("heading", name=short["title"])).to_be_visible()
    button(sheet, f"Move session: {short['title']}").click()
    dialog = host_page.get_by_role("dialog", name="Move this session")
    dialog.get_by_label("Time", exact=True).fill("14:00")
    dialog.get_by_role("button", name="Move the session").click()
    expect(dialog).to_be_hidden()
    moved = provider.get(f"/api/sessions/{short['id']}")["planned"]
    assert moved["local_start"] == f"{day}T14:00"
    expect(entries[short["id"]]).to_contain_text(clock_time(host_page, moved["starts_at"]))

    provider.post(f"/api/sessions/{first['id']}/cancel")
    expect(entries[first["id"]]).to_have_attribute("data-state", "cancelled")
    button(host_page, "The week after").click()
    expect(entries[first["id"]]).to_have_count(0)
    host_page.go_back()
    expect(entries[first["id"]]).to_be_visible()


def test_an_entry_is_dragged_to_another_time_which_is_confirmed(
    host_page: Page, stack: dict[str, Any], provider: Member, mailbox: Mailbox
) -> None:
    day, (first, *_others) = busy_day(Scene(stack, provider, mailbox))
    host_page.goto(f"{stack['base_url']}/sessions?view=day&day={day}")
    entry = host_page.locator(f".week-entry[data-id='{first['id']}']")
    expect(entry).to_be_visible()
    box, column = entry.bounding_box(), host_page.locator(".week-column").bounding_box()
    lines = host_page.locator(".week-hours span").count()
    assert box
    assert column
    hour = column["height"] / lines

    def drag(hours: float) -> None:
        x, y = box["x"] + 20, box["y"] + 10
        host_page.mouse.move(x, y)
        host_page.mouse.down()
        host_page.mouse.move(x, y + hours * hour / 2)
        host_page.mouse.move(x, y + hours * hour)
        expect(host_page.locator(".week-ghost")).to_be_visible()

    drag(5.0)
    host_page.keyboard.press("Escape")
    expect(host_page.locator(".week-ghost")).to_have_count(0)
    host_page.mouse.up()
    expect(host_page.get_by_role("dialog")).to_have_count(0)

    drag(5.3)
    host_page.mouse.up()
    dialog = host_page.get_by_role("dialog", name="Move this session")
    # to the nearest quarter of an hour
    expect(dialog.get_by_label("Time", exact=True)).to_have_value("14:15")
    assert provider.get(f"/api/sessions/{first['id']}")["planned"]["local_start"] == f"{day}T09:00"
    dialog.get_by_role("button", name="Move the session").click()
    expect(dialog).to_be_hidden()
    assert provider.get(f"/api/sessions/{first['id']}")["planned"]["local_start"] == f"{day}T14:15"


def test_an_entry_is_moved_with_the_keyboard_alone_and_each_step_is_announced(
    host_page: Page, stack: dict[str, Any], provider: Member, mailbox: Mailbox
) -> None:
    day, (_first, _second, short, _cancelled) = busy_day(Scene(stack, provider, mailbox))
    host_page.goto(f"{stack['base_url']}/sessions?view=day&day={day}")
    entry = host_page.locator(f".week-entry[data-id='{short['id']}']")
    entry.focus()
    host_page.keyboard.press("Shift+ArrowDown")
    expect(host_page.get_by_text("Enter moves it there, Escape leaves it.")).to_have_count(1)
    host_page.keyboard.press("Escape")
    expect(host_page.get_by_text("Not moved.")).to_have_count(1)
    for _step in range(2):
        host_page.keyboard.press("Shift+ArrowDown")
    host_page.keyboard.press("Enter")
    dialog = host_page.get_by_role("dialog", name="Move this session")
    expect(dialog.get_by_label("Time", exact=True)).to_have_value("11:30")
    dialog.get_by_role("button", name="Move the session").press("Enter")
    expect(dialog).to_be_hidden()
    assert provider.get(f"/api/sessions/{short['id']}")["planned"]["local_start"] == f"{day}T11:30"
