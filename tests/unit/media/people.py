"""A call and the people in it, for the tests of the rules."""

import datetime as dt

from services.media import seats
from services.media.call import Call
from services.media.seats import Person

NOW = dt.datetime(2026, 11, 22, 10, 0, tzinfo=dt.UTC)
SMITH = Person("Dr Smith", "host", "desk", member_id="01920000-0000-7000-8000-0000000000d1")
MIA = Person("Mia", "guest", "phone", caller_id="01920000-0000-7000-8000-0000000000c1")
SMITH_SEAT = "01920000-0000-7000-8000-0000000000e1"
MIA_SEAT = "01920000-0000-7000-8000-0000000000e2"


def minutes(number: float) -> dt.datetime:
    """That many minutes after NOW."""
    return NOW + dt.timedelta(minutes=number)


def empty_call() -> Call:
    """An open call on node a, without anybody."""
    return Call(
        id="01920000-0000-7000-8000-0000000000f1",
        organisation_id="01920000-0000-7000-8000-0000000000bb",
        room_id="01920000-0000-7000-8000-000000000001",
        state="open",
        node_id="a",
        node_key="a@1.000",
        placement=1,
        started_at=NOW,
    )


def seated(call: Call, person: Person, seat: str, report: int | None = None) -> Call:
    """The call with the person's browser connected in a seat."""
    taken = seats.take(call, person=person, participant_id=seat, now=NOW)
    assert taken is not None
    reported = seats.connected(taken.state, participant_id=seat, node_id="a", number=report)
    assert reported is not None
    return reported.state


def consultation() -> Call:
    """Dr Smith and Mia, both connected."""
    return seated(seated(empty_call(), SMITH, SMITH_SEAT), MIA, MIA_SEAT)
