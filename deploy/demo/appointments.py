"""A practice books its client: one appointment so soon that the reminder comes during the play, one that is moved and then cancelled."""

import datetime as dt
from email.message import EmailMessage
from typing import Any

from icalendar import Calendar
from playwright.sync_api import Locator, expect

from deploy.demo.people import button, join_link, mail_to, send_invitation
from deploy.demo.stage import Failed, Person, Stage

# the last of the reminders that an organisation begins with
_REMINDED_BEFORE = dt.timedelta(minutes=10)
# the booking itself takes some of it
_FROM_NOW = dt.timedelta(seconds=20)
# a reminder is due a minute and a half after the booking, at the latest
_PATIENCE_SECONDS = 100.0
_SOON, _REVIEW = "Check-up", "Yearly review"


class Appointments:
    """The play of appointments. `host` is signed in; `run_id` keeps the addresses of one performance apart."""

    def __init__(self, stage: Stage, stack: dict[str, Any], host: Person, run_id: str) -> None:
        self._stage = stage
        self._base = stack["base_url"]
        self._mail = stack["mail_url"].rstrip("/")
        self._host = host
        self._run_id = run_id
        self._link = ""

    def book_soon(self) -> None:
        """So that the reminder is due a minute or so later."""
        to = self._address("soon")
        with self._stage.step("A client is invited for an appointment in ten minutes", self._host):
            start = dt.datetime.now(dt.UTC) + _REMINDED_BEFORE + _FROM_NOW
            start = start.replace(second=0, microsecond=0) + dt.timedelta(minutes=1)
            self._invite(to, _SOON, start)
            self._link = join_link(mail_to(self._mail, to))

    def move_and_cancel(self) -> None:
        """The client's calendar follows each."""
        page, to = self._host.page, self._address("review")
        start = (dt.datetime.now(dt.UTC) + dt.timedelta(days=7)).replace(hour=9, minute=30, second=0, microsecond=0)
        with self._stage.step("Another is invited for next week, and has it in the calendar"):
            self._invite(to, _REVIEW, start)
            booked = self._in_calendar(to, _REVIEW, "REQUEST", 0, start)
        later = start + dt.timedelta(days=1, hours=5)
        with self._stage.step("The appointment is moved, and the entry in the calendar moves", self._host):
            page.goto(f"{self._base}/sessions")
            button(page, f"Move session: {_REVIEW}").click()
            dialog = page.get_by_role("dialog", name="Move this session")
            self._set_time(dialog, later)
            button(dialog, "Move the session").click()
            expect(dialog).to_be_hidden()
            moved = self._in_calendar(to, f"New time: {_REVIEW}", "REQUEST", 1, later)
        with self._stage.step("The appointment is cancelled, and leaves the calendar", self._host):
            button(page, f"Cancel session: {_REVIEW}").click()
            button(page.get_by_role("dialog"), "Cancel the session").click()
            gone = self._in_calendar(to, f"Cancelled: {_REVIEW}", "CANCEL", 2, later)
            if not booked == moved == gone:
                raise Failed("the calendar got another entry, where the same one should have changed")

    def reminded(self) -> None:
        """By the mail that the scheduler has sent, at the time that it is due."""
        with self._stage.step("Ten minutes before the first appointment, its client is reminded, with the same link"):
            reminder = self._newest(self._address("soon"), f"Reminder: {_SOON}")
            if join_link(reminder) != self._link:
                raise Failed("the reminder has another link")

    def _invite(self, to: str, title: str, start: dt.datetime) -> None:
        page = self._host.page
        page.goto(self._base)
        button(page, "Send Invitation").first.click()
        dialog = page.get_by_role("dialog", name="Send Invitation")
        dialog.get_by_text("Yes", exact=True).click()
        self._set_time(dialog, start)
        send_invitation(self._host, to, title, "See you then.")

    @staticmethod
    def _set_time(dialog: Locator, start: dt.datetime) -> None:
        """In the browser's zone, which the page offers first."""
        local = start.astimezone()
        dialog.get_by_label("Date").fill(local.date().isoformat())
        dialog.get_by_label("Time", exact=True).fill(local.strftime("%H:%M"))

    def _in_calendar(self, to: str, subject: str, method: str, sequence: int, start: dt.datetime) -> str:
        """The entry's UID, when the mail's calendar says what it should."""
        message = self._newest(to, subject)
        (part,) = [each for each in message.walk() if each.get_content_type() == "text/calendar"]
        calendar = Calendar.from_ical(part.get_content())
        (event,) = calendar.events
        said = (str(calendar["METHOD"]), event.sequence, event.start)
        if said != (method, sequence, start):
            raise Failed(f"the calendar says {said}")
        what = "takes away" if method == "CANCEL" else "has"
        self._stage.tell(f"the calendar {what} {event.start:%A %d %B, %H:%M}, revision {sequence}")
        return str(event["UID"])

    def _newest(self, to: str, subject: str) -> EmailMessage:
        """The newest mail to them, as soon as it is the one whose subject begins so."""
        found: list[EmailMessage] = []

        def came() -> bool:
            found[:] = [mail_to(self._mail, to)]
            return str(found[0]["Subject"]).startswith(subject)

        self._stage.until(came, f"the mail that begins with {subject}", seconds=_PATIENCE_SECONDS)
        return found[0]

    def _address(self, who: str) -> str:
        return f"{who}-{self._run_id}@example.com"
