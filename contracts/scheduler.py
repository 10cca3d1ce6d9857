"""What the scheduler says: sessions, each a call planned for a time."""

from marshmallow import fields, validate

from contracts import client_sessions
from contracts.command import Command, Nothing, Request, View
from contracts.events import EventData
from contracts.fields import Id, Instant, TypedText
from contracts.recurrence import SCOPES, Booking, ReadSeries, Recurrence, RecurrenceView, SeriesPreview

OUTCOMES = ("completed", "patient_absent", "clinician_absent", "left_without_being_seen", "technical_failure")
LOCAL_TIME = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$"


class PlannedTime(Request):
    """A wall-clock time in a named zone (IANA), and how long.

    Of an hour that comes twice, when clocks are set back, `which` is meant: the first, unless the second is asked for; the answer's
    `choices` has both. An hour that is skipped is refused. The local time is what holds: when a zone's rules are changed, the
    session stays at it.
    """

    local_start = fields.String(
        required=True, validate=validate.Regexp(LOCAL_TIME, error="Give a date and time as in 2026-11-30T10:00.")
    )
    zone = fields.String(required=True, validate=validate.Length(1, 64))
    minutes = fields.Integer(required=True, strict=True, validate=validate.Range(5, 24 * 60))
    which = fields.String(validate=validate.OneOf(("first", "second")))


class StartChoice(View):
    """One of the two starts of a local time that comes twice."""

    which = fields.String(required=True)
    starts_at = Instant(required=True)


class SessionTimes(View):
    """`rules`: the version of the zones' rules that the instants were computed with. `choices`: both starts, where it comes twice."""

    local_start = fields.String(required=True)
    zone = fields.String(required=True)
    minutes = fields.Integer(required=True)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    which = fields.String()
    rules = fields.String()
    choices = fields.List(fields.Nested(StartChoice))


class CreateSession(Booking):
    """`override`: book although a host or the room is taken; it is recorded.

    `recurrence`: book a series of which `planned` is the first, and answer the first of its sessions; all are booked, or none, or
    with `leave_out` those that nothing is in the way of.
    """

    room_id = Id(required=True)
    title = TypedText(longest=120, shortest=0, load_default="")
    planned = fields.Nested(PlannedTime, required=True)
    host_member_ids = fields.List(Id(), load_default=list)
    invitation_id = Id(load_default=None, allow_none=True)


class PreviewSeries(Request):
    """The dates of a series and what is in the way of each; nothing is booked."""

    room_id = Id(required=True)
    planned = fields.Nested(PlannedTime, required=True)
    host_member_ids = fields.List(Id(), load_default=list)
    recurrence = fields.Nested(Recurrence, required=True)


class ReminderView(View):
    """`state`: due, sent, or dropped, when it came too late to be useful."""

    minutes_before = fields.Integer(required=True)
    due_at = Instant(required=True)
    state = fields.String(required=True, validate=validate.OneOf(("due", "sent", "dropped")))


class CorrectionView(View):
    """What a member said instead of what the evidence says, and why."""

    outcome = fields.String(required=True)
    reason = fields.String(required=True)
    member_id = Id(required=True)
    at = Instant(required=True)


class OutcomeView(View):
    """`outcome` counts; `by_evidence` was told from when the first guest arrived (`arrived_at`) and was let in, when the first host
    was in the call, and when the last guest went; each null where it never happened.
    """

    outcome = fields.String(required=True, validate=validate.OneOf(OUTCOMES))
    by_evidence = fields.String(required=True, validate=validate.OneOf(OUTCOMES))
    decided_at = Instant(required=True)
    arrived_at = Instant(allow_none=True)
    admitted_at = Instant(allow_none=True)
    host_came_at = Instant(allow_none=True)
    left_at = Instant(allow_none=True)
    correction = fields.Nested(CorrectionView, allow_none=True)


