"""Two processes each of accounts and rooms on a real broker: limits, changes of plan, removal and settings, as the gateway asks."""

import shutil
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from contracts import accounts, membership, rooms
from contracts.actor import PUBLIC, Actor
from contracts.errors import Conflict, Forbidden, Invalid, LimitReached, NotFound, Outdated
from plumbing.clock import now
from plumbing.ids import new_id
from services.rooms.ledger import MADE_BY_OTHERS_AFTER, take_plan
from services.rooms.policies import FOLDER, read_policies
from services.rooms.room import remove
from services.rooms.store import RoomsStore
from tests.backing import make_virtual_host, remove_virtual_host
from tests.fakes import FakeOutbox
from tests.patience import eventually
from tests.wiring.one_service import Events, Stage
from tests.wiring.two_replicas import kept_by, member, ourselves, refusal

FIVE = 5
POLICY_OF_FIVE = """
version: 7
default: false
plans:
  - {name: Standard, aliases: [], meeting_rooms: 5, meeting_rooms_renamed: false, waiting_area: false, first_rooms: [Reception]}
  - {name: Premium, aliases: [], meeting_rooms: any, meeting_rooms_renamed: true, waiting_area: true, first_rooms: [Reception]}
"""


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, backing: dict[str, Any]) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("plans")
    policies = folder / "policies"
    shutil.copytree(FOLDER, policies)
    (policies / "7-five.yaml").write_text(POLICY_OF_FIVE)
    host, prefix = make_virtual_host(backing), f"test_{new_id()[-12:]}_"
    made = Stage(folder, host.uri, backing["mongo_uri"], prefix)
    try:
        with ExitStack() as running:
            for service in ("accounts", "rooms"):
                made.migrate(service)
                for _ in range(2):
                    more = {"PLAN_POLICIES": str(policies)} if service == "rooms" else {}
                    running.enter_context(made.running(f"services.{service}", service, **more))
            yield made
    finally:
        made.close()
        remove_virtual_host(host)
        _drop(backing["mongo_uri"], prefix)


@pytest.fixture
def events(stage: Stage) -> Iterator[Events]:
    opened = Events(stage.amqp_uri, "rooms")
    yield opened
    opened.close()


def _drop(mongo_uri: str, prefix: str) -> None:
    from pymongo import MongoClient

    with MongoClient[dict[str, Any]](mongo_uri) as client:
        for service in ("accounts", "rooms"):
            client.drop_database(f"{prefix}{service}")


def organisation(stage: Stage, plan: str, policy_version: int | None = None) -> Actor:
    """The owner of a new organisation, once its first rooms are there."""
    email = f"{new_id()}@example.com"
    request = {"name": "Example Health", "plan": plan, "owner": {"email": email, "name": "Olive Owner"}}
    made = stage.ask(accounts.CREATE_ORGANISATION, {**request, "policy_version": policy_version}, ourselves())
    owner = member(made["id"], "owner")
    version = {"policy_version": made["policy_version"]}
    first = len(stage.ask(rooms.GET_PLAN, {"name": plan, **version}, ourselves())["first_rooms"])
    eventually(lambda: len(listed(stage, owner)) == first, what="the first rooms")
    return owner


def listed(stage: Stage, actor: Actor) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = stage.ask(rooms.LIST_ROOMS, {}, actor)["items"]
    return [room for room in found if room["kind"] == "meeting"]


def states(stage: Stage, actor: Actor) -> dict[str, str]:
    return {room["name"]: room["state"] for room in listed(stage, actor)}


def create(stage: Stage, owner: Actor, *names: str) -> list[dict[str, Any]]:
    return [stage.ask(rooms.CREATE_MEETING_ROOM, {"name": name}, owner) for name in names]


def change_plan(stage: Stage, owner: Actor, plan: str, policy_version: int | None = None) -> dict[str, Any]:
    asked = {"plan": plan, "policy_version": policy_version}
    changed: dict[str, Any] = stage.ask(accounts.CHANGE_PLAN, asked, owner, timeout=30.0)
    return changed


