"""Days of clinics, made up from published distributions, to hold forecasts of waiting against.

Service times are lognormal (Brown et al. 2005, doi:10.1198/016214504000001808) with the variation of consultations (coefficient
0.4 to 0.85: Cayirli and Veral 2003, doi:10.1111/j.1937-5956.2003.tb00218.x); arrivals are Poisson with a morning and an
afternoon wave; patience is exponential. Clinicians differ in speed, have a break, and some come late or go early; each day has
a pace of its own. Times are seconds from the opening.
"""

import heapq
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import count
from random import Random

_OPEN_FOR = 9 * 3600.0
_NEVER = math.inf


@dataclass(frozen=True)
class Seen:
    """What can be seen of the queue when somebody arrives: turns that have ended today, and who is at work since when."""

    ahead: int
    ended: tuple[float, ...]
    at_work: tuple[float | None, ...]
    longest_wait: float


@dataclass(frozen=True)
class Day:
    """`waits`: of those who were let in, as they arrived: their number and how long they waited. `gone`: who did not stay."""

    waits: list[tuple[int, float]]
    gone: int


class Clinic:
    """One of many that differ in size, load and habits; the same for the same seed."""

    def __init__(self, seed: int) -> None:
        random = Random(seed)
        self._staff = random.choice([1, 1, 2, 2, 3, 4, 5, 6])
        self._mean, self._variation = random.uniform(8, 25) * 60, random.uniform(0.4, 0.85)
        self._between = random.uniform(0.5, 4) * 60
        self._patience = random.uniform(60, 180) * 60
        self._paces = [random.uniform(0.8, 1.25) for _ in range(self._staff)]
        self._rate = self._staff / (self._mean + self._between) * random.uniform(0.85, 1.15)
        self._seed = seed

    def day(
        self, number: int, arrived: Callable[[int, Seen], None], let_in: Callable[[int, float], None] = lambda *_: None
    ) -> Day:
        """Play a day; `arrived` is told of each, as they come, and `let_in` of their real wait."""
        return _Play(self, Random(self._seed * 1000 + number), arrived, let_in).run()

    def arrivals(self, random: Random) -> Iterator[float]:
        """Poisson, thinned to the waves of the day."""
        at = 0.0
        while (at := at + random.expovariate(self._rate * 1.6)) < _OPEN_FOR:
            waves = 0.9 * math.exp(-(((at - 7200) / 5400) ** 2)) + 0.6 * math.exp(-(((at - 23400) / 4500) ** 2))
            if random.random() < (0.7 + waves) / 1.6:
                yield at

    def absences(self, random: Random) -> list[list[tuple[float, float]]]:
        """For each clinician, when they are away."""
        found = []
        for number in range(self._staff):
            lunch = random.uniform(3, 5.5) * 3600
            spans = [(lunch, lunch + random.uniform(20, 45) * 60)]
            if number and random.random() < 0.3:
                spans.append((0.0, random.uniform(0.2, 1) * 3600))
            if number and random.random() < 0.3:
                spans.append((_OPEN_FOR - random.uniform(0.2, 1.5) * 3600, _NEVER))
            found.append(spans)
        return found

    def turn(self, random: Random, number: int, pace: float) -> float:
        """How long a clinician takes with one caller and with what comes after."""
        service = _lognormal(random, self._mean * self._paces[number] * pace, self._variation)
        return service + _lognormal(random, self._between, 1.0)

    def patience(self, random: Random) -> float:
        """How long somebody stays."""
        return random.expovariate(1 / self._patience)


class _Play:
    def __init__(
        self, clinic: Clinic, random: Random, arrived: Callable[[int, Seen], None], let_in: Callable[[int, float], None]
    ) -> None:
        self._clinic, self._random, self._arrived, self._let_in = clinic, random, arrived, let_in
        self._pace = _lognormal(random, 1, 0.15)
        self._away = clinic.absences(random)
        self._since: list[float | None] = [None] * len(self._away)
        self._queue: list[int] = []
        self._came = list(clinic.arrivals(random))
        self._ended: list[float] = []
        self._waits: list[tuple[int, float]] = []
        self._gone = 0
        self._order = count()
        self._events: list[tuple[float, int, Callable[[float], None]]] = []

    def run(self) -> Day:
        for caller, at in enumerate(self._came):
            self._at(at, partial(self._arrive, caller))
        for back in {end for spans in self._away for _, end in spans if end < _NEVER}:
            self._at(back, lambda _: None)
        while self._events:
            now, _, happens = heapq.heappop(self._events)
            happens(now)
            self._serve(now)
        return Day(self._waits, self._gone)

    def _at(self, when: float, happens: Callable[[float], None]) -> None:
        heapq.heappush(self._events, (when, next(self._order), happens))

    def _arrive(self, caller: int, now: float) -> None:
        here = [number for number in range(len(self._away)) if not self._is_away(number, now)]
        starts = [self._since[number] for number in here]
        at_work = tuple(None if start is None else now - start for start in starts)
        longest = now - self._came[self._queue[0]] if self._queue else 0.0
        self._arrived(caller, Seen(len(self._queue), tuple(self._ended), at_work, longest))
        self._queue.append(caller)
        self._at(now + self._clinic.patience(self._random), lambda _: self._go(caller))

    def _go(self, caller: int) -> None:
        if caller in self._queue:
            self._queue.remove(caller)
            self._gone += 1

    def _serve(self, now: float) -> None:
        free = [number for number, since in enumerate(self._since) if since is None and not self._is_away(number, now)]
        self._random.shuffle(free)
        for number in free[: len(self._queue)]:
            caller = self._queue.pop(0)
            waited = now - self._came[caller]
            self._waits.append((caller, waited))
            self._let_in(caller, waited)
            self._since[number] = now
            turn = self._clinic.turn(self._random, number, self._pace)
            self._at(now + turn, partial(self._end, number, turn))

    def _end(self, number: int, turn: float, _now: float) -> None:
        self._since[number] = None
        self._ended.append(turn)

    def _is_away(self, number: int, now: float) -> bool:
        return any(start <= now < end for start, end in self._away[number])


def _lognormal(random: Random, mean: float, variation: float) -> float:
    spread = math.log(1 + variation**2)
    return random.lognormvariate(math.log(mean) - spread / 2, math.sqrt(spread))