class SessionView(View):
    """`sequence` is the calendar's revision (RFC 5545 §3.8.7.4). `outcome` null: not told yet, or nobody was invited.

    Of an occurrence of a series, `recurrence_id` is the local start that the rule gave it, and `exceptional` says what was changed of
    it alone: time, title, hosts. `overrode`: the sessions in whose way it was booked on purpose; `clashes`: those that are in its way
    since its zone's rules were changed.
    """

    id = Id(required=True)
    organisation_id = Id(required=True)
    room_id = Id(required=True)
    title = fields.String(required=True)
    planned = fields.Nested(SessionTimes, required=True)
    host_member_ids = fields.List(Id(), required=True)
    invitation_id = Id(allow_none=True)
    state = fields.String(required=True, validate=validate.OneOf(("planned", "started", "finished", "cancelled")))
    sequence = fields.Integer(required=True)
    reminders = fields.List(fields.Nested(ReminderView))
    outcome = fields.Nested(OutcomeView, allow_none=True)
    series_id = Id(allow_none=True)
    recurrence_id = fields.String(allow_none=True)
    exceptional = fields.List(fields.String())
    overrode = fields.List(Id())
    clashes = fields.List(Id())
    version = fields.Integer(required=True)
    created_at = Instant()


class ReadSession(Request):
    session_id = Id(required=True)


MOST_LISTED = 1_000


class ListSessions(Request):
    """Those that overlap [`starts_from`, `starts_until`), soonest first, of those of one start by id. Without bounds: from today on, at most a year.

    A page of at most `limit`; the next one with the `cursor` that the page before answered, and the same bounds.
    """

    starts_from = Instant(load_default=None, allow_none=True)
    starts_until = Instant(load_default=None, allow_none=True)
    room_id = Id(load_default=None, allow_none=True)
    host_member_id = Id(load_default=None, allow_none=True)
    limit = fields.Integer(load_default=MOST_LISTED, validate=validate.Range(1, MOST_LISTED))
    cursor = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=100))


class ChangeSession(ReadSession):
    """What is left out stays as it is. `override`: also where a host or the room is taken at the new time; it is recorded.

    `version`: as read; refused as Outdated when somebody changed the session since. `scope`, of a series: this one, this and the
    following ones, or all; those that have begun stay as they are, and what was changed of one alone stays too. `leave_out`: so do
    those that something is in the way of.
    """

    title = TypedText(longest=120, shortest=0)
    planned = fields.Nested(PlannedTime)
    host_member_ids = fields.List(Id(), validate=validate.Length(min=1, max=50))
    override = fields.Boolean(load_default=False)
    leave_out = fields.Boolean(load_default=False)
    version = fields.Integer(load_default=None, allow_none=True)
    scope = fields.String(load_default="one", validate=validate.OneOf(SCOPES))


class CancelSession(ReadSession):
    """`scope` and `version` as in ChangeSession."""

    version = fields.Integer(load_default=None, allow_none=True)
    scope = fields.String(load_default="one", validate=validate.OneOf(SCOPES))


class ChangeGuests(ReadSession):
    """Asked by invitations before somebody is added or removed: whether they may be. `invitation_id` is noted where there is none yet.

    The answer's `invitation_id` is the one that counts; `scope` as in ChangeSession.
    """

    invitation_id = Id(required=True)
    scope = fields.String(load_default="one", validate=validate.OneOf(SCOPES))


class CorrectOutcome(ReadSession):
    outcome = fields.String(required=True, validate=validate.OneOf(OUTCOMES))
    reason = TypedText(longest=500, required=True)


class SeriesView(View):
    """`rule`: RFC 5545, from `planned` on, the first. `left_out`: local starts that were taken; `skipped`: that do not exist.

    `items`: every session of it, cancelled ones too, in the order of the rule.
    """

    id = Id(required=True)
    organisation_id = Id(required=True)
    room_id = Id(required=True)
    title = fields.String(required=True)
    recurrence = fields.Nested(RecurrenceView, required=True)
    rule = fields.String(required=True)
    planned = fields.Nested(SessionTimes, required=True)
    invitation_id = Id(allow_none=True)
    left_out = fields.List(fields.String(), required=True)
    skipped = fields.List(fields.String(), required=True)
    sequence = fields.Integer(required=True)
    items = fields.List(fields.Nested(SessionView), required=True)
    version = fields.Integer(required=True)