def many_at_once(stage: Stage, owner: Actor, wishes: int) -> Counter[str]:
    """Ask for that many rooms at the same moment; how each ended, with what a refusal says."""

    def wish(number: int) -> str:
        try:
            stage.ask(rooms.CREATE_MEETING_ROOM, {"name": f"Room {number}"}, owner, timeout=60.0)
        except LimitReached as reached:
            return "{limit}: {used} of {allowed} on {plan}, {allowed_by} would allow it".format(**reached.extra)
        return "made"

    with ThreadPoolExecutor(wishes) as crowd:
        return Counter(crowd.map(wish, range(wishes)))


def test_of_two_hundred_at_once_with_a_limit_of_five_and_one_made_four_succeed(stage: Stage, events: Events) -> None:
    owner = organisation(stage, "Standard", policy_version=7)
    refused = "meeting_rooms: 5 of 5 on Standard, Premium would allow it"
    assert many_at_once(stage, owner, 200) == {"made": 4, refused: 196}
    assert len(listed(stage, owner)) == FIVE

    def said() -> set[str]:
        """An event may come twice; its number tells."""
        return {event["sequence"] for event in events.heard() if event["type"] == "quota.exceeded"}

    eventually(said, lambda numbers: len(numbers) >= 196, "each refusal is said")
    stage.ask(rooms.REMOVE_ROOM, {"room_id": listed(stage, owner)[2]["id"]}, owner)
    assert many_at_once(stage, owner, 40) == {"made": 1, refused: 39}
    assert len(listed(stage, owner)) == FIVE
    eventually(said, lambda numbers: len(numbers) == 196 + 39, "and no other")


def test_down_and_up_again_loses_nothing(stage: Stage, events: Events) -> None:
    owner = organisation(stage, "Premium")
    create(stage, owner, "Therapy", "Speech")
    before = listed(stage, owner)
    change_plan(stage, owner, "Starter")
    assert states(stage, owner) == {
        "Reception": "open",
        "Team Meeting": "suspended",
        "Therapy": "suspended",
        "Speech": "suspended",
    }
    entitled = stage.ask(rooms.GET_ENTITLEMENTS, {}, owner)
    assert (entitled["plan"]["name"], entitled["meeting_rooms_used"], entitled["meeting_rooms_suspended"]) == (
        "Essentials",
        4,
        3,
    )
    refused = refusal(LimitReached, stage, rooms.CREATE_MEETING_ROOM, {"name": "One more"}, owner)
    assert (refused.extra["used"], refused.extra["allowed"]) == (4, 1)
    assert change_plan(stage, owner, "Clinic")["plan"] == "Premium"
    after = listed(stage, owner)
    assert set(states(stage, owner).values()) == {"open"}
    kept = ("id", "name", "link", "settings", "locked")
    assert [[room[key] for key in kept] for room in after] == [[room[key] for key in kept] for room in before]

    def suspended() -> list[str]:
        return [event["subject"] for event in events.heard() if event["type"] == "room.suspended"]

    newest_first = [f"room/{room['id']}" for room in reversed(before[1:])]
    eventually(suspended, lambda found: sorted(found) == sorted(newest_first), "each suspension is said")
    for subject in newest_first:
        restored = partial(events.types, subject)
        eventually(restored, lambda types: types[-2:] == ["room.suspended", "room.restored"], "and each restoration")


def test_a_dry_run_names_what_would_happen_and_does_nothing(stage: Stage) -> None:
    owner = organisation(stage, "Premium")
    create(stage, owner, "Therapy", "Speech")
    found = stage.ask(rooms.PREVIEW_PLAN_CHANGE, {"plan": "Professional"}, owner)
    assert found["limits"] == [{"limit": "meeting_rooms", "used": 4, "allowed": 2, "over": 2}]
    assert [room["name"] for room in found["rooms_suspended"]] == ["Speech", "Therapy"]
    assert found["lost"] == ["meeting_rooms_renamed", "waiting_area"]
    assert set(states(stage, owner).values()) == {"open"}
    refusal(NotFound, stage, rooms.PREVIEW_PLAN_CHANGE, {"plan": "Gold"}, owner)


