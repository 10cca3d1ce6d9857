"""The Session API v1: what its clients send, understood strictly and ignoring what is not known; what they read."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from contracts.actor import Actor
from contracts.command import Command
from gateway.session_api import asked, dates, routes, shown
from gateway.session_api.refusals import BadRequest

MOMENT, DATE = "2016-06-08T04:07:11Z", "Wed, 08 Jun 2016 04:07:11 GMT"
TIMES = {"start_time": DATE, "end_time": "Wed, 08 Jun 2016 05:07:11 GMT"}


@pytest.mark.parametrize(
    "text",
    [
        DATE, "Wed, 8 Jun 2016 04:07:11 GMT", "Wed, 08 Jun 2016 04:07:11 +0000", "Wed, 08 Jun 2016 06:07:11 +0200",
        " Wed, 08 Jun 2016  04:07:11 UTC ",
    ],
)  # fmt: skip
def test_a_date_is_read_as_libraries_write_it(text: str) -> None:
    assert dates.read(text, "start_time") == MOMENT


@pytest.mark.parametrize(
    "text",
    [
        None, 1465358831, "", "2016-06-08T04:07:11Z", "Thu, 08 Jun 2016 04:07:11 GMT", "Wed, 31 Jun 2016 04:07:11 GMT",
        "Wed, 08 Jun 2016 04:07:11", "Wed, 08 Jun 2016 04:07:11 PST",
    ],
)  # fmt: skip
def test_what_is_no_such_date_is_refused_by_the_name_of_its_field(text: object) -> None:
    with pytest.raises(BadRequest, match="start_time"):
        dates.read(text, "start_time")


def test_a_date_is_written_to_the_second() -> None:
    assert dates.written("2016-06-08T04:07:11.999Z") == DATE
    assert dates.written(None) is None


def test_a_session_is_read_without_what_is_not_known() -> None:
    given = {"session_name": "Check-up", **TIMES, "unknown": 1, "feature_flags": ["a;b", 7]}
    read = asked.new_session(given)
    assert read["name"] == "Check-up"
    assert read["starts_at"] == MOMENT
    assert read["feature_flags"] == ["a;b"]
    assert "unknown" not in read


@pytest.mark.parametrize(
    "wrong", [{"session_name": None}, {"session_name": " "}, {"session_name": 5}, {"picture": 5}, {"end_time": None}]
)
def test_what_a_session_lacks_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadRequest):
        asked.new_session({"session_name": "Check-up", **TIMES, **wrong})


@pytest.mark.parametrize("role", ["guest", "GUEST", "Guest"])
def test_a_role_is_taken_in_any_case(role: str) -> None:
    assert asked.participant({"role": role, "more": 1}) == {"role": "guest"}


@pytest.mark.parametrize(
    "given",
    [{}, {"role": "boss"}, {"role": 3}, {"role": "host", "display_name": 3}, {"role": "host", "state": "x" * 3000}],
)
def test_a_participant_needs_a_role_and_texts(given: dict[str, Any]) -> None:
    with pytest.raises(BadRequest):
        asked.participant(given)


def test_a_change_of_a_participant_takes_what_is_given() -> None:
    assert asked.participant({"state": "seen"}, changed=True) == {"state": "seen"}


@pytest.mark.parametrize("given", [{}, "x", [1]])
def test_participants_are_a_list_of_objects(given: object) -> None:
    with pytest.raises(BadRequest):
        asked.participants(given)


@pytest.mark.parametrize("query", ["page=-1", "page=x", "page_size=0", "page=²", "order=up", "start_time=soon"])
def test_a_query_that_is_none_is_refused(query: str) -> None:
    with Flask("test").test_request_context(f"/v1/sessions?{query}"), pytest.raises(BadRequest):
        asked.page()


def test_a_page_is_as_large_as_one_may_be() -> None:
    with Flask("test").test_request_context("/v1/sessions?page=2&page_size=100000&order=REVERSE"):
        assert asked.page() == {"page": 2, "page_size": 200, "reverse": True, "cancelled": False}


def test_who_was_removed_says_when_and_the_others_say_nothing_of_it() -> None:
    view = {
        "id": "p", "session_id": "s", "client_id": "c", "display_name": None, "entry_url": "u", "picture": None, "role": "host",
        "state": None, "phone": None, "created_at": MOMENT, "removed_at": None,
    }  # fmt: skip
    assert "deleted_at" not in shown.participant(view)
    assert shown.participant({**view, "removed_at": MOMENT})["deleted_at"] == DATE
    assert shown.participant(view)["role"] == "HOST"


def test_a_call_says_since_when_it_is_on_hold_and_whereto_it_was_transferred() -> None:
    waits = {"id": "c", "room_id": "r", "display_name": "Mia", "waiting_since": "2026-11-23T10:00:00.000Z"}
    plain = shown.call(waits, "t")
    assert (plain["onHoldAt"], plain["transferredAt"], plain["transferredTo"]) == (None, None, None)
    at = "2026-11-23T10:05:00.000Z"
    moved = shown.call({**waits, "area_id": "a", "held": {"at": at}, "transferred": {"at": at}}, "t")
    said = "Mon, 23 Nov 2026 10:05:00 GMT"
    assert (moved["onHoldAt"], moved["transferredAt"], moved["transferredTo"]) == (said, said, "a")


@pytest.mark.parametrize("edge", ["Mon, 01 Jan 0001 00:00:00 +0100", "Fri, 31 Dec 9999 23:59:59 -0100"])
def test_a_date_beyond_the_calendar_is_refused_and_no_defect(edge: str) -> None:
    with pytest.raises(BadRequest):
        dates.read(edge, "start_time")


class Pages:
    """Our own port to the services: participants of sessions, `each` on a page."""

    def __init__(self, sessions: list[str], each: int) -> None:
        self._sessions, self._each = sessions, each

    def call(self, command: Command, payload: dict[str, Any], actor: Actor, **options: Any) -> dict[str, Any]:
        begin = int(payload.get("cursor", 0))
        end = begin + self._each
        items = [{"session_id": each} for each in self._sessions[begin:end]]
        return {"items": items, "cursor": str(end) if end < len(self._sessions) else None}


def in_state(app: Flask, pages: Pages, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    port: Any = pages
    monkeypatch.setitem(app.extensions, "housecall", replace(app.extensions["housecall"], rpc=port))
    with app.test_request_context():
        return routes.in_state("arrived", Actor(kind="api_client", id="a", organisation_id="b"))


def test_the_sessions_of_a_state_are_all_of_every_page(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    assert in_state(app, Pages(["c", "a", "b", "a", "d"], 2), monkeypatch) == ["a", "b", "c", "d"]


def test_more_than_can_be_looked_through_is_refused_and_not_cut(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadRequest, match="start_time"):
        in_state(app, Pages([str(number) for number in range(21)], 2), monkeypatch)
