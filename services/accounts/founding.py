"""How an organisation is made so that a crash between any two steps leaves nothing half-made for long. Pure.

First its owner is kept as expected, which holds the address; then the organisation with its first clinic; then the owner
becomes a member. The command repeated goes on where it stopped. If nobody repeats it, a timer finishes what has an
organisation, and gives the address of what has none free again.
"""

from datetime import datetime, timedelta
from enum import Enum

from plumbing.ids import follow

FINISHED_BY_OTHERS_AFTER = timedelta(seconds=30)
GIVEN_UP_AFTER = timedelta(minutes=10)


class Fate(Enum):
    """What becomes of an expected owner."""

    WAIT = "wait"
    FINISH = "finish"
    GIVE_UP = "give up"


def owner_id(organisation_id: str) -> str:
    """The id of the owner that an organisation begins with."""
    return follow(organisation_id, "owner")


def first_clinic_id(organisation_id: str) -> str:
    """The id of the clinic that an organisation begins with."""
    return follow(organisation_id, "clinic")


def fate(expected_since: datetime, organisation_is_there: bool, now: datetime) -> Fate:
    """What to do with an expected owner; its own process is given time first."""
    if organisation_is_there:
        return Fate.FINISH if expected_since + FINISHED_BY_OTHERS_AFTER <= now else Fate.WAIT
    return Fate.GIVE_UP if expected_since + GIVEN_UP_AFTER <= now else Fate.WAIT
