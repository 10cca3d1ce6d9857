"""The dialogs of sessions and of series, in every state that a person can bring them to."""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import Locator, Page, expect

from deploy.demo.people import button
from tests.browser.pages import Bring, Scene
from tests.journeys.client import address
from tests.journeys.test_series import at, some_tuesday

TITLE = "A shown session"


def session_with_people(scene: Scene, *people: str, weekly: bool = False) -> dict[str, Any]:
    """A session or the first of four, with these people invited."""
    recurrence = {"frequency": "weekly", "count": 4} if weekly else None
    asked = {"room_id": scene.provider.meeting_room()["id"], "title": f"{TITLE} {address()[7:13]}"}
    session: dict[str, Any] = scene.provider.post(
        "/api/sessions", {**asked, "planned": at(some_tuesday()), "recurrence": recurrence}
    )
    if people:
        scene.provider.post(f"/api/sessions/{session['id']}/guests", {"recipients": ", ".join(people)})
    return session


def busy_day(scene: Scene) -> tuple[str, list[dict[str, Any]]]:
    """A day (as 2026-12-01) that nothing else is booked on, and its sessions: two at the same time, a short one, a cancelled one."""
    # beyond what other tests book
    day = (datetime.now(UTC) + timedelta(days=370 + secrets.randbelow(300))).date().isoformat()
    if scene.provider.get(f"/api/sessions?starts_from={day}T00:00:00Z&starts_until={day}T23:59:59Z")["items"]:
        return busy_day(scene)
    room = scene.provider.meeting_room()["id"]

    def book(name: str, start: str, minutes: int) -> dict[str, Any]:
        planned = {"local_start": f"{day}T{start}", "zone": "Europe/Berlin", "minutes": minutes}
        asked = {"room_id": room, "title": f"{name} {address()[7:11]}", "planned": planned, "override": True}
        booked: dict[str, Any] = scene.provider.post("/api/sessions", asked)
        return booked

    spans = (("Review", "09:00", 60), ("Follow-up", "09:30", 45), ("Wound check", "11:00", 10), ("Intake", "12:00", 30))
    booked = [book(*span) for span in spans]
    scene.provider.post(f"/api/sessions/{booked[-1]['id']}/cancel")
    return day, booked


def calendar_by_week(page: Page, scene: Scene) -> None:
    day, booked = busy_day(scene)
    page.goto(f"{scene.base}/sessions?view=week&day={day}")
    expect(page.get_by_text(booked[0]["title"]).first).to_be_visible()


def calendar_by_day(page: Page, scene: Scene) -> None:
    day, booked = busy_day(scene)
    page.goto(f"{scene.base}/sessions?view=day&day={day}")
    expect(page.get_by_text(booked[0]["title"]).first).to_be_visible()


def opened(page: Page, scene: Scene, session: dict[str, Any], action: str) -> Locator:
    """What the button of a session's row opens."""
    page.goto(f"{scene.base}/sessions")
    button(page, f"{action}: {session['title']}").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    return dialog


def people_of_a_session(page: Page, scene: Scene) -> None:
    mia = address()
    session = session_with_people(scene, f"Mia K. <{mia}>", f"Bob <{address()}>", address())
    invitation_id = scene.provider.get(f"/api/sessions/{session['id']}")["invitation_id"]
    last = scene.provider.get(f"/api/invitations/{invitation_id}")["recipients"][-1]
    scene.provider.request("DELETE", f"/api/sessions/{session['id']}/guests/{last['id']}", {}).raise_for_status()
    dialog = opened(page, scene, session, "People of session")
    expect(dialog.get_by_role("list", name="Invited").get_by_text("sent", exact=True)).to_have_count(2)
    dialog.get_by_label("Recipients").fill(f"Carla <{address()}>,")
    expect(dialog.get_by_text("Carer, interpreter or second clinician?")).to_be_visible()
    dialog.get_by_text("Carer, interpreter or second clinician?").click()
    dialog.get_by_label("Role of Carla").select_option("Carer")
    expect(dialog.get_by_label("Whom Carla comes for")).to_be_visible()


def removing_somebody_of_a_series(page: Page, scene: Scene) -> None:
    dialog = opened(page, scene, session_with_people(scene, f"Mia K. <{address()}>", weekly=True), "People of session")
    button(dialog, "More for Mia K.").click()
    dialog.get_by_role("menuitem", name="Remove from this session").click()
    expect(page.get_by_role("dialog", name="Remove Mia K.?")).to_be_visible()


def moving_one_of_a_series(page: Page, scene: Scene) -> None:
    opened(page, scene, session_with_people(scene, weekly=True), "Move session")


def cancelling_some_of_a_series(page: Page, scene: Scene) -> None:
    opened(page, scene, session_with_people(scene, weekly=True), "Cancel session")


SESSIONS: tuple[Bring, ...] = (
    calendar_by_week,
    calendar_by_day,
    people_of_a_session,
    removing_somebody_of_a_series,
    moving_one_of_a_series,
    cancelling_some_of_a_series,
)