def test_an_organisation_is_put_on_another_version_of_the_policy(stage: Stage) -> None:
    owner = organisation(stage, "Standard")
    assert not stage.ask(rooms.GET_ENTITLEMENTS, {}, owner)["plan"]["waiting_area"]
    found = stage.ask(rooms.PREVIEW_PLAN_CHANGE, {"plan": "Standard", "policy_version": 2}, owner)
    assert (found["gained"], found["lost"]) == (["waiting_area"], [])
    assert change_plan(stage, owner, "Standard", policy_version=2)["policy_version"] == 2
    assert stage.ask(rooms.GET_ENTITLEMENTS, {}, owner)["plan"]["waiting_area"]
    plans = stage.ask(rooms.LIST_PLANS, {}, owner)
    assert (plans["policy_version"], plans["policy_versions"]) == (2, [1, 2, 7])
    assert [plan["name"] for plan in plans["items"]] == ["Essentials", "Standard", "Premium"]


def test_only_the_owner_changes_the_plan_and_only_to_one_there_is(stage: Stage) -> None:
    owner = organisation(stage, "Standard")
    admin = member(str(owner.organisation_id), "admin")
    refusal(Forbidden, stage, accounts.CHANGE_PLAN, {"plan": "Premium"}, admin)
    unknown = refusal(Invalid, stage, accounts.CHANGE_PLAN, {"plan": "Gold"}, owner)
    assert unknown.extra["errors"][0]["pointer"] == "/plan"
    unknown = refusal(Invalid, stage, accounts.CHANGE_PLAN, {"plan": "Premium", "policy_version": 99}, owner)
    assert unknown.extra["errors"][0]["pointer"] == "/policy_version"


def test_many_changes_of_plan_at_once_end_as_accounts_says(stage: Stage) -> None:
    owner = organisation(stage, "Premium")
    create(stage, owner, "Therapy")

    def change(number: int) -> None:
        change_plan(stage, owner, "Premium" if number % 2 else "Essentials")

    with ThreadPoolExecutor(5) as crowd:
        list(crowd.map(change, range(15)))
    plan = stage.ask(accounts.GET_ORGANISATION, {}, owner)["plan"]
    eventually(lambda: stage.ask(rooms.GET_ENTITLEMENTS, {}, owner)["plan"]["name"] == plan, what="rooms says the same")
    wanted = {"Reception": "open", "Team Meeting": "open", "Therapy": "open"}
    if plan == "Essentials":
        wanted |= {"Team Meeting": "suspended", "Therapy": "suspended"}
    eventually(lambda: states(stage, owner) == wanted, what="and so do its rooms", seconds=20)


def test_a_room_with_people_inside_is_removed_when_that_is_confirmed(stage: Stage, events: Events) -> None:
    owner = organisation(stage, "Essentials")
    (room,) = listed(stage, owner)
    asked = {"room_id": room["id"]}
    caller = new_id()
    said = {"caller_id": caller, "room_id": room["id"], "member_id": new_id()}
    events.say("waiting", "caller.waiting", f"caller/{caller}", str(owner.organisation_id), said)
    eventually(lambda: listed(stage, owner)[0]["waiting"] == 1, what="somebody waits")
    refused = refusal(Conflict, stage, rooms.REMOVE_ROOM, asked, owner)
    assert (refused.extra["in_call"], refused.extra["waiting"]) == (0, 1)
    refusal(Forbidden, stage, rooms.REMOVE_ROOM, asked, member(str(owner.organisation_id), "provider"))
    stage.ask(rooms.REMOVE_ROOM, {**asked, "confirm": True}, owner)
    refusal(NotFound, stage, rooms.GET_ROOM, asked, owner)
    refusal(NotFound, stage, rooms.RESOLVE_LINK, {"link": room["link"]}, PUBLIC)
    assert stage.ask(rooms.REMOVE_ROOM, asked, owner) == {"ok": True}, (
        "repeated when the answer was lost, it is no change"
    )
    eventually(lambda: "room.removed" in events.types(f"room/{room['id']}"), what="the removal is said")
    create(stage, owner, "Reception")


