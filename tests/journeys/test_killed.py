"""An organisation is run while the processes that keep it are killed at any moment: all that was answered is so, and nothing else."""

import os
import random
import re
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
import requests

from plumbing.ids import new_id
from tests.journeys.client import Mailbox, text_of
from tests.journeys.conftest import ROOT
from tests.journeys.killing import PASSWORD, Killer, Steady, found_organisation
from tests.patience import eventually

LIMITS = {"Essentials": 1, "Standard": 2, "Premium": None}
SETTLED_SECONDS = 90.0
KILLED = ("accounts", "rooms", "gateway-api")


class Organisation:
    """What its people did, and what has to be so because of it."""

    def __init__(self, stack: dict[str, Any], folder: Path, seed: int) -> None:
        self.stack, self.seed = stack, seed
        with Steady(stack) as owner:
            # once: whoever signs in again and again is slowed down
            owner.sign_in(found_organisation(stack, folder))
            self._cookies = owner.http.cookies.copy()
        self.stopping = threading.Event()
        # whoever speaks, hears or sends may be killed with a mail in hand: its leases add up to 24 s, once more for each further kill
        self.mailbox = Mailbox(stack, SETTLED_SECONDS)
        self.rooms: dict[str, dict[str, Any]] = {}
        self.removed: set[str] = set()
        self.dead_links: set[str] = set()
        self.refused = 0
        self.members: dict[str, dict[str, Any]] = {}
        self.plan, self.content = "Premium", ""
        self.done: Counter[str] = Counter()
        self.people: list[Steady] = []

    def owner(self) -> Steady:
        made = Steady(self.stack)
        made.http.cookies.update(self._cookies)
        self.people.append(made)
        return made

    def answered(self) -> int:
        """How many commands, so far."""
        return sum(person.answers for person in self.people)

    def run(self, seconds: float) -> None:
        """Everybody at once, for so long."""
        parts: tuple[Callable[[Steady, random.Random], None], ...] = (
            self.keep_rooms,
            self.change_plans,
            self.keep_members,
        )
        timer = threading.Timer(seconds, self.stopping.set)
        timer.start()
        with ThreadPoolExecutor(len(parts)) as crowd:
            running = [crowd.submit(self._repeat, part, number) for number, part in enumerate(parts)]
        for each in running:
            each.result()

    def _repeat(self, part: Callable[[Steady, random.Random], None], number: int) -> None:
        chance = random.Random(self.seed + number)
        with self.owner() as person:
            try:
                while not self.stopping.is_set():
                    part(person, chance)
            finally:
                self.stopping.set()

    def keep_rooms(self, person: Steady, chance: random.Random) -> None:
        """A Meeting Room is made, renamed, given another link, or removed."""
        what = chance.choice(("make", "make", "rename", "rotate", "remove"))
        if what == "make" or not self.rooms:
            status, said = person.command("POST", "/api/rooms", {"name": f"Room {chance.randrange(1000)}"})
            assert status in (201, 403), said
            if status == 201:
                assert said["id"] not in self.rooms
                self.rooms[said["id"]] = said
            else:
                assert said["type"] == "/docs/errors#limitreached", said
                self.refused += 1
            self.done["made" if status == 201 else "refused"] += 1
            return
        id = chance.choice(sorted(self.rooms))
        match what:
            case "rename":
                status, said = person.command("PATCH", f"/api/rooms/{id}", {"name": f"Named {chance.randrange(1000)}"})
                assert status in (200, 403), said
            case "rotate":
                before = self.rooms[id]["link"]
                status, said = person.command("POST", f"/api/rooms/{id}/link", {})
                assert status == 200, said
                self.dead_links.add(before)
            case _:
                status, said = person.command("DELETE", f"/api/rooms/{id}?confirm=true")
                assert status == 204, (status, said)
                self.dead_links.add(self.rooms.pop(id)["link"])
                self.removed.add(id)
                self.done["removed"] += 1
                return
        if status == 200:
            self.rooms[id] = said
        self.done[what] += 1

    def change_plans(self, person: Steady, chance: random.Random) -> None:
        """Down and up again; and what rooms inherit."""
        plan = chance.choice(sorted(LIMITS))
        status, said = person.command("PUT", "/api/plan", {"plan": plan})
        assert (status, said["plan"]) == (200, plan)
        self.plan = plan
        content = f"Please wait {chance.randrange(1000)}."
        status, said = person.command("PATCH", "/api/settings/rooms", {"settings": {"waiting_content": content}})
        assert status == 200, said
        self.content = content
        self.done["plans"] += 1
        self.stopping.wait(0.3)

    def keep_members(self, person: Steady, chance: random.Random) -> None:
        """One is invited by mail, accepts, is suspended and restored, and perhaps removed."""
        email = f"member-{new_id()}@example.com"
        status, said = person.command("POST", "/api/members/invites", {"email": email, "role": "provider"})
        assert status == 201, said
        id, known = said["id"], {"email": email, "state": "invited", "role": "provider"}
        self.members[id] = known
        token = self._token(email)
        with Steady(self.stack) as stranger:
            accepted = {"token": token, "name": "Dr New", "password": PASSWORD}
            status, said = stranger.command("POST", "/api/member-invites/accept", accepted)
            assert status == 201, said
        known["state"] = "active"
        steps = [("suspend", "suspended"), ("restore", "active")] if chance.random() < 0.7 else []
        for step, state in steps:
            status, said = person.command("POST", f"/api/members/{id}/{step}", {})
            assert (status, said["state"]) == (200, state), said
            known["state"] = state
        if chance.random() < 0.4:
            status, said = person.command("DELETE", f"/api/members/{id}")
            assert status == 200, said
            known["state"] = "removed"
        self.done["members"] += 1

    def _token(self, email: str) -> str:
        message = message_from_bytes(self.mailbox.mail_to(email)["raw"], policy=policy.default)
        found = re.search(r"/welcome#([\w-]+)", text_of(message))
        assert found, "the mail has no link"
        return found[1]

    # what has to be so in the end

    def check(self) -> None:
        with self.owner() as person:
            self._check_rooms(person)
            self._check_members(person)
            self._check_events(person)
            self._check_mails()
            inherited = person.read("/api/settings/rooms")
            assert inherited["organisation"]["waiting_content"] == (self.content or None)

    def _check_rooms(self, person: Steady) -> None:
        def standing() -> tuple[dict[str, Any], set[str]]:
            plan = person.read("/api/plan")
            listed = [room for room in person.read("/api/rooms")["items"] if room["kind"] == "meeting"]
            return plan, {f"{room['id']} {room['name']} {room['link']} {room['state']}" for room in listed}

        limit = LIMITS[self.plan]
        oldest = sorted(self.rooms)
        wanted = {
            f"{id} {room['name']} {room['link']} {'open' if limit is None or id in self._open(limit) else 'suspended'}"
            for id, room in self.rooms.items()
        }
        plan, found = eventually(
            standing, lambda read: read[1] == wanted, f"the rooms are {sorted(wanted)}", SETTLED_SECONDS
        )
        assert plan["plan"]["name"] == self.plan
        assert (plan["meeting_rooms_used"], len(found)) == (len(oldest), len(oldest))
        assert plan["meeting_rooms_suspended"] == (0 if limit is None else max(0, len(oldest) - limit))
        for link in self.dead_links:
            status, _ = person.command("GET", f"/api/join/room/{link}")
            assert status == 404, link

    def _open(self, limit: int) -> list[str]:
        return list(self.rooms)[:limit]

    def _check_members(self, person: Steady) -> None:
        def states() -> dict[str, str]:
            found: list[dict[str, Any]] = []
            cursor: str | None = ""
            while cursor is not None:
                page = person.read(f"/api/members?limit=200{cursor and f'&cursor={cursor}'}")
                found, cursor = found + page["items"], page["cursor"]
            return {each["id"]: each["state"] for each in found if each["role"] != "owner"}

        there = {id: known["state"] for id, known in self.members.items()}
        found = states()
        assert {id: found.get(id, "removed") for id in there} == there
        assert found.keys() <= there.keys(), "somebody is a member who was never invited"

        def owned() -> Counter[str]:
            return Counter(
                room["owner_member_id"] for room in person.read("/api/rooms")["items"] if room["kind"] == "user"
            )

        joined = {id for id, state in there.items() if state != "invited"}
        eventually(
            owned,
            lambda rooms: all(rooms[id] == 1 for id in joined) and all(rooms[id] == 0 for id in there.keys() - joined),
            "everybody who joined has one User Room",
            SETTLED_SECONDS,
        )

    def _check_events(self, person: Steady) -> None:
        def said() -> list[dict[str, Any]]:
            found: list[dict[str, Any]] = []
            cursor = ""
            while True:
                page = person.read(f"/api/events?limit=1000{cursor}")
                found += page["items"]
                if not page["more"]:
                    return found
                cursor = f"&after={page['cursor']}"

        def missing(events: list[dict[str, Any]]) -> dict[str, list[int]]:
            numbers: dict[str, list[int]] = defaultdict(list)
            for event in events:
                numbers[event["subject"]].append(int(event["sequence"]))
            return {subject: each for subject, each in numbers.items() if sorted(each) != [*range(1, len(each) + 1)]}

        def last(events: list[dict[str, Any]], kinds: tuple[str, ...]) -> Counter[str]:
            return Counter(f"{event['type']} {event['subject']}" for event in events if event["type"] in kinds)

        once = Counter([f"room.removed room/{id}" for id in self.removed])
        once += Counter(
            f"member.added member/{id}" for id, known in self.members.items() if known["state"] != "invited"
        )
        once += Counter(
            f"member.removed member/{id}" for id, known in self.members.items() if known["state"] == "removed"
        )
        kinds = ("room.removed", "member.added", "member.removed")
        owner_id = person.read("/api/me")["member"]["id"]

        def complete(events: list[dict[str, Any]]) -> bool:
            counted = last(events, kinds)
            counted.pop(f"member.added member/{owner_id}", None)
            made = last(events, ("room.created",))
            exceeded = sum(event["type"] == "quota.exceeded" for event in events)
            each_once = all(made[f"room.created room/{id}"] == 1 for id in {*self.rooms, *self.removed})
            return not missing(events) and counted == once and each_once and exceeded >= self.refused

        events = eventually(said, complete, "every event, once and in order", SETTLED_SECONDS)
        assert missing(events) == {}

    def _check_mails(self) -> None:
        page = self.stack["mail_url"].rstrip("/")
        for known in self.members.values():
            got = requests.get(f"{page}/messages.json", params={"to": known["email"]}, timeout=10).json()
            assert len(got) == 1, (known, [each["subject"] for each in got])


