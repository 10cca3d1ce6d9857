"""The one envelope of every event: CloudEvents 1.0 with the extensions that Housecall adds.

https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md
"""

import marshmallow as ma
from marshmallow import fields, validate

from contracts.fields import Id, Instant

SEQUENCE_DIGITS = 20


class EventData(ma.Schema):
    """An event's data: ids, words and numbers, never patient data. Unknown fields are ignored by who reads."""

    class Meta:
        unknown = ma.EXCLUDE


class Envelope(ma.Schema):
    """`subject` is `kind/id`; `sequence` counts by one per subject, in text padded to 20 digits so that text order is number order."""

    class Meta:
        unknown = ma.INCLUDE

    specversion = fields.Constant("1.0", required=True)
    id = Id(required=True)
    source = fields.String(required=True)
    type = fields.String(required=True)
    subject = fields.String(required=True)
    time = Instant(required=True)
    datacontenttype = fields.Constant("application/json")
    organisationid = Id(allow_none=True)
    sequence = fields.String(required=True, validate=validate.Regexp(r"^\d{20}$"))
    actorid = fields.String(allow_none=True)
    # opaque: where the actor asked from, for the audit log
    originid = fields.String(allow_none=True)
    traceparent = fields.String(allow_none=True)
    data = fields.Dict(required=True)


def sequence_text(number: int) -> str:
    """Return the number as the envelope carries it."""
    return str(number).zfill(SEQUENCE_DIGITS)


def exchange_name(service: str) -> str:
    """The topic exchange on which a service says its events; the routing key is the event's type."""
    return f"{service}.events"
