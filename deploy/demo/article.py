"""The article "Inviting a Client or Patient to Your User Room or Meeting Room", played from sign-in to the end of the call."""

import datetime as dt
from typing import Any

from playwright.sync_api import expect

from deploy.demo.people import (
    accept,
    button,
    come_to_wait,
    hang_up,
    join_link,
    mail_to,
    manager_of,
    plain_text,
    send_invitation,
    sign_in,
)
from deploy.demo.stage import Failed, Person, Stage
from deploy.demo.watching import all_see_and_hear

TITLE = "My first call with client"
MESSAGE = "I would like to invite you to a call with Dr Smith.\n\nPlease fill in the forms and email them back."


class Article:
    """The play. `stack` is what `./run` wrote to demo.json; `run_id` keeps the addresses of one performance apart."""

    def __init__(self, stage: Stage, stack: dict[str, Any], run_id: str) -> None:
        self._stage = stage
        self._base = stack["base_url"]
        self._mail = stack["mail_url"].rstrip("/")
        self._account = next(member for member in stack["members"] if member["role"] == "provider")
        self._run_id = run_id
        self._host: Person = stage.enter("Dr Smith", 1)

    def play(self) -> None:
        self._begin()
        first, second = self._two_by_one_invitation()
        third = self._one_by_the_room_link(first, second)
        fourth = self._one_from_inside_the_call(first, second, third)
        self._leave_and_end(first, second, third, fourth)
        self._later()
        self._in_a_meeting_room()
        self._patient_information()

    def _address(self, who: str) -> str:
        return f"{who}-{self._run_id}@example.com"

    def _begin(self) -> None:
        page = self._host.page
        with self._stage.step("A provider signs in and sees the Dashboard", self._host):
            sign_in(page, self._base, self._account)
        with self._stage.step("The Dashboard has the three ways and the three options", self._host):
            expect(button(page, "Send Invitation")).to_be_visible()
            expect(button(page, "Copy the room link")).to_be_visible()
            button(page, "Start a consultation").click()
            for option in ("Start a consultation now", "Schedule a consultation for later", "Access your Waiting Area"):
                expect(page.get_by_role("menuitem", name=option)).to_be_visible()
        with self._stage.step("The User Room opens on its page; nobody is in a call yet", self._host):
            page.keyboard.press("Escape")
            page.locator("nav a.side-item.room").first.click()
            expect(button(page, "Enter User Room")).to_be_visible()
            expect(page.locator(".stage")).to_have_count(0)

    def _two_by_one_invitation(self) -> tuple[Person, Person]:
        page = self._host.page
        first, second = self._stage.enter("Mia K.", 2, phone=True), self._stage.enter("Omar B.", 3, phone=True)
        with self._stage.step("Send Invitation to two addresses separated by a comma", self._host):
            button(page, "Send Invitation").first.click()
            send_invitation(self._host, f"{self._address('mia')}, {self._address('omar')}", TITLE, MESSAGE)
        with self._stage.step(
            "Each gets an e-mail of their own with title, message, Join the call and the information page"
        ):
            for own, other in (("mia", "omar"), ("omar", "mia")):
                message = mail_to(self._mail, self._address(own))
                text = plain_text(message)
                for part in (TITLE, "Please fill in the forms", "/patient-information"):
                    if part not in text:
                        raise Failed(f"the mail lacks: {part}")
                if other in message.as_string():
                    raise Failed("a mail names another recipient")
        with self._stage.step(
            "A client opens the link on a phone, gives a name, allows camera and microphone, and waits", first
        ):
            come_to_wait(first, join_link(mail_to(self._mail, self._address("mia"))))
        with self._stage.step("The provider sees who waits, by itself", self._host):
            expect(page.get_by_role("heading", name=first.name)).to_be_visible()
        with self._stage.step("Enter User Room, and Accept in the Call Manager", self._host, first):
            button(page, "Enter User Room").click()
            accept(self._host, first)
        with self._stage.step("Both see and hear each other through the media node", self._host, first):
            all_see_and_hear(self._host, first)
        with self._stage.step("A second client comes by the same invitation", self._host, second):
            come_to_wait(second, join_link(mail_to(self._mail, self._address("omar"))))
            accept(self._host, second)
            all_see_and_hear(self._host, first, second)
        return first, second

    def _one_by_the_room_link(self, *inside: Person) -> Person:
        third = self._stage.enter("Lena", 4, phone=True)
        with self._stage.step("A third comes by the copied room link", self._host, third):
            button(manager_of(self._host), "Copy the room link").click()
            come_to_wait(third, self._host.page.evaluate("navigator.clipboard.readText()"))
            accept(self._host, third, beside=True)
            all_see_and_hear(self._host, *inside, third)
        return third

    def _one_from_inside_the_call(self, *inside: Person) -> Person:
        fourth = self._stage.enter("Noor", 5, phone=True)
        with self._stage.step("A fourth is invited from inside the call", self._host, fourth):
            button(manager_of(self._host), "Send Invitation").click()
            send_invitation(self._host, self._address("noor"), TITLE, "We are waiting for you.")
            come_to_wait(fourth, join_link(mail_to(self._mail, self._address("noor"))))
            accept(self._host, fourth, beside=True)
            all_see_and_hear(self._host, *inside, fourth)
        return fourth

    def _leave_and_end(self, *clients: Person) -> None:
        with self._stage.step("Leave call: the provider goes, the others go on", self._host, clients[0]):
            hang_up(self._host, "Leave call")
            all_see_and_hear(*clients)
        with self._stage.step("End call: it ends for everyone", self._host, clients[0]):
            button(self._host.page, "Enter User Room").click()
            all_see_and_hear(self._host, *clients)
            hang_up(self._host, "End call")
            for client in clients:
                expect(client.page.get_by_role("heading", name="The call has ended")).to_be_visible()
                client.browser.close()

    def _later(self) -> None:
        page, to = self._host.page, self._address("planned")
        with self._stage.step("An invitation at a specific time makes a session and a calendar entry", self._host):
            page.goto(self._base)
            button(page, "Send Invitation").first.click()
            dialog = page.get_by_role("dialog", name="Send Invitation")
            dialog.get_by_text("Yes", exact=True).click()
            day, time = self._free_time()
            dialog.get_by_label("Date").fill(day)
            dialog.get_by_label("Time", exact=True).fill(time)
            send_invitation(self._host, to, "Follow-up", "See you then.")
            message = mail_to(self._mail, to)
            kinds = {part.get_content_type() for part in message.walk()}
            if "text/calendar" not in kinds:
                raise Failed("the mail has no calendar entry")
            page.goto(f"{self._base}/sessions")
            expect(page.get_by_text("Follow-up").first).to_be_visible()

    def _free_time(self) -> tuple[str, str]:
        """A day and time that hardly any earlier performance on the same data has booked."""
        number = int(self._run_id, 16)
        day = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1 + number % 300)
        return day.isoformat(), f"{number // 300 % 22:02d}:{number // 6600 % 4 * 15:02d}"

    def _in_a_meeting_room(self) -> None:
        page, client = self._host.page, self._stage.enter("Ada", 6, phone=True)
        with self._stage.step("The same in a Meeting Room", self._host, client):
            page.locator("nav a.side-item.room").nth(1).click()
            expect(button(page, "Enter room")).to_be_visible()
            button(page, "Copy the room link").first.click()
            come_to_wait(client, page.evaluate("navigator.clipboard.readText()"))
            button(page, "Enter room").click()
            accept(self._host, client)
            all_see_and_hear(self._host, client)
        with self._stage.step("A client who reloads the page is back in the call by themselves", client):
            client.page.reload()
            all_see_and_hear(self._host, client)
            hang_up(self._host, "End call")

    def _patient_information(self) -> None:
        reader = self._stage.enter("A patient", 7, phone=True)
        with self._stage.step("The patient information page is a real page", reader):
            reader.page.goto(f"{self._base}/patient-information")
            expect(reader.page.get_by_role("heading").first).to_be_visible()
