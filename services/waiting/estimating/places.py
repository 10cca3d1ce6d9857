"""Everybody's place in the queue, worked out once for all who ask at about the same time."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from services.waiting.estimating.estimate import Estimate, Queue, estimates

# Places are told every few seconds; gateways that ask within these share one answer.
_GOOD_FOR = timedelta(seconds=2)
_SWITCH_GOOD_FOR = timedelta(seconds=30)
_MOST_REMEMBERED = 1_000


@dataclass(frozen=True)
class InLine:
    """One who waits."""

    caller_id: str
    waiting_since: datetime


class Queues(Protocol):
    """Where the queues of rooms are read (services.waiting.estimating.store)."""

    def rooms_of(self, organisation_id: str, caller_ids: Iterable[str]) -> set[str]:
        """The rooms in which these wait; of who does not wait, none."""

    def line(self, organisation_id: str, room_id: str) -> list[InLine]:
        """Who waits in a room, in turn."""

    def queue(self, organisation_id: str, room_id: str, longest_waiting: datetime | None, now: datetime) -> Queue:
        """What is known of the room's turns."""

    def keep_forecasts(self, organisation_id: str, given: dict[str, Estimate], now: datetime) -> None:
        """The first forecast that each was given, by the caller's id; later ones are not kept."""


@dataclass(frozen=True)
class Line:
    """A queue's order and forecasts at one moment: `ahead` of each caller, and by it the estimate, if any can be given."""

    ahead: dict[str, int]
    estimates: list[Estimate]

    def view(self, caller_id: str) -> dict[str, Any]:
        """As contracts.waiting.Place; minutes are rounded so that the range only grows."""
        ahead = self.ahead[caller_id]
        given = self.estimates[ahead] if ahead < len(self.estimates) else None
        return {"caller_id": caller_id, "ahead": ahead, "estimate": _estimate_view(given) if given else None}


class Places:
    """The lines of rooms, each worked out at most every two seconds in a process."""

    def __init__(self, queues: Queues) -> None:
        self._queues = queues
        self._lines: dict[tuple[str, str], tuple[datetime, Line]] = {}
        self._switches: dict[str, tuple[datetime, bool]] = {}

    def of(
        self, organisation_id: str, caller_ids: Iterable[str], shows: Callable[[str], bool], now: datetime
    ) -> list[dict[str, Any]]:
        """As contracts.waiting.Place, of those who wait where the room `shows` it; that is asked twice a minute at most."""
        asked = set(caller_ids)
        found = []
        for room_id in self._queues.rooms_of(organisation_id, asked):
            if self._shows(room_id, shows, now):
                line = self._line(organisation_id, room_id, now)
                found += [line.view(each) for each in asked & line.ahead.keys()]
        return found

    def _shows(self, room_id: str, shows: Callable[[str], bool], now: datetime) -> bool:
        known = self._switches.get(room_id)
        if known is not None and now - known[0] < _SWITCH_GOOD_FOR:
            return known[1]
        shown = shows(room_id)
        _forget_too_many(self._switches)
        self._switches[room_id] = (now, shown)
        return shown

    def _line(self, organisation_id: str, room_id: str, now: datetime) -> Line:
        known = self._lines.get((organisation_id, room_id))
        if known is not None and now - known[0] < _GOOD_FOR:
            return known[1]
        line = self._worked_out(organisation_id, room_id, now)
        _forget_too_many(self._lines)
        self._lines[organisation_id, room_id] = (now, line)
        return line

    def _worked_out(self, organisation_id: str, room_id: str, now: datetime) -> Line:
        """A forecast that somebody is given for the first time is kept, to learn from how it comes out."""
        waiting = self._queues.line(organisation_id, room_id)
        longest = min((each.waiting_since for each in waiting), default=None)
        found = estimates(self._queues.queue(organisation_id, room_id, longest, now), len(waiting))
        if found:
            given = {each.caller_id: estimate for each, estimate in zip(waiting, found, strict=True)}
            self._queues.keep_forecasts(organisation_id, given, now)
        return Line({each.caller_id: ahead for ahead, each in enumerate(waiting)}, found)


def _forget_too_many(known: dict[Any, Any]) -> None:
    if len(known) >= _MOST_REMEMBERED:
        known.clear()


def _estimate_view(estimate: Estimate) -> dict[str, Any]:
    return {
        "soonest_minutes": int(estimate.soonest // 60),
        "latest_minutes": int(-(-estimate.latest // 60)),
        "sample": estimate.sample,
    }
