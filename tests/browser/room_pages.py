"""The pages of rooms and what they ask, in every state that a person can bring them to."""

from typing import Any

from playwright.sync_api import Page, expect

from deploy.demo.people import button
from tests.browser.pages import Bring, Scene
from tests.journeys.client import Guest, Member, Visitor, address, eventually

NAME = "With questions"
QUESTIONS = [
    {"key": "born", "label": "Date of birth", "kind": "date", "required": True},
    {"key": "mood", "label": "How do you feel?", "kind": "choice", "choices": ["Well", "Poorly"], "required": True},
    {"key": "first", "label": "Is this your first visit?", "kind": "yes_no"},
    {"key": "why", "label": "What brings you here?", "kind": "text"},
]
ASKS = {
    "entry_fields": QUESTIONS,
    "consent_text": "I agree to be seen by video.\nNothing is recorded. More: https://example.com/privacy.",
    "waiting_content": "Please have your card ready.\nHow to prepare: https://example.com/prepare",
    "confirm_before_joining": True,
    "largest_number": 4,
}


def asking_room(stack: dict[str, Any]) -> dict[str, Any]:
    """A Meeting Room that asks, wants consent and has its hosts confirm; the same one each time."""
    with Member(stack, "owner") as owner:
        known = next((room for room in owner.rooms() if room["name"] == NAME), None)
        room: dict[str, Any] = known or owner.post("/api/rooms", {"name": NAME})
        owner.request("PATCH", f"/api/rooms/{room['id']}", {"settings": ASKS}).raise_for_status()
    return room


def arrived(stack: dict[str, Any], room: dict[str, Any], name: str = "Mia K.") -> Visitor:
    """Somebody who has answered and waits."""
    guest = Guest(stack, f"/join/room/{room['link']}")
    given = {"answers": {"born": "1980-02-29", "mood": "Poorly"}, "consent_version": guest.hello()["consent_version"]}
    guest.post(f"/api{guest.path}/arrivals", {"display_name": name, **given})
    return guest


def about_you_with_questions(page: Page, scene: Scene) -> None:
    page.goto(f"{scene.base}/join/room/{asking_room(scene.stack)['link']}")
    button(page, "Continue").click()
    expect(page.get_by_label("Date of birth")).to_be_visible()


def about_you_unanswered(page: Page, scene: Scene) -> None:
    about_you_with_questions(page, scene)
    button(page, "Continue").click()
    expect(page.get_by_text("Please answer this.").first).to_be_visible()


def waiting_with_something_to_read(page: Page, scene: Scene) -> None:
    about_you_with_questions(page, scene)
    page.get_by_label("Your name").fill("Mia K.")
    page.get_by_label("Date of birth").fill("1980-02-29")
    page.get_by_role("radio", name="Poorly").check()
    page.get_by_label("I have read this and agree").check()
    button(page, "Continue").click()
    button(page, "I am ready").click()
    expect(page.get_by_text("Please have your card ready.")).to_be_visible()


def room_with_answers(page: Page, scene: Scene) -> None:
    room = asking_room(scene.stack)
    arrived(scene.stack, room)
    page.goto(f"{scene.base}/rooms/{room['id']}")
    expect(page.get_by_text("29 February 1980").first).to_be_visible()


def confirm_whom_to_let_in(page: Page, scene: Scene) -> None:
    room_with_answers(page, scene)
    button(page, "Accept Mia K.").first.click()
    expect(page.get_by_role("dialog", name="Let Mia K. in?")).to_be_visible()


def settings_rooms(page: Page, scene: Scene) -> None:
    page.goto(f"{scene.base}/settings/rooms")
    expect(page.get_by_role("table")).to_be_visible()


def settings_rooms_add(page: Page, scene: Scene) -> None:
    settings_rooms(page, scene)
    button(page.locator("#page"), "Add a Meeting Room").click()
    expect(page.get_by_role("dialog", name="Add a Meeting Room")).to_be_visible()


def settings_rooms_remove(page: Page, scene: Scene) -> None:
    room = asking_room(scene.stack)
    arrived(scene.stack, room)
    settings_rooms(page, scene)
    button(page, f"Remove {NAME}").click()
    button(page, "Remove the room").click()
    expect(page.get_by_role("alert")).to_contain_text("waiting")


def settings_of_all_rooms(page: Page, scene: Scene) -> None:
    page.goto(f"{scene.base}/settings/rooms/all")
    expect(page.get_by_role("heading", name="Confirm before joining")).to_be_visible()


def settings_of_a_room(page: Page, scene: Scene) -> None:
    page.goto(f"{scene.base}/settings/rooms/{asking_room(scene.stack)['id']}")
    expect(page.get_by_label("Question 4", exact=True)).to_be_visible()


def settings_of_a_room_with_a_preview(page: Page, scene: Scene) -> None:
    settings_of_a_room(page, scene)
    page.get_by_text("As a guest sees it").first.click()
    expect(page.get_by_role("radio", name="Poorly")).to_be_visible()


def settings_of_a_room_asked_about_the_link(page: Page, scene: Scene) -> None:
    settings_of_a_room(page, scene)
    button(page, "Make a new link").click()
    expect(page.get_by_role("dialog", name="Make a new link?")).to_be_visible()


def settings_rooms_hand_over(page: Page, scene: Scene) -> None:
    with Member(scene.stack, "owner") as owner:
        to = address()
        somebody = owner.post("/api/members", {"email": to, "name": f"Gone {to[4:10]}", "role": "provider"})
        owner.request("DELETE", f"/api/members/{somebody['id']}").raise_for_status()
        room = eventually(
            lambda: [room for room in owner.rooms() if room.get("owner_member_id") == somebody["id"]],
            bool,
            "their room",
        )[0]
    settings_rooms(page, scene)
    button(page, f"Hand over {room['name']}").click()
    dialog = page.get_by_role("dialog", name=f"Hand over {room['name']}")
    expect(dialog.get_by_label("New host")).to_be_visible()


ROOM_GUESTS: tuple[Bring, ...] = (about_you_with_questions, about_you_unanswered, waiting_with_something_to_read)
ROOM_STAFF: tuple[Bring, ...] = (room_with_answers, confirm_whom_to_let_in)
ROOM_SETTINGS: tuple[Bring, ...] = (
    settings_rooms,
    settings_rooms_add,
    settings_rooms_remove,
    settings_rooms_hand_over,
    settings_of_all_rooms,
    settings_of_a_room,
    settings_of_a_room_with_a_preview,
    settings_of_a_room_asked_about_the_link,
)
