"""How members are found: by what they and their addresses are called, in order of name, page by page. Pure."""

import base64
import binascii
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from contracts.errors import Invalid
from services.accounts.member import ACTIVE, INVITED, SUSPENDED, Member

# who is a member or may become one; neither expected nor removed
PRESENT = [ACTIVE, INVITED, SUSPENDED]
NO_CLINIC = "none"
MOST_COUNTED = 1000
_MOST_WORDS = 5
_BETWEEN = "/"


def keys_of(member: Member) -> dict[str, Any]:
    """What indexes need of a member: `name` to sort by, `words` to find by, `emails` as a directory asks for them."""
    name = folded(member.name)
    known = member.directory
    emails = [each.value for each in known.emails] if known else [member.email]
    return {
        "name": name,
        "words": sorted({*name.split(), member.email_key}),
        "emails": sorted({each.casefold() for each in emails}),
    }


def folded(text: str) -> str:
    """Without capitals and accents, so that whoever types `muller` finds Müller."""
    parted = unicodedata.normalize("NFKD", text.casefold())
    return "".join(each for each in parted if not unicodedata.combining(each))


def query_of(request: Mapping[str, Any], organisation_id: str, bound: Sequence[str] = ()) -> dict[str, Any]:
    """MongoDB's filter for contracts.accounts.ListMembers, without its cursor; `bound`: only of these clinics, where there are any."""
    query: dict[str, Any] = {"organisation_id": organisation_id, "state": request["state"] or {"$in": PRESENT}}
    if request["role"]:
        query["role"] = request["role"]
    if request["clinic_id"]:
        query["clinic_ids"] = [] if request["clinic_id"] == NO_CLINIC else request["clinic_id"]
    both: list[dict[str, Any]] = [{"clinic_ids": {"$in": list(bound)}}] if bound else []
    # the longest first: it leaves the fewest
    words = sorted(folded(request["words"] or "").split()[:_MOST_WORDS], key=len, reverse=True)
    both += [{"keys.words": {"$regex": f"^{re.escape(word)}"}} for word in words]
    if both:
        query["$and"] = both
    return query


def after(query: Mapping[str, Any], cursor: str | None) -> dict[str, Any]:
    """The same, of those that come after the cursor. Raises Invalid for one that `cursor_of` did not make."""
    if cursor is None:
        return dict(query)
    name, id = _place(cursor)
    later = [{"keys.name": {"$gt": name}}, {"keys.name": name, "_id": {"$gt": id}}]
    return {**query, "keys.name": {"$gte": name}, "$or": later}


def cursor_of(member: Member) -> str:
    """Behind this member; it stays good when they go."""
    return base64.urlsafe_b64encode(f"{folded(member.name)}{_BETWEEN}{member.id}".encode()).decode()


def _place(cursor: str) -> tuple[str, str]:
    try:
        name, between, id = base64.urlsafe_b64decode(cursor).decode().rpartition(_BETWEEN)
    except (binascii.Error, ValueError):
        between = ""
    if not between:
        detail = "This is no cursor from an earlier page."
        raise Invalid(detail, errors=[{"pointer": "/cursor", "detail": detail}])
    return name, id
