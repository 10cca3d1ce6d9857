"""Who waits and who talks comes out the same, in whatever order and however often it is heard."""

import random
from dataclasses import dataclass

import pytest

from contracts import media, waiting
from contracts.rooms import EVENTS
from services.rooms.occupancy import CALLER_PLACES, GONE_REMEMBERED, PARTICIPANT_PLACES
from services.rooms.room import MOVES, Room, hear
from tests.unit.rooms.things import room


@dataclass(frozen=True)
class Said:
    type: str
    subject_id: str
    sequence: int
    call_id: str | None = None


def after(heard: list[Said], start: Room | None = None) -> Room:
    now = start or room()
    for said in heard:
        change = hear(now, said.type, said.subject_id, said.sequence, {"call_id": said.call_id} if said.call_id else {})
        now = change.state if change else now
    return now


def counts(found: Room) -> tuple[int, int]:
    return found.occupancy.waiting, found.occupancy.in_call


CONSULTATION = [
    Said("caller.waiting", "mia", 1),
    Said("caller.waiting", "ben", 1),
    Said("caller.disconnected", "mia", 2),
    Said("caller.resumed", "mia", 3),
    Said("participant.joined", "smith", 1, "call-1"),
    Said("caller.admitted", "mia", 4),
    Said("participant.joined", "mia's seat", 1, "call-1"),
    Said("caller.joined", "mia", 5),
    Said("participant.reconnecting", "mia's seat", 2, "call-1"),
    Said("participant.reconnected", "mia's seat", 3, "call-1"),
]
ITS_END = [
    Said("participant.left", "mia's seat", 4, "call-1"),
    Said("call.ended", "call-1", 2, "call-1"),
    Said("caller.left", "mia", 6),
    Said("participant.joined", "jones", 1, "call-2"),
]


def test_rooms_hears_only_what_waiting_and_media_say() -> None:
    assert set(CALLER_PLACES) <= set(waiting.EVENTS)
    assert set(PARTICIPANT_PLACES) <= set(media.EVENTS)
    assert set(media.EVENTS) | set(waiting.EVENTS) >= MOVES


def test_who_waits_and_who_is_in_the_call_is_counted() -> None:
    assert counts(after(CONSULTATION)) == (1, 2)
    assert counts(after(CONSULTATION + ITS_END)) == (1, 1)


@pytest.mark.parametrize("seed", range(200))
def test_any_order_and_any_repeats_come_to_the_same(seed: int) -> None:
    chance = random.Random(seed)
    heard = CONSULTATION + ITS_END + chance.sample(CONSULTATION + ITS_END, 6)
    chance.shuffle(heard)
    assert counts(after(heard)) == (1, 1)


def test_a_guest_who_comes_back_online_after_being_let_in_does_not_wait_again() -> None:
    heard = [Said("caller.waiting", "mia", 1), Said("caller.admitted", "mia", 2), Said("caller.resumed", "mia", 3)]
    assert counts(after(heard)) == (0, 0)


def test_a_call_that_ended_takes_everybody_out_even_who_is_heard_of_later() -> None:
    heard = [
        Said("participant.joined", "smith", 1, "call-1"),
        Said("call.ended", "call-1", 1, "call-1"),
        Said("participant.joined", "mia's seat", 1, "call-1"),
    ]
    assert counts(after(heard)) == (0, 0)


def test_another_call_in_the_room_goes_on_when_one_ends() -> None:
    heard = [Said("participant.joined", "smith", 1, "call-2"), Said("call.ended", "call-1", 1, "call-1")]
    assert counts(after(heard)) == (0, 1)


def test_a_change_of_the_counts_is_said_once_with_both() -> None:
    change = hear(room(), "caller.waiting", "mia", 1, {})
    assert change is not None
    (event,) = change.events
    assert event.type == "room.occupancy_changed"
    assert (event.data["waiting"], event.data["in_call"]) == (1, 0)
    assert EVENTS[event.type]().validate(dict(event.data)) == {}


def test_what_does_not_change_the_counts_is_not_said() -> None:
    start = after([Said("caller.waiting", "mia", 1)])
    assert hear(start, "caller.disconnected", "mia", 2, {}) is None
    assert hear(start, "caller.waiting", "mia", 1, {}) is None
    ended = hear(start, "call.ended", "call-1", 1, {})
    assert ended is not None
    assert ended.events == ()


def test_a_room_does_not_grow_with_the_years() -> None:
    heard = []
    for number in range(GONE_REMEMBERED * 3):
        heard += [Said("caller.waiting", f"guest-{number}", 1), Said("caller.left", f"guest-{number}", 2)]
        heard += [Said("call.ended", f"call-{number}", 1)]
    now = after([Said("caller.waiting", "mia", 1), *heard])
    assert len(now.occupancy.presences) <= GONE_REMEMBERED + 1
    assert len(now.occupancy.ended_call_ids) < GONE_REMEMBERED
    assert counts(now) == (1, 0)
