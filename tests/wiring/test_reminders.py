"""Three processes of the scheduler, one of which is killed again and again: each reminder goes out exactly once."""

import datetime as dt
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from contracts import accounts, invitations, reminding, rooms, scheduler
from contracts.actor import Actor
from contracts.errors import Conflict, Unavailable
from plumbing.ids import new_id
from tests.backing import make_virtual_host, remove_virtual_host
from tests.patience import eventually
from tests.wiring.one_service import Events, Neighbours, Stage
from tests.wiring.two_replicas import kept_by, member

ORGANISATION, SMITH = new_id(), new_id()
SMITH_ASKS = member(ORGANISATION, "provider", SMITH)
SESSIONS = 60


class Mailroom:
    """Answers as invitations, which note each reminder once. `trouble` is told instead, as long as it is set."""

    def __init__(self) -> None:
        self.together = 0
        self.tries: Counter[str] = Counter()
        self.trouble: type[Conflict | Unavailable] | None = None
        self.some_came = threading.Semaphore(0)

    def send_reminders(self, payload: dict[str, Any], actor: Actor) -> dict[str, Any]:
        assert (actor.kind, actor.organisation_id) == ("system", None)
        if self.trouble is Unavailable:
            raise Unavailable
        self.together += 1
        asked, state = payload["reminders"], "not_heard" if self.trouble else "noted"
        if not self.trouble:
            assert {each["organisation_id"] for each in asked} == {ORGANISATION}
            self.tries.update(each["invitation_id"] for each in asked)
            self.some_came.release()
        return {"items": [{"invitation_id": each["invitation_id"], "state": state} for each in asked]}

    def send_reminder(self, payload: dict[str, Any], actor: Actor) -> dict[str, Any]:
        assert (actor.kind, actor.organisation_id) == ("system", ORGANISATION)
        if self.trouble:
            raise self.trouble
        self.tries[payload["invitation_id"]] += 1
        self.some_came.release()
        return {"ok": True}


def refuse(payload: dict[str, Any], actor: Actor) -> dict[str, Any]:
    raise Unavailable


@pytest.fixture
def mailroom() -> Mailroom:
    return Mailroom()


@pytest.fixture
def stage(
    tmp_path: Any, backing: dict[str, Any], mailroom: Mailroom, request: pytest.FixtureRequest
) -> Iterator[Stage]:
    """`older`: invitations are of the version before this one, and do not know how to remind many together."""
    host = make_virtual_host(backing)
    made = Stage(tmp_path, host.uri, backing["mongo_uri"], f"test_{new_id()[-12:]}_")
    neighbours = Neighbours(host.uri, made.verify)
    shown = {"organisation_id": ORGANISATION, "owner_member_id": SMITH, "may_receive": True}
    neighbours.answer(rooms.GET_ROOM, lambda payload, _: {"id": payload["room_id"], **shown})
    neighbours.answer(accounts.GET_MEMBER, lambda payload, _: {"id": payload["member_id"], "role": "provider"})
    if getattr(request, "param", "") == "older":
        # as a command that is not known there reads
        neighbours.answer(reminding.SEND_REMINDERS, refuse)
        neighbours.answer(invitations.SEND_REMINDER, mailroom.send_reminder)
    else:
        neighbours.answer(reminding.SEND_REMINDERS, mailroom.send_reminders)
    neighbours.start()
    made.migrate("scheduler")
    yield made
    neighbours.stop()
    made.close()
    with kept_by(made, "scheduler") as database:
        database.client.drop_database(database.name)
    remove_virtual_host(host)


def book(stage: Stage, number: int) -> str:
    """A session some days ahead that somebody was invited to."""
    day = (dt.datetime.now(dt.UTC) + dt.timedelta(days=10 + number)).date()
    planned = {"local_start": f"{day}T10:00", "zone": "Europe/Berlin", "minutes": 15}
    asked = {"room_id": new_id(), "planned": planned, "invitation_id": new_id(), "host_member_ids": []}
    return str(stage.ask(scheduler.CREATE_SESSION, asked, SMITH_ASKS, timeout=20.0)["id"])


