"""How long somebody will still wait: an honest range, from this queue's own recent turns and from who is at work in it now.

A turn is what one caller costs: from being let in until whoever let them in is free for the next. The queue is played
through many times, each time with turns drawn from the recent ones (a bootstrap; service times are skewed and heavy-tailed,
near lognormal: Brown et al. 2005, doi:10.1198/016214504000001808, so no mean and no formula for exponential times is used). The
range is then widened or narrowed by how earlier forecasts of this queue came out (quantile recalibration: Kuleshov et al. 2018,
arXiv:1807.00263), so that it holds four times out of five also where the model is wrong. Pure, and the same for the same queue.
"""

import heapq
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

# with fewer turns than these a range says nothing, and is not shown
FEWEST_TURNS = 10
# older ones say less about today than they blur it
MOST_TURNS = 40
MOST_OUTCOMES = 120
_PLAYS = 100
_COVERAGE = 0.8
# as many outcomes as if they had come out as forecast, until there are real ones
_ASSUMED_OUTCOMES = 20
_LEVELS = 20
# a caller this far behind is given a range in proportion to the last one that was played
MOST_PLACES = 60
_SHORTEST_TAIL_SECONDS = 60.0


@dataclass(frozen=True)
class Queue:
    """What is known of a queue now.

    `turns`: seconds of the recent ones, in any order. `at_work`: for each who takes callers, the seconds since they let the
    last one in, none for who is free. `leaving`: which part of those who come goes before their turn. `outcomes`: of recent
    forecasts, how each came out (`outcome`).
    """

    turns: tuple[float, ...]
    at_work: tuple[float | None, ...]
    leaving: float = 0.0
    outcomes: tuple[float, ...] = ()


@dataclass(frozen=True)
class Estimate:
    """Seconds still to wait: four of five wait between `soonest` and `latest`, half of them less than `middle`.

    `sample`: how many turns it was made from. `forecast`: 21 seconds, rising, at every twentieth of all that may happen,
    before `outcomes` were counted in; with it `outcome` tells later how it came out.
    """

    soonest: float
    middle: float
    latest: float
    sample: int
    forecast: tuple[float, ...]


def estimates(queue: Queue, places: int) -> list[Estimate]:
    """For each place in the queue, the next caller's first; none at all when too little is known or nobody is at work."""
    if len(queue.turns) < FEWEST_TURNS or not queue.at_work or places < 1:
        return []
    low, middle, high = _levels(queue.outcomes)
    found = []
    for waits in _played(queue, min(places, MOST_PLACES)):
        forecast = tuple(_at(waits, step / _LEVELS) for step in range(_LEVELS + 1))
        ranges = (_foretold(forecast, low), _foretold(forecast, middle), _foretold(forecast, high))
        found.append(Estimate(*ranges, sample=len(queue.turns), forecast=forecast))
    return found + [_behind(found[-1], place) for place in range(MOST_PLACES, places)]


def outcome(forecast: Sequence[float], waited: float) -> float:
    """Which part of a forecast (`Estimate.forecast`) lay below the real wait; above 1 for one that was longer than all of it."""
    if waited > forecast[-1]:
        return 1 + (waited - forecast[-1]) / _beyond(forecast)
    below, up_to = bisect_left(forecast, waited), bisect_right(forecast, waited)
    if below < up_to:
        # it is met by all of these alike
        return (below + up_to - 1) / 2 / _LEVELS
    if below == 0:
        return 0.0
    before, after = forecast[below - 1], forecast[below]
    return (below - 1 + (waited - before) / (after - before)) / _LEVELS


def _foretold(forecast: Sequence[float], level: float) -> float:
    """The seconds at a level; the other way round than `outcome`."""
    return _at(forecast, level) if level <= 1 else forecast[-1] + (level - 1) * _beyond(forecast)


def _beyond(forecast: Sequence[float]) -> float:
    """The measure of what is longer than all that was foretold, in seconds."""
    return max(forecast[-1] - forecast[_LEVELS // 2], _SHORTEST_TAIL_SECONDS)


def _played(queue: Queue, places: int) -> list[list[float]]:
    """For each place, the waits of all plays, rising."""
    random = Random(2)  # noqa: S311 the same plays for everybody, and again for the same queue
    turns, rising = queue.turns, sorted(queue.turns)
    waits: list[list[float]] = [[] for _ in range(places)]
    for _ in range(_PLAYS):
        free = [0.0 if since is None else _rest(random, rising, since) for since in queue.at_work]
        heapq.heapify(free)
        for place in waits:
            place.append(free[0])
            if random.random() >= queue.leaving:
                heapq.heapreplace(free, free[0] + turns[random.randrange(len(turns))])
    for place in waits:
        place.sort()
    return waits


def _rest(random: Random, rising: list[float], since: float) -> float:
    """What is left of a turn that began so long ago: of the recent ones that were longer, one; beyond all, as their longest fifth ends."""
    longer = bisect_right(rising, since)
    if longer < len(rising):
        return rising[random.randrange(longer, len(rising))] - since
    tail = rising[-max(len(rising) // 5, 1) :]
    spread = sum(tail) / len(tail) - rising[len(rising) // 2]
    return random.expovariate(1 / max(spread, _SHORTEST_TAIL_SECONDS))


def _levels(outcomes: Sequence[float]) -> tuple[float, float, float]:
    """Where in a forecast the range and its middle lie, going by how earlier ones came out."""
    assumed = [(number + 0.5) / _ASSUMED_OUTCOMES for number in range(_ASSUMED_OUTCOMES)]
    rising = sorted([*outcomes, *assumed])
    outside = (1 - _COVERAGE) / 2
    return _at(rising, outside), _at(rising, 0.5), _at(rising, 1 - outside)


def _at(rising: Sequence[float], level: float) -> float:
    """The value at a level from 0 to 1, between two of them in proportion."""
    position = level * (len(rising) - 1)
    before = min(int(position), len(rising) - 2)
    return rising[before] + (position - before) * (rising[before + 1] - rising[before])


def _behind(last: Estimate, place: int) -> Estimate:
    part = (place + 1) / MOST_PLACES
    ranges = (last.soonest * part, last.middle * part, last.latest * part)
    return Estimate(*ranges, sample=last.sample, forecast=tuple(each * part for each in last.forecast))
