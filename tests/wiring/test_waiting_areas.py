"""Waiting Areas in two processes of waiting; accounts, rooms and media are played by the test."""

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from contracts import accounts, media, rooms, waiting, waiting_areas
from contracts.actor import PUBLIC, Actor
from contracts.errors import Conflict, Forbidden, Invalid, LimitReached, NotFound, Outdated
from plumbing.ids import follow, new_id
from tests.patience import eventually
from tests.wiring.one_service import Events, Stage
from tests.wiring.two_replicas import kept_by, two_replicas

ORGANISATION, FOREIGN, MEETING = new_id(), new_id(), new_id()
NORTH, SOUTH = new_id(), new_id()
PLAN = {"waiting_area": True}
CONSENT = "I agree to be seen by video."
ASKED = [
    {"key": "born", "label": "Date of birth", "kind": "date", "required": True, "choices": []},
    {"label": "What brings you here?", "kind": "text", "required": False, "choices": []},
]


def staff(role: str, *clinics: str, id: str | None = None, organisation: str = ORGANISATION) -> Actor:
    """A member of these clinics."""
    return Actor("member", id or new_id(), organisation, roles=(role,), clinic_ids=clinics, name=f"Some {role}")


OWNER = staff("owner")
SMITH = staff("provider", NORTH)
RECEPTION = staff("coordinator", NORTH)


def room_of(actor: Actor) -> dict[str, Any]:
    """The User Room of whoever asks."""
    return {
        "id": follow(actor.id, "user-room"), "kind": "user", "name": "Own", "owner_member_id": actor.id, "state": "open",
        "may_host": True, "may_receive": True, "settings": {"entry_fields": [], "largest_number": 100},
    }  # fmt: skip


def get_room(payload: dict[str, Any], actor: Actor) -> dict[str, Any]:
    if payload["room_id"] == MEETING:
        return {**room_of(actor), "id": MEETING, "kind": "meeting", "owner_member_id": None}
    return {**room_of(actor), "id": payload["room_id"], "may_host": False, "may_receive": False}


def check_waiting_area(payload: dict[str, Any], _actor: Actor) -> dict[str, Any]:
    if not PLAN["waiting_area"]:
        told = {"limit": "waiting_area", "allowed": 0, "plan": "Standard", "allowed_by": "Premium"}
        raise LimitReached("Standard includes no Waiting Area.", used=payload["used"], **told)
    return {"ok": True}


def get_organisation(_payload: dict[str, Any], actor: Actor) -> dict[str, Any]:
    clinics = [{"id": NORTH, "name": "North"}, {"id": SOUTH, "name": "South"}]
    return {"id": actor.organisation_id, "name": "Network", "zone": "Europe/Berlin", "clinics": clinics}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, backing: dict[str, Any]) -> Iterator[Stage]:
    replies = {
        accounts.GET_ORGANISATION: get_organisation,
        rooms.GET_ROOM: get_room,
        rooms.LIST_ROOMS: lambda _, actor: {"items": [get_room({"room_id": MEETING}, actor), room_of(actor)]},
        rooms.CHECK_WAITING_AREA: check_waiting_area,
        rooms.GET_ENTITLEMENTS: lambda _, _actor: {"plan": PLAN},
        media.FIND_CALL: lambda _, _actor: {"call": None},
    }
    with two_replicas("waiting", Path(tmp_path_factory.mktemp("areas")), backing, replies) as made:
        yield made


@pytest.fixture
def events(stage: Stage) -> Iterator[Events]:
    opened = Events(stage.amqp_uri, "waiting")
    yield opened
    opened.close()


@pytest.fixture
def area(stage: Stage) -> Iterator[dict[str, Any]]:
    """The area of clinic North, asking something; taken away afterwards, with its callers."""
    made = stage.ask(
        waiting_areas.CREATE_AREA, {"clinic_id": NORTH, "entry_fields": ASKED, "consent_text": CONSENT}, OWNER
    )
    yield made
    with kept_by(stage, "waiting") as database:
        database["areas"].delete_many({})
        database["callers"].delete_many({})


def guest(area: dict[str, Any], device: str, caller_id: str | None = None) -> Actor:
    return Actor("guest", device, ORGANISATION, room_id=area["id"], device_id=device, caller_id=caller_id)


