"""What bad input gets at every address: a plain refusal that names the field, or it is made harmless; never a defect of ours."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import marshmallow as ma
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from plumbing.ids import new_id
from tests.contracts.shapes import Shape, read
from tests.wiring.front import GUEST, NOBODY, Front, problem
from tests.wiring.http_doors import ITS_GUEST, MEMBER, OPEN, Address, addresses, path_of
from tests.wiring.test_http_walk import anything

pytest_plugins = ["tests.wiring.front_fixtures"]
AT_ONCE = 8
TRICKS = "\u202e\u2066\u200b\u2028\ud83d\0"
# of every wrong type, too long, and text that disguises itself; `None` and "" may be meant
NASTY: list[Any] = [
    None, "", 0, -1, 10**30, True, [], {}, [None], {"$gt": ""}, {"a": {"b": []}}, "x" * 100_000,
    f"Dr{TRICKS}Smith", "Z" + "\u0301" * 1000, "<script>alert(1)</script>", "{{7*7}}",
    [f"{TRICKS}"] * 3, ["x"] * 5000,
]  # fmt: skip
# what would take the ground from under the others: who asks would be signed out, or without rooms
NOT_HERE = ("DELETE /api/sign-ins/current", "DELETE /api/sign-ins", "POST /api/me/password", "PUT /api/plan")
# their bodies are not their command's
OWN_BODY = ("POST /api/sign-ins/oidc/connect",)
# a carrier's report is proved before it is read, and is no JSON (tests/wiring/test_texts_and_reports.py)
CARRIERS = ("/api/sms/", "/api/mail/bounces")


@pytest.fixture(scope="module")
def taking(front: Front) -> list[Address]:
    """The addresses that take a body. SCIM has errors of its own form (RFC 7644 §3.12) and its own tests."""
    known, _ = addresses(front.app)
    ours = [each for each in known if each.rule.rule.startswith("/api/") and not each.rule.rule.startswith(CARRIERS)]
    return [each for each in ours if each.method != "GET" and str(each) not in NOT_HERE]


def said_by_the_address(address: Address) -> set[str]:
    """Which fields of the command are not the body's to say."""
    # and of a guest, where they come back
    return {*address.rule.arguments, *({"caller_id", "page"} if address.asked_by == ITS_GUEST else ())}


def recorded(address: Address) -> dict[str, Any]:
    command = address.command
    if command is None or str(address) in OWN_BODY:
        return {}
    shape = Shape(command.service, f"command.{command.method}.request", command.request)
    recordings = shape.recordings()
    asked = shape.content(read(recordings[-1])) if recordings else {}
    return {name: value for name, value in asked.items() if name not in said_by_the_address(address)}


def send(front: Front, address: Address, data: bytes | str, content_type: str = "application/json") -> TestResponse:
    """To a thing that is not there, so that what is good enough changes nothing; by somebody who may ask."""
    who = {MEMBER: "owner", ITS_GUEST: GUEST}.get(address.asked_by or "", NOBODY)
    path = path_of(address, front.app, anything(address))
    return front.ask(who, address.method, path, data=data, content_type=content_type)


def is_plain(answer: TestResponse) -> bool:
    """No defect, and an error in the one form of errors."""
    if answer.status_code >= 500:
        return answer.status_code == 503
    return answer.status_code < 400 or (
        answer.content_type == "application/problem+json"
        and {"type", "title", "status", "detail"} <= problem(answer).keys()
    )


def fields_of(address: Address) -> dict[str, ma.fields.Field[Any]]:
    if address.command is None or str(address) in OWN_BODY:
        return {}
    declared = address.command.request._declared_fields
    return {name: field for name, field in declared.items() if name not in said_by_the_address(address)}


def test_every_field_of_every_address_takes_every_nastiness_plainly(front: Front, taking: list[Address]) -> None:
    tries = [
        (address, name, value) for address in taking for name in fields_of(address) for value in NASTY
    ]  # fmt: skip
    assert len(tries) > 1000

    def outcome(tried: tuple[Address, str, Any]) -> str | None:
        address, name, value = tried
        answer = send(front, address, json.dumps({**recorded(address), name: value}))
        if not is_plain(answer):
            return f"{address} {name}: {answer.status_code} {answer.text[:200]}"
        if answer.status_code < 400 and any(trick in answer.text for trick in "\u202e\u2066\u200b\0"):
            return f"{address} {name}: gives the trick back"
        return None

    with ThreadPoolExecutor(AT_ONCE) as crowd:
        found = [wrong for wrong in crowd.map(outcome, tries) if wrong]
    assert found == []


def test_a_field_of_the_wrong_type_is_named(front: Front, taking: list[Address]) -> None:
    told = []
    for address in taking:
        for name, field in fields_of(address).items():
            # a removal is described by its query
            if isinstance(field, ma.fields.Dict | ma.fields.Raw | ma.fields.Nested) or address.method == "DELETE":
                continue
            answer = send(front, address, json.dumps({**recorded(address), name: {"not": "this"}}))
            pointers = [each["pointer"] for each in problem(answer).get("errors", [])]
            if answer.status_code != 422 or not any(pointer.split("/")[1] == name for pointer in pointers):
                told.append((str(address), name, answer.status_code, pointers))
    assert told == []


