"""Every address of the gateway, tried by everybody before every real service: the same table of permissions, and the same wall."""

import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from typing import Any

import pytest

from contracts import catalogue
from contracts.actor import ROLES
from contracts.permissions import TABLE
from plumbing.ids import new_id
from tests.contracts.shapes import Shape, read
from tests.wiring.front import EVERYBODY, GUEST, Front, problem
from tests.wiring.house import MISPLACED, aimed_at
from tests.wiring.http_doors import (
    HAND_WRITTEN,
    ITS_CLIENT,
    ITS_DIRECTORY,
    ITS_GUEST,
    MEMBER,
    OPEN,
    SCIM,
    SESSION_API,
    Address,
    addresses,
    path_of,
)

pytest_plugins = ["tests.wiring.front_fixtures"]
AT_ONCE = 8
# ends the sign-in that asks, so it is asked last
SIGNS_OUT = "DELETE /api/sign-ins/current"
REFUSED = {401: "notsignedin", 403: "forbidden"}


@pytest.fixture(scope="module")
def known(front: Front) -> list[Address]:
    return addresses(front.app)[0]


def test_every_address_is_in_a_table(front: Front) -> None:
    assert addresses(front.app)[1] == [], "tests/wiring/http_doors.py has no row for these"


def test_no_table_names_an_address_that_is_none(known: list[Address]) -> None:
    assert {*HAND_WRITTEN, *SCIM, *SESSION_API, *OPEN} - {str(address) for address in known} == set()


def anything(address: Address) -> dict[str, Any]:
    """Parts for an address that lead to nothing."""
    kinds = {"IdPart": new_id, "UUIDConverter": uuid.uuid4}
    return {name: kinds.get(type(part).__name__, lambda: "x")() for name, part in address.rule._converters.items()}


def expected(address: Address, who: str) -> int | None:
    """The status of the refusal that somebody has to get; None for whoever may ask."""
    if address.command is None:
        return None
    if address.asked_by in (ITS_DIRECTORY, ITS_CLIENT):
        # they have tokens of their own; nobody of the walk has one (test_scim.py and test_api_clients.py go on with them)
        return 401
    row = TABLE[address.command.permission]
    if address.asked_by == MEMBER:
        return 401 if who not in ROLES else None if who in row.roles else 403
    return 401 if who != GUEST else None if ITS_GUEST in row.kinds else 403


def walked(front: Front, walk: list[tuple[Address, str]]) -> list[tuple[str, str, int, int | None]]:
    """(address, who, status, what it had to be) of each that did not get what the tables say."""

    def outcome(asked: tuple[Address, str]) -> tuple[int, str]:
        address, who = asked
        path = path_of(address, front.app, anything(address))
        sent = {"query_string": MISPLACED} if address.method == "GET" else {"json": MISPLACED}
        answer = front.ask(who, address.method, path, **sent)
        return answer.status_code, answer.text if answer.status_code in REFUSED else ""

    with ThreadPoolExecutor(AT_ONCE) as crowd:
        found = list(crowd.map(outcome, walk))
    wrong = []
    for (address, who), (status, body) in zip(walk, found, strict=True):
        wanted = expected(address, who)
        refused = status in REFUSED and _says(body, status, address.asked_by == ITS_DIRECTORY)
        if (status if refused else None) != wanted or status >= 500:
            # an address that is open may still refuse by a rule of its own, never for want of a sign-in
            if address.command is None and status == 403:
                continue
            wrong.append((str(address), who, status, wanted))
    return wrong


def _says(body: str, status: int, by_scim: bool) -> bool:
    """Whether the body says the same as the status, each door in its own form."""
    said = json.loads(body)
    if said.get("ok") is False:
        return bool(said["error"] == {401: "unauthorized", 403: "forbidden"}[status])
    if said.get("resourceType") == "OperationOutcome":
        return bool(said["issue"][0]["details"]["coding"][0]["code"] == REFUSED[status])
    return said["status"] == str(status) if by_scim else said["type"].endswith(f"#{REFUSED[status]}")


def test_every_address_refuses_everybody_whom_the_table_does_not_list(front: Front, known: list[Address]) -> None:
    walk = [(address, who) for address in known if not address.is_page for who in EVERYBODY]
    assert len(walk) > 400
    lasting = [asked for asked in walk if str(asked[0]) != SIGNS_OUT]
    assert walked(front, lasting) == []
    whole = dict(front.cookies)
    try:
        for role in ROLES:
            front.cookies[role] = front.sign_in(front.emails[role])
        assert walked(front, [asked for asked in walk if asked not in lasting]) == []
    finally:
        front.cookies.update(whole)


def test_a_page_is_the_same_frame_for_everybody(front: Front, known: list[Address]) -> None:
    for address in known:
        if not address.is_page or "assets" in address.rule.rule:
            continue
        path = path_of(address, front.app, anything(address))
        shown = {who: front.ask(who, "GET", path, headers={"Accept": "text/html"}) for who in EVERYBODY}
        assert {(answer.status_code, answer.text) for answer in shown.values()} == {
            (shown["owner"].status_code, shown["owner"].text)
        }, path


def recorded(address: Address) -> dict[str, Any]:
    """A request as it was once made to the command behind the address."""
    command = address.command
    assert command is not None
    shape = Shape(command.service, f"command.{command.method}.request", command.request)
    recordings = shape.recordings()
    return deepcopy(shape.content(read(recordings[-1]))) if recordings else {}


def test_another_organisations_things_look_as_if_there_were_none(front: Front, known: list[Address]) -> None:
    theirs = front.theirs.ids
    nothing = {name: new_id() for name in theirs}
    tried, told_apart = [], []
    for address in known:
        if address.command is None or address.command.service not in catalogue.SERVICES:
            continue
        asked = {name: value for name, value in recorded(address).items() if value is not None}
        parts = address.rule.arguments
        if not ({*asked, *parts} & theirs.keys()):
            continue
        answers = []
        for ids in (theirs, nothing):
            sent = {name: value for name, value in asked.items() if name not in parts}
            aimed_at(sent, ids)
            path = path_of(address, front.app, {**anything(address), **{n: ids[n] for n in parts if n in ids}})
            more = {"query_string": sent} if address.method == "GET" else {"json": sent}
            answer = front.ask("owner" if address.asked_by == MEMBER else GUEST, address.method, path, **more)
            answers.append((answer.status_code, problem(answer)))
        tried.append(str(address))
        if answers[0] != answers[1] or any(id in str(answers[0]) for id in theirs.values()):
            told_apart.append((str(address), answers))
    assert len(tried) > 20
    assert told_apart == []
