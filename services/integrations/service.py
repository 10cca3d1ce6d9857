"""The entrypoints of integrations: every speaker is heard, and the log can be read from any cursor."""

from typing import Any

from contracts import integrations
from plumbing.services import Call, Heard, Store, answers, hears
from services.integrations.entry import envelope
from services.integrations.paging import page, position_after
from services.integrations.store import IntegrationsStore


class IntegrationsService:
    """The log of every event."""

    name = "integrations"
    store = Store(IntegrationsStore)

    @answers(integrations.LIST_EVENTS)
    def list_events(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
        """A page of the organisation's events behind a cursor, in the order of the log."""
        position = position_after(request["after"])
        found = self.store.after(call.organisation_id, position, request["limit"] + 1)
        return page(found, request["limit"], request["after"])

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
