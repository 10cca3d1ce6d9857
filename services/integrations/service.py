"""The entrypoints of integrations: every speaker is heard, and the log can be read from any cursor."""

from datetime import timedelta
from typing import Any

import structlog
from nameko.extensions import DependencyProvider

from contracts import integrations
from plumbing import clock
from plumbing.keys import read_secret
from plumbing.outside import Outside
from plumbing.services import Call, Heard, Store, answers, every, hears, runtime
from plumbing.settings import Settings
from services.integrations.entry import envelope
from services.integrations.entrypoints.webhooks import Webhooks
from services.integrations.paging import check_kept, page, position_after
from services.integrations.store import IntegrationsStore
from services.integrations.types import split, wanted_types
from services.integrations.webhooks.desk import Desk

log = structlog.get_logger()


class SettingsProvider(DependencyProvider):
    """The process's settings."""

    def get_dependency(self, worker_ctx: Any) -> Settings:
        """The one."""
        return runtime.current().settings


class DeskProvider(DependencyProvider):
    """The process's webhook desk, at work as long as the service runs."""

    def setup(self) -> None:
        """Read the key and prepare to send. Raises KeyProblem."""
        current = runtime.current()
        settings = current.settings
        self.key = read_secret(settings.integrations_key)
        insecure = settings.environment != "production"
        self.outside = Outside(settings.webhooks_inside, (), insecure, loopback=False)
        store = IntegrationsStore(current.database, current.outbox)
        self._desk = Desk(store.webhooks, store.deliveries, self.outside, self.key, current.owner)
        self.wake, self.fan_out = self._desk.wake, self._desk.fan_out

    def start(self) -> None:
        """Send from now on, first what was left."""
        self._desk.start()

    def stop(self) -> None:
        """Finish what is being sent."""
        self._desk.stop()

    def get_dependency(self, worker_ctx: Any) -> "DeskProvider":
        """The one."""
        return self


class IntegrationsService(Webhooks):
    """The log of every event, and the webhooks that get it."""

    name = "integrations"
    store = Store(IntegrationsStore)
    settings = SettingsProvider()
    desk = DeskProvider()

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
        before = clock.now() - timedelta(days=self.settings.events_kept_days)
        gone, deliveries = self.store.let_go(before), self.store.deliveries.let_go(before)
        if gone or deliveries:
            log.info("let go", events=gone, deliveries=deliveries)

    @hears("accounts")
    def on_accounts(self, event: Heard) -> None:
        """Whatever accounts says."""
        self._keep("accounts", event)

    @hears("rooms")
    def on_rooms(self, event: Heard) -> None:
        """Whatever rooms says."""
        self._keep("rooms", event)

    @hears("invitations")
    def on_invitations(self, event: Heard) -> None:
        """Whatever invitations says."""
        self._keep("invitations", event)

    @hears("scheduler")
    def on_scheduler(self, event: Heard) -> None:
        """Whatever the scheduler says."""
        self._keep("scheduler", event)

    @hears("waiting")
    def on_waiting(self, event: Heard) -> None:
        """Whatever waiting says."""
        self._keep("waiting", event)

    @hears("media")
    def on_media(self, event: Heard) -> None:
        """Whatever media says."""
        self._keep("media", event)

    @hears("integrations")
    def on_integrations(self, event: Heard) -> None:
        """What became of webhooks."""
        self._keep("integrations", event)

    def _keep(self, source: str, event: Heard) -> None:
        said = envelope(source, event)
        self.desk.fan_out(said, self.store.append(said))
