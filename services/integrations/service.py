"""The entrypoints of integrations: every speaker is heard, and the log can be read from any cursor."""

from datetime import timedelta
from typing import Any

import structlog
from nameko.extensions import DependencyProvider

from contracts import integrations
from plumbing import clock
from plumbing.services import Call, Heard, Store, answers, every, hears, runtime
from plumbing.settings import Settings
from services.integrations.entry import envelope
from services.integrations.paging import check_kept, page, position_after
from services.integrations.store import IntegrationsStore
from services.integrations.types import split, wanted_types

log = structlog.get_logger()


class SettingsProvider(DependencyProvider):
    """The process's settings."""

    def get_dependency(self, worker_ctx: Any) -> Settings:
        """The one."""
        return runtime.current().settings


class IntegrationsService:
    """The log of every event."""

    name = "integrations"
    store = Store(IntegrationsStore)
    settings = SettingsProvider()

    @answers(integrations.LIST_EVENTS)
    def list_events(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """A page of the organisation's events behind a cursor, in the order of the log. Raises Refused and PastKeeping."""
        whose, after, limit = call.organisation_id, request["after"], request["limit"]
        position = position_after(whose, after)
        types, subject = wanted_types(split(request["types"])), request["subject"]
        # before the page is read, so that nothing up to there is missed
        newest = self.store.newest(whose) if types or subject else 0
        found = self.store.after(whose, position, limit + 1, types, subject)
        if after is not None:
            # after the page is read, so that nothing has gone from it unnoticed
            check_kept(whose, position, self.store.oldest(whose))
        return page(whose, found, limit, after, newest)

    @every(seconds=600.0)
    def let_events_go(self) -> None:
        """What is past its time goes; safe to repeat, and beside other processes."""
        gone = self.store.let_go(clock.now() - timedelta(days=self.settings.events_kept_days))
        if gone:
            log.info("events let go", count=gone)

    @hears("accounts")
    def on_accounts(self, event: Heard) -> None:
        """Whatever accounts says."""
        self.store.append(envelope("accounts", event))

    @hears("rooms")
    def on_rooms(self, event: Heard) -> None:
        """Whatever rooms says."""
        self.store.append(envelope("rooms", event))

    @hears("invitations")
    def on_invitations(self, event: Heard) -> None:
        """Whatever invitations says."""
        self.store.append(envelope("invitations", event))

    @hears("scheduler")
    def on_scheduler(self, event: Heard) -> None:
        """Whatever the scheduler says."""
        self.store.append(envelope("scheduler", event))

    @hears("waiting")
    def on_waiting(self, event: Heard) -> None:
        """Whatever waiting says."""
        self.store.append(envelope("waiting", event))

    @hears("media")
    def on_media(self, event: Heard) -> None:
        """Whatever media says."""
        self.store.append(envelope("media", event))