def arrive(stage: Stage, area: dict[str, Any], device: str) -> dict[str, Any]:
    door = stage.ask(waiting.GET_DOOR, {"room_id": area["id"]}, guest(area, device))
    given = {"answers": {"born": "1980-02-29"}, "consent_version": door["consent_version"]}
    asked = {"room_id": area["id"], "display_name": f"Guest {device}", **given}
    caller: dict[str, Any] = stage.ask(waiting.ARRIVE, asked, guest(area, device))
    return caller


def listed(stage: Stage, actor: Actor, **asked: str) -> list[str]:
    return [view["id"] for view in stage.ask(waiting.LIST_CALLERS, asked, actor)["items"]]


def test_an_area_is_made_under_its_clinics_name_and_says_so(stage: Stage, events: Events, area: dict[str, Any]) -> None:
    assert (area["name"], area["zone"], area["open"], area["closed_by"]) == ("North", "Europe/Berlin", True, None)
    assert [field["key"] for field in area["entry_fields"]] == ["born", "field-1"]
    assert (area["attention_minutes"], area["may_change"], area["waiting"]) == (30, True, 0)
    renamed = stage.ask(waiting_areas.CHANGE_AREA, {"area_id": area["id"], "name": "North desk"}, OWNER)
    assert renamed["name"] == "North desk"
    eventually(lambda: events.types(f"area/{area['id']}"), lambda types: types == ["area.created", "area.changed"])


def test_a_clinic_has_one_area(stage: Stage, area: dict[str, Any]) -> None:
    with pytest.raises(Conflict, match="has a Waiting Area already"):
        stage.ask(waiting_areas.CREATE_AREA, {"clinic_id": NORTH}, OWNER)
    with pytest.raises(Invalid):
        stage.ask(waiting_areas.CREATE_AREA, {"clinic_id": new_id()}, OWNER)


@pytest.mark.parametrize(
    "wrong",
    [
        {"zone": "Mars/Olympus"},
        {"hours": []},
        {"hours": [{"weekday": "monday", "opens": "9", "closes": "17:00"}]},
        {"entry_fields": [{"label": "Which?", "kind": "choice", "choices": ["one"]}]},
        {"attention_minutes": 0},
        {"name": ""},
    ],
)
def test_what_cannot_be_is_refused_and_the_area_as_it_was(
    stage: Stage, area: dict[str, Any], wrong: dict[str, Any]
) -> None:
    with pytest.raises(Invalid):
        stage.ask(waiting_areas.CHANGE_AREA, {"area_id": area["id"], **wrong}, OWNER)
    assert stage.ask(waiting_areas.GET_AREA, {"area_id": area["id"]}, OWNER)["version"] == area["version"]


def test_a_change_of_an_older_version_is_refused(stage: Stage, area: dict[str, Any]) -> None:
    stage.ask(waiting_areas.CHANGE_AREA, {"area_id": area["id"], "name": "One", "version": area["version"]}, OWNER)
    with pytest.raises(Outdated):
        stage.ask(waiting_areas.CHANGE_AREA, {"area_id": area["id"], "name": "Two", "version": area["version"]}, OWNER)


def test_staff_see_and_do_what_is_their_clinics(stage: Stage, area: dict[str, Any]) -> None:
    south = staff("provider", SOUTH)
    for actor, seen in ((OWNER, 1), (SMITH, 1), (RECEPTION, 1), (south, 0), (staff("provider"), 0)):
        assert len(stage.ask(waiting_areas.LIST_AREAS, {}, actor)["items"]) == seen
    for command in (waiting_areas.GET_AREA, waiting_areas.RESUME_AREA):
        with pytest.raises(NotFound):
            stage.ask(command, {"area_id": area["id"]}, staff("coordinator", SOUTH))
    with pytest.raises(Forbidden):
        stage.ask(waiting_areas.CHANGE_AREA, {"area_id": area["id"], "name": "Mine"}, RECEPTION)
    with pytest.raises(NotFound):
        stage.ask(waiting_areas.GET_AREA, {"area_id": area["id"]}, staff("owner", organisation=FOREIGN))


def test_a_plan_without_areas_refuses_one_and_says_which_plan_has_them(stage: Stage) -> None:
    PLAN["waiting_area"] = False
    try:
        with pytest.raises(LimitReached) as refused:
            stage.ask(waiting_areas.CREATE_AREA, {"clinic_id": SOUTH}, OWNER)
    finally:
        PLAN["waiting_area"] = True
    assert (refused.value.extra["plan"], refused.value.extra["allowed_by"]) == ("Standard", "Premium")


