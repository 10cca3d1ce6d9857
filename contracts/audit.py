"""The audit log: who did and who saw what, when and from where (docs/adr/0013-the-audit-log.md).

`RECORDS` is what services tell the log besides their events; it goes to accounts only, and to no integrator.
"""

from marshmallow import fields, validate

from contracts.command import Command, Nothing, Request, View
from contracts.events import EventData
from contracts.fields import Id, Instant

SOURCE = "audit"
SHORTEST_KEEP_DAYS = 30
# 45 CFR 164.316(b)(2)(i): six years
USUAL_KEEP_DAYS = 2190
LONGEST_KEEP_DAYS = 36_500
HOWS = ("did", "saw", "refused", "failed")


class Seen(EventData):
    """Whose data a reply showed: `ids` of things of one `kind`. `of`: what it was asked by, ids only. `following`: on a screen that goes on showing it."""

    command = fields.String(required=True)
    kind = fields.String(required=True)
    ids = fields.List(fields.String(), required=True)
    of = fields.Dict(keys=fields.String(), values=fields.String())
    following = fields.Boolean()


class CommandRefused(EventData):
    """A person's role does not allow what they asked."""

    command = fields.String(required=True)
    of = fields.Dict(keys=fields.String(), values=fields.String())


class SignInFailed(EventData):
    """`step`: what was not right, the `password` or the `code`. No organisation in the envelope where the address is nobody's."""

    step = fields.String(required=True)
    member_id = Id(allow_none=True)
    network = fields.String(allow_none=True)
    browser = fields.String(allow_none=True)


RECORDS: dict[str, type[EventData]] = {
    "data.seen": Seen,
    "command.refused": CommandRefused,
    "sign_in.failed": SignInFailed,
}


class SearchAudit(Request):
    """`who`: an actor's id; `what`: `caller.seen` or all of `caller`; `subject`: `kind/id`. From `after` on, up to but not at `before`."""

    who = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, 64))
    what = fields.String(
        load_default=None, allow_none=True, validate=validate.Regexp(r"^[a-z_]{1,40}(\.[a-z_]{1,40})?$")
    )
    how = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(HOWS))
    subject = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, 120))
    after = Instant(load_default=None, allow_none=True)
    before = Instant(load_default=None, allow_none=True)
    cursor = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, 120))


class ListAudit(SearchAudit):
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 200))


class ExportAudit(SearchAudit):
    """As searched; larger pages."""

    limit = fields.Integer(load_default=1000, validate=validate.Range(1, 1000))


class AuditActor(View):
    """`kind`: member, process, nobody (not signed in), api_client, or other (a guest). `name` of a member or client, also of one who was removed."""

    id = fields.String(required=True)
    kind = fields.String(required=True)
    name = fields.String(required=True, allow_none=True)


class AuditOrigin(View):
    sign_in_id = fields.String(required=True, allow_none=True)
    network = fields.String(required=True, allow_none=True)
    browser = fields.String(required=True, allow_none=True)


class AuditEntry(View):
    """`how`: did, saw, refused or failed. `subjects`: everything that it concerns, `subject` among them. `origin` null: not known."""

    id = Id(required=True)
    at = Instant(required=True)
    who = fields.Nested(AuditActor, required=True)
    how = fields.String(required=True)
    what = fields.String(required=True)
    subject = fields.String(required=True, allow_none=True)
    subject_name = fields.String(required=True, allow_none=True)
    subjects = fields.List(fields.String(), required=True)
    data = fields.Dict(required=True)
    origin = fields.Nested(AuditOrigin, required=True, allow_none=True)


class AuditPage(View):
    """Newest first. `cursor` null: that was all."""

    items = fields.List(fields.Nested(AuditEntry), required=True)
    cursor = fields.String(required=True, allow_none=True)


class AuditPolicy(View):
    keep_days = fields.Integer(required=True)


class ChangeAuditPolicy(Request):
    keep_days = fields.Integer(
        required=True, strict=True, validate=validate.Range(SHORTEST_KEEP_DAYS, LONGEST_KEEP_DAYS)
    )


LIST_AUDIT = Command("accounts.list_audit", ListAudit, AuditPage, "audit.read")
EXPORT_AUDIT = Command("accounts.export_audit", ExportAudit, AuditPage, "audit.read")
GET_AUDIT_POLICY = Command("accounts.get_audit_policy", Nothing, AuditPolicy, "audit.read")
CHANGE_AUDIT_POLICY = Command(
    "accounts.change_audit_policy", ChangeAuditPolicy, AuditPolicy, "audit.change", changes=True
)


class AuditPolicyChanged(EventData):
    organisation_id = Id(required=True)
    keep_days = fields.Integer(required=True)
    keep_days_before = fields.Integer(required=True)


class SignInOpened(EventData):
    sign_in_id = Id(required=True)
    member_id = Id(required=True)


EVENTS: dict[str, type[EventData]] = {
    "audit.policy_changed": AuditPolicyChanged,
    "sign_in.opened": SignInOpened,
}