def test_a_field_that_nobody_knows_is_named(front: Front, taking: list[Address]) -> None:
    told = []
    for address in taking:
        if not fields_of(address) or address.method == "DELETE":
            continue
        answer = send(front, address, json.dumps({**recorded(address), "x-~/y": 1}))
        if answer.status_code != 422 or "/x-~0~1y" not in [each["pointer"] for each in problem(answer)["errors"]]:
            told.append((str(address), answer.status_code, answer.text[:200]))
    assert told == []


BODIES: dict[str, tuple[bytes, str, int]] = {
    "a depth bomb": (b'{"a":' + b"[" * 200_000 + b"]" * 200_000 + b"}", "application/json", 400),
    "objects in objects": (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "application/json", 400),
    "NaN": (b'{"name": NaN}', "application/json", 400),
    "Infinity": (b'{"name": -Infinity}', "application/json", 400),
    "a number of 10,000 digits": (b'{"name": ' + b"9" * 10_000 + b"}", "application/json", 400),
    "the same name twice": (b'{"name": "a", "name": "b"}', "application/json", 400),
    "Latin-1": ('{"name": "Jürgen"}'.encode("latin-1"), "application/json", 400),
    "UTF-16": ('{"name": "x"}'.encode("utf-16"), "application/json", 400),
    "a list": (b"[]", "application/json", 400),
    "half of it": (b'{"name": "', "application/json", 400),
    "a form": (b"name=x", "application/x-www-form-urlencoded", 415),
    "a file": (b"--x\r\n\r\n--x--", "multipart/form-data; boundary=x", 415),
    "XML": (b"<name>x</name>", "application/xml", 415),
    "no type": (b'{"name": "x"}', "", 415),
    "too much": (b'{"name": "' + b"x" * 1_000_001 + b'"}', "application/json", 413),
}


@pytest.mark.parametrize("what", BODIES)
def test_a_body_that_is_none_is_refused_plainly_everywhere(front: Front, taking: list[Address], what: str) -> None:
    data, content_type, status = BODIES[what]
    told = []
    for address in taking:
        if address.method == "DELETE" or not (fields_of(address) or str(address) in OPEN):
            continue
        answer = send(front, address, data, content_type)
        # a table of members may come as text of another type, and is judged as one
        allowed = {status} if "import" not in str(address) else {status, 400, 413, 415, 422}
        if answer.status_code not in allowed or not is_plain(answer):
            told.append((str(address), answer.status_code, answer.text[:200]))
    assert told == []


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


@settings(
    max_examples=120, deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
@given(at=st.integers(min_value=0), raw=st.booleans(), value=JSON_VALUES, junk=st.binary(max_size=60), data=st.data())
def test_whatever_comes_is_answered_plainly(
    front: Front, taking: list[Address], at: int, raw: bool, value: Any, junk: bytes, data: st.DataObject
) -> None:
    address = taking[at % len(taking)]
    names = sorted(fields_of(address))
    body: bytes | str = junk
    if not raw:
        name = data.draw(st.sampled_from(names)) if names else "name"
        body = json.dumps({**recorded(address), name: value})
    answer = send(front, address, body)
    assert is_plain(answer), (str(address), body, answer.status_code, answer.text[:300])


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Dr\u202e Smith", "Dr Smith"),
        ("Rece\u200bption\u2066", "Reception"),
        ("  Team\tMeeting\n", "Team Meeting"),
        ("Mia \ud83d", "Mia"),
        ("Z" + "\u0301" * 60, "Ź" + "\u0301" * 8),
        ("<b>Bold</b>", "<b>Bold</b>"),
    ],
)
def test_a_name_is_kept_as_it_looks(front: Front, typed: str, kept: str) -> None:
    answer = front.ask("owner", "POST", "/api/rooms", data=json.dumps({"name": typed}), content_type="application/json")
    assert (answer.status_code, problem(answer)["name"]) == (201, kept)
    front.ask("owner", "DELETE", f"/api/rooms/{problem(answer)['id']}")


@pytest.mark.parametrize("name", ["", " ", "\u200b", "\u3164", "\u202e\u202c", "x" * 81, 7, ["x"], {"a": 1}])
def test_a_name_that_is_none_is_refused_at_its_field(front: Front, name: Any) -> None:
    answer = front.ask("owner", "POST", "/api/rooms", json={"name": name})
    assert answer.status_code == 422
    assert [each["pointer"] for each in problem(answer)["errors"]] == ["/name"]


def test_an_address_in_another_case_is_the_same_members(front: Front) -> None:
    local = f"straße-{new_id()}"
    asked = {"email": f"{local}@example.com", "name": "A", "role": "provider", "password": "seven green kettles sing"}
    assert front.ask("owner", "POST", "/api/members", json=asked).status_code == 201
    for again in (local.upper().replace("SS", "ẞ"), local.replace("s", "S"), local):
        answer = front.ask("owner", "POST", "/api/members", json={**asked, "email": f"{again}@EXAMPLE.com"})
        assert (answer.status_code, problem(answer)["errors"][0]["pointer"]) == (409, "/email"), again


@pytest.mark.parametrize(
    "query", ["?limit=x", "?limit=-1", "?limit=1&limit=2", "?after=%00", "?after=" + "x" * 5000, "?%ff=1"]
)
def test_a_query_that_is_none_is_refused_plainly(front: Front, query: str) -> None:
    answer = front.ask("owner", "GET", f"/api/events{query}")
    assert 400 <= answer.status_code < 500
    assert is_plain(answer)