def make_due(stage: Stage, *ids: str) -> None:
    """The first reminder of these sessions, or of every one, is due from this moment on."""
    moment = dt.datetime.now(dt.UTC)
    with kept_by(stage, "scheduler") as database:
        database["sessions"].update_many(
            {"_id": {"$in": ids}} if ids else {}, {"$set": {"remind_at": moment, "reminders.0.due_at": moment}}
        )


def left(stage: Stage) -> int:
    soon = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)
    with kept_by(stage, "scheduler") as database:
        return int(database["sessions"].count_documents({"remind_at": {"$lte": soon}}))


@pytest.mark.timeout(120)
def test_each_is_sent_exactly_once_though_one_of_three_is_killed_again_and_again(
    stage: Stage, mailroom: Mailroom
) -> None:
    events = Events(stage.amqp_uri, "scheduler")
    with ExitStack() as running:
        for _ in range(2):
            running.enter_context(stage.running("services.scheduler", "scheduler"))
        ids = [book(stage, number) for number in range(SESSIONS)]
        for wave in range(3):
            with stage.running("services.scheduler", "scheduler") as victim:
                make_due(stage, *ids[wave::3])
                assert mailroom.some_came.acquire(timeout=30)
                victim.kill()
        eventually(lambda: left(stage) == 0, what="all are sent", seconds=60)
        eventually(lambda: events.types().count("session.reminder_sent") >= SESSIONS, what="all are said", seconds=30)
    sent = [event for event in events.heard() if event["type"] == "session.reminder_sent"]
    events.close()
    assert len(mailroom.tries) == SESSIONS
    assert sorted(event["subject"] for event in sent) == sorted(f"session/{id}" for id in ids)
    again = sum(mailroom.tries.values()) - SESSIONS
    assert again <= SESSIONS, "more were asked for again than were in the hands of who was killed"


@pytest.mark.timeout(90)
@pytest.mark.parametrize("trouble", [Conflict, Unavailable])
def test_while_mails_cannot_be_sent_reminders_wait_and_none_is_lost(
    stage: Stage, mailroom: Mailroom, trouble: type[Conflict | Unavailable]
) -> None:
    mailroom.trouble = trouble
    with stage.running("services.scheduler", "scheduler"):
        book(stage, 0)
        make_due(stage)
        eventually(lambda: left(stage) == 1, what="it waits")
        mailroom.trouble = None
        eventually(lambda: left(stage) == 0, what="it is sent", seconds=30)
    assert sum(mailroom.tries.values()) == 1


@pytest.mark.timeout(90)
@pytest.mark.parametrize("stage", ["older"], indirect=True)
def test_beside_invitations_of_the_version_before_each_is_asked_for_by_itself(stage: Stage, mailroom: Mailroom) -> None:
    with stage.running("services.scheduler", "scheduler"):
        for number in range(3):
            book(stage, number)
        make_due(stage)
        eventually(lambda: left(stage) == 0, what="all are sent", seconds=30)
    assert (sum(mailroom.tries.values()), mailroom.together) == (3, 0)


@pytest.mark.timeout(90)
def test_an_organisation_reminds_as_it_likes_and_another_sees_nothing_of_it(stage: Stage) -> None:
    with stage.running("services.scheduler", "scheduler"):
        owner = member(ORGANISATION, "owner")
        assert stage.ask(scheduler.GET_REMINDER_SETTINGS, {}, SMITH_ASKS)["minutes_before"] == [1440, 60, 10]
        asked = {"minutes_before": [30, 2880]}
        assert stage.ask(scheduler.CHANGE_REMINDER_SETTINGS, asked, owner)["minutes_before"] == [2880, 30]
        session = stage.ask(scheduler.GET_SESSION, {"session_id": book(stage, 5)}, SMITH_ASKS)
        assert [each["minutes_before"] for each in session["reminders"]] == [2880, 30]
        other = member(new_id(), "owner")
        assert stage.ask(scheduler.GET_REMINDER_SETTINGS, {}, other)["minutes_before"] == [1440, 60, 10]