def test_a_smaller_plan_lets_nobody_more_in_and_keeps_who_waits(
    stage: Stage, area: dict[str, Any], events: Events
) -> None:
    caller = arrive(stage, area, "early")
    changed = {"plan": "standard", "policy_version": 1, "plan_revision": 2}
    PLAN["waiting_area"] = False
    try:
        events.say("rooms", "quota.changed", f"quota/{ORGANISATION}", ORGANISATION, changed)
        known = eventually(
            lambda: stage.ask(waiting_areas.GET_AREA, {"area_id": area["id"]}, OWNER), lambda view: not view["in_plan"]
        )
        assert known["closed_by"] == "plan"
        with pytest.raises(Conflict):
            arrive(stage, area, "late")
        assert listed(stage, SMITH) == [caller["id"]]
        assert stage.ask(waiting.ACCEPT_CALLER, {"caller_id": caller["id"]}, SMITH)["state"] == "admitted"
    finally:
        PLAN["waiting_area"] = True
    events.say("rooms", "quota.changed", f"quota/{ORGANISATION}", ORGANISATION, changed)
    eventually(lambda: stage.ask(waiting_areas.GET_AREA, {"area_id": area["id"]}, OWNER)["in_plan"])


def test_the_link_opens_the_area_and_a_new_one_ends_it(stage: Stage, area: dict[str, Any]) -> None:
    opened = stage.ask(waiting_areas.RESOLVE_AREA_LINK, {"link": f" {area['link'].upper()} "}, PUBLIC)
    assert opened == {"area_id": area["id"], "organisation_id": ORGANISATION}
    rotated = stage.ask(waiting_areas.ROTATE_AREA_LINK, {"area_id": area["id"]}, OWNER)
    assert rotated["link"] != area["link"]
    with pytest.raises(NotFound):
        stage.ask(waiting_areas.RESOLVE_AREA_LINK, {"link": area["link"]}, PUBLIC)


def test_who_arrives_answers_consents_and_waits_in_no_room_yet(
    stage: Stage, area: dict[str, Any], events: Events
) -> None:
    with pytest.raises(Invalid) as refused:
        stage.ask(waiting.ARRIVE, {"room_id": area["id"], "display_name": "Mia"}, guest(area, "phone"))
    wrong = {error["pointer"] for error in refused.value.extra["errors"]}
    assert wrong == {"/answers/born", "/consent_version"}
    caller = arrive(stage, area, "phone")
    assert (caller["state"], caller["room_id"], caller["area_id"]) == ("waiting", None, area["id"])
    subject = f"caller/{caller['id']}"
    eventually(lambda: events.types(subject), lambda types: types == ["caller.waiting"])
    (said,) = [event["data"] for event in events.heard() if event["subject"] == subject]
    assert (said["room_id"], said["area_id"], said["clinic_id"]) == (None, area["id"], NORTH)
    assert arrive(stage, area, "phone")["id"] == caller["id"]
    seen = stage.ask(waiting.GET_CALLER, {"caller_id": caller["id"]}, RECEPTION)
    assert [answer["value"] for answer in seen["answers"]] == ["1980-02-29"]
    assert seen["consent"] is not None


def test_who_waits_is_seen_by_the_clinics_staff_and_by_nobody_else(stage: Stage, area: dict[str, Any]) -> None:
    ids = [arrive(stage, area, device)["id"] for device in ("one", "two", "three")]
    for actor in (OWNER, SMITH, RECEPTION):
        assert listed(stage, actor) == ids
        assert listed(stage, actor, area_id=area["id"]) == ids
    south = staff("provider", SOUTH)
    assert listed(stage, south) == []
    for command in (waiting.GET_CALLER, waiting.ACCEPT_CALLER, waiting.REFUSE_CALLER):
        with pytest.raises(NotFound):
            stage.ask(command, {"caller_id": ids[0]}, south)
    with pytest.raises(NotFound):
        listed(stage, south, area_id=area["id"])
    assert listed(stage, guest(area, "two", ids[1])) == [ids[1]]


def test_a_suspended_area_takes_nobody_and_keeps_who_waits(stage: Stage, area: dict[str, Any]) -> None:
    caller = arrive(stage, area, "early")
    message = "The doctors are at a conference today."
    suspended = stage.ask(waiting_areas.SUSPEND_AREA, {"area_id": area["id"], "message": message}, RECEPTION)
    assert (suspended["open"], suspended["closed_by"], suspended["suspended_message"]) == (False, "suspended", message)
    with pytest.raises(Conflict) as refused:
        arrive(stage, area, "late")
    assert refused.value.extra["closed_message"] == message
    assert arrive(stage, area, "early")["id"] == caller["id"]
    stage.ask(waiting_areas.RESUME_AREA, {"area_id": area["id"]}, RECEPTION)
    assert arrive(stage, area, "late")["state"] == "waiting"