def test_what_a_dead_process_left_of_a_removal_and_of_a_change_of_plan_is_finished(stage: Stage) -> None:
    owner, policies = organisation(stage, "Premium"), read_policies()
    own, before = str(owner.organisation_id), now() - MADE_BY_OTHERS_AFTER - timedelta(seconds=1)
    essentials = policies.version(1).plan("Essentials")
    reception = listed(stage, owner)[0]
    create(stage, owner, "Therapy")
    with kept_by(stage, "rooms") as database:
        kept = RoomsStore(database, FakeOutbox())
        kept.ledgers.update(
            own, own, lambda known: take_plan(known, essentials, policies.version(1), 9, policies, before)
        )
        kept.rooms.update(reception["id"], own, lambda room: remove(room, confirm=False, now=before))
    eventually(
        lambda: states(stage, owner) == {"Team Meeting": "open", "Therapy": "suspended"}, what="finished", seconds=20
    )
    eventually(
        lambda: stage.ask(rooms.GET_ENTITLEMENTS, {}, owner)["meeting_rooms_used"] == 2, what="and its place free"
    )


def test_settings_are_inherited_locked_above_and_changed_with_the_room(stage: Stage, events: Events) -> None:
    owner = organisation(stage, "Premium")
    clinic_id = stage.ask(accounts.GET_ORGANISATION, {}, owner)["clinics"][0]["id"]
    room = listed(stage, owner)[0]
    own = {"clinic_id": clinic_id, "settings": {"consent_text": "Mine", "largest_number": 4}}
    changed = stage.ask(rooms.CHANGE_ROOM, {"room_id": room["id"], **own}, owner)
    assert (changed["clinic_id"], changed["settings"]["consent_text"]) == (clinic_id, "Mine")
    asked = {"entry_fields": [{"label": "Date of birth", "kind": "date", "required": True}], "consent_text": "Of all"}
    read = stage.ask(rooms.GET_INHERITED_SETTINGS, {}, owner)
    change = {"settings": asked, "locked": ["consent_text"], "version": read["version"]}
    above = stage.ask(rooms.CHANGE_INHERITED_SETTINGS, change, owner)
    clinic = {"clinic_id": clinic_id, "settings": {"waiting_content": "Please wait."}}
    stage.ask(rooms.CHANGE_INHERITED_SETTINGS, {**clinic, "version": above["version"]}, owner)
    refusal(Outdated, stage, rooms.CHANGE_INHERITED_SETTINGS, {"settings": {"consent_text": "B"}, "version": 1}, owner)
    found = stage.ask(rooms.GET_ROOM, {"room_id": room["id"]}, owner)["settings"]
    assert (found["consent_text"], found["waiting_content"], found["largest_number"]) == ("Of all", "Please wait.", 4)
    assert found["entry_fields"][0]["key"] == "field-1"
    assert found["locked_by"] == {"consent_text": "organisation"}
    guest = Actor("guest", new_id(), owner.organisation_id, room_id=room["id"])
    assert stage.ask(rooms.GET_ROOM, {"room_id": room["id"]}, guest)["settings"] == found
    locked = {"room_id": room["id"], "settings": {"consent_text": "Mine again"}}
    assert refusal(Conflict, stage, rooms.CHANGE_ROOM, locked, owner).extra["locked_by"] == "organisation"
    stage.ask(rooms.CHANGE_INHERITED_SETTINGS, {"locked": []}, owner)
    assert stage.ask(rooms.GET_ROOM, {"room_id": room["id"]}, owner)["settings"]["consent_text"] == "Mine"
    eventually(lambda: events.types(f"settings/{owner.organisation_id}") == ["settings.changed"] * 3, what="said")
    refusal(Forbidden, stage, rooms.CHANGE_INHERITED_SETTINGS, {}, member(str(owner.organisation_id), "coordinator"))
    refusal(Invalid, stage, rooms.CHANGE_ROOM, {"room_id": room["id"], "clinic_id": new_id()}, owner)


