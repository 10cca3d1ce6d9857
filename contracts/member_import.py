"""What accounts says of members who come by a table: what each row would do, and how far it is done."""

from marshmallow import fields, validate

from contracts.command import Command, Request, View
from contracts.fields import Id

WILL = ("invite", "change", "unchanged", "refuse")
STATES = ("running", "done")
LONGEST_TEXT = 1_000_000


class MemberTable(Request):
    """CSV with a first line that names the columns: email, name, role, clinics (names with ; between), language."""

    text = fields.String(required=True, validate=validate.Length(1, LONGEST_TEXT))


class RowProblem(View):
    """`field` is the column, empty for the row as a whole; `code` names the problem for programs."""

    field = fields.String(required=True)
    code = fields.String(required=True)
    detail = fields.String(required=True)
    value = fields.String()


class RowVerdict(View):
    """`changes` are [field, before, after] of a member who is there already."""

    line = fields.Integer(required=True)
    email = fields.String(required=True)
    name = fields.String(required=True)
    role = fields.String(required=True)
    clinics = fields.List(fields.String(), required=True)
    will = fields.String(required=True, validate=validate.OneOf(WILL))
    changes = fields.List(fields.List(fields.String()))
    problems = fields.List(fields.Nested(RowProblem))


class ImportCheck(View):
    """`ignored` are columns that mean nothing here."""

    separator = fields.String(required=True)
    columns = fields.List(fields.String(), required=True)
    ignored = fields.List(fields.String(), required=True)
    counts = fields.Dict(fields.String(), fields.Integer(), required=True)
    rows = fields.List(fields.Nested(RowVerdict), required=True)


class NamedImport(Request):
    import_id = Id(required=True)


class RefusedRow(View):
    line = fields.Integer(required=True)
    email = fields.String(required=True)
    problems = fields.List(fields.Nested(RowProblem))


class ImportView(View):
    """`counts` are rows by what became of them; `refused` the first 500 of which nothing became."""

    id = Id(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    total = fields.Integer(required=True)
    done = fields.Integer(required=True)
    counts = fields.Dict(fields.String(), fields.Integer(), required=True)
    refused = fields.List(fields.Nested(RefusedRow), required=True)


CHECK_MEMBER_IMPORT = Command("accounts.check_member_import", MemberTable, ImportCheck, "member.import")
IMPORT_MEMBERS = Command("accounts.import_members", MemberTable, ImportView, "member.import", changes=True)
GET_MEMBER_IMPORT = Command("accounts.get_member_import", NamedImport, ImportView, "member.import")
