"""Searching the log: filters, and cursors that stay where they are while entries come. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from contracts.errors import Invalid
from contracts.fields import instant_text, moment_of
from services.accounts.audit.entry import Entry


def filter_of(organisation_id: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    """MongoDB's filter for contracts.audit.SearchAudit. Raises Invalid for a cursor that is none."""
    wanted: dict[str, Any] = {"organisation_id": organisation_id}
    if asked["who"]:
        wanted["who"] = asked["who"]
    if asked["subject"]:
        wanted["subjects"] = asked["subject"]
    if asked["how"]:
        wanted["how"] = asked["how"]
    if asked["what"]:
        what = asked["what"]
        # all of a kind is a range of the index: "0" comes after "/", which comes after "."
        wanted["what"] = what if "." in what else {"$gte": f"{what}.", "$lt": f"{what}/"}
    between = {sign: asked[name] for sign, name in (("$gte", "after"), ("$lt", "before")) if asked[name] is not None}
    if between:
        wanted["at"] = between
    if asked["cursor"]:
        at, id = place(asked["cursor"])
        wanted["$or"] = [{"at": {"$lt": at}}, {"at": at, "_id": {"$lt": id}}]
    return wanted


def cursor_after(entry: Entry) -> str:
    """What leads to the entries that are older than this."""
    return f"{instant_text(entry.at)}_{entry.id}"


def place(cursor: str) -> tuple[datetime, str]:
    """The instant and the id that a cursor stands behind. Raises Invalid."""
    at, _, id = cursor.partition("_")
    moment = moment_of(at)
    if moment is None or not id:
        detail = "This is no cursor from an earlier page."
        raise Invalid(detail, errors=[{"pointer": "/cursor", "detail": detail}])
    return moment, id
