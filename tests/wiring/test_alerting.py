"""Nobody who waits is missed, by two processes of waiting of which one is killed: each who is on duty is mailed once; everybody else is played by the test."""

import datetime as dt
import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from contracts import accounts, availability, invitations, media, rooms, waiting, waiting_areas
from contracts.actor import Actor
from contracts.errors import Invalid, NotFound
from plumbing.ids import new_id
from tests.backing import make_virtual_host, remove_virtual_host
from tests.patience import eventually
from tests.wiring.one_service import Events, Neighbours, Stage
from tests.wiring.two_replicas import kept_by, member, refusal

ORGANISATION = new_id()
NORTH, SOUTH = new_id(), new_id()
ANNA, BEN, CORA = new_id(), new_id(), new_id()
OWNER = replace(member(ORGANISATION, "owner"), clinic_ids=(NORTH,))
SMITH = replace(member(ORGANISATION), clinic_ids=(NORTH,))
ON_DUTY: dict[str, list[str]] = {}
NEIGHBOURS: list[Neighbours] = []


def on_duty(_payload: dict[str, Any], _actor: Actor) -> dict[str, Any]:
    def shown(id: str, clinics: list[str]) -> dict[str, Any]:
        since = [{"clinic_id": clinic, "since": "2026-11-22T08:00:00.000Z"} for clinic in clinics]
        return {"id": id, "name": "Somebody", "role": "provider", "clinics": since}

    return {"items": [shown(id, clinics) for id, clinics in ON_DUTY.items()]}


def get_member(payload: dict[str, Any], _actor: Actor) -> dict[str, Any]:
    id = payload["member_id"]
    return {"id": id, "email": f"{id}@example.org", "name": "Somebody", "role": "provider", "state": "active"}


def get_organisation(_payload: dict[str, Any], actor: Actor) -> dict[str, Any]:
    clinics = [{"id": NORTH, "name": "North"}, {"id": SOUTH, "name": "South"}]
    return {"id": actor.organisation_id, "name": "Network", "zone": "UTC", "language": "en", "clinics": clinics}


REPLIES = {
    accounts.GET_ORGANISATION: get_organisation,
    accounts.GET_MEMBER: get_member,
    availability.LIST_ON_DUTY: on_duty,
    invitations.SEND_NOTICE: lambda _, _actor: {"ok": True},
    rooms.CHECK_WAITING_AREA: lambda _, _actor: {"ok": True},
    media.FIND_CALL: lambda _, _actor: {"call": None},
}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, backing: dict[str, Any]) -> Iterator[Stage]:
    host = make_virtual_host(backing)
    made = Stage(Path(tmp_path_factory.mktemp("alerting")), host.uri, backing["mongo_uri"], f"test_{new_id()[-12:]}_")
    neighbours = Neighbours(host.uri, made.verify)
    for command, reply in REPLIES.items():
        neighbours.answer(command, reply)
    neighbours.start()
    made.migrate("waiting")
    with made.running("services.waiting", "waiting"), made.running("services.waiting", "waiting"):
        NEIGHBOURS.append(neighbours)
        yield made
    neighbours.stop()
    made.close()
    with kept_by(made, "waiting") as database:
        database.client.drop_database(database.name)
    remove_virtual_host(host)


@pytest.fixture
def events(stage: Stage) -> Iterator[Events]:
    heard = Events(stage.amqp_uri, "waiting")
    yield heard
    heard.close()


@pytest.fixture
def area(stage: Stage) -> Iterator[dict[str, Any]]:
    ON_DUTY.clear()
    NEIGHBOURS[-1].wishes.clear()
    asked = {"clinic_id": NORTH, "next_clinic_id": SOUTH, "next_clinic_minutes": 7}
    yield stage.ask(waiting_areas.CREATE_AREA, asked, OWNER)
    with kept_by(stage, "waiting") as database:
        database["areas"].delete_many({})
        database["callers"].delete_many({})


def arrive(stage: Stage, area: dict[str, Any], name: str) -> str:
    actor = Actor("guest", name, ORGANISATION, room_id=area["id"], device_id=name)
    return str(stage.ask(waiting.ARRIVE, {"room_id": area["id"], "display_name": name}, actor)["id"])


def make_due(stage: Stage, ids: list[str]) -> None:
    """As if three minutes had passed for them."""
    with kept_by(stage, "waiting") as database:
        database["callers"].update_many({"_id": {"$in": ids}}, {"$set": {"alert_at": dt.datetime.now(dt.UTC)}})


def read(stage: Stage, id: str) -> dict[str, Any]:
    found: dict[str, Any] = stage.ask(waiting.GET_CALLER, {"caller_id": id}, SMITH)
    return found


def mails() -> list[dict[str, Any]]:
    """As invitations sends them: one for each id, however often it is asked for."""
    return [payload for key, payload in list(NEIGHBOURS[-1].wishes.values()) if key == "invitations.send_notice"]


def told(stage: Stage, id: str, number: int) -> list[tuple[str, str, int]]:
    view = eventually(lambda: read(stage, id), lambda now: len(now["alerted"]) == number, "they are told", seconds=30)
    return [(each["stage"], each["clinic_id"], each["told"]) for each in view["alerted"]]


