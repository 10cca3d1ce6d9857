"""An event as the log keeps it: the envelope that was heard (contracts.events.Envelope). Pure."""

from typing import Any

from contracts.events import sequence_text
from contracts.fields import instant_text
from plumbing.heard import Heard


def envelope(source: str, event: Heard) -> dict[str, Any]:
    """The CloudEvents envelope of an event that `source` said."""
    entry = {
        "specversion": "1.0",
        "id": event.id,
        "source": f"/{source}",
        "type": event.type,
        "subject": event.subject,
        "time": instant_text(event.time),
        "datacontenttype": "application/json",
        "organisationid": event.organisation_id,
        "sequence": sequence_text(event.sequence),
        "actorid": event.actor_id,
        "traceparent": event.traceparent,
        "data": event.data,
    }
    return {key: value for key, value in entry.items() if value is not None}