class SessionList(View):
    """`cursor` null: that was all."""

    items = fields.List(fields.Nested(SessionView), required=True)
    cursor = fields.String(allow_none=True)


class ReminderSettingsView(View):
    """How many minutes before a session's start its guests are reminded, longest first; none: never."""

    minutes_before = fields.List(fields.Integer(), required=True)


class ChangeReminderSettings(Request):
    """Holds for sessions that are booked or moved from now on. Between five minutes and four weeks, at most six."""

    minutes_before = fields.List(
        fields.Integer(strict=True, validate=validate.Range(5, 28 * 24 * 60)),
        required=True,
        validate=validate.Length(max=6),
    )


PARTS = (client_sessions,)

CREATE_SESSION = Command("scheduler.create_session", CreateSession, SessionView, "session.create", changes=True)
GET_SESSION = Command("scheduler.get_session", ReadSession, SessionView, "session.read", reads="session")
LIST_SESSIONS = Command("scheduler.list_sessions", ListSessions, SessionList, "session.read", reads="session")
CHANGE_SESSION = Command("scheduler.change_session", ChangeSession, SessionView, "session.change", changes=True)
GET_REMINDER_SETTINGS = Command("scheduler.get_reminder_settings", Nothing, ReminderSettingsView, "settings.read")
CHANGE_REMINDER_SETTINGS = Command(
    "scheduler.change_reminder_settings", ChangeReminderSettings, ReminderSettingsView, "settings.change", changes=True
)
CORRECT_OUTCOME = Command("scheduler.correct_outcome", CorrectOutcome, SessionView, "session.change", changes=True)
CANCEL_SESSION = Command("scheduler.cancel_session", CancelSession, SessionView, "session.change", changes=True)
CHANGE_GUESTS = Command("scheduler.change_guests", ChangeGuests, SessionView, "session.change", changes=True)
PREVIEW_SERIES = Command("scheduler.preview_series", PreviewSeries, SeriesPreview, "session.create")
GET_SERIES = Command("scheduler.get_series", ReadSeries, SeriesView, "session.read", reads="session")


class SessionChanged(EventData):
    session_id = Id(required=True)
    room_id = Id(required=True)
    invitation_id = Id(allow_none=True)
    host_member_ids = fields.List(Id())
    starts_at = Instant()
    ends_at = Instant()
    series_id = Id(allow_none=True)


class SessionUpdated(SessionChanged):
    """`changed`: which of time, title, hosts and guests; `revision` is the calendar's (RFC 5545 §3.8.7.4). Hosts who came and went by id.

    `reason`: "zone_rules" when nobody moved it, but its zone's rules were changed and it stayed at its local time.
    """

    reason = fields.String()
    changed = fields.List(fields.String(), required=True)
    revision = fields.Integer(required=True)
    hosts_added = fields.List(Id())
    hosts_removed = fields.List(Id())


class ReminderSent(SessionChanged):
    """Handed on to be mailed to every guest who has a link and has not arrived."""

    minutes_before = fields.Integer(required=True)


class OutcomeRecorded(SessionChanged):
    """`decided_by`: evidence (who came when), or member. Said again when another outcome counts from then on."""

    outcome = fields.String(required=True)
    decided_by = fields.String(required=True)


class SeriesChanged(EventData):
    """`revision` is the calendar's. Each session that changed says so too, by itself. Hosts who came to any of them, or went."""

    series_id = Id(required=True)
    room_id = Id(required=True)
    invitation_id = Id(allow_none=True)
    revision = fields.Integer(required=True)
    hosts_added = fields.List(Id())
    hosts_removed = fields.List(Id())


class RemindersChanged(EventData):
    organisation_id = Id(required=True)
    minutes = fields.List(fields.Integer(), required=True)


EVENTS: dict[str, type[EventData]] = {
    "session.created": SessionChanged,
    "session.updated": SessionUpdated,
    "session.cancelled": SessionChanged,
    "session.reminder_sent": ReminderSent,
    "session.outcome_recorded": OutcomeRecorded,
    "series.created": SeriesChanged,
    "series.updated": SeriesChanged,
    "reminders.changed": RemindersChanged,
}