def test_the_room_of_a_member_who_was_removed_is_handed_over_by_an_owner(stage: Stage, events: Events) -> None:
    owner = organisation(stage, "Essentials")
    own = str(owner.organisation_id)

    def joined(name: str) -> Actor:
        new = {"email": f"{new_id()}@example.com", "name": name, "role": "provider"}
        return member(own, "provider", stage.ask(accounts.ADD_MEMBER, new, ourselves(own))["id"])

    smith, jones = joined("Dr Smith"), joined("Dr Jones")

    def room_of(actor: Actor) -> dict[str, Any]:
        rows = stage.ask(rooms.LIST_ROOMS, {}, owner)["items"]
        return next((row for row in rows if row["owner_member_id"] == actor.id), {})

    room = eventually(lambda: room_of(smith), what="the User Room")
    eventually(lambda: room_of(jones), what="the other's")
    to_jones = {"room_id": room["id"], "member_id": jones.id}
    refusal(Conflict, stage, rooms.HAND_OVER_ROOM, to_jones, owner)
    refusal(Conflict, stage, rooms.REMOVE_ROOM, {"room_id": room["id"]}, owner)
    stage.ask(membership.REMOVE_MEMBER, {"member_id": smith.id}, owner)
    eventually(lambda: room_of(smith)["owner_gone"], what="rooms has heard")
    refusal(Forbidden, stage, rooms.HAND_OVER_ROOM, to_jones, member(own, "admin"))
    refusal(Invalid, stage, rooms.HAND_OVER_ROOM, {**to_jones, "member_id": smith.id}, owner)
    refusal(Invalid, stage, rooms.HAND_OVER_ROOM, {**to_jones, "member_id": new_id()}, owner)
    handed = stage.ask(rooms.HAND_OVER_ROOM, to_jones, owner)
    assert (handed["owner_member_id"], handed["owner_gone"], handed["link"]) == (jones.id, False, room["link"])
    assert stage.ask(rooms.GET_ROOM, {"room_id": room["id"]}, jones)["may_host"]
    said = ["room.created", "room.owner_gone", "room.handed_over"]
    eventually(
        lambda: events.types(f"room/{room['id']}"), lambda types: list(dict.fromkeys(types)) == said, "it is said"
    )


def test_a_change_based_on_an_old_version_is_refused_and_who_comes_makes_no_version_old(
    stage: Stage, events: Events
) -> None:
    owner = organisation(stage, "Premium")
    room = listed(stage, owner)[0]
    caller = new_id()
    said = {"caller_id": caller, "room_id": room["id"], "member_id": new_id()}
    events.say("waiting", "caller.waiting", f"caller/{caller}", str(owner.organisation_id), said)
    eventually(lambda: listed(stage, owner)[0]["version"] > room["version"], what="somebody waits")
    change = {"room_id": room["id"], "version": room["version"]}
    named = stage.ask(rooms.CHANGE_ROOM, {**change, "name": "Front desk", "locked": True}, owner)
    assert (named["name"], named["locked"], named["link"]) == ("Front desk", True, room["link"])
    refusal(Outdated, stage, rooms.CHANGE_ROOM, {**change, "name": "Back desk"}, owner)


def test_a_fixed_name_refuses_the_whole_change(stage: Stage, events: Events) -> None:
    owner = organisation(stage, "Standard")
    room = listed(stage, owner)[0]
    refusal(LimitReached, stage, rooms.CHANGE_ROOM, {"room_id": room["id"], "name": "X", "locked": True}, owner)
    assert not listed(stage, owner)[0]["locked"]
    eventually(lambda: events.types(f"quota/{owner.organisation_id}") == ["quota.exceeded"], what="it is said")
    kept = {"room_id": room["id"], "name": room["name"], "locked": True}
    assert stage.ask(rooms.CHANGE_ROOM, kept, owner)["locked"]
