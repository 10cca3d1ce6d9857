"""Carers and interpreters: who goes where their client goes."""

from datetime import datetime
from functools import partial
from typing import Protocol

from plumbing.heard import Heard
from services.waiting import access, path
from services.waiting.caller import Caller


class Kept(Protocol):
    """Where callers are kept (services.waiting.store.WaitingStore)."""

    def of_recipient(self, caller: Caller) -> list[Caller]:
        """Their client's visits that last."""

    def companions(self, organisation_id: str, recipient_id: str) -> list[Caller]:
        """Who is here for the client."""

    def change_if_known(self, caller_id: str, organisation_id: str | None, rule: path.Rule) -> None:
        """Let a rule follow an event."""


class Companions:
    """Those who are in a room for one client of it."""

    def __init__(self, store: Kept) -> None:
        self._store = store

    def to_bring(self, event: Heard) -> list[Caller]:
        """Who waits for the client that was let in."""
        return [each for each in self._of_client(event) if each.state == "waiting"]

    def go(self, event: Heard) -> None:
        """The client has gone, and those who are there for them go too; unless the client is in on another device."""
        for companion in self._of_client(event):
            if not access.is_in(self._store.of_recipient(companion)):
                self._let_go(companion, event.data["reason"], event.time)

    def stay_with_client(self, companion: Caller, now: datetime) -> None:
        """Goes again at once where the client left while the companion was let in: nobody says so a second time."""
        if companion.for_recipient_id and not access.is_in(self._store.of_recipient(companion)):
            self._let_go(companion, "completed", now)

    def _of_client(self, event: Heard) -> list[Caller]:
        return self._store.companions(str(event.organisation_id), event.data["recipient_id"])

    def _let_go(self, companion: Caller, reason: str, now: datetime) -> None:
        rule = partial(path.follow, client_reason=reason, now=now)
        self._store.change_if_known(companion.id, companion.organisation_id, rule)
