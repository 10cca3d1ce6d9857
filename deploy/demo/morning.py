"""A morning in the Waiting Area of a clinic: three callers, of whom one is lost and back in place, one is handed over warmly to another clinic, and one leaves without being seen."""

import secrets
from dataclasses import replace
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, expect

from contracts.accounts import ADD_MEMBER
from contracts.actor import system
from deploy.demo.growing import operator
from deploy.demo.people import button, come_to_wait, hang_up, manager_of, sign_in
from deploy.demo.stage import Failed, Person, Stage
from deploy.demo.watching import all_see_and_hear
from deploy.local.demo_organisation import OPERATOR

_OURS = {"X-Housecall": "1"}
_NOTE = "Rash on both hands since Monday.\nNo fever."


class Morning:
    """The play. `reception` is the owner of a practice on Premium, signed in; `stack` is what `./run` wrote to demo.json, in the run folder `folder`."""

    def __init__(self, stage: Stage, stack: dict[str, Any], folder: Path, reception: Person, run_id: str) -> None:
        self._stage = stage
        self._stack = stack
        self._folder = folder
        self._base = stack["base_url"]
        self._reception = reception
        self._run_id = run_id
        self._colleague: Person = stage.enter("Dr Jones", 9)

    def play(self) -> None:
        """From the first arrival to the last word about who was not seen."""
        link = self._open()
        ada, ben, cora = self._three_arrive(link)
        self._lost_and_back(ben, link)
        self._handed_over(ada)
        self._left_unseen(cora)
        self._next(ben)

    def _open(self) -> str:
        """The link of the Waiting Area."""
        with self._stage.step(
            "A second clinic with a doctor of its own; the first has a Waiting Area", self._reception
        ):
            me = self._asked("GET", "/api/me")
            first = me["organisation"]["clinics"][0]
            second = self._asked("POST", "/api/clinics", {"name": "South Clinic"})
            account = {"email": f"jones-{self._run_id}@example.com", "password": secrets.token_urlsafe(12)}
            member = {**account, "name": self._colleague.name, "role": "provider", "clinic_ids": [second["id"]]}
            actor = replace(system(OPERATOR), organisation_id=me["organisation"]["id"])
            with operator(self._stack, self._folder) as client:
                client.call(ADD_MEMBER, member, actor, timeout=20.0)
            area = self._asked("POST", "/api/waiting-areas", {"clinic_id": first["id"]})
            sign_in(self._colleague.page, self._base, account)
            self._reception.page.goto(f"{self._base}/waiting-area")
            expect(self._reception.page.get_by_text("Nobody is waiting")).to_be_visible()
        return f"{self._base}/join/area/{area['link']}"

    def _three_arrive(self, link: str) -> tuple[Person, Person, Person]:
        ada, ben, cora = (
            self._stage.enter(name, number, phone=True) for name, number in (("Ada", 10), ("Ben", 11), ("Cora", 12))
        )
        with self._stage.step("Three callers come by its link; reception sees them in their order", self._reception):
            for caller in (ada, ben, cora):
                come_to_wait(caller, link)
            self._queue_is(ada, ben, cora)
        return ada, ben, cora

    def _lost_and_back(self, caller: Person, link: str) -> None:
        with self._stage.step(
            "The second one's phone drops the page: reception is told, the place is kept", self._reception
        ):
            caller.page.goto("about:blank")
            expect(self._row(caller)).to_contain_text("connection lost")
        with self._stage.step("The same link again: back in the same place, with nothing to answer anew", caller):
            caller.page.goto(link)
            expect(caller.page.get_by_role("heading", name="You are in.")).to_be_visible()
            expect(self._row(caller)).not_to_contain_text("connection lost")
            expect(self._rows().nth(1)).to_contain_text(caller.name)

    def _handed_over(self, caller: Person) -> None:
        reception, colleague = self._reception, self._colleague
        with self._stage.step("The first is accepted out of the Waiting Area, into reception's own room", reception):
            button(reception.page, f"Accept {caller.name}").click()
            all_see_and_hear(reception, caller)
        with self._stage.step(
            "The caller is offered to the doctor of the other clinic, with a note", reception, colleague
        ):
            button(manager_of(reception), f"More for {caller.name}").click()
            reception.page.get_by_role("menuitem", name="Transfer").click()
            dialog = reception.page.get_by_role("dialog", name=f"Transfer {caller.name}")
            dialog.get_by_label(colleague.name).first.check()
            dialog.get_by_label(f"Note to {colleague.name}").fill(_NOTE)
            button(dialog, "Offer handover").click()
            expect(self._handover(colleague)).to_contain_text("No fever.")
        with self._stage.step("The doctor takes over; the two speak first, the caller is on hold", reception, caller):
            button(self._handover(colleague), "Take over").click()
            button(self._handover(reception), f"Meet {colleague.name}").click()
            expect(caller.page.get_by_text("You are on hold.").first).to_be_visible()
            all_see_and_hear(reception, colleague)
        with self._stage.step("The caller comes in, once; then reception goes, and the two go on", colleague, caller):
            button(self._handover(reception), f"Bring {caller.name} in").click()
            all_see_and_hear(reception, colleague, caller)
            button(self._handover(reception), "Leave them").click()
            all_see_and_hear(colleague, caller)
        with self._stage.step("The call ends, and the note is gone with it", colleague):
            hang_up(colleague, "End call")
            expect(self._handover(colleague)).to_have_count(0)
            self._stage.until(lambda: self._closed() is not None, "the handover is closed")
            kept = colleague.page.request.get(f"{self._base}/api/handovers/{self._closed()}").json()
            if kept["note"] or kept["caller_name"]:
                raise Failed("the note is still there")

    def _left_unseen(self, caller: Person) -> None:
        with self._stage.step("The third has to go before anybody had time, and that is what is recorded", caller):
            button(caller.page, "Leave the waiting room").click()
            caller.page.get_by_role("dialog").get_by_role("button", name="Leave").last.click()
            self._stage.until(lambda: "left_without_being_seen" in self._reasons(), "the reason of the end")

    def _next(self, caller: Person) -> None:
        page = self._reception.page
        with self._stage.step("The next caller is the one who had been lost", self._reception, caller):
            page.goto(f"{self._base}/waiting-area")
            self._queue_is(caller)
            button(page, f"Accept {caller.name}").click()
            all_see_and_hear(self._reception, caller)
            hang_up(self._reception, "End call")

    def _queue_is(self, *callers: Person) -> None:
        expect(self._rows()).to_have_count(len(callers))
        for place, caller in enumerate(callers):
            expect(self._rows().nth(place)).to_contain_text(caller.name)

    def _rows(self) -> Locator:
        return self._reception.page.locator(".waiting-queue tbody tr")

    def _row(self, caller: Person) -> Locator:
        return self._rows().filter(has_text=caller.name)

    @staticmethod
    def _handover(person: Person) -> Locator:
        return person.page.get_by_role("region", name="Handovers").get_by_role("article")

    def _closed(self) -> str | None:
        return next((str(event["data"]["handover_id"]) for event in self._events("call.transfer_closed")), None)

    def _reasons(self) -> list[str]:
        return [str(event["data"]["reason"]) for event in self._events("caller.left")]

    def _events(self, kind: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._asked("GET", f"/api/events?limit=1000&types={kind}")["items"]
        return found

    def _asked(self, method: str, path: str, data: dict[str, Any] | None = None) -> Any:
        answer = self._reception.page.request.fetch(f"{self._base}{path}", method=method, data=data, headers=_OURS)
        if not answer.ok:
            raise Failed(f"{method} {path} is answered {answer.status} {answer.text()}")
        return answer.json()