def test_out_of_hours_the_door_says_when_it_opens(stage: Stage, area: dict[str, Any]) -> None:
    # open for one minute a week, half a week from now
    then = dt.datetime.now(dt.UTC) + dt.timedelta(days=3)
    hours = [{"weekday": waiting_areas.WEEKDAYS[then.weekday()], "opens": "09:00", "closes": "09:01"}]
    stage.ask(waiting_areas.CHANGE_AREA, {"area_id": area["id"], "hours": hours, "zone": "UTC"}, OWNER)
    door = stage.ask(waiting.GET_DOOR, {"room_id": area["id"]}, guest(area, "phone"))
    assert (door["room_state"], door["closed_by"], door["zone"]) == ("closed", "hours", "UTC")
    opens = dt.datetime.fromisoformat(door["opens_at"])
    assert (opens.date(), opens.hour, opens.minute) == (then.date(), 9, 0)
    with pytest.raises(Conflict) as refused:
        arrive(stage, area, "phone")
    assert refused.value.extra["opens_at"]


def test_of_fifty_who_accept_out_of_an_area_one_wins_and_the_others_are_told_who(
    stage: Stage, area: dict[str, Any], events: Events
) -> None:
    caller = arrive(stage, area, "phone")
    hosts = [replace(staff("provider", NORTH), name=f"Dr {number}") for number in range(50)]

    def press(member: Actor) -> dict[str, Any] | Conflict:
        try:
            return dict(stage.ask(waiting.ACCEPT_CALLER, {"caller_id": caller["id"]}, member, timeout=30))
        except Conflict as conflict:
            return conflict

    with ThreadPoolExecutor(50) as pool:
        outcomes = list(pool.map(press, hosts))
    winners = [outcome for outcome in outcomes if isinstance(outcome, dict)]
    losers = [outcome for outcome in outcomes if isinstance(outcome, Conflict)]
    assert (len(winners), len(losers)) == (1, 49)
    won = winners[0]
    assert {loser.extra.get("by_name") for loser in losers} == {won["admitted_by_name"]}
    assert won["room_id"] == follow(won["admitted_by_member_id"], "user-room")
    subject = f"caller/{caller['id']}"
    eventually(lambda: events.types(subject), lambda types: "caller.admitted" in types)
    assert events.types(subject) == ["caller.waiting", "caller.admitted"]
    said = [event["data"] for event in events.heard() if event["subject"] == subject][-1]
    assert (said["room_id"], said["area_id"], said["clinic_id"]) == (won["room_id"], area["id"], NORTH)


def test_accepting_twice_changes_nothing_and_a_reload_finds_the_room(stage: Stage, area: dict[str, Any]) -> None:
    caller = arrive(stage, area, "phone")
    first = stage.ask(waiting.ACCEPT_CALLER, {"caller_id": caller["id"]}, SMITH)
    second = stage.ask(waiting.ACCEPT_CALLER, {"caller_id": caller["id"]}, SMITH)
    assert (second["version"], second["room_id"]) == (first["version"], follow(SMITH.id, "user-room"))
    again = arrive(stage, area, "phone")
    assert (again["id"], again["state"], again["room_id"]) == (caller["id"], "admitted", first["room_id"])


def test_a_host_names_the_room_and_one_where_they_do_not_host_is_refused(stage: Stage, area: dict[str, Any]) -> None:
    caller = arrive(stage, area, "phone")
    with pytest.raises(Forbidden):
        stage.ask(waiting.ACCEPT_CALLER, {"caller_id": caller["id"], "room_id": new_id()}, SMITH)
    let_in = stage.ask(waiting.ACCEPT_CALLER, {"caller_id": caller["id"], "room_id": MEETING}, RECEPTION)
    assert let_in["room_id"] == MEETING


def test_reception_turns_somebody_away_out_of_the_area(stage: Stage, area: dict[str, Any]) -> None:
    caller = arrive(stage, area, "phone")
    refused = stage.ask(waiting.REFUSE_CALLER, {"caller_id": caller["id"], "message": "Please call."}, RECEPTION)
    assert (refused["state"], refused["end_message"]) == ("left", "Please call.")
    assert listed(stage, SMITH) == []


