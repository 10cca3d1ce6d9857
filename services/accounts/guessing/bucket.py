"""A bucket of tries that fills again by itself (the generic cell rate algorithm, ITU-T I.371). Pure.

What is kept of a bucket is one number: until when, in Unix milliseconds, its tries are spent.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil


@dataclass(frozen=True)
class Bucket:
    """`size` tries at once, and one more after each `refill`."""

    size: int
    refill: timedelta

    @property
    def step(self) -> int:
        """What one try spends, in milliseconds."""
        return round(self.refill / timedelta(milliseconds=1))

    def latest(self, now: datetime) -> int:
        """A try may be made while no more than this is spent."""
        return milliseconds(now) + (self.size - 1) * self.step

    def wait_seconds(self, spent: int, now: datetime) -> int:
        """How long until the next try."""
        return max(1, ceil((spent - self.latest(now)) / 1000))

    def full_at(self, now: datetime) -> datetime:
        """When it is full again at the latest."""
        return now + (self.size + 1) * self.refill


# The numbers and their reasons: docs/adr/0019-guessing-is-slowed-not-locked.md
OF_NETWORK = Bucket(100, timedelta(seconds=30))
OF_ADDRESS = Bucket(30, timedelta(hours=1))
OF_RESETS = Bucket(5, timedelta(hours=1))


def milliseconds(at: datetime) -> int:
    """Since 1970."""
    return round(at.timestamp() * 1000)
