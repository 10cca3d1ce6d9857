"""What may be done with a session in each state at each time, and what stands in the way of another: every case of both tables."""

import itertools
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from contracts.errors import Conflict
from plumbing.store import Change
from services.scheduler import guests
from services.scheduler.changing import Wanted, cancel, change
from services.scheduler.session import CANCELLED, FINISHED, PLANNED, STARTED, Session, book
from tests.unit.scheduler.test_changing import at
from tests.unit.scheduler.things import JONES, NOW, OTHER_ROOM, SMITH, member, session

RECEPTION = member("coordinator")
LENGTH = timedelta(minutes=30)
TIMES = {
    "before": -timedelta(seconds=1),
    "at its start": timedelta(0),
    "before its end": LENGTH - timedelta(seconds=1),
    "at its end": LENGTH,
    "later": timedelta(days=2),
}
Command = Callable[[Session, timedelta], Change[Session] | None]


def changing(wanted: Wanted) -> Command:
    return lambda known, after: change(known, wanted, now=known.planned.starts_at + after)


COMMANDS: dict[str, Command] = {
    "move": changing(Wanted(planned=at("2026-12-07T10:00"))),
    "lengthen": changing(Wanted(planned=at("2026-11-30T10:00", 90))),
    "rename": changing(Wanted(title="Another")),
    "hosts": changing(Wanted(host_member_ids=(JONES,))),
    "cancel": lambda known, after: cancel(known, RECEPTION, now=known.planned.starts_at + after),
    "guests": lambda known, after: guests.change(known, "i", (60,), RECEPTION, now=known.planned.starts_at + after),
}
UNTIL_ITS_START = {"move", "cancel"}
"""The others, until it ends."""


def may(state: str, command: str, time: str) -> bool:
    """The table: a planned session changes until its end, moves and is cancelled until its start; nothing else ever changes."""
    if state not in (PLANNED, STARTED) or time in ("at its end", "later"):
        return False
    return command not in UNTIL_ITS_START or (state == PLANNED and time == "before")


CELLS = list(itertools.product((PLANNED, STARTED, FINISHED, CANCELLED), COMMANDS, TIMES))


@pytest.mark.parametrize(("state", "command", "time"), CELLS)
def test_what_may_be_done_in_each_state_at_each_time(state: str, command: str, time: str) -> None:
    known = session(state=state)
    if may(state, command, time):
        decided = COMMANDS[command](known, TIMES[time])
        assert decided
        assert decided.events
        return
    if (state, command) == (CANCELLED, "cancel"):
        assert COMMANDS[command](known, TIMES[time]) is None
        return
    with pytest.raises(Conflict) as refused:
        COMMANDS[command](known, TIMES[time])
    assert refused.value.extra["state"] == state
    assert len(refused.value.detail) > 20


PLACES = {
    "long before": ("2026-11-30T08:00", False),
    "until it begins": ("2026-11-30T09:30", False),
    "into its beginning": ("2026-11-30T09:45", True),
    "the same": ("2026-11-30T10:00", True),
    "into its end": ("2026-11-30T10:29", True),
    "from its end on": ("2026-11-30T10:30", False),
    "another day": ("2026-12-01T10:00", False),
}
NEEDS: dict[str, tuple[dict[str, Any], bool]] = {
    "room": ({"host_member_ids": (JONES,)}, True),
    "host": ({"room_id": OTHER_ROOM}, True),
    "one of the hosts": ({"room_id": OTHER_ROOM, "host_member_ids": (JONES, SMITH)}, True),
    "both": ({}, True),
    "neither": ({"room_id": OTHER_ROOM, "host_member_ids": (JONES,)}, False),
}
STATES = {PLANNED: True, STARTED: True, FINISHED: False, CANCELLED: False}


@pytest.mark.parametrize(("place", "need", "state"), list(itertools.product(PLACES, NEEDS, STATES)))
def test_what_is_in_the_way_of_a_booking(place: str, need: str, state: str) -> None:
    local_start, overlaps = PLACES[place]
    changes, shares = NEEDS[need]
    other = session(2, at=local_start, state=state, **changes)
    wanted = session(1)
    in_the_way = overlaps and shares and STATES[state]
    if not in_the_way:
        assert book(wanted, [other], override=False).overrode == ()
        return
    with pytest.raises(Conflict) as refused:
        book(wanted, [other], override=False)
    (conflict,) = refused.value.extra["conflicts"]
    assert conflict["session_id"] == other.id
    assert bool(conflict["room_id"]) is (other.room_id == wanted.room_id)
    assert conflict["host_member_ids"] == [host for host in wanted.host_member_ids if host in other.host_member_ids]
    assert book(wanted, [other], override=True).overrode == (other.id,)


def test_the_first_guests_are_noted_with_their_reminders_and_said() -> None:
    decided = guests.change(session(), "i", (60,), RECEPTION, now=NOW)
    assert decided
    assert (decided.state.invitation_id, len(decided.state.reminders), decided.state.sequence) == ("i", 1, 0)
    (event,) = decided.events
    assert (event.type, event.data["changed"]) == ("session.updated", ["guests"])
    assert guests.change(decided.state, "another", (60,), RECEPTION, now=NOW) is None


def test_hosts_who_come_and_go_are_said() -> None:
    decided = change(session(), Wanted(host_member_ids=(JONES,)), now=NOW)
    assert decided
    assert (decided.events[0].data["hosts_added"], decided.events[0].data["hosts_removed"]) == ([JONES], [SMITH])
    renamed = change(session(), Wanted(title="Another"), now=NOW)
    assert renamed
    assert not {"hosts_added", "hosts_removed"} & set(renamed.events[0].data)
