"""How many wait and how many talk in a room, from what waiting and media say. Pure.

What is heard may come late, twice, or in another order than it happened, above all between subjects: a call's end may
be heard before somebody's joining it. So a room remembers for a while who has gone and which calls are over.
"""

from collections import Counter
from dataclasses import dataclass

GONE_REMEMBERED = 64
CALLS_REMEMBERED = 16
WAITING, IN_CALL, GONE = "waiting", "in_call", "gone"


@dataclass(frozen=True)
class Presence:
    """Where one caller or participant is, by the last that was heard of them (its `sequence`)."""

    subject_id: str
    place: str
    sequence: int
    call_id: str | None = None


@dataclass(frozen=True)
class Occupancy:
    """Who is where in one room, the latest heard last, and the calls that are over."""

    presences: tuple[Presence, ...] = ()
    ended_call_ids: tuple[str, ...] = ()

    @property
    def waiting(self) -> int:
        """How many callers wait."""
        return self._count()[WAITING]

    @property
    def in_call(self) -> int:
        """How many participants are in a call."""
        return self._count()[IN_CALL]

    def _count(self) -> Counter[str]:
        return Counter(presence.place for presence in self.presences)


# What waiting and media say → where it leaves the one whom it is about. What is not here moves nobody.
CALLER_PLACES = {
    "caller.waiting": WAITING,
    "caller.admitted": GONE,
    "caller.refused": GONE,
    "caller.left": GONE,
}
PARTICIPANT_PLACES = {
    "participant.joined": IN_CALL,
    "participant.left": GONE,
    "participant.removed": GONE,
}


def note(occupancy: Occupancy, heard: Presence) -> Occupancy:
    """After hearing where somebody is; the same as before when later news of them is known."""
    known = next((each for each in occupancy.presences if each.subject_id == heard.subject_id), None)
    if known and known.sequence >= heard.sequence:
        return occupancy
    if heard.call_id in occupancy.ended_call_ids:
        heard = Presence(heard.subject_id, GONE, heard.sequence, heard.call_id)
    others = tuple(each for each in occupancy.presences if each is not known)
    return Occupancy(_forget((*others, heard)), occupancy.ended_call_ids)


def end_call(occupancy: Occupancy, call_id: str) -> Occupancy:
    """After hearing that a call is over: nobody is in it any more, whatever is heard of it later."""
    if call_id in occupancy.ended_call_ids:
        return occupancy
    presences = tuple(
        Presence(each.subject_id, GONE, each.sequence, call_id) if each.call_id == call_id else each
        for each in occupancy.presences
    )
    return Occupancy(_forget(presences), (*occupancy.ended_call_ids, call_id)[-CALLS_REMEMBERED:])


def _forget(presences: tuple[Presence, ...]) -> tuple[Presence, ...]:
    """Without those who have been gone longest, when they are too many to remember."""
    gone = [each for each in presences if each.place == GONE]
    forgotten = {each.subject_id for each in gone[: max(0, len(gone) - GONE_REMEMBERED)]}
    return tuple(each for each in presences if each.subject_id not in forgotten)
