"""Writes down what became of each mail while the next one is handed over, and keeps the leases meanwhile."""

import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from types import TracebackType
from typing import Protocol, Self

import structlog

from plumbing.store import Kept
from services.invitations.delivery import Outcome
from services.invitations.invitation import Invitation

log = structlog.get_logger()

MOST_UNRECORDED = 8
"""Mails of one connection that may be taken and not yet recorded; the next one waits."""
GATHERED = 6
"""So many are written down together, unless they take longer to come than `GATHER_SECONDS`."""
GATHER_SECONDS = 0.01
_RENEWED_PER_LEASE = 3
_TRY_AGAIN_SECONDS = 0.2


class Records(Protocol):
    """What the clerk needs of services.invitations.store.InvitationsStore."""

    def record(
        self, claimed: Sequence[Kept[Invitation]], outcomes: Sequence[Outcome], now: datetime
    ) -> list[Kept[Invitation]]: ...

    def renew(self, ids: Sequence[str], owner: str, lease_seconds: float) -> bool: ...


class Clerk:
    """For invitations claimed together: a context whose end is that everything is written down.

    Outcomes that come while one is being written are written together, so that recording never holds up sending for long.
    """

    def __init__(
        self,
        store: Records,
        claimed: Sequence[Kept[Invitation]],
        owner: str,
        lease_seconds: float,
        now: Callable[[], datetime],
    ) -> None:
        self._latest = {each.state.id: each for each in claimed}
        self._store = store
        self._owner = owner
        self._lease_seconds = lease_seconds
        self._now = now
        self._unrecorded: list[Outcome] = []
        self._changed = threading.Condition()
        self._closing = False
        self._held_until = time.monotonic() + lease_seconds
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._thread.join()

    def holds(self) -> bool:
        """Whether they are still ours to send."""
        return time.monotonic() < self._held_until

    def latest(self, invitation_id: str) -> Invitation:
        """The invitation as far as is known here."""
        return self._latest[invitation_id].state

    def held(self) -> list[str]:
        """The ids of those whose lease did not end with what was written down."""
        return [id for id, each in self._latest.items() if "lease" in each.document]

    def record(self, outcome: Outcome) -> None:
        """Write it down soon; waits while too much is not yet written."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._unrecorded) < MOST_UNRECORDED)
            self._unrecorded.append(outcome)
            self._changed.notify_all()

    def _run(self) -> None:
        renewed = time.monotonic()
        pause = self._lease_seconds / _RENEWED_PER_LEASE
        while True:
            with self._changed:
                self._changed.wait_for(
                    lambda: self._unrecorded or self._closing, max(renewed + pause - time.monotonic(), 0.0)
                )
                if self._unrecorded:
                    self._changed.wait_for(lambda: len(self._unrecorded) >= GATHERED or self._closing, GATHER_SECONDS)
                outcomes = list(self._unrecorded)
                if self._closing and not outcomes:
                    return
            if outcomes:
                self._write(outcomes)
            if time.monotonic() >= renewed + pause:
                renewed = time.monotonic()
                self._renew()

    def _write(self, outcomes: list[Outcome]) -> None:
        try:
            tried = {outcome.invitation_id: self._latest[outcome.invitation_id] for outcome in outcomes}
            for each in self._store.record(list(tried.values()), outcomes, self._now()):
                self._latest[each.state.id] = each
        except Exception as error:  # noqa: BLE001 whatever it is, a mail that was taken has to be written down
            log.warning("record put off", error=type(error).__name__, mails=len(outcomes))
            time.sleep(_TRY_AGAIN_SECONDS)
            return
        with self._changed:
            del self._unrecorded[: len(outcomes)]
            self._changed.notify_all()

    def _renew(self) -> None:
        try:
            asked = time.monotonic()
            kept = self._store.renew(self.held(), self._owner, self._lease_seconds)
            self._held_until = asked + self._lease_seconds if kept else asked
        except Exception as error:  # noqa: BLE001 without the database the lease runs out by itself
            log.warning("lease not renewed", error=type(error).__name__)