def test_each_who_is_on_duty_in_the_clinic_is_mailed_without_a_name_and_then_the_next_site(
    stage: Stage, events: Events, area: dict[str, Any]
) -> None:
    ON_DUTY.update({ANNA: [NORTH], BEN: [NORTH, SOUTH], CORA: [SOUTH]})
    mia = arrive(stage, area, "Mia Keller")
    make_due(stage, [mia])
    assert told(stage, mia, 1) == [("on_duty", NORTH, 2)]
    assert sorted(mail["address"] for mail in mails()) == sorted(f"{id}@example.org" for id in (ANNA, BEN))
    assert {mail["kind"] for mail in mails()} == {"caller_waits"}
    assert not any("Mia" in str(mail) for mail in mails())
    assert all(mail["link"].endswith("/waiting-area") for mail in mails())
    make_due(stage, [mia])
    assert told(stage, mia, 2)[1] == ("next_site", SOUTH, 2)
    assert sorted({mail["address"] for mail in mails()}) == sorted(f"{id}@example.org" for id in (ANNA, BEN, CORA))
    subject = f"caller/{mia}"
    eventually(
        lambda: [each["type"] for each in events.heard() if each["subject"] == subject].count("waiting.alerted"),
        lambda count: count == 2,
        "both are said",
    )


def test_where_nobody_is_on_duty_the_next_site_hears_of_it_by_itself(stage: Stage, area: dict[str, Any]) -> None:
    ON_DUTY.update({CORA: [SOUTH]})
    mia = arrive(stage, area, "Mia")
    make_due(stage, [mia])
    assert told(stage, mia, 2) == [("on_duty", NORTH, 0), ("next_site", SOUTH, 1)]


def test_once_somebody_has_seen_them_nobody_is_told_by_the_first_name(
    stage: Stage, events: Events, area: dict[str, Any]
) -> None:
    ON_DUTY.update({ANNA: [NORTH]})
    mia, tom = arrive(stage, area, "Mia"), arrive(stage, area, "Tom")
    about = {"caller_id": mia}
    jones = replace(SMITH, id=new_id(), name="Dr Jones")
    assert stage.ask(waiting.ACKNOWLEDGE_CALLER, about, SMITH)["acknowledged"]["member_name"] == "Dr Smith"
    assert stage.ask(waiting.ACKNOWLEDGE_CALLER, about, jones)["acknowledged"]["member_name"] == "Dr Smith"
    elsewhere = replace(SMITH, id=new_id(), clinic_ids=(SOUTH,))
    refusal(NotFound, stage, waiting.ACKNOWLEDGE_CALLER, about, elsewhere)
    make_due(stage, [tom])
    told(stage, tom, 1)
    assert read(stage, mia)["alerted"] == []

    def by() -> list[str]:
        return [each["data"]["member_id"] for each in events.heard() if each["type"] == "waiting.acknowledged"]

    assert eventually(by, bool, "it is said") == [SMITH.id]


def test_of_many_who_come_together_each_is_told_of_and_nobody_is_flooded(stage: Stage, area: dict[str, Any]) -> None:
    ON_DUTY.update({ANNA: [NORTH]})
    ids = [arrive(stage, area, f"Guest {number}") for number in range(12)]
    with kept_by(stage, "waiting") as database:
        # all began to ring in the same moment, of a time that is past
        began = dt.datetime(2026, 11, 22, 8, 1, tzinfo=dt.UTC)
        database["callers"].update_many({}, {"$set": {"alert_at": began, "ringing_since": began}})
    for id in ids:
        assert told(stage, id, 2)[0] == ("on_duty", NORTH, 1)
    assert len(mails()) == 1


def test_a_process_that_dies_while_it_tells_leaves_nobody_out_and_mails_nobody_twice(
    stage: Stage, area: dict[str, Any]
) -> None:
    people = {new_id(): [NORTH] for _ in range(20)}
    ON_DUTY.update(people)
    mia = arrive(stage, area, "Mia")
    with stage.running("services.waiting", "waiting") as third:
        make_due(stage, [mia])
        eventually(lambda: len(mails()), lambda count: count > 0, "the first is mailed", seconds=30)
        os.kill(third.pid, signal.SIGKILL)
        assert told(stage, mia, 1) == [("on_duty", NORTH, 20)]
    assert sorted(mail["address"] for mail in mails()) == sorted(f"{id}@example.org" for id in people)


def test_who_feels_worse_is_told_of_at_once_and_in_other_words(stage: Stage, area: dict[str, Any]) -> None:
    ON_DUTY.update({ANNA: [NORTH]})
    mia = arrive(stage, area, "Mia")
    stage.ask(waiting.ACKNOWLEDGE_CALLER, {"caller_id": mia}, SMITH)
    own = Actor("guest", "Mia", ORGANISATION, room_id=area["id"], device_id="Mia", caller_id=mia)
    stage.ask(waiting.FEEL_WORSE, {"caller_id": mia}, own)
    told(stage, mia, 1)
    assert [mail["kind"] for mail in mails()] == ["caller_worse"]
    assert read(stage, mia)["acknowledged"] is None


@pytest.mark.parametrize("clinic", [NORTH, new_id()])
def test_the_next_site_is_another_clinic(stage: Stage, area: dict[str, Any], clinic: str) -> None:
    wanted = {"area_id": area["id"], "next_clinic_id": clinic}
    refusal(Invalid, stage, waiting_areas.CHANGE_AREA, wanted, OWNER)
    wanted = {"area_id": area["id"], "next_clinic_id": None, "alert_minutes": 0}
    assert stage.ask(waiting_areas.CHANGE_AREA, wanted, OWNER)["alert_minutes"] == 0
