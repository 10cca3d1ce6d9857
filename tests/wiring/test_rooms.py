"""Two processes of rooms on a real broker and database; accounts, waiting, media and the gateway are played by the test."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from contracts import accounts, rooms
from contracts.actor import PUBLIC, Actor
from contracts.errors import Forbidden, LimitReached, NotFound
from plumbing.clock import now
from plumbing.ids import new_id
from services.rooms.ledger import MADE_BY_OTHERS_AFTER, Reservation, reserve
from services.rooms.policies import read_policies
from services.rooms.store import RoomsStore
from tests.fakes import FakeOutbox
from tests.patience import eventually
from tests.wiring.one_service import Events, Stage
from tests.wiring.two_replicas import kept_by, member, ourselves, refusal, two_replicas


def get_member(payload: dict[str, Any], actor: Actor) -> dict[str, Any]:
    assert actor.kind == "system"
    return {
        "id": payload["member_id"],
        "organisation_id": actor.organisation_id,
        "name": "Dr Smith",
        "role": "provider",
    }


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, backing: dict[str, Any]) -> Iterator[Stage]:
    with two_replicas("rooms", tmp_path_factory.mktemp("rooms"), backing, {accounts.GET_MEMBER: get_member}) as made:
        yield made


@pytest.fixture
def events(stage: Stage) -> Iterator[Events]:
    opened = Events(stage.amqp_uri, "rooms")
    yield opened
    opened.close()


def organisation(stage: Stage, events: Events, plan: str) -> str:
    """A new organisation, once its first rooms are there."""
    made = new_id()
    data = {"organisation_id": made, "plan": plan, "policy_version": 1}
    events.say("accounts", "organisation.created", f"organisation/{made}", made, data)
    first = {"Essentials": 1}.get(plan, 2)
    eventually(lambda: len(listed(stage, made)) == first, what="the first rooms")
    return made


def listed(stage: Stage, organisation_id: str, actor: Actor | None = None) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = stage.ask(rooms.LIST_ROOMS, {}, actor or member(organisation_id, "owner"))["items"]
    return found


def join(stage: Stage, events: Events, organisation_id: str, role: str = "provider") -> Actor:
    """A new member, once their room is there (or, for a reporter, once it could be)."""
    joined = member(organisation_id, role)
    said = {"member_id": joined.id, "role": role, "clinic_ids": []}
    events.say("accounts", "member.added", f"member/{joined.id}", organisation_id, said)
    if role != "reporter":
        eventually(lambda: own_room(stage, joined) is not None, what="the User Room")
    return joined


def own_room(stage: Stage, owner: Actor) -> dict[str, Any] | None:
    rows = listed(stage, str(owner.organisation_id), owner)
    return next((room for room in rows if room["owner_member_id"] == owner.id), None)


@pytest.mark.parametrize(
    ("plan", "names"),
    [
        ("Essentials", ["Reception"]),
        ("Standard", ["Reception", "Team Meeting"]),
        ("Premium", ["Reception", "Team Meeting"]),
    ],
)
def test_an_organisation_begins_with_the_rooms_of_its_plan(
    stage: Stage, events: Events, plan: str, names: list[str]
) -> None:
    found = listed(stage, organisation(stage, events, plan))
    assert [room["name"] for room in found] == names
    assert {room["kind"] for room in found} == {"meeting"}
    assert found[0]["link"].startswith("reception-")


def test_a_member_gets_a_room_of_their_name_and_a_reporter_none(stage: Stage, events: Events) -> None:
    made = organisation(stage, events, "Essentials")
    join(stage, events, made, "reporter")
    smith = join(stage, events, made)
    room = own_room(stage, smith)
    assert room is not None
    assert (room["kind"], room["name"], room["may_host"]) == ("user", "Dr Smith", True)
    assert room["link"].startswith("dr-smith-")
    assert len([room for room in listed(stage, made) if room["kind"] == "user"]) == 1
    created = [event for event in events.heard() if event["subject"] == f"room/{room['id']}"]
    assert [event["type"] for event in created] == ["room.created"]


def test_a_change_of_plan_that_is_only_heard_of_suspends_rooms_and_a_late_one_is_not_heeded(
    stage: Stage, events: Events
) -> None:
    made = organisation(stage, events, "Premium")

    def states() -> list[str]:
        return [room["state"] for room in listed(stage, made)]

    def changed(plan: str, revision: int) -> None:
        before = {"plan_before": "Premium", "policy_version_before": 1, "plan_revision": revision}
        data = {"organisation_id": made, "plan": plan, "policy_version": 1, **before}
        events.say("accounts", "organisation.plan_changed", f"organisation/{made}", made, data)

    changed("Essentials", 2)
    eventually(states, lambda found: found == ["open", "suspended"], "the newest is suspended")
    changed("Premium", 1)
    changed("Standard", 3)
    eventually(states, lambda found: found == ["open", "open"], "it is restored")
    assert stage.ask(rooms.GET_ENTITLEMENTS, {}, member(made, "owner"))["plan"]["name"] == "Standard"


def test_a_plan_is_found_by_its_alias_and_an_unknown_one_is_not(stage: Stage) -> None:
    assert stage.ask(rooms.GET_PLAN, {"name": "clinic"}, ourselves())["name"] == "Premium"
    refusal(NotFound, stage, rooms.GET_PLAN, {"name": "gold"}, ourselves())


def test_two_hundred_at_once_make_no_more_rooms_than_the_plan_has(stage: Stage, events: Events) -> None:
    made = organisation(stage, events, "Standard")
    owner = member(made, "owner")

    def one_more(number: int) -> str:
        try:
            stage.ask(rooms.CREATE_MEETING_ROOM, {"name": f"Room {number}"}, owner, timeout=30.0)
        except LimitReached as reached:
            return f"{reached.extra['allowed_by']} would allow it"
        return "made"

    with ThreadPoolExecutor(20) as crowd:
        assert set(crowd.map(one_more, range(200))) == {"Premium would allow it"}
    assert len(listed(stage, made)) == 2


def test_one_wish_sent_many_times_makes_one_room(stage: Stage, events: Events) -> None:
    made = organisation(stage, events, "Premium")
    owner, wish = member(made, "owner"), new_id()

    def ask(_: int) -> str:
        reply = stage.ask(rooms.CREATE_MEETING_ROOM, {"name": "Therapy"}, owner, command_id=wish, timeout=20.0)
        return str(reply["id"])

    with ThreadPoolExecutor(10) as crowd:
        assert set(crowd.map(ask, range(20))) == {wish}
    assert stage.ask(rooms.GET_ENTITLEMENTS, {}, owner)["meeting_rooms_used"] == 3
    assert len(listed(stage, made)) == 3


def test_a_room_that_a_process_reserved_and_did_not_live_to_make_is_made_by_another(
    stage: Stage, events: Events
) -> None:
    made = organisation(stage, events, "Premium")
    wish = Reservation(new_id(), "Therapy", now() - MADE_BY_OTHERS_AFTER)
    policy = read_policies().version(1)
    with kept_by(stage, "rooms") as database:
        RoomsStore(database, FakeOutbox()).ledgers.update(made, made, lambda ledger: reserve(ledger, wish, policy))
    found = eventually(lambda: listed(stage, made), lambda rows: wish.room_id in {room["id"] for room in rows}, "made")
    assert len(found) == 3


def test_premium_makes_and_renames_and_the_link_stays(stage: Stage, events: Events) -> None:
    made = organisation(stage, events, "Premium")
    owner = member(made, "owner")
    room = stage.ask(rooms.CREATE_MEETING_ROOM, {"name": "Therapy"}, owner)
    assert room["may_rename"]
    renamed = stage.ask(rooms.CHANGE_ROOM, {"room_id": room["id"], "name": "Speech"}, owner)
    assert (renamed["name"], renamed["link"]) == ("Speech", room["link"])
    eventually(
        lambda: events.types(f"room/{room['id']}") == ["room.created", "room.renamed"], what="what happened is said"
    )


@pytest.mark.parametrize("plan", ["Essentials", "Standard"])
def test_a_fixed_name_is_refused_with_the_plan_that_would_allow_it_and_that_is_an_event(
    stage: Stage, events: Events, plan: str
) -> None:
    made = organisation(stage, events, plan)
    reception = listed(stage, made)[0]
    assert not reception["may_rename"]
    rename = {"room_id": reception["id"], "name": "Front desk"}
    refused = refusal(LimitReached, stage, rooms.CHANGE_ROOM, rename, member(made, "owner"))
    assert refused.extra == {
        "limit": "meeting_rooms_renamed",
        "used": 0,
        "allowed": 0,
        "plan": plan,
        "allowed_by": "Premium",
    }
    eventually(lambda: events.types(f"quota/{made}") == ["quota.exceeded"], what="the refusal is said")
    assert listed(stage, made)[0]["name"] == "Reception"


@pytest.mark.parametrize("plan", ["Essentials", "Standard"])
def test_where_names_are_fixed_reception_removed_comes_back_as_reception(
    stage: Stage, events: Events, plan: str
) -> None:
    made = organisation(stage, events, plan)
    owner, reception = member(made, "owner"), listed(stage, made)[0]
    stage.ask(rooms.REMOVE_ROOM, {"room_id": reception["id"]}, owner)
    entitled = stage.ask(rooms.GET_ENTITLEMENTS, {}, owner)
    assert entitled["next_meeting_room_name"] == "Reception"
    refused = refusal(LimitReached, stage, rooms.CREATE_MEETING_ROOM, {"name": "Therapy"}, owner)
    assert (refused.extra["limit"], refused.extra["allowed_by"]) == ("meeting_rooms_renamed", "Premium")
    again = stage.ask(rooms.CREATE_MEETING_ROOM, {}, owner)
    assert (again["name"], again["id"] == reception["id"]) == ("Reception", False)
    assert stage.ask(rooms.GET_ENTITLEMENTS, {}, owner)["next_meeting_room_name"] is None
    eventually(lambda: "quota.exceeded" in events.types(f"quota/{made}"), what="the refusal is said")


def test_a_room_is_locked_once_and_opened_again(stage: Stage, events: Events) -> None:
    made = organisation(stage, events, "Essentials")
    room_id = listed(stage, made)[0]["id"]
    for locked in (True, True, False):
        assert stage.ask(rooms.CHANGE_ROOM, {"room_id": room_id, "locked": locked}, member(made))["locked"] is locked
    eventually(
        lambda: events.types(f"room/{room_id}")[1:] == ["room.locked", "room.unlocked"],
        what="said once for each change",
    )


def test_a_rotated_link_is_dead_at_once_and_the_new_one_opens_the_room(stage: Stage, events: Events) -> None:
    made = organisation(stage, events, "Essentials")
    room = listed(stage, made)[0]
    assert stage.ask(rooms.RESOLVE_LINK, {"link": room["link"].upper()}, PUBLIC)["room_id"] == room["id"]
    rotated = stage.ask(rooms.ROTATE_LINK, {"room_id": room["id"]}, member(made))
    refusal(NotFound, stage, rooms.RESOLVE_LINK, {"link": room["link"]}, PUBLIC)
    opened = stage.ask(rooms.RESOLVE_LINK, {"link": rotated["link"]}, PUBLIC)
    assert (opened["room_id"], opened["name"], opened["organisation_id"]) == (room["id"], "Reception", made)


def test_only_its_owner_changes_a_user_room(stage: Stage, events: Events) -> None:
    made = organisation(stage, events, "Essentials")
    smith = join(stage, events, made)
    room = own_room(stage, smith)
    assert room is not None
    for command, more in (
        (rooms.CHANGE_ROOM, {"locked": True}),
        (rooms.CHANGE_ROOM, {"name": "X"}),
        (rooms.ROTATE_LINK, {}),
    ):
        refusal(Forbidden, stage, command, {"room_id": room["id"], **more}, member(made, "owner"))
        refusal(Forbidden, stage, command, {"room_id": room["id"], **more}, member(made, "coordinator"))
    assert stage.ask(rooms.CHANGE_ROOM, {"room_id": room["id"], "name": "Smith"}, smith)["name"] == "Smith"


def test_a_guest_finds_the_room_of_their_link_and_no_other(stage: Stage, events: Events) -> None:
    made = organisation(stage, events, "Standard")
    reception, team = listed(stage, made)
    guest = Actor("guest", new_id(), made, room_id=reception["id"])
    assert stage.ask(rooms.GET_ROOM, {"room_id": reception["id"]}, guest)["name"] == "Reception"
    refusal(NotFound, stage, rooms.GET_ROOM, {"room_id": team["id"]}, guest)
    assert [room["id"] for room in listed(stage, made, guest)] == [reception["id"]]


def test_who_waits_and_talks_is_counted_and_said(stage: Stage, events: Events) -> None:
    made = organisation(stage, events, "Essentials")
    room_id = listed(stage, made)[0]["id"]
    mia, ben, seat, call = new_id(), new_id(), new_id(), new_id()

    def caller(said: str, who: str) -> None:
        data = {"caller_id": who, "room_id": room_id, "reason": "completed", "member_id": new_id()}
        events.say("waiting", said, f"caller/{who}", made, data)

    def in_media(said: str, subject: str) -> None:
        data = {"call_id": call, "room_id": room_id, "participant_id": seat, "reason": "left"}
        events.say("media", said, subject, made, data)

    def counts() -> tuple[int, int]:
        room = stage.ask(rooms.GET_ROOM, {"room_id": room_id}, member(made))
        return room["waiting"], room["in_call"]

    caller("caller.waiting", mia)
    caller("caller.waiting", ben)
    eventually(lambda: counts() == (2, 0), what="two wait")
    caller("caller.admitted", mia)
    in_media("participant.joined", f"participant/{seat}")
    eventually(lambda: counts() == (1, 1), what="one was let in")
    in_media("call.ended", f"call/{call}")
    caller("caller.left", ben)
    eventually(lambda: counts() == (0, 0), what="all have gone")

    def last_said() -> dict[str, Any]:
        said = [event["data"] for event in events.heard() if event["type"] == "room.occupancy_changed"]
        return said[-1] if said else {}

    eventually(last_said, lambda said: said == {"room_id": room_id, "waiting": 0, "in_call": 0}, "the counts are said")


def test_an_organisation_heard_of_twice_begins_once(stage: Stage, events: Events) -> None:
    made = organisation(stage, events, "Standard")
    data = {"organisation_id": made, "plan": "Standard", "policy_version": 1}
    events.say("accounts", "organisation.created", f"organisation/{made}", made, data)
    smith = join(stage, events, made)
    assert own_room(stage, smith) is not None
    assert len([room for room in listed(stage, made) if room["kind"] == "meeting"]) == 2


def test_another_organisations_room_is_not_found_by_any_command(stage: Stage, events: Events) -> None:
    made = organisation(stage, events, "Premium")
    room_id = listed(stage, made)[0]["id"]
    stranger = member(organisation(stage, events, "Premium"), "owner")
    refusal(NotFound, stage, rooms.GET_ROOM, {"room_id": room_id}, stranger)
    refusal(NotFound, stage, rooms.CHANGE_ROOM, {"room_id": room_id, "name": "Mine"}, stranger)
    refusal(NotFound, stage, rooms.CHANGE_ROOM, {"room_id": room_id, "locked": True}, stranger)
    refusal(NotFound, stage, rooms.ROTATE_LINK, {"room_id": room_id}, stranger)
    assert room_id not in {room["id"] for room in listed(stage, str(stranger.organisation_id), stranger)}


def test_a_provider_makes_no_meeting_rooms(stage: Stage, events: Events) -> None:
    made = organisation(stage, events, "Premium")
    refusal(Forbidden, stage, rooms.CREATE_MEETING_ROOM, {"name": "Therapy"}, member(made, "provider"))
