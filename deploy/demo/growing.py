"""A small practice meets a limit of its plan, sees what a larger one would change, takes it, and renames its Reception."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, expect

from contracts.accounts import CREATE_ORGANISATION
from contracts.actor import system
from deploy.demo.people import button, sign_in
from deploy.demo.stage import Failed, Person, Stage
from deploy.local.demo_organisation import OPERATOR
from deploy.secrets import ACTOR_PRIVATE_KEY
from plumbing.actor import Signer
from plumbing.rpc import RpcClient

_NEW_NAME = "Front desk"
_OURS = {"X-Housecall": "1"}


class Growing:
    """The play of plans. `stack` is what `./run` wrote to demo.json, in the run folder `folder`."""

    def __init__(self, stage: Stage, stack: dict[str, Any], folder: Path, run_id: str) -> None:
        self._stage = stage
        self._base = stack["base_url"]
        self._account = self._found(stack, folder, run_id)
        self.owner: Person = stage.enter("Olive Owner", 8)

    def open(self) -> Person:
        """The owner, signed in."""
        with self._stage.step("The owner of a practice on Essentials signs in"):
            sign_in(self.owner.page, self._base, self._account)
        return self.owner

    def play(self) -> None:
        """From the refusal to the new name."""
        self._refused()
        self._upgrade()
        self._rename()

    def _refused(self) -> None:
        page = self.owner.page
        with self._stage.step(
            "A second Meeting Room is more than the plan has: the page says so, and which plan would allow it",
            self.owner,
        ):
            expect(self._reception()).to_be_visible()
            button(page, "Add a Meeting Room").click()
            dialog = page.get_by_role("dialog", name="Add a Meeting Room")
            expect(dialog).to_contain_text("Essentials includes 1 Meeting Room; 1 in use. Standard would allow it.")
        with self._stage.step("A program that asks all the same gets a problem that says the same, and it is an event"):
            answer = page.request.post(f"{self._base}/api/rooms", data={"name": "Second"}, headers=_OURS)
            said = answer.json()
            told = {name: said.get(name) for name in ("limit", "used", "allowed", "plan", "allowed_by")}
            wanted = {"limit": "meeting_rooms", "used": 1, "allowed": 1, "plan": "Essentials", "allowed_by": "Standard"}
            if (answer.status, told) != (403, wanted):
                raise Failed(f"the refusal says {answer.status} {told}")
            self._stage.until(self._is_event, "the event quota.exceeded")

    def _is_event(self) -> bool:
        items = self.owner.page.request.get(f"{self._base}/api/events?limit=1000").json()["items"]
        return any(event["type"] == "quota.exceeded" and event["data"]["limit"] == "meeting_rooms" for event in items)

    def _upgrade(self) -> None:
        page = self.owner.page
        with self._stage.step("A dry run: what Premium would change, before anything changes", self.owner):
            page.get_by_role("dialog").get_by_role("link", name="See the plans").click()
            button(page, "Change to Premium").click()
            dialog = page.get_by_role("dialog", name="Change to Premium")
            for words in ("From Essentials to Premium", "As many Meeting Rooms as you like.", "renamed at any time"):
                expect(dialog).to_contain_text(words)
        with self._stage.step("The upgrade", self.owner):
            button(page.get_by_role("dialog"), "Change the plan").click()
            expect(page.locator(".plan-now .plan-name")).to_have_text("Premium")

    def _rename(self) -> None:
        page = self.owner.page
        with self._stage.step("Reception gets another name, and its link still opens it", self.owner):
            self._reception().click()
            link = page.get_by_label("Room link").input_value()
            button(page, "More for this room").click()
            page.get_by_role("menuitem", name="Rename").click()
            dialog = page.get_by_role("dialog", name="Rename Reception")
            dialog.get_by_label("Name of the room").fill(_NEW_NAME)
            button(dialog, "Rename").click()
            expect(page.get_by_role("heading", name=_NEW_NAME, level=1)).to_be_visible()
            if page.get_by_label("Room link").input_value() != link:
                raise Failed("the link changed with the name")
            opened = page.request.get(link.replace("/join/", "/api/join/")).json()
            if opened.get("room_name") != _NEW_NAME:
                raise Failed(f"the link opens {opened}")

    def _reception(self) -> Locator:
        return self.owner.page.locator("nav a.side-item.room", has_text="Reception")

    @staticmethod
    def _found(stack: dict[str, Any], folder: Path, run_id: str) -> dict[str, str]:
        """Has the practice made, as an operator does; returns how its owner signs in."""
        account = {"email": f"olive-{run_id}@example.com", "password": secrets.token_urlsafe(12)}
        asked = {"name": "Small Practice", "plan": "Essentials", "owner": {**account, "name": "Olive Owner"}}
        with operator(stack, folder) as client:
            client.call(CREATE_ORGANISATION, asked, system(OPERATOR), timeout=20.0)
        return account


@contextmanager
def operator(stack: dict[str, Any], folder: Path) -> Iterator[RpcClient]:
    """Speaks to the stack of the run folder as who runs it."""
    key = folder / "keys" / OPERATOR / ACTOR_PRIVATE_KEY
    client = RpcClient(stack["amqp_uri"], OPERATOR, Signer.from_file(OPERATOR, str(key)))
    try:
        yield client
    finally:
        client.stop()
