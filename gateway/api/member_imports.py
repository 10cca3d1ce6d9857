"""Members brought by a table: what it would do, doing it, and how far it is."""

from typing import Any

import marshmallow as ma
from flask import Response, request

from contracts import member_import
from contracts.command import Request
from contracts.errors import Invalid
from gateway.api import asking, bodies, csv_body
from gateway.api.area import Area

area = Area("member_imports", "Members by a table (CSV): a dry run first, then an import that can be followed")


class Wish(Request):
    """In the query. `dry_run=false` does it; everything else only says what would be done."""

    dry_run = ma.fields.Boolean(load_default=True)


class Checked(member_import.ImportCheck):
    """`encoding` is how the file's bytes were read."""

    encoding = ma.fields.String(required=True)


@area.blueprint.route("/members/import", methods=["POST"])
@area.blueprint.response(200, Checked)
@area.blueprint.alt_response(202, schema=member_import.ImportView, description="It has begun: follow it by its id.")
@area.blueprint.doc(
    parameters=[{"in": "query", "schema": Wish}],
    requestBody={
        "required": True,
        "content": {
            "text/csv": {"schema": {"type": "string"}},
            "application/json": {"schema": member_import.MemberTable},
        },
    },
)
def import_members() -> Response:
    """What each row would do, or with `dry_run=false` do it: invite, change, leave, or refuse with the reason."""
    actor = asking.member()
    asked, encoding = _table()
    if _only_tried():
        return asking.reply({**asking.ask(member_import.CHECK_MEMBER_IMPORT, asked, actor), "encoding": encoding})
    return asking.reply(asking.ask(member_import.IMPORT_MEMBERS, asked, actor), 202)


def _table() -> tuple[dict[str, Any], str]:
    if request.is_json:
        return bodies.json_object(request), "utf-8"
    text, encoding = csv_body.read_text(request)
    return {"text": text}, encoding


def _only_tried() -> bool:
    try:
        return bool(Wish().load(bodies.query(request))["dry_run"])
    except ma.ValidationError as error:
        name = next(iter(error.messages_dict))
        raise Invalid(errors=[{"pointer": f"/{name}", "detail": "Say dry_run=true or dry_run=false."}]) from None


area.answers(
    "GET",
    "/members/imports/<id:import_id>",
    member_import.GET_MEMBER_IMPORT,
    "How far an import is, and which rows were refused. Addresses of rows are forgotten after thirty days.",
)
