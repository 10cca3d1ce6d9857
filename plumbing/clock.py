"""What time it is for the rules: UTC, in milliseconds as MongoDB keeps them, moved by the test clock's offset.

Leases go by the database's clock and deadlines of calls by `time.time()`; neither is moved.
"""

import datetime as dt

_offset = dt.timedelta()


def set_offset(seconds: float) -> None:
    """Move the clock of this process; settings refuse this in production."""
    global _offset  # noqa: PLW0603 one clock for a process is the point
    _offset = dt.timedelta(seconds=seconds)


def now() -> dt.datetime:
    """The current instant, aware, in UTC, whole milliseconds."""
    return whole_milliseconds(dt.datetime.now(dt.UTC) + _offset)


def whole_milliseconds(moment: dt.datetime) -> dt.datetime:
    """The instant without what MongoDB would drop."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
