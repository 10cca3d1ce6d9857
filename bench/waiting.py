"""waiting.estimate: how often the shown range holds, and how far off its middle is beside "the longest wait now and 15 minutes".

Clinics and days are made up (bench/days.py), with seeds that nothing was fitted to. For each clinic some days go by first, as
they do before an estimate is shown anywhere.
"""

from dataclasses import dataclass, field

from bench import waiting_area
from bench.days import Clinic, Seen
from bench.row import Row, at_most, compared, main
from services.waiting.estimating.estimate import MOST_OUTCOMES, MOST_TURNS, Estimate, Queue, estimates, outcome

SEEDS = range(9_000, 9_040)
DAYS_BEFORE, DAYS_HELD = 3, 6
HOLDS_AT_LEAST, HOLDS_AT_MOST = 0.75, 0.85
GOAL = 0.8
_NAIVE_SECONDS = 15 * 60


@dataclass
class Score:
    """`errors` and `naive_errors` in seconds, summed over `given` estimates, of which `held` had the real wait in their range."""

    given: int = 0
    held: int = 0
    error: float = 0.0
    naive_error: float = 0.0

    @property
    def holds(self) -> float:
        return self.held / self.given

    @property
    def against_naive(self) -> float:
        return self.error / self.naive_error

    def count(self, estimate: Estimate, longest_wait: float, waited: float) -> None:
        """One estimate against what came; the range is as shown, in whole minutes."""
        self.given += 1
        self.held += estimate.soonest // 60 * 60 <= waited <= -(-estimate.latest // 60) * 60
        self.error += abs(estimate.middle - waited)
        self.naive_error += abs(longest_wait + _NAIVE_SECONDS - waited)


@dataclass
class Watcher:
    """Gives an estimate to each who arrives in one clinic, and learns as the service does."""

    turns: list[float] = field(default_factory=list)
    outcomes: list[float] = field(default_factory=list)
    came: int = 0
    gone: int = 0
    given: dict[int, tuple[Estimate, float]] = field(default_factory=dict)
    before: list[float] = field(default_factory=list)

    def arrived(self, caller: int, seen: Seen) -> None:
        self.turns = [*self.before, *seen.ended][-MOST_TURNS:]
        leaving = self.gone / max(self.came, MOST_OUTCOMES // 6)
        queue = Queue(tuple(self.turns), seen.at_work, leaving, tuple(self.outcomes[-MOST_OUTCOMES:]))
        found = estimates(queue, seen.ahead + 1)
        if found:
            self.given[caller] = (found[-1], seen.longest_wait)

    def let_in(self, caller: int, waited: float) -> None:
        if caller in self.given:
            self.outcomes.append(outcome(self.given[caller][0].forecast, waited))

    def day(self, clinic: Clinic, number: int, score: Score | None) -> None:
        self.given = {}
        played = clinic.day(number, self.arrived, self.let_in)
        self.before = self.turns
        self.came, self.gone = self.came + len(played.waits) + played.gone, self.gone + played.gone
        for caller, waited in played.waits:
            if score and caller in self.given:
                score.count(*self.given[caller], waited)


def score(seeds: range, days_before: int = DAYS_BEFORE, days_held: int = DAYS_HELD) -> Score:
    """Over clinics that nobody has seen."""
    total = Score()
    for seed in seeds:
        clinic, watcher = Clinic(seed), Watcher()
        for number in range(days_before + days_held):
            watcher.day(clinic, number, total if number >= days_before else None)
    return total


def measure() -> list[Row]:
    """Those of a long queue (bench/waiting_area.py), and both figures of the estimate over the same days."""
    found = score(SEEDS)
    words = f"{HOLDS_AT_LEAST:g} to {HOLDS_AT_MOST:g}"
    met = HOLDS_AT_LEAST <= found.holds <= HOLDS_AT_MOST
    naive = found.naive_error / found.given / 60
    return [
        *waiting_area.measure(),
        Row("waiting.estimate.range", round(found.holds, 3), f"of {found.given}", None, None, words, met),
        compared(
            "waiting.estimate.error", found.error / found.given / 60, "min", "longest + 15 min", naive, at_most(GOAL)
        ),
    ]


if __name__ == "__main__":
    main(measure)
