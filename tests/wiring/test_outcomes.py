"""What became of sessions: four processes of the scheduler hear who came when and record it once, on a real broker and database."""

import datetime as dt
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from itertools import count
from typing import Any

import pytest

from contracts import invitations, rooms, scheduler
from contracts.actor import Actor
from contracts.errors import Conflict, Forbidden
from plumbing.ids import new_id
from tests.patience import eventually
from tests.wiring.one_service import Events, Stage
from tests.wiring.two_replicas import kept_by, member, refusal, two_replicas

ORGANISATION, SMITH = new_id(), new_id()
SMITH_ASKS = member(ORGANISATION, "provider", SMITH)
MINUTES = count(6, 6)
LATER = str(6 * 3600)
ALL_REMOVED = new_id()


def get_room(payload: dict[str, Any], _actor: Actor) -> dict[str, Any]:
    return {"id": payload["room_id"], "organisation_id": ORGANISATION, "owner_member_id": SMITH, "may_receive": True}


def get_invitation(payload: dict[str, Any], actor: Actor) -> dict[str, Any]:
    assert (actor.kind, actor.organisation_id) == ("system", ORGANISATION)
    removed_at = "2026-11-30T10:00:00.000Z" if payload["invitation_id"] == ALL_REMOVED else None
    return {"recipients": [{"id": new_id(), "removed_at": removed_at, "attends": None}]}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, backing: dict[str, Any]) -> Iterator[Stage]:
    replies = {rooms.GET_ROOM: get_room, invitations.GET_INVITATION: get_invitation}
    with two_replicas("scheduler", tmp_path_factory.mktemp("outcomes"), backing, replies) as made:
        yield made


@pytest.fixture
def events(stage: Stage) -> Iterator[Events]:
    opened = Events(stage.amqp_uri, "scheduler")
    yield opened
    opened.close()


def booked(stage: Stage, invitation_id: str | None) -> dict[str, Any]:
    start = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=next(MINUTES))
    planned = {"local_start": start.strftime("%Y-%m-%dT%H:%M"), "zone": "UTC", "minutes": 5}
    request = {"room_id": new_id(), "planned": planned, "invitation_id": invitation_id}
    made: dict[str, Any] = stage.ask(scheduler.CREATE_SESSION, request, SMITH_ASKS)
    return made


def read(stage: Stage, session: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = stage.ask(scheduler.GET_SESSION, {"session_id": session["id"]}, SMITH_ASKS)
    return found


def a_guest_was_seen(events: Events, session: dict[str, Any]) -> None:
    caller_id = new_id()
    told = {"caller_id": caller_id, "room_id": session["room_id"], "session_id": session["id"]}
    for kind, more in (
        ("caller.waiting", {}),
        ("caller.admitted", {"member_id": SMITH}),
        ("caller.joined", {}),
        ("caller.left", {"reason": "completed"}),
    ):
        events.say("waiting", kind, f"caller/{caller_id}", ORGANISATION, {**told, **more})


def an_interpreter_waits(events: Events, session: dict[str, Any]) -> None:
    """Who comes for a patient is not the patient."""
    caller_id = new_id()
    told = {"caller_id": caller_id, "room_id": session["room_id"], "session_id": session["id"], "role": "interpreter"}
    events.say("waiting", "caller.waiting", f"caller/{caller_id}", ORGANISATION, told)


def the_host_was_there(events: Events, session: dict[str, Any]) -> None:
    seat, call_id = new_id(), new_id()
    told = {"call_id": call_id, "room_id": session["room_id"], "participant_id": seat, "member_id": SMITH}
    events.say("media", "participant.joined", f"participant/{seat}", ORGANISATION, told)


def heard(stage: Stage, session: dict[str, Any]) -> tuple[int, int]:
    """How many visits of it have ended, and how many members are in a call."""
    with kept_by(stage, "scheduler") as database:
        ended = database["visits"].count_documents({"session_id": session["id"], "left_at": {"$ne": None}})
        return ended, database["presences"].count_documents({})


def recorded(events: Events, session: dict[str, Any]) -> list[tuple[str, str]]:
    said = [event["data"] for event in events.heard() if event["type"] == "session.outcome_recorded"]
    return [(data["outcome"], data["decided_by"]) for data in said if data["session_id"] == session["id"]]


def is_recorded(stage: Stage, events: Events, session: dict[str, Any], outcome: str) -> bool:
    """Kept, and said once."""
    kept = read(stage, session)["outcome"] or {}
    return (recorded(events, session), kept.get("outcome")) == ([(outcome, "evidence")], outcome)


@pytest.mark.timeout(120)
def test_outcomes_are_told_from_what_was_heard_once_whichever_replica_is_first_and_corrected_with_a_reason(
    stage: Stage, events: Events
) -> None:
    seen, nobody_came, alone, not_invited, removed = (
        booked(stage, id) for id in (new_id(), new_id(), new_id(), None, ALL_REMOVED)
    )
    a_guest_was_seen(events, seen)
    an_interpreter_waits(events, nobody_came)
    for session in (seen, nobody_came, not_invited):
        the_host_was_there(events, session)
    eventually(lambda: heard(stage, seen) == (1, 3), what="the evidence is heard")
    expected = {seen["id"]: "completed", nobody_came["id"]: "patient_absent", alone["id"]: "clinician_absent"}
    assert read(stage, seen)["outcome"] is None
    why = {"session_id": seen["id"], "outcome": "technical_failure", "reason": "No sound."}
    refusal(Conflict, stage, scheduler.CORRECT_OUTCOME, why, SMITH_ASKS)
    with ExitStack() as later:
        for _ in range(2):
            later.enter_context(stage.running("services.scheduler", "scheduler", CLOCK_OFFSET_SECONDS=LATER))
        for session in (seen, nobody_came, alone):
            outcome = expected[session["id"]]
            eventually(
                partial(is_recorded, stage, events, session, outcome),
                what=f"{outcome} is recorded",
                seconds=30,
            )
        eventually(lambda: read(stage, not_invited)["state"] == "finished", what="the one without guests is over")
        assert read(stage, not_invited)["outcome"] is None
        eventually(
            lambda: read(stage, removed)["state"] == "finished", what="the one whose guests were removed is over"
        )
        assert read(stage, removed)["outcome"] is None
        refusal(Forbidden, stage, scheduler.CORRECT_OUTCOME, why, member(ORGANISATION, "provider"))
        corrected = stage.ask(scheduler.CORRECT_OUTCOME, why, SMITH_ASKS)["outcome"]
        assert (corrected["outcome"], corrected["by_evidence"]) == ("technical_failure", "completed")
        assert (corrected["correction"]["member_id"], corrected["correction"]["reason"]) == (SMITH, "No sound.")
        told = [("completed", "evidence"), ("technical_failure", "member")]
        eventually(lambda: recorded(events, seen) == told, what="the correction is said")
    assert [recorded(events, session) for session in (nobody_came, alone)] == [
        [("patient_absent", "evidence")],
        [("clinician_absent", "evidence")],
    ]