def play(stack: dict[str, Any], seconds: float, seed: int, report: Callable[[str], None] = print) -> None:
    """Run an organisation for so long under kills, and compare."""
    folder = Path(os.environ.get("HOUSECALL_STACK") or ROOT / ".run" / "journeys")
    made = Organisation(stack, folder, seed)
    with made.owner() as person:
        first = eventually(
            lambda: [room for room in person.read("/api/rooms")["items"] if room["kind"] == "meeting"],
            lambda rooms: len(rooms) == 2,
            "the plan's first rooms are there",
            SETTLED_SECONDS,
        )
        made.rooms = {room["id"]: room for room in sorted(first, key=lambda room: room["created_at"])}
    began = time.monotonic()
    with Killer(folder, KILLED, seed, made.answered) as killer:
        made.run(seconds)
    report(
        f"seed {seed}: {len(killer.killed)} kills {dict(Counter(killer.killed))}, {dict(made.done)}, {made.answered()} answers, {sum(person.tries for person in made.people)} tries"
    )
    made.check()
    report(f"all of it is so after {time.monotonic() - began:.0f} s")
    assert killer.killed


def test_nothing_is_lost_or_done_twice_while_processes_are_killed(stack: dict[str, Any]) -> None:
    play(stack, seconds=20.0, seed=random.SystemRandom().randrange(10**6))


@pytest.mark.long
@pytest.mark.parametrize("round", range(5))
def test_nothing_is_lost_or_done_twice_in_five_minutes_of_it(stack: dict[str, Any], round: int) -> None:
    play(stack, seconds=60.0, seed=random.SystemRandom().randrange(10**6))
