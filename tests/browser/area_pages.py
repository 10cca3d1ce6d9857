"""The pages of a Waiting Area in every state that a person can bring them to."""

from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import Page, expect

from contracts.waiting_areas import WEEKDAYS
from deploy.demo.people import button
from tests.browser.pages import Bring, Scene
from tests.journeys.client import Guest, Member, Visitor

DESK = "Northside desk"
QUESTIONS = [
    {"key": "born", "label": "Date of birth", "kind": "date", "required": True},
    {"key": "why", "label": "What brings you here?", "kind": "text"},
]
OPEN = {"name": DESK, "zone": "Europe/Berlin", "hours": None, "entry_fields": QUESTIONS, "consent_text": "I agree."}


def closed_today() -> list[dict[str, str]]:
    """Hours of one day that is three days off, so that nobody who looks today finds it open."""
    day = datetime.now(UTC) + timedelta(days=3)
    return [{"weekday": WEEKDAYS[day.weekday()], "opens": "09:00", "closes": "17:00"}]


def desk(stack: dict[str, Any], **settings: Any) -> dict[str, Any]:
    """The Waiting Area of the demonstration's first clinic, open unless told otherwise; the same one each time."""
    with Member(stack, "owner") as owner:
        clinic_id = owner.me["organisation"]["clinics"][0]["id"]
        areas = owner.get("/api/waiting-areas")["items"]
        known = next((area for area in areas if area["clinic_id"] == clinic_id), None)
        area: dict[str, Any] = known or owner.post("/api/waiting-areas", {"clinic_id": clinic_id})
        path = f"/api/waiting-areas/{area['id']}"
        owner.post(f"{path}/resume")
        owner.request("PATCH", path, {**OPEN, **settings}).raise_for_status()
        found: dict[str, Any] = owner.get(path)
    return found


def arrived_at(stack: dict[str, Any], area: dict[str, Any], name: str) -> Visitor:
    """Somebody who has answered and waits in it."""
    guest = Guest(stack, f"/join/area/{area['link']}")
    given = {"answers": {"born": "1980-02-29"}, "consent_version": guest.hello()["consent_version"]}
    guest.post(f"/api{guest.path}/arrivals", {"display_name": name, **given})
    return guest


def waiting_area(page: Page, scene: Scene) -> None:
    area = desk(scene.stack)
    for name in ("Mia Keller", "Omar Benali"):
        arrived_at(scene.stack, area, name)
    page.goto(f"{scene.base}/waiting-area")
    expect(button(page, "Accept Omar Benali").first).to_be_visible()


def waiting_area_suspend(page: Page, scene: Scene) -> None:
    waiting_area(page, scene)
    page.get_by_label("Search").fill("omar")
    expect(button(page, "Accept Mia Keller")).to_have_count(0)
    button(page, f"Suspend {DESK}").click()
    expect(page.get_by_role("dialog", name=f"Suspend {DESK}?")).to_be_visible()


def waiting_area_let_go_first(page: Page, scene: Scene) -> None:
    waiting_area(page, scene)
    button(page, "More for Omar Benali").first.click()
    page.get_by_role("menuitem", name="Another place in the queue").click()
    page.get_by_label("Reason").fill("Chest pain")
    button(page, "Move them").click()
    expect(page.get_by_text("let them go first: Chest pain").first).to_be_visible()
    button(page, "More for Mia Keller").first.click()
    page.get_by_role("menuitem", name="Another place in the queue").click()
    expect(page.get_by_role("dialog", name="Another place for Mia Keller?")).to_be_visible()


def closed_waiting_area(page: Page, scene: Scene) -> None:
    area = desk(scene.stack, hours=closed_today())
    page.goto(f"{scene.base}/join/area/{area['link']}")
    expect(page.get_by_text("It is closed now.")).to_be_visible()


def settings_waiting_areas(page: Page, scene: Scene) -> None:
    desk(scene.stack)
    page.goto(f"{scene.base}/settings/waiting-areas")
    expect(page.get_by_role("heading", name=DESK)).to_be_visible()


def settings_of_a_waiting_area(page: Page, scene: Scene) -> None:
    area = desk(scene.stack, hours=closed_today())
    page.goto(f"{scene.base}/settings/waiting-areas/{area['id']}")
    expect(page.locator("input[type=time]").first).to_have_value("09:00")


AREA_GUESTS: tuple[Bring, ...] = (closed_waiting_area,)
AREA_STAFF: tuple[Bring, ...] = (waiting_area, waiting_area_let_go_first)
AREA_SETTINGS: tuple[Bring, ...] = (waiting_area_suspend, settings_waiting_areas, settings_of_a_waiting_area)
