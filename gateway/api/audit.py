"""The audit log: searched, exported as a table, and kept as long as its owner decides."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from flask import Response, request, stream_with_context

from contracts import audit as contract
from contracts.actor import Actor
from contracts.errors import Refused
from gateway.api import asking, bodies
from gateway.api.area import Area
from plumbing import clock

area = Area("audit", "Who did and who saw what, when, and from where; for owners")
_COLUMNS = (
    "time", "who_id", "who", "who_kind", "how", "what", "subject", "subject_name", "concerns", "details", "network", "browser",
    "sign_in", "entry",
)  # fmt: skip
# what a spreadsheet would carry out (https://owasp.org/www-community/attacks/CSV_Injection)
_CARRIED_OUT = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@area.blueprint.route("/audit/export", methods=["GET"])
@area.described(contract.SearchAudit, None, "/audit/export", reads=True)
def export() -> Response:
    """All that fits the search, as text/csv in UTF-8, newest first; times in UTC. That it was exported is an entry of the log."""
    actor = asking.member()
    asked = bodies.query(request)
    # what is refused is refused before the table begins
    first = asking.ask(contract.EXPORT_AUDIT, asked, actor)
    name = f"audit-{clock.now():%Y-%m-%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    table = stream_with_context(_table(first, asked, actor))
    return Response(table, content_type="text/csv; charset=utf-8", headers=headers)


area.answers("GET", "/audit", contract.LIST_AUDIT, "The log, newest first; reading it is an entry too.")
area.answers("GET", "/audit/policy", contract.GET_AUDIT_POLICY, "For how many days the log is kept.")
area.answers(
    "PUT", "/audit/policy", contract.CHANGE_AUDIT_POLICY, "Keep it for longer or shorter; an entry says who decided it."
)


def _table(page: dict[str, Any], asked: dict[str, Any], actor: Actor) -> Iterator[str]:
    """Raises Refused in the middle where a page cannot be had: a table that ends early must not look whole."""
    yield "\ufeff" + row_text(_COLUMNS)
    while True:
        yield "".join(row_text(cells(each)) for each in page["items"])
        if page["cursor"] is None:
            return
        try:
            page = asking.ask(contract.EXPORT_AUDIT, {**asked, "cursor": page["cursor"]}, actor)
        except Refused as refusal:
            raise ConnectionAbortedError from refusal


def cells(entry: dict[str, Any]) -> tuple[str, ...]:
    """An entry in the order of the columns."""
    who, origin = entry["who"], entry["origin"] or {}
    details = "; ".join(f"{name}={_word(value)}" for name, value in sorted(entry["data"].items()))
    found = (
        entry["at"], who["id"], who["name"], who["kind"], entry["how"], entry["what"], entry["subject"],
        entry["subject_name"], " ".join(entry["subjects"]), details, origin.get("network"), origin.get("browser"),
        origin.get("sign_in_id"), entry["id"],
    )  # fmt: skip
    return tuple(str(cell) if cell is not None else "" for cell in found)


def row_text(values: tuple[str, ...]) -> str:
    """One line as RFC 4180 writes it; nothing in it is a formula."""
    line = io.StringIO()
    csv.writer(line).writerow([f"'{value}" if value.startswith(_CARRIED_OUT) else value for value in values])
    return line.getvalue()


def _word(value: Any) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)
