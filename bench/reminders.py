"""scheduler.lateness: how late reminders go out when 10,000 are due within one minute; the slowest of a hundred.

One replica of the scheduler asks one replica of invitations for each, which finds the invitation and notes the reminder; their
mails are not in it, because these guests have come already. Late is the moment that is written as sent, after the moment due.
"""

import itertools
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import amqp
from pymongo import MongoClient

from bench.row import Row, alone, at_most, main
from bench.stack import Running, running
from contracts.events import exchange_name
from plumbing import clock, mongo
from plumbing.amqp import parse_uri
from plumbing.ids import new_id
from plumbing.mapping import to_document
from services.invitations.invitation import TAKEN, Invitation, Planned, Recipient, Sender
from services.scheduler import planned as times
from services.scheduler.session import Reminder, Session
from services.scheduler.zone_rules import rules_version

REMINDERS, WITHIN_SECONDS, LEAD_MINUTES = 10_000, 60.0, 60
STARTS_IN = timedelta(seconds=10)
MOST_SECONDS = 600.0
GOAL_SECONDS = 2.0


def measure() -> list[Row]:
    """Seconds."""
    with running("scheduler", "invitations", organisation=False) as where, _heard(where) as late:
        first = clock.now() + STARTS_IN
        _keep(where, first)
        give_up = time.monotonic() + MOST_SECONDS
        while len(late) < REMINDERS:
            if time.monotonic() > give_up:
                raise RuntimeError(f"only {len(late)} of {REMINDERS} reminders went out in {MOST_SECONDS:.0f} s")
            time.sleep(0.5)
        worst = sorted(late)[int(REMINDERS * 0.99)]
        return [alone("scheduler.lateness", worst, "s", at_most(GOAL_SECONDS))]


def _keep(where: Running, first: datetime) -> None:
    """Sessions and their invitations, the reminders of which are due one after the other."""
    settings = where.settings("scheduler")
    prefix = settings.get("DATABASE_PREFIX", "housecall_")
    sessions: list[dict[str, Any]] = []
    invitations: list[dict[str, Any]] = []
    step = WITHIN_SECONDS / REMINDERS
    for number in range(REMINDERS):
        session, invitation = _pair(first + timedelta(seconds=number * step))
        for rows, kept in ((sessions, session), (invitations, invitation)):
            rows.append({**to_document(kept), "version": 1, "sequences": {}, "outbox": []})
    with MongoClient[dict[str, Any]](settings["MONGO_URI"]) as client:
        mongo.database(client, f"{prefix}invitations")["invitations"].insert_many(invitations)
        mongo.database(client, f"{prefix}scheduler")["sessions"].insert_many(sessions)


def _pair(due_at: datetime) -> tuple[Session, Invitation]:
    organisation_id, room_id, host_id, session_id = new_id(), new_id(), new_id(), new_id()
    due_at = due_at.replace(microsecond=due_at.microsecond // 1000 * 1000)
    starts_at = due_at + timedelta(minutes=LEAD_MINUTES)
    said = (starts_at.strftime("%Y-%m-%dT%H:%M"), "UTC", 30, starts_at, starts_at + timedelta(minutes=30))
    person = Recipient(new_id(), "mia@example.com", None, new_id(), due_at, None, delivery=TAKEN, arrived_at=due_at)
    invitation = Invitation(
        id=new_id(), organisation_id=organisation_id, room_id=room_id, room_name="", session_id=session_id, title="", message="",
        language="en", sender=Sender("Dr Smith", "Clinic"), planned=Planned(*said), recipients=(person,), link_hashes=(),
        created_at=due_at,
    )  # fmt: skip
    session = Session(
        id=session_id, organisation_id=organisation_id, room_id=room_id, title="", planned=times.Planned(*said, rules=rules_version()),
        host_member_ids=(host_id,), invitation_id=invitation.id, created_by=host_id, created_at=due_at,
        reminders=(Reminder(LEAD_MINUTES, due_at),), remind_at=due_at,
    )  # fmt: skip
    return session, invitation


@contextmanager
def _heard(where: Running) -> Iterator[list[float]]:
    """How late each reminder was, in seconds, as the scheduler says that it is sent."""
    late: list[float] = []
    stopping = threading.Event()
    connection = amqp.Connection(**parse_uri(where.amqp_uri))
    connection.connect()
    channel = connection.channel()
    queue = channel.queue_declare("", exclusive=True).queue
    channel.queue_bind(queue, exchange_name("scheduler"), "#")

    def hear(message: Any) -> None:
        event = json.loads(message.body)
        if event["type"] == "session.reminder_sent":
            data = event["data"]
            due_at = datetime.fromisoformat(data["starts_at"]) - timedelta(minutes=data["minutes_before"])
            late.append((datetime.fromisoformat(event["time"]) - due_at).total_seconds())

    def listen() -> None:
        channel.basic_consume(queue, no_ack=True, callback=hear)
        for _ in itertools.count():
            if stopping.is_set():
                return
            try:
                connection.drain_events(timeout=0.5)
            except TimeoutError:
                continue

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    try:
        yield late
    finally:
        stopping.set()
        thread.join(5)
        connection.close()


if __name__ == "__main__":
    main(measure)