def test_who_is_let_go_first_is_listed_first_and_the_staff_read_why(
    stage: Stage, area: dict[str, Any], events: Events
) -> None:
    first, second, third = (arrive(stage, area, device)["id"] for device in ("one", "two", "three"))
    with pytest.raises(Invalid):
        stage.ask(waiting.MOVE_UP, {"caller_id": third, "reason": " "}, RECEPTION)
    with pytest.raises(NotFound):
        stage.ask(waiting.MOVE_UP, {"caller_id": third, "reason": "Chest pain"}, staff("provider", SOUTH))
    stage.ask(waiting.MOVE_UP, {"caller_id": third, "reason": "Chest pain"}, RECEPTION)
    assert listed(stage, SMITH) == [third, first, second]
    stage.ask(waiting.MOVE_UP, {"caller_id": second, "reason": "Worse by now"}, RECEPTION)
    assert listed(stage, SMITH, area_id=area["id"]) == [second, third, first]
    seen = stage.ask(waiting.GET_CALLER, {"caller_id": third}, SMITH)["standing"]
    assert (seen["by"], seen["reason"], seen["member_name"]) == ("moved_up", "Chest pain", RECEPTION.name)
    places = stage.ask(waiting.LIST_PLACES, {"caller_ids": [second]}, guest(area, "two", second))["items"]
    assert [place["ahead"] for place in places] == [0]
    subject = f"caller/{third}"
    eventually(lambda: events.types(subject), lambda types: types == ["caller.waiting", "caller.moved_up"])


def test_the_staff_write_to_one_and_to_all_who_wait_and_these_write_back(
    stage: Stage, area: dict[str, Any], events: Events
) -> None:
    first, second = (arrive(stage, area, device)["id"] for device in ("one", "two"))
    stage.ask(waiting.WRITE_TO_CALLER, {"caller_id": first, "text": "Have your\nglasses ready."}, RECEPTION)
    to_all = {"area_id": area["id"], "text": "Five minutes late."}
    assert stage.ask(waiting.WRITE_TO_ALL, to_all, SMITH) == {"written": 2}
    own = guest(area, "one", first)
    stage.ask(waiting.WRITE, {"caller_id": first, "text": "Thank you"}, own)
    for reader in (own, RECEPTION):
        seen = stage.ask(waiting.GET_CALLER, {"caller_id": first}, reader)["messages"]
        texts = [("staff", "Have your\nglasses ready."), ("staff", "Five minutes late."), ("guest", "Thank you")]
        assert [(message["by"], message["text"]) for message in seen] == texts
    for command, request, actor in (
        (waiting.WRITE_TO_CALLER, {"caller_id": first, "text": "Hello"}, staff("provider", SOUTH)),
        (waiting.WRITE_TO_ALL, to_all, staff("provider", SOUTH)),
        (waiting.WRITE, {"caller_id": second, "text": "Hello"}, own),
    ):
        with pytest.raises(NotFound):
            stage.ask(command, request, actor)
    with pytest.raises(Invalid):
        stage.ask(waiting.WRITE_TO_ALL, {"text": "Where?"}, RECEPTION)
    subject = f"caller/{first}"
    said = ["caller.waiting", "caller.notified", "caller.notified", "caller.replied"]
    eventually(lambda: events.types(subject), lambda types: types == said)
    assert "glasses" not in str(events.heard())
    stage.ask(waiting.LEAVE, {"caller_id": first}, own)
    assert stage.ask(waiting.GET_CALLER, {"caller_id": first}, RECEPTION)["messages"] == []
    with pytest.raises(Conflict, match="waits no more"):
        stage.ask(waiting.WRITE_TO_CALLER, {"caller_id": first, "text": "Hello"}, RECEPTION)


def test_with_its_clinic_an_area_is_gone_and_nobody_waits_there(
    stage: Stage, area: dict[str, Any], events: Events
) -> None:
    caller = arrive(stage, area, "phone")
    events.say("accounts", "clinic.removed", f"clinic/{NORTH}", ORGANISATION, {"clinic_id": NORTH})
    eventually(lambda: stage.ask(waiting_areas.LIST_AREAS, {}, OWNER)["items"], lambda items: items == [])
    with pytest.raises(NotFound):
        stage.ask(waiting_areas.RESOLVE_AREA_LINK, {"link": area["link"]}, PUBLIC)
    own = guest(area, "phone", caller["id"])
    left = eventually(
        lambda: stage.ask(waiting.GET_CALLER, {"caller_id": caller["id"]}, own), lambda view: view["state"] == "left"
    )
    assert left["end_reason"] == "cancelled"
