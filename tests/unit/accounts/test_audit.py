"""What becomes an entry of the audit log, how it is searched, and how long it is kept."""

import datetime as dt
from typing import Any

import pytest

from contracts.audit import SHORTEST_KEEP_DAYS, USUAL_KEEP_DAYS, ChangeAuditPolicy, ListAudit
from contracts.errors import Invalid
from plumbing.heard import Heard
from plumbing.ids import new_id
from services.accounts.audit import entry, policy, search
from services.accounts.audit.origin import origin
from services.accounts.audit.views import entry_view
from tests.unit.accounts.things import NOW, organisation

OURS, MEMBER, ROOM, CALLER, OTHER = (new_id() for _ in range(5))
KEY = b"k" * 40


def heard(kind: str, data: dict[str, Any], *, who: str | None = MEMBER, organisation_id: str | None = OURS) -> Heard:
    return Heard(new_id(), kind, f"room/{ROOM}", ROOM, organisation_id, 1, NOW, data, who, None, "origin")


def test_what_a_person_caused_is_an_entry_that_every_thing_it_concerns_leads_to() -> None:
    made = entry.of_event(heard("caller.admitted", {"caller_id": CALLER, "room_id": ROOM, "state": "admitted"}))
    assert made is not None
    assert (made.who, made.how, made.what, made.origin_id) == (MEMBER, "did", "caller.admitted", "origin")
    assert made.subjects == (f"room/{ROOM}", f"caller/{CALLER}")


@pytest.mark.parametrize("who", [None, "rooms", "media_node"])
def test_what_a_process_does_by_itself_is_none(who: str | None) -> None:
    assert entry.of_event(heard("room.created", {}, who=who)) is None


def test_who_signs_in_did_it_themselves() -> None:
    made = entry.of_event(heard("sign_in.opened", {"sign_in_id": new_id(), "member_id": MEMBER}, who="public"))
    assert made is not None
    assert made.who == MEMBER


def test_a_list_that_was_seen_is_one_entry_with_everybody_in_it() -> None:
    data = {"command": "waiting.list_callers", "kind": "caller", "ids": [CALLER, OTHER], "of": {"room_id": ROOM}}
    made = entry.of_record(heard("data.seen", data))
    assert made is not None
    assert (made.how, made.what, made.subject) == ("saw", "caller.seen", None)
    assert made.subjects == (f"caller/{CALLER}", f"caller/{OTHER}", f"room/{ROOM}")
    assert made.data == {"command": "waiting.list_callers", "count": 2}


def test_a_failed_sign_in_of_an_address_that_is_nobodys_is_no_entry() -> None:
    assert entry.of_record(heard("sign_in.failed", {"step": "password"}, who="public", organisation_id=None)) is None


def test_an_entry_holds_no_network_address_and_no_name() -> None:
    data = {"step": "password", "member_id": MEMBER, "network": "203.0.113.9", "browser": "Firefox"}
    made = entry.of_record(heard("sign_in.failed", data, who="public"))
    assert made is not None
    assert made.data == {"step": "password"}


def test_an_origin_has_the_same_id_for_the_same_place_and_tells_nothing_without_the_key() -> None:
    seen = ("203.0.113.9", "Firefox")
    one = origin(KEY, OURS, "sign-in", "sign-in", seen, NOW)
    assert one.id == origin(KEY, OURS, "sign-in", "sign-in", seen, NOW + dt.timedelta(days=1)).id
    others = [
        origin(b"x" * 40, OURS, "sign-in", "sign-in", seen, NOW),
        origin(KEY, OURS, "another", "another", seen, NOW),
        origin(KEY, OURS, "sign-in", "sign-in", ("203.0.113.8", "Firefox"), NOW),
    ]
    assert one.id not in {other.id for other in others}
    assert "203" not in one.id or one.id != one.network


def test_a_name_is_looked_up_when_it_is_read() -> None:
    made = entry.of_event(heard("room.renamed", {"room_id": ROOM}))
    assert made is not None
    assert "Olive" not in repr(made)
    assert entry_view(made, {MEMBER: "Olive Owner"}, {})["who"] == {
        "id": MEMBER,
        "kind": "member",
        "name": "Olive Owner",
    }
    assert entry_view(made, {}, {})["who"]["kind"] == "other"


def test_a_search_is_of_the_readers_organisation_whatever_is_asked() -> None:
    asked = ListAudit().load({"what": "caller", "subject": f"room/{ROOM}", "after": "2026-01-01T00:00:00Z"})
    wanted = search.filter_of(OURS, asked)
    assert wanted["organisation_id"] == OURS
    assert wanted["what"] == {"$gte": "caller.", "$lt": "caller/"}
    assert wanted["subjects"] == f"room/{ROOM}"


@pytest.mark.parametrize(
    "cursor", ["x", "2026-01-01T00:00:00Z", "2026-01-01_x", "_", "2026-01-01T00:00:00Z_", "0001-01-01T00:00:00+14:00_x"]
)
def test_what_is_no_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(Invalid):
        search.filter_of(OURS, ListAudit().load({"cursor": cursor}))


def test_it_is_kept_for_six_years_unless_an_owner_decides() -> None:
    known = organisation()
    assert known.audit_keep_days == USUAL_KEEP_DAYS == 6 * 365
    assert policy.keep_for(known, USUAL_KEEP_DAYS) is None
    change = policy.keep_for(known, 30)
    assert change is not None
    assert change.state.audit_keep_days == 30
    assert change.events[0].data == {"organisation_id": known.id, "keep_days": 30, "keep_days_before": USUAL_KEEP_DAYS}


@pytest.mark.parametrize("days", [0, SHORTEST_KEEP_DAYS - 1, 10**9, "30", 30.5, True])
def test_nobody_keeps_it_for_less_than_a_month(days: Any) -> None:
    assert ChangeAuditPolicy().validate({"keep_days": days})


def test_an_origin_outlives_the_entries_that_name_it() -> None:
    entries, origins = policy.over_before(30, NOW)
    assert entries == NOW - dt.timedelta(days=30)
    assert origins < entries
