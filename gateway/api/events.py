"""The event log, for whoever reads it from a cursor."""

from contracts import integrations
from gateway.api.area import Area

area = Area("events", "Every event, in one envelope (CloudEvents 1.0), from any past cursor")

area.answers("GET", "/events", integrations.LIST_EVENTS, "A page of events after a cursor, oldest first.")
