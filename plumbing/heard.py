"""An event as a service is given it. Pure."""

import datetime as dt
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Heard:
    """An event as it came. `subject` is `kind/id` and `subject_id` the id; `data` is plain JSON."""

    id: str
    type: str
    subject: str
    subject_id: str
    organisation_id: str | None
    sequence: int
    time: dt.datetime
    data: dict[str, Any]
    actor_id: str | None = None
    traceparent: str | None = None
    origin_id: str | None = None
