"""Every page in every state that a person can bring it to, and how to get there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page, expect

from deploy.demo.people import button
from tests.journeys.client import Guest, Mailbox, Member, address, eventually, link_in
from tests.journeys.test_sessions import some_time


@dataclass
class Scene:
    """What a page is brought to a state with: the stack, a provider's own client, and the mailbox."""

    stack: dict[str, Any]
    provider: Member
    mailbox: Mailbox

    @property
    def base(self) -> str:
        return self.stack["base_url"]

    def room_link(self) -> str:
        return f"{self.base}/join/room/{self.provider.user_room()['link']}"

    def invited_link(self) -> str:
        to = address()
        self.provider.invite(self.provider.user_room()["id"], to)
        return self.mailbox.join_link(to)


Bring = Callable[[Page, Scene], None]


def sign_in_page(page: Page, scene: Scene) -> None:
    page.goto(f"{scene.base}/sign-in")
    expect(button(page, "Sign in")).to_be_visible()


def sign_in_refused(page: Page, scene: Scene) -> None:
    sign_in_page(page, scene)
    page.get_by_label("E-mail address").fill("nobody@example.com")
    page.get_by_label("Password").fill("not the password")
    button(page, "Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()


def forgot_password(page: Page, scene: Scene) -> None:
    page.goto(f"{scene.base}/forgot-password")
    expect(button(page, "Send the link")).to_be_visible()


def new_password_by_a_dead_link(page: Page, scene: Scene) -> None:
    page.goto(f"{scene.base}/new-password#unknown")
    page.get_by_label("New password").fill("a quiet river in May 17")
    button(page, "Save the password").click()
    expect(page.get_by_role("alert")).to_be_visible()


def welcome_by_a_dead_link(page: Page, scene: Scene) -> None:
    page.goto(f"{scene.base}/welcome#unknown")
    expect(page.get_by_role("alert")).to_be_visible()


def sign_up(page: Page, scene: Scene) -> None:
    page.goto(f"{scene.base}/sign-up")
    expect(button(page, "Send the link")).to_be_visible()


def sign_up_by_a_dead_link(page: Page, scene: Scene) -> None:
    page.goto(f"{scene.base}/sign-up#unknown")
    expect(page.get_by_role("alert")).to_be_visible()


def sign_up_by_a_link(page: Page, scene: Scene) -> None:
    to = address()
    scene.provider.post("/api/sign-ups", {"email": to})
    page.goto(link_in(scene.mailbox.mail_to(to), "sign-up"))
    expect(page.get_by_label("Name of the organisation")).to_be_visible()


def patient_information(page: Page, scene: Scene) -> None:
    page.goto(f"{scene.base}/patient-information")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def lost_link(page: Page, scene: Scene) -> None:
    page.goto(f"{scene.base}/lost-link")
    page.get_by_label("Your e-mail address").fill(address())
    button(page, "Send my link again").click()
    expect(page.get_by_text("If you are invited at this address")).to_be_visible()


def unknown_link(page: Page, scene: Scene) -> None:
    page.goto(f"{scene.base}/join/{'x' * 32}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def hello(page: Page, scene: Scene) -> None:
    page.goto(scene.invited_link())
    expect(button(page, "Continue")).to_be_visible()


def about_you(page: Page, scene: Scene) -> None:
    hello(page, scene)
    button(page, "Continue").click()
    expect(page.get_by_label("Your name")).to_be_visible()


def camera_and_microphone(page: Page, scene: Scene) -> None:
    about_you(page, scene)
    page.get_by_label("Your name").fill("Mia K.")
    button(page, "Continue").click()
    expect(button(page, "I am ready")).to_be_visible()


def waiting(page: Page, scene: Scene) -> None:
    camera_and_microphone(page, scene)
    button(page, "I am ready").click()
    expect(page.get_by_role("heading", name="You are in.")).to_be_visible()


def after(page: Page, scene: Scene) -> None:
    waiting(page, scene)
    for caller in scene.provider.get("/api/callers")["items"]:
        scene.provider.post(f"/api/callers/{caller['id']}/refuse", {"message": "Please ring reception."})
    expect(page.get_by_text("Please ring reception.")).to_be_visible()


def dashboard(page: Page, scene: Scene) -> None:
    page.goto(scene.base)
    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()


def dashboard_with_somebody_waiting(page: Page, scene: Scene) -> None:
    with Guest(scene.stack, scene.room_link()) as guest:
        guest.arrive("Mia K.")
    dashboard(page, scene)
    expect(button(page, "Accept Mia K.").first).to_be_visible()


def room(page: Page, scene: Scene) -> None:
    page.goto(f"{scene.base}/rooms/{scene.provider.user_room()['id']}")
    expect(button(page, "Enter User Room")).to_be_visible()


def no_such_room(page: Page, scene: Scene) -> None:
    page.goto(f"{scene.base}/rooms/01a20464-0000-7000-8000-000000000000")
    expect(page.get_by_role("heading", name="There is no such room")).to_be_visible()


def invite_dialog(page: Page, scene: Scene) -> None:
    room(page, scene)
    button(page, "Send Invitation").first.click()
    dialog = page.get_by_role("dialog", name="Send Invitation")
    dialog.get_by_role("textbox", name="Recipients").fill("mia@example.com, not an address,")
    dialog.get_by_text("Yes", exact=True).click()
    expect(dialog.get_by_label("Date")).to_be_visible()


def invite_preview(page: Page, scene: Scene) -> None:
    invite_dialog(page, scene)
    page.get_by_role("textbox", name="Recipients").fill("+49 170 1234567,")
    page.get_by_text("Preview of the e-mail and the text").click()
    expect(page.get_by_text("Replies go to")).to_be_visible()
    expect(page.get_by_text("As a text message")).to_be_visible()
    page.get_by_text("Replies go to").scroll_into_view_if_needed()


def invited_by_text(page: Page, scene: Scene) -> None:
    """One text delivered, one that did not reach its telephone, one that was refused at once, and a mail."""
    room_id = scene.provider.user_room()["id"]
    people = f"Mia K. <+49 170 1234569>, +49 170 1230002, +49 170 1230001, {address()}"
    sent = scene.provider.invite(room_id, people)["invitation"]
    room(page, scene)
    for person, fate in zip(sent["recipients"], ("delivered", "not delivered", "refused", "sent"), strict=True):
        row = page.locator(f"[data-recipient-id='{person['id']}']")
        expect(row.get_by_text(fate, exact=True)).to_be_visible()
    page.locator(".card.invitation").first.scroll_into_view_if_needed()


def call(page: Page, scene: Scene) -> None:
    room(page, scene)
    button(page, "Enter User Room").click()
    expect(page.locator(".stage[data-phase=connected]")).to_be_visible()


def empty_room(scene: Scene) -> None:
    """The provider's room without a call and without anybody on the way in: beside a client, nobody is let in unasked."""
    room_id = scene.provider.user_room()["id"]
    going_on = scene.provider.get(f"/api/rooms/{room_id}/call")["call"]
    if going_on:
        scene.provider.post(f"/api/calls/{going_on['id']}/end")

    def inside() -> list[str]:
        callers = scene.provider.get(f"/api/callers?room_id={room_id}")["items"]
        for caller in callers:
            if caller["state"] == "admitted":
                scene.provider.request("POST", f"/api/callers/{caller['id']}/refuse", {})
        return [caller["state"] for caller in callers if caller["state"] != "waiting"]

    eventually(inside, lambda states: not states, "nobody is in")


def call_with_somebody_on_hold(page: Page, scene: Scene) -> None:
    empty_room(scene)
    call(page, scene)
    with Guest(scene.stack, scene.room_link()) as guest:
        caller = guest.arrive("Mia K.")
        scene.provider.post(f"/api/callers/{caller['id']}/accept", {"confirmed": True})
        phone = guest.live()
        seat = phone.ask(type="call.join")["result"]
        phone.ask(type="call.raise_hand", participant_id=seat["participant_id"])
        phone.ask(type="call.say", participant_id=seat["participant_id"], text="I cannot hear you")
        panel = page.get_by_role("complementary", name="Call Manager")
        if not panel.is_visible():
            page.get_by_role("button", name="Call Manager").click()
        expect(panel.get_by_text("raises a hand")).to_be_visible()
        button(page, "Put Mia K. on hold").click()
        expect(panel.get_by_text("on hold", exact=True)).to_be_visible()


def call_chat(page: Page, scene: Scene) -> None:
    call(page, scene)
    page.get_by_role("button", name="Chat").click()
    page.get_by_label("Write to everybody in the call").fill("Can you hear me?\nhttps://example.com/help")
    button(page, "Send").click()
    expect(page.get_by_role("log", name="What was written")).to_contain_text("Can you hear me?")


def transfer_dialog(page: Page, scene: Scene) -> None:
    with Guest(scene.stack, scene.room_link()) as guest:
        guest.arrive("Mia K.")
        room(page, scene)
        button(page, "Transfer Mia K.").first.click()
        dialog = page.get_by_role("dialog", name="Transfer Mia K.")
        dialog.get_by_role("radio").last.check()
        guest.post("/api/caller/leave")


def waiting_area(page: Page, scene: Scene) -> None:
    page.goto(f"{scene.base}/waiting-area")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def sessions(page: Page, scene: Scene) -> None:
    page.goto(f"{scene.base}/sessions")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def move_dialog(page: Page, scene: Scene) -> None:
    room = scene.provider.user_room()
    title = f"Review {address()[4:10]}"
    planned = {"local_start": some_time(), "zone": "Europe/Berlin", "minutes": 25}
    asked = {"room_id": room["id"], "title": title, "planned": planned, "override": True}
    session = scene.provider.post("/api/sessions", asked)
    page.goto(f"{scene.base}/sessions")
    button(page, f"Move session: {title}").click()
    expect(page.get_by_role("dialog", name="Move this session")).to_be_visible()
    scene.provider.post(f"/api/sessions/{session['id']}/cancel")


def calendar_feed(page: Page, scene: Scene) -> None:
    sessions(page, scene)
    button(page, "In your calendar").click()
    dialog = page.get_by_role("dialog", name="Sessions in your calendar")
    dialog.get_by_role("button", name="Make").click()
    expect(button(dialog, "Copy")).to_be_visible()


def help_page(page: Page, scene: Scene) -> None:
    page.goto(f"{scene.base}/help")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


PUBLIC: tuple[Bring, ...] = (
    sign_in_page,
    sign_in_refused,
    forgot_password,
    new_password_by_a_dead_link,
    welcome_by_a_dead_link,
    sign_up,
    sign_up_by_a_dead_link,
    sign_up_by_a_link,
    patient_information,
    lost_link,
    unknown_link,
    hello,
    about_you,
    camera_and_microphone,
    waiting,
    after,
)
STAFF: tuple[Bring, ...] = (
    dashboard,
    dashboard_with_somebody_waiting,
    room,
    no_such_room,
    invite_dialog,
    invite_preview,
    invited_by_text,
    call,
    call_with_somebody_on_hold,
    call_chat,
    transfer_dialog,
    waiting_area,
    sessions,
    move_dialog,
    calendar_feed,
    help_page,
)
